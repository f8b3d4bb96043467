//! The state of the employees after a run, with which the next day of a series begins.
//!
//! This is what the batch job makes of a feed. Rows of the assignments file become open assignments with their own
//! dates and type; completed items become history, dated by `DateCompleted` in the business time zone. A [`NextState`]
//! collects it while the feed is made; [`state_after`] simulates all days again; [`tables_after`] writes the state as the
//! two state tables, for a run that starts from files.

use std::sync::Arc;

use chrono::DateTime;

use crate::format::assignments_table::{self, DEFAULT_CONTENT_TYPE};
use crate::format::completions_table;
use crate::inputs::employee_index::PerEmployee;
use crate::inputs::state::{CompletedContent, OpenAssignment, State};
use crate::rules::day::EmployeeDay;
use crate::run::simulation::Simulation;

/// The state after some of a run's employees, in the order of employees.csv.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NextState {
    open: Vec<(u32, OpenAssignment)>,
    completed: Vec<(u32, CompletedContent)>,
}

/// The state tables after a run, as CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateTables {
    /// The table content_assignments: the open assignments.
    pub assignments: Vec<u8>,
    /// The table content_completion: all known completions.
    pub completions: Vec<u8>,
}

impl NextState {
    /// Adds the state after the day of the employee at a position. `media` is the content type of new assignments.
    pub(super) fn add(&mut self, position: usize, day: &EmployeeDay<'_>, run: &Simulation, media: &Arc<str>) {
        // Positions have 32 bits everywhere.
        let Ok(position) = u32::try_from(position) else { return };
        self.open.extend(open_after(day, run, media).into_iter().map(|row| (position, row)));
        self.completed.extend(completed_after(day, run).into_iter().map(|row| (position, row)));
    }

    /// Adds the state after the employees that follow.
    pub fn extend(&mut self, next: NextState) {
        self.open.extend(next.open);
        self.completed.extend(next.completed);
    }

    /// The state at the beginning of the next run, which has as many employees. All employees must have been added.
    #[must_use]
    pub fn into_state(self, employees: usize) -> State {
        State {
            open: PerEmployee::from_sorted(self.open, employees),
            completed: PerEmployee::from_sorted(self.completed, employees),
        }
    }
}

/// The state at the beginning of the run that follows `run`. Simulates all days.
#[must_use]
pub fn state_after(run: &Simulation) -> State {
    let mut next = NextState::default();
    let media = Arc::from(DEFAULT_CONTENT_TYPE);
    for position in 0..run.employee_count() {
        next.add(position, &run.employee_day(position), run, &media);
    }
    next.into_state(run.employee_count())
}

/// The state tables at the beginning of the run that follows `run`, as the batch job would have them. Simulates all days.
#[must_use]
pub fn tables_after(run: &Simulation) -> StateTables {
    let state = state_after(run);
    let header = |columns: &[&str]| format!("{}\n", columns.join(",")).into_bytes();
    let mut assignments = header(&assignments_table::COLUMNS);
    let mut completions = header(&completions_table::COLUMNS);
    for (position, employee) in run.inputs().employees.iter().enumerate() {
        for row in state.open.of(position) {
            let times = [row.assigned, row.begin, row.due];
            let updated = run.calendar().zone.date_of(row.assigned);
            assignments_table::push_row(
                &mut assignments,
                (employee.id, row.content_id),
                times,
                updated,
                &row.content_type,
            );
        }
        for row in state.completed.of(position) {
            completions_table::push_row(&mut completions, (employee.id, row.content_id), row.day);
        }
    }
    StateTables { assignments, completions }
}

/// The employee's open assignments after the day, in the order of [`State::open`]. Open assignments are first on the
/// day's list, so the completed ones are the first of them.
fn open_after(day: &EmployeeDay<'_>, run: &Simulation, media: &Arc<str>) -> Vec<OpenAssignment> {
    let calendar = run.calendar();
    let completed = day.trainings.len().min(day.open.len());
    let mut open = day.open[completed..].to_vec();
    open.extend(day.new_assignments_left().map(|content_id| OpenAssignment {
        content_id,
        assigned: calendar.shift.opens,
        begin: calendar.window.start,
        due: calendar.window.due,
        content_type: Arc::clone(media),
    }));
    open.sort_by_key(|row| (row.due, row.begin, row.content_id));
    open
}

/// The employee's completions after the day, in the order of [`State::completed`].
fn completed_after(day: &EmployeeDay<'_>, run: &Simulation) -> Vec<CompletedContent> {
    let calendar = run.calendar();
    let day_of = |seconds| DateTime::from_timestamp(seconds, 0).map_or(calendar.today, |at| calendar.zone.date_of(at));
    let mut completed = day.history.to_vec();
    completed.extend(
        day.completed()
            .map(|(item, training)| CompletedContent { content_id: item.content_id, day: day_of(training.completed) }),
    );
    completed.sort();
    completed
}
