//! Days in a row: a feed for each day, where what a day leaves behind is what the next one begins with.
//!
//! A [`SeriesPlan`] has the instants of the feeds. A [`Series`] goes through them: its simulation is that of one day, and
//! [`Series::advance`] makes it that of the next. The state is carried on in memory ([`state_after`]), as if every feed had
//! been published, taken into the state tables by the batch job, and read again.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::format::instant::instant_text;
use crate::inputs::reading::Inputs;
use crate::plan::rhythm::{PlanProblem, SeriesDay, SeriesPlan};
use crate::plan::settings::Settings;
use crate::run::simulation::Simulation;
use crate::run::state_after::state_after;

/// A series, at one of its days.
pub struct Series {
    plan: SeriesPlan,
    passed: usize,
    simulation: Simulation,
}

/// A day of a series whose run cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesError {
    /// No series has the day.
    Plan(PlanProblem),
    /// The day has another instant in the series than in the run.
    OtherInstant {
        /// The day, from 1.
        day: u32,
        /// Its instant in the series.
        planned: DateTime<Utc>,
        /// The instant of the run.
        found: DateTime<Utc>,
    },
}

impl fmt::Display for SeriesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(problem) => problem.fmt(f),
            Self::OtherInstant { day, planned, found } => {
                let (planned, found) = (instant_text(*planned), instant_text(*found));
                write!(f, "day {day} of this series is at {planned}, but the run is said to be at {found}")
            }
        }
    }
}

impl std::error::Error for SeriesError {}

impl Series {
    /// A series at its first day, over inputs that were not refused. The instant of `settings` does not count.
    #[must_use]
    pub fn new(plan: SeriesPlan, inputs: Inputs, settings: Settings) -> Series {
        let now = plan.instants().first().copied().unwrap_or(settings.now);
        Series { plan, passed: 0, simulation: Simulation::new(inputs, Settings { now, ..settings }) }
    }

    /// The run of a day of a series, which follows from its earlier days: they are simulated here.
    ///
    /// # Errors
    /// [`SeriesError::Plan`] for a day that the series cannot have, [`SeriesError::OtherInstant`] for one whose instant is
    /// not that of `settings`.
    pub fn run_of(day: SeriesDay, inputs: Inputs, settings: Settings) -> Result<Simulation, SeriesError> {
        let plan = SeriesPlan::new(day.rhythm, day.day, settings.time_zone).map_err(SeriesError::Plan)?;
        if let Some(planned) = plan.instants().last().copied().filter(|planned| *planned != settings.now) {
            return Err(SeriesError::OtherInstant { day: day.day, planned, found: settings.now });
        }
        let mut series = Series::new(plan, inputs, settings);
        while series.advance() {}
        Ok(series.simulation)
    }

    /// The run of the day.
    #[must_use]
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// The entry about the series in the run file of the day.
    #[must_use]
    pub fn day(&self) -> SeriesDay {
        SeriesDay { rhythm: self.plan.rhythm(), day: u32::try_from(self.passed).unwrap_or(u32::MAX).saturating_add(1) }
    }

    /// Goes on to the next day, with the state that this one leaves behind; `false`, and nothing is changed, after the
    /// last.
    pub fn advance(&mut self) -> bool {
        let Some(next) = self.plan.instants().get(self.passed + 1) else { return false };
        let state = state_after(&self.simulation);
        self.simulation.go_on(*next, state);
        self.passed += 1;
        true
    }
}
