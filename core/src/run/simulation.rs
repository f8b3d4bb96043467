//! A run: inputs, settings and calendar, and each employee's day.
//!
//! [`Simulation::employee_day`] applies the rules to one employee. [`feed`](crate::run::feed) turns the days into rows
//! and orders them.

use chrono::{DateTime, Utc};

use crate::format::employees::Employee;
use crate::format::recommendations::Answer;
use crate::inputs::run_inputs::Inputs;
use crate::inputs::state::{GivenTables, State};
use crate::plan::calendar::Calendar;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::mix::Mix;
use crate::plan::settings::Settings;
use crate::rules::day::EmployeeDay;
use crate::rules::manager;
use crate::rules::training::{completed_items, training_list, training_times};
use crate::run::feed_names::FeedNames;
use crate::run::later_days::LaterDays;
use crate::run::slice::Slice;

/// A run over inputs that have been read.
pub struct Simulation {
    inputs: Inputs,
    settings: Settings,
    calendar: Calendar,
    first_request_id: u64,
    changed_by_mix: usize,
    slice: Slice,
    keeps_state: bool,
}

impl Simulation {
    /// A run over inputs without errors. Applies the mix of the settings to the employees.
    #[must_use]
    pub fn new(mut inputs: Inputs, settings: Settings) -> Simulation {
        let calendar = Calendar::of(settings.now, settings.time_zone);
        let first_request_id = Draw::for_run(settings.seed, calendar.now, Purpose::RequestIds).between(10_000, 99_999);
        let changed_by_mix = settings.mix.map_or(0, |mix| mix.apply(settings.seed, &mut inputs.employees));
        let slice = Slice::default();
        Simulation { inputs, settings, calendar, first_request_id, changed_by_mix, slice, keeps_state: false }
    }

    /// Sets whether the batches also hold the state of their employees after the run.
    pub(super) fn keep_state(&mut self, keeps_state: bool) {
        self.keeps_state = keeps_state;
    }

    /// The same employees as a slice of a larger run, with the RequestIds of that run. The settings of a slice must
    /// have no mix, because a mix applies to all employees of a run.
    #[must_use]
    pub fn as_slice(self, slice: Slice) -> Simulation {
        Simulation { slice, ..self }
    }

    /// Turns the run into that of the next day of a series: at another instant, with another state, which counts as
    /// given by both state tables, and with what changes on later days. The other inputs and settings stay.
    pub(super) fn step_to(&mut self, now: DateTime<Utc>, state: State, later_days: Option<&LaterDays>) {
        let mut inputs = Inputs { state, given_tables: GivenTables::BOTH, ..std::mem::take(&mut self.inputs) };
        if let Some(later_days) = later_days {
            later_days.apply(&mut inputs, self.calendar.today, self.calendar.zone.date_of(now));
        }
        // The mix has been applied already and must not be applied twice.
        let settings = Settings { now, ..self.settings };
        let changed_by_mix = self.changed_by_mix;
        *self = Simulation { settings, changed_by_mix, ..Simulation::new(inputs, Settings { mix: None, ..settings }) };
    }

    /// Turns the run into one with another mix, or without one. `employees` have the types before any mix; the other
    /// inputs stay.
    pub fn remix(&mut self, employees: &[Employee], mix: Option<Mix>) {
        let inputs = Inputs { employees: employees.to_vec(), ..std::mem::take(&mut self.inputs) };
        *self = Simulation::new(inputs, Settings { mix, ..self.settings });
    }

    /// The inputs, with the mix already applied to the employees.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The settings of the run.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The calendar of the run.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The number of employees.
    #[must_use]
    pub fn employee_count(&self) -> usize {
        self.inputs.employees.len()
    }

    /// The number of employees whose type the mix changed.
    #[must_use]
    pub fn changed_by_mix(&self) -> usize {
        self.changed_by_mix
    }

    /// The names of the run's files, whose last part is drawn from the seed and `now`.
    #[must_use]
    pub fn file_names(&self) -> FeedNames {
        FeedNames::of(self.settings.seed, &self.calendar)
    }

    /// The RequestId of the first open assignment, drawn from the seed and `now`; later ones count up from it.
    pub(super) fn first_request_id(&self) -> u64 {
        self.first_request_id
    }

    /// True if the batches also hold the state of their employees after the run.
    pub(super) fn keeps_state(&self) -> bool {
        self.keeps_state
    }

    /// The place of the employees in a larger run.
    pub(super) fn slice(&self) -> Slice {
        self.slice
    }

    /// Applies the rules to the employee at a position in employees.csv, from 0.
    ///
    /// # Panics
    /// If there is no such position.
    #[must_use]
    pub fn employee_day(&self, position: usize) -> EmployeeDay<'_> {
        let Inputs { employees, catalog, state, answers, .. } = &self.inputs;
        let employee = employees[position];
        let (open, history) = (state.open.of(position), state.completed.of(position));
        let new =
            manager::assign(catalog, &self.calendar, open, history, &mut self.draw(employee, Purpose::RandomContent));
        let (recommendations, failed_call) = match answers.of(position).first() {
            Some(Answer::Recommendations(recommendations)) => (recommendations.as_slice(), None),
            Some(Answer::Failed(why)) => (&[][..], Some(why.as_str())),
            None => (&[][..], None),
        };
        let list = training_list(open, &new, recommendations, history, self.calendar.today);
        let trainings = match completed_items(employee.kind, list.items.len()) {
            0 => Vec::new(),
            count => training_times(count, &self.calendar.shift, &mut self.draw(employee, Purpose::Times)),
        };
        EmployeeDay { employee, open, history, new, recommendations, failed_call, list, trainings }
    }

    fn draw(&self, employee: Employee, purpose: Purpose) -> Draw {
        Draw::for_employee(self.settings.seed, self.calendar.today, employee.id, purpose)
    }
}
