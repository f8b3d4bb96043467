//! A series: one feed per day, each starting from the state after the day before.
//!
//! A [`SeriesPlan`] has the instants of the feeds. A [`Series`] steps through them: it holds the simulation of one day,
//! and [`Series::advance`] replaces it with that of the next. The state is carried over in memory, as if each feed had been
//! published, taken into the state tables by the batch job, and read again: it is collected while the day's feed is made
//! ([`NextState`]). The other inputs stay as they are, except what a made-up vendor continues ([`LaterDays`]).

use chrono::{DateTime, Utc};

use crate::format::instant::instant_text;
use crate::inputs::run_inputs::Inputs;
use crate::inputs::state::State;
use crate::plan::rhythm::{PlanProblem, SeriesDay, SeriesPlan};
use crate::plan::settings::Settings;
use crate::run::later_days::LaterDays;
use crate::run::simulation::Simulation;
use crate::run::state_after::{NextState, state_after};

/// A series, positioned at one of its days.
pub struct Series {
    plan: SeriesPlan,
    /// The number of days before the current one.
    passed: usize,
    simulation: Simulation,
    later_days: Option<LaterDays>,
}

/// The reason why a day of a series cannot be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// The series itself cannot be planned.
    #[error(transparent)]
    Plan(PlanProblem),
    /// The instant of the run is not the one that the series has for this day.
    #[error(
        "day {day} of this series is at {}, but the run file has {}",
        instant_text(*.planned), instant_text(*.found)
    )]
    OtherInstant {
        /// The day, from 1.
        day: u32,
        /// The instant of the day in the series.
        planned: DateTime<Utc>,
        /// The instant of the run.
        found: DateTime<Utc>,
    },
}

impl Series {
    /// A series at its first day. `inputs` must have no errors. `settings.now` is ignored: the plan has the instants.
    #[must_use]
    pub fn new(plan: SeriesPlan, inputs: Inputs, settings: Settings) -> Series {
        let now = plan.instants().first().copied().unwrap_or(settings.now);
        let goes_on = plan.instants().len() > 1;
        let later_days =
            goes_on.then(|| LaterDays::of_series(&inputs, plan.rhythm(), settings.time_zone.date_of(now))).flatten();
        let mut simulation = Simulation::new(inputs, Settings { now, ..settings });
        simulation.keep_state(goes_on);
        Series { plan, passed: 0, simulation, later_days }
    }

    /// The run of one day of a series. Simulates all earlier days first.
    ///
    /// # Errors
    /// [`SeriesError::Plan`] if the series cannot have such a day, [`SeriesError::OtherInstant`] if the day's instant
    /// is not `settings.now`.
    pub fn run_of(day: SeriesDay, inputs: Inputs, settings: Settings) -> Result<Simulation, SeriesError> {
        let plan = SeriesPlan::new(day.rhythm, day.day, settings.time_zone).map_err(SeriesError::Plan)?;
        if let Some(planned) = plan.instants().last().copied().filter(|planned| *planned != settings.now) {
            return Err(SeriesError::OtherInstant { day: day.day, planned, found: settings.now });
        }
        let mut series = Series::new(plan, inputs, settings);
        while series.pass_over() {}
        Ok(series.simulation)
    }

    /// The instants of all feeds (UTC), in order; never empty.
    #[must_use]
    pub fn instants(&self) -> &[DateTime<Utc>] {
        self.plan.instants()
    }

    /// True if a made-up vendor changes the catalog on later days.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.later_days.is_some()
    }

    /// The run of the current day.
    #[must_use]
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// The current day, as its run file records it.
    #[must_use]
    pub fn day(&self) -> SeriesDay {
        SeriesDay { rhythm: self.plan.rhythm(), day: u32::try_from(self.passed).unwrap_or(u32::MAX).saturating_add(1) }
    }

    /// Moves to the next day, with the state that the batches of the current one hold. Returns `false` and changes
    /// nothing after the last day.
    pub fn advance(&mut self, next: NextState) -> bool {
        let employees = self.simulation.employee_count();
        self.step(|_| next.into_state(employees))
    }

    /// Moves to the next day without a feed of the current one, which is simulated for its state alone. Returns `false`
    /// and changes nothing after the last day.
    pub fn pass_over(&mut self) -> bool {
        self.step(state_after)
    }

    /// Moves to the next day, whose state is made by `state` from the simulation of the current day. Returns `false`
    /// after the last day.
    fn step(&mut self, state: impl FnOnce(&Simulation) -> State) -> bool {
        let Some(next) = self.plan.instants().get(self.passed + 1).copied() else { return false };
        let state = state(&self.simulation);
        self.simulation.step_to(next, state, self.later_days.as_ref());
        self.passed += 1;
        self.simulation.keep_state(self.plan.instants().len() > self.passed + 1);
        true
    }
}
