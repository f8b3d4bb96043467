//! The sample's `content_assignments.csv`: the state table of manager assignments, open and completed.

use super::contents::Contents;
use super::days::{Days, push_date, push_timestamp};
use super::employees::employees;
use super::history::{EmployeeHistory, SampleAssignment};
use super::sample_recipe::{SampleFile, SampleRecipe};
use crate::format::assignments_table::COLUMNS;
use crate::format::identifier::push_plain_id;

/// One former colleague (an id that employees.csv lacks) per this many employees appears in the table.
const FORMER_COLLEAGUE_EVERY: usize = 500;

/// The name of the file.
pub(super) const NAME: &str = "content_assignments.csv";

/// Makes the file.
pub(super) fn file(recipe: &SampleRecipe) -> SampleFile {
    let contents = Contents::of(recipe);
    let days = Days::around(recipe.today);
    let mut bytes = COLUMNS.join(",").into_bytes();
    bytes.push(b'\n');
    for (position, employee) in employees(recipe).enumerate() {
        push_rows(&mut bytes, employee.id, &EmployeeHistory::of(recipe.seed, employee.id, &contents, days));
        if position.is_multiple_of(FORMER_COLLEAGUE_EVERY) {
            let id = employee.former_colleague();
            push_rows(&mut bytes, id, &EmployeeHistory::of_former_colleague(recipe.seed, id, &contents, days));
        }
    }
    SampleFile { name: NAME.to_owned(), bytes }
}

fn push_rows(out: &mut Vec<u8>, ba_id: u64, history: &EmployeeHistory) {
    for assignment in &history.assignments {
        push_row(out, ba_id, assignment);
    }
}

fn push_row(out: &mut Vec<u8>, ba_id: u64, row: &SampleAssignment) {
    push_plain_id(out, ba_id);
    out.push(b',');
    push_plain_id(out, row.content_id);
    push_or_null(out, row.assigned, row.null, push_timestamp);
    push_or_null(out, row.updated, row.null, push_date);
    push_or_null(out, row.begin, row.null, push_timestamp);
    push_or_null(out, row.due, row.null, push_timestamp);
    push_or_null(out, row.content_type, row.null, |out, kind| out.extend_from_slice(kind.as_bytes()));
    out.push(b'\n');
}

fn push_or_null<T>(out: &mut Vec<u8>, value: Option<T>, null: &str, push: impl Fn(&mut Vec<u8>, T)) {
    out.push(b',');
    match value {
        Some(value) => push(out, value),
        None => out.extend_from_slice(null.as_bytes()),
    }
}
