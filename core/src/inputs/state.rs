//! The state of a run's employees before the run: open assignments and past completions, from the two state tables.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::format::assignments_table::Assignment;
use crate::format::completions_table::PastCompletion;
use crate::inputs::employee_index::{EmployeeIndex, PerEmployee, keep_last_of_each};

/// An assignment that is not completed. All instants are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAssignment {
    /// The content.
    pub content_id: u64,
    /// When it was assigned.
    pub assigned: DateTime<Utc>,
    /// The earliest instant at which it may be started.
    pub begin: DateTime<Utc>,
    /// When it is due.
    pub due: DateTime<Utc>,
    /// The kind of content.
    pub content_type: Arc<str>,
}

impl From<Assignment> for OpenAssignment {
    fn from(row: Assignment) -> OpenAssignment {
        let Assignment { content_id, assigned, begin, due, content_type, .. } = row;
        OpenAssignment { content_id, assigned, begin, due, content_type }
    }
}

/// A content that an employee completed before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CompletedContent {
    /// The content.
    pub content_id: u64,
    /// The date of completion (business time zone).
    pub day: NaiveDate,
}

/// Which state tables a run was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenTables {
    /// True if `content_assignments` was given.
    pub assignments: bool,
    /// True if `content_completion` was given.
    pub completions: bool,
}

impl GivenTables {
    /// Both tables.
    pub const BOTH: GivenTables = GivenTables { assignments: true, completions: true };
}

/// The state of all employees of a run.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Open assignments by employee, each sorted by due, begin and content id, ascending.
    pub open: PerEmployee<OpenAssignment>,
    /// Past completions by employee, each sorted by content id, then day.
    pub completed: PerEmployee<CompletedContent>,
}

impl State {
    /// Joins the two tables. Rows of employees who are not in the run are ignored.
    #[must_use]
    pub fn new(
        assignments: Vec<Assignment>,
        completions: Vec<PastCompletion>,
        index: &EmployeeIndex,
        employees: usize,
    ) -> State {
        let mut completed: Vec<(u32, CompletedContent)> = completions
            .into_iter()
            .filter_map(|row| {
                let content = CompletedContent { content_id: row.content_id, day: row.day };
                index.position(row.ba_id).map(|position| (position, content))
            })
            .collect();
        sort_by_employee(&mut completed, |content| *content);
        let completed = PerEmployee::from_sorted(completed, employees);
        let open = open_assignments(assignments, &completed, index);
        State { open: PerEmployee::from_sorted(open, employees), completed }
    }
}

/// True if the content is among the completed ones, on any day. `completed` must be sorted as in [`State::completed`].
#[must_use]
pub fn is_completed(completed: &[CompletedContent], content_id: u64) -> bool {
    completed.binary_search_by_key(&content_id, |content| content.content_id).is_ok()
}

fn open_assignments(
    assignments: Vec<Assignment>,
    completed: &PerEmployee<CompletedContent>,
    index: &EmployeeIndex,
) -> Vec<(u32, OpenAssignment)> {
    let mut open: Vec<(u32, OpenAssignment)> = assignments
        .into_iter()
        .filter_map(|row| {
            let position = index.position(row.ba_id)?;
            if is_completed(completed.of(position as usize), row.content_id) {
                return None;
            }
            Some((position, row.into()))
        })
        .collect();
    // The sort is stable: of rows with the same pair and assignment date, the row that is later in the file stays last.
    sort_by_employee(&mut open, |row| (row.content_id, row.assigned));
    keep_last_of_each(&mut open, |(position, row)| (*position, row.content_id));
    sort_by_employee(&mut open, |row| (row.due, row.begin, row.content_id));
    open
}

/// Sorts rows by position, then by key; rows with the same key keep their order. Tables mostly have the rows of an employee
/// together, in the order of the employees: then only the few rows of each are moved.
fn sort_by_employee<T, K: Ord>(rows: &mut [(u32, T)], key: impl Fn(&T) -> K) {
    rows.sort_by_key(|(position, _)| *position);
    for of_one in rows.chunk_by_mut(|one, other| one.0 == other.0) {
        of_one.sort_by_key(|(_, row)| key(row));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::instant::{instant_text, parse_instant};
    use crate::format::{assignments_table, completions_table, employees};

    fn check(assignments: &str, completions: &str, expected: &[&str]) {
        let employees = employees::read(b"employee_id,employee_edu_type\n9,a\n7,b\n", employees::BadRows::Refuse).value;
        let index = EmployeeIndex::new(&employees.rows);
        let assignments = format!(
            "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n{assignments}"
        );
        let completions = format!("ba_id,content_id,completion_date\n{completions}");
        let assignments = assignments_table::read(assignments.as_bytes(), |_| true);
        let completions = completions_table::read(completions.as_bytes(), |_| true);
        assert!(!assignments.is_refused() && !completions.is_refused());
        let state = State::new(assignments.value, completions.value, &index, 2);
        let mut found = Vec::new();
        for (position, employee) in employees.rows.iter().enumerate() {
            for open in state.open.of(position) {
                found.push(format!(
                    "{} {} {} {}",
                    employee.id,
                    open.content_id,
                    instant_text(open.due),
                    open.content_type
                ));
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn open_is_what_no_completion_of_any_date_closes() {
        check(
            "7,1,2026-01-05 00:01:00,,,,\n9,1,2026-01-05 00:01:00,,,,\n8,1,2026-01-05 00:01:00,,,,\n",
            "7,1,2030-01-01\n8,1,2026-01-01\n",
            &["9 1 2026-01-12T00:01:00Z Media"],
        );
    }

    #[test]
    fn the_same_pair_twice_is_the_later_assignment_then_the_later_row() {
        check(
            "9,1,2026-01-06 00:00:00,,,2026-02-01 00:00:00,x\n\
             9,1,2026-01-05 00:00:00,,,2026-02-02 00:00:00,y\n\
             9,2,2026-01-05 00:00:00,,,2026-02-03 00:00:00,first\n\
             9,2,2026-01-05 00:00:00,,,2026-02-03 00:00:00,second\n\
             9,2,2026-01-04 00:00:00,,,2026-02-03 00:00:00,third\n",
            "",
            &["9 1 2026-02-01T00:00:00Z x", "9 2 2026-02-03T00:00:00Z second"],
        );
    }

    #[test]
    fn they_come_earliest_due_first_then_earliest_begin_then_lower_id() {
        check(
            "9,4,2026-01-05 00:00:00,,2026-01-02 00:00:00,2026-02-01 00:00:00,\n\
             9,3,2026-01-05 00:00:00,,2026-01-03 00:00:00,2026-02-01 00:00:00,\n\
             9,2,2026-01-05 00:00:00,,2026-01-02 00:00:00,2026-02-01 00:00:00,\n\
             9,1,2026-01-05 00:00:00,,2026-01-02 00:00:00,2026-02-02 00:00:00,\n",
            "",
            &[
                "9 2 2026-02-01T00:00:00Z Media",
                "9 4 2026-02-01T00:00:00Z Media",
                "9 3 2026-02-01T00:00:00Z Media",
                "9 1 2026-02-02T00:00:00Z Media",
            ],
        );
    }

    #[test]
    fn a_content_is_completed_on_any_day() {
        let day = parse_instant("2026-01-01T00:00:00Z").unwrap().date_naive();
        let completed = [CompletedContent { content_id: 3, day }, CompletedContent { content_id: 5, day }];
        assert_eq!([3, 4, 5].map(|id| is_completed(&completed, id)), [true, false, true]);
    }
}
