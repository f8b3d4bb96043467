//! The state that one day leaves for the next.
//!
//! This is what the batch job makes of a feed. Rows of the assignments file become open assignments with their own
//! dates and type; completed items become history, dated by `DateCompleted` in the business time zone.

use std::sync::Arc;

use chrono::DateTime;

use crate::format::assignments_table::DEFAULT_CONTENT_TYPE;
use crate::inputs::employee_index::PerEmployee;
use crate::inputs::state::{CompletedContent, OpenAssignment, State};
use crate::rules::day::EmployeeDay;
use crate::run::simulation::Simulation;

/// The state at the beginning of the run that follows `run`.
#[must_use]
pub fn state_after(run: &Simulation) -> State {
    let media: Arc<str> = Arc::from(DEFAULT_CONTENT_TYPE);
    let mut open = Vec::new();
    let mut completed = Vec::new();
    for position in 0..run.employees() {
        let day = run.employee_day(position);
        // Positions have 32 bits everywhere.
        let Ok(position) = u32::try_from(position) else { break };
        open.extend(open_after(&day, run, &media).into_iter().map(|row| (position, row)));
        completed.extend(completed_after(&day, run).into_iter().map(|row| (position, row)));
    }
    State {
        open: PerEmployee::from_sorted(open, run.employees()),
        completed: PerEmployee::from_sorted(completed, run.employees()),
    }
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
