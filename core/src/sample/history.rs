//! An employee's history as the two state tables have it: assignments of the last five weeks, and completions of the
//! last 60 days, both of assigned and of other contents.
//!
//! Each content occurs at most once in a history, so an assignment is either open or completed.

use super::contents::Contents;
use super::days::{DAY, Days, some_of};
use super::tables::SampleTable;
use crate::plan::draw::Draw;

/// A row of `content_assignments`. Times are seconds since 1970-01-01T00:00:00Z; `None` is NULL.
pub(super) struct SampleAssignment {
    /// The content.
    pub(super) content_id: u64,
    /// When it was assigned.
    pub(super) assigned: Option<i64>,
    /// The day of the last change.
    pub(super) updated: Option<i64>,
    /// The earliest time at which it may be started.
    pub(super) begin: Option<i64>,
    /// When it is due.
    pub(super) due: Option<i64>,
    /// The kind of content.
    pub(super) content_type: Option<&'static str>,
    /// The text for NULL in this row: empty, `NULL` or `\N`.
    pub(super) null: &'static str,
}

/// A row of `content_completion`.
pub(super) struct SampleCompletion {
    /// The content.
    pub(super) content_id: u64,
    /// 00:00 UTC of the day, in seconds since 1970-01-01T00:00:00Z.
    pub(super) day: i64,
}

/// An employee's rows of both state tables.
#[derive(Default)]
pub(super) struct EmployeeHistory {
    /// Assignments, open and completed.
    pub(super) assignments: Vec<SampleAssignment>,
    /// Completions.
    pub(super) completions: Vec<SampleCompletion>,
}

impl EmployeeHistory {
    /// The history of an employee of employees.csv. About a third have assignments; independently, about a third have
    /// completions of contents that were not assigned.
    pub(super) fn of(seed: u64, employee_id: u64, contents: &Contents, days: Days) -> EmployeeHistory {
        let mut history = EmployeeHistory::default();
        let mut draw = SampleTable::Assignments.draw(seed, employee_id);
        if draw.happens(1, 3) {
            history.assign(&mut draw, contents, days);
        }
        let mut draw = SampleTable::Completions.draw(seed, employee_id);
        if draw.happens(1, 3) {
            history.complete_others(&mut draw, contents, days);
        }
        history
    }

    /// The history of an employee who is not in employees.csv: always assignments, no other completions.
    pub(super) fn of_former_colleague(seed: u64, employee_id: u64, contents: &Contents, days: Days) -> EmployeeHistory {
        let mut history = EmployeeHistory::default();
        history.assign(&mut SampleTable::Assignments.draw(seed, employee_id), contents, days);
        history
    }

    /// True if the content was completed.
    pub(super) fn has_completed(&self, content_id: u64) -> bool {
        self.completions.iter().any(|completion| completion.content_id == content_id)
    }

    fn knows(&self, content_id: u64) -> bool {
        self.has_completed(content_id) || self.assignments.iter().any(|assignment| assignment.content_id == content_id)
    }

    /// Adds up to four assignments, some of them completed since.
    fn assign(&mut self, draw: &mut Draw, contents: &Contents, days: Days) {
        for _ in 0..draw.between(1, 4) {
            let is_daily_dose = draw.happens(1, 3);
            let content_id = contents.some_standalone_id(draw, is_daily_dose).filter(|id| !self.knows(*id));
            let Some(content_id) = content_id else { continue };
            let (assignment, assigned) = assignment(draw, content_id, days);
            if draw.happens(2, 5) {
                let first_day = assigned - assigned.rem_euclid(DAY);
                let days_since = (days.today - first_day) / DAY;
                let day = first_day + some_of(draw, days_since + 1) * DAY;
                self.completions.push(SampleCompletion { content_id, day });
            }
            self.assignments.push(assignment);
        }
    }

    /// Adds up to five completions of contents that were not assigned: half of them 0 to 12 days ago, the others 0 to
    /// 60 days ago.
    fn complete_others(&mut self, draw: &mut Draw, contents: &Contents, days: Days) {
        for _ in 0..draw.between(1, 5) {
            let is_daily_dose = draw.happens(1, 3);
            let content_id = contents.some_standalone_id(draw, is_daily_dose).filter(|id| !self.knows(*id));
            let Some(content_id) = content_id else { continue };
            let days_ago = if draw.happens(1, 2) { some_of(draw, 13) } else { some_of(draw, 61) };
            self.completions.push(SampleCompletion { content_id, day: days.today - days_ago * DAY });
        }
    }
}

/// An assignment of this week or of one of the four before, and the time at which it was really assigned, which its row
/// may have as NULL.
fn assignment(draw: &mut Draw, content_id: u64, days: Days) -> (SampleAssignment, i64) {
    let weeks_ago = if draw.happens(2, 5) { 0 } else { 1 + some_of(draw, 4) };
    let begin = days.monday - weeks_ago * 7 * DAY + 60;
    let due = due(draw, begin);
    let last_day = (days.today - begin).min(4 * DAY);
    let assigned = if draw.happens(1, 2) { begin } else { begin + some_of(draw, last_day) };
    let begin_is_null = draw.happens(1, 10);
    let row = SampleAssignment {
        content_id,
        assigned: unless(!begin_is_null && draw.happens(1, 30), assigned),
        updated: unless(draw.happens(1, 20), assigned),
        begin: unless(begin_is_null, begin),
        due: unless(draw.happens(1, 8), due),
        content_type: unless(draw.happens(1, 8), if draw.happens(1, 8) { "Course" } else { "Media" }),
        null: draw.one_of(&["", "NULL", "\\N"]).copied().unwrap_or_default(),
    };
    (row, assigned)
}

/// The due time of an assignment that begins on a Monday at 00:01: mostly the Saturday of that week at 13:13:59. Some
/// run for weeks; some end 12 or exactly 24 hours into the next week, the limit of a Daily Dose conflict.
fn due(draw: &mut Draw, begin: i64) -> i64 {
    let next_monday = begin - 60 + 7 * DAY;
    match draw.below(20) {
        0..=12 => next_monday - 2 * DAY + 13 * 3_600 + 13 * 60 + 59,
        13..=16 => begin + (1 + some_of(draw, 4)) * 7 * DAY,
        17..=18 => next_monday + DAY / 2,
        _ => next_monday + DAY,
    }
}

/// NULL, or the value.
fn unless<T>(is_null: bool, value: T) -> Option<T> {
    (!is_null).then_some(value)
}
