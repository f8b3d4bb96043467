//! The state table `content_assignments`, as a CSV file: what managers assigned in the past.
//!
//! State must be right: one row that cannot be read refuses the file.

use chrono::{DateTime, TimeDelta, Utc};

use super::identifier::parse_plain_id;
use super::instant::{DATE_EXAMPLE, INSTANT_EXAMPLE, parse_date, parse_instant};
use super::table::{Row, TableReader, bad_id};
use crate::text::problem::{Problem, ProblemKind, Reading};

/// The columns of the table.
pub const COLUMNS: [&str; 7] = [
    "ba_id",
    "content_id",
    "assignment_date",
    "update_date",
    "assignment_begin_date",
    "assignment_due_date",
    "content_type",
];

const BA_ID: usize = 0;
const CONTENT_ID: usize = 1;
const ASSIGNED: usize = 2;
const UPDATED: usize = 3;
const BEGIN: usize = 4;
const DUE: usize = 5;
const CONTENT_TYPE: usize = 6;

/// The content type of an assignment that names none, and of all new ones.
pub const DEFAULT_CONTENT_TYPE: &str = "Media";

/// An assignment of the past, with what is NULL in the table filled in. All instants are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The employee.
    pub ba_id: u64,
    /// The content.
    pub content_id: u64,
    /// When it was assigned; the begin where the table has NULL.
    pub assigned: DateTime<Utc>,
    /// When it may be begun; `assigned` where the table has NULL.
    pub begin: DateTime<Utc>,
    /// When it is due; seven days after the begin where the table has NULL.
    pub due: DateTime<Utc>,
    /// The kind of content; `Media` where the table has NULL or nothing.
    pub content_type: String,
    /// The line in the file, from 1.
    pub line: u32,
}

/// Reads the table's rows for the employees that `keep` names; the rows of the others are checked all the same.
#[must_use]
pub fn read(bytes: &[u8], keep: impl Fn(u64) -> bool) -> Reading<Vec<Assignment>> {
    let mut table = match TableReader::open(bytes, COLUMNS, false) {
        Ok(table) => table,
        Err(problems) => return Reading { value: Vec::new(), problems },
    };
    let mut assignments = Vec::new();
    let mut problems = Vec::new();
    while let Some(row) = table.next_row() {
        match read_row(&row) {
            Ok(assignment) if keep(assignment.ba_id) => assignments.push(assignment),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
    }
    Reading { value: assignments, problems }
}

fn read_row(row: &Row<'_, 7>) -> Result<Assignment, Vec<Problem>> {
    if let Some(fault) = row.fault() {
        return Err(vec![fault]);
    }
    let mut problems = Vec::new();
    let ba_id = read_id(row, BA_ID, COLUMNS[BA_ID], &mut problems);
    let content_id = read_id(row, CONTENT_ID, COLUMNS[CONTENT_ID], &mut problems);
    let assigned = read_instant(row, ASSIGNED, &mut problems);
    let begin = read_instant(row, BEGIN, &mut problems);
    let due = read_instant(row, DUE, &mut problems);
    check_update_date(row, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let Some(either) = assigned.or(begin) else {
        return Err(vec![Problem::error(row.place(ASSIGNED), ProblemKind::NoDates)]);
    };
    let begin = begin.unwrap_or(either);
    Ok(Assignment {
        ba_id,
        content_id,
        assigned: assigned.unwrap_or(either),
        begin,
        due: due.unwrap_or_else(|| week_after(begin)),
        content_type: match row.value(CONTENT_TYPE).trim_ascii() {
            kind if is_null(kind) => DEFAULT_CONTENT_TYPE.to_owned(),
            _ => row.text(CONTENT_TYPE).into_owned(),
        },
        line: row.line(),
    })
}

/// Seven days after `begin`, but not after the last instant that a file can hold.
fn week_after(begin: DateTime<Utc>) -> DateTime<Utc> {
    const LAST_SECOND: i64 = 253_402_300_799;
    let last = DateTime::from_timestamp(LAST_SECOND, 0).unwrap_or(begin);
    begin.checked_add_signed(TimeDelta::days(7)).map_or(last, |due| due.min(last))
}

/// Whether a field of a state table means NULL: it is empty, `NULL`, `null` or `\N`.
pub(super) fn is_null(field: &[u8]) -> bool {
    matches!(field, b"" | b"NULL" | b"null" | b"\\N")
}

/// The id in a column of a state table; where there is none, 0 and a problem.
pub(super) fn read_id<const WIDTH: usize>(
    row: &Row<'_, WIDTH>,
    column: usize,
    name: &str,
    problems: &mut Vec<Problem>,
) -> u64 {
    parse_plain_id(row.value(column).trim_ascii()).unwrap_or_else(|| {
        problems.push(bad_id(row, column, name));
        0
    })
}

fn read_instant(row: &Row<'_, 7>, column: usize, problems: &mut Vec<Problem>) -> Option<DateTime<Utc>> {
    if is_null(row.value(column).trim_ascii()) {
        return None;
    }
    let instant = parse_instant(&row.text(column));
    if instant.is_none() {
        problems.push(bad_time(row, column, COLUMNS[column], INSTANT_EXAMPLE));
    }
    instant
}

/// Nothing uses `update_date`; a date that is none says all the same that the row is not what it should be.
fn check_update_date(row: &Row<'_, 7>, problems: &mut Vec<Problem>) {
    let field = row.value(UPDATED).trim_ascii();
    let text = row.text(UPDATED);
    if !is_null(field) && parse_date(text.trim()).is_none() && parse_instant(&text).is_none() {
        problems.push(bad_time(row, UPDATED, COLUMNS[UPDATED], DATE_EXAMPLE));
    }
}

/// The problem of a date or timestamp that cannot be read.
pub(super) fn bad_time<const WIDTH: usize>(row: &Row<'_, WIDTH>, column: usize, name: &str, example: &str) -> Problem {
    let found = row.text(column).into_owned();
    let kind = ProblemKind::BadTime { column: name.to_owned(), found, example: example.to_owned() };
    Problem::error(row.place(column), kind)
}

#[cfg(test)]
mod tests {
    use super::super::instant::instant_text;
    use super::*;

    fn check(rows: &str, expected: &[&str], problems: &[&str]) {
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        let reading = read(text.as_bytes(), |_| true);
        let found: Vec<String> = reading
            .value
            .iter()
            .map(|row| {
                let times = [row.assigned, row.begin, row.due].map(instant_text).join(" ");
                format!("{} {} {times} {}", row.ba_id, row.content_id, row.content_type)
            })
            .collect();
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
        assert_eq!(texts, problems);
    }

    #[test]
    fn nulls_are_filled_in() {
        check(
            "1,2,2026-01-26 00:01:00,2026-01-26,2026-01-27T00:00:00Z,2026-01-31 13:13:59,Course\n\
             1,3,2026-01-26 00:01:00,,NULL,\\N,null\n\
             1,4,,NULL,2026-01-26 10:00:00.5+01:00,,\n",
            &[
                "1 2 2026-01-26T00:01:00Z 2026-01-27T00:00:00Z 2026-01-31T13:13:59Z Course",
                "1 3 2026-01-26T00:01:00Z 2026-01-26T00:01:00Z 2026-02-02T00:01:00Z Media",
                "1 4 2026-01-26T09:00:00Z 2026-01-26T09:00:00Z 2026-02-02T09:00:00Z Media",
            ],
            &[],
        );
    }

    #[test]
    fn a_row_that_cannot_be_read_is_an_error() {
        check(
            "x,0,soon,never,,,\n1,2,,,,,\n1,2\n",
            &[],
            &[
                "2:1: ba_id 'x' is no id: digits only, from 1 to 9223372036854775807",
                "2:3: content_id '0' is no id: digits only, from 1 to 9223372036854775807",
                "2:5: assignment_date 'soon' cannot be read; write it like 2026-01-26T00:01:00Z or 2026-01-26 00:01:00",
                "2:10: update_date 'never' cannot be read; write it like 2026-01-26",
                "3:5: assignment_date and assignment_begin_date are both empty; at least one must say when it was assigned",
                "4:4: 2 fields in this row, but the header has 7; add what is missing, with a comma before each field. The row is '1,2'",
            ],
        );
    }
}
