//! The state table `content_assignments` as a CSV file: assignments made before the run.
//!
//! Wrong state leads to wrong feeds, so one unreadable row refuses the file.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::blank::trimmed;
use super::foreign_value::hint_of;
use super::identifier::{push_plain_id, unwrapped};
use super::instant::{DATE_EXAMPLE, INSTANT_EXAMPLE, push_exact_instant};
use super::quoted::push_field;
use super::state_table::{self, BA_ID_NAME, CONTENT_ID_NAME, StateRow, is_null, read_ids};
use super::table::Row;
use super::written_time::{WrittenTime, read_time};
use crate::text::chunks::{ByteSource, OneAfterAnother, Workers};
use crate::text::problem::{Hint, Problem, ProblemKind, Reading, Severity};

/// The columns of the table.
pub const COLUMNS: [&str; 7] = [
    BA_ID_NAME,
    CONTENT_ID_NAME,
    "assignment_date",
    "update_date",
    "assignment_begin_date",
    "assignment_due_date",
    "content_type",
];

const ASSIGNED: usize = 2;
const UPDATED: usize = 3;
const BEGIN: usize = 4;
const DUE: usize = 5;
const CONTENT_TYPE: usize = 6;

/// The content type of assignments without one, and of all new assignments.
pub const DEFAULT_CONTENT_TYPE: &str = "Media";

/// An assignment made before the run, with NULL values replaced. All instants are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The employee.
    pub ba_id: u64,
    /// The content.
    pub content_id: u64,
    /// When it was assigned; if NULL, the same as `begin`.
    pub assigned: DateTime<Utc>,
    /// The earliest instant at which it may be started; if NULL, the same as `assigned`.
    pub begin: DateTime<Utc>,
    /// When it is due; if NULL, seven days after `begin`.
    pub due: DateTime<Utc>,
    /// The content type; if NULL or empty, `Media`.
    pub content_type: Arc<str>,
    /// The line in the file, from 1.
    pub line: u32,
}

/// Reads the table. Returns the rows of employees accepted by `keep`; the rows of others are checked, too.
#[must_use]
pub fn read(bytes: &[u8], keep: impl Fn(u64) -> bool + Sync) -> Reading<Vec<Assignment>> {
    read_from(&bytes, &OneAfterAnother, keep)
}

/// As [`read`], in chunks.
#[must_use]
pub fn read_from(
    source: &dyn ByteSource,
    workers: &impl Workers,
    keep: impl Fn(u64) -> bool + Sync,
) -> Reading<Vec<Assignment>> {
    state_table::read(source, workers, (COLUMNS, &[ASSIGNED, BEGIN]), read_row, |row: &Assignment| keep(row.ba_id))
}

impl StateRow for Assignment {
    fn move_below(&mut self, lines: u32, before: Option<&Assignment>) {
        self.line = self.line.saturating_add(lines);
        // Few types occur, mostly the same one in many rows.
        if let Some(before) = before.filter(|before| before.content_type == self.content_type) {
            self.content_type = Arc::clone(&before.content_type);
        }
    }
}

/// Appends a row of the table: employee and content; the instants of assignment, begin and due; the day of the last
/// change; the content type.
pub fn push_row(
    out: &mut Vec<u8>,
    (ba_id, content_id): (u64, u64),
    [assigned, begin, due]: [DateTime<Utc>; 3],
    updated: NaiveDate,
    content_type: &str,
) {
    push_plain_id(out, ba_id);
    out.push(b',');
    push_plain_id(out, content_id);
    out.push(b',');
    push_exact_instant(out, assigned);
    out.extend_from_slice(format!(",{updated},").as_bytes());
    push_exact_instant(out, begin);
    out.push(b',');
    push_exact_instant(out, due);
    out.push(b',');
    push_field(out, content_type.as_bytes());
    out.push(b'\n');
}

fn read_row(row: &Row<'_, 7>) -> Result<Assignment, Vec<Problem>> {
    let mut problems = Vec::new();
    let [ba_id, content_id] = read_ids(row, &mut problems);
    let assigned = read_instant(row, ASSIGNED, &mut problems);
    check_update_date(row, &mut problems);
    let begin = read_instant(row, BEGIN, &mut problems);
    let due = read_instant(row, DUE, &mut problems);
    let content_type = read_content_type(row, &mut problems);
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
        content_type,
        line: row.line(),
    })
}

/// Seven days after `begin`, capped at the last instant that a file can hold (the end of year 9999).
fn week_after(begin: DateTime<Utc>) -> DateTime<Utc> {
    const LAST_SECOND: i64 = 253_402_300_799;
    let last = DateTime::from_timestamp(LAST_SECOND, 0).unwrap_or(begin);
    begin.checked_add_signed(TimeDelta::days(7)).map_or(last, |due| due.min(last))
}

fn read_instant(row: &Row<'_, 7>, column: usize, problems: &mut Vec<Problem>) -> Option<DateTime<Utc>> {
    if is_null(row.value(column)) {
        return None;
    }
    let time = read_time(&row.text(column), true);
    let instant = time.ok().and_then(WrittenTime::exact);
    if instant.is_none() {
        let hint = time.map_or_else(|hint| hint, |time| time.day().is_none().then_some(Hint::NoSeconds));
        problems.push(row.bad_time(column, INSTANT_EXAMPLE, hint));
    }
    instant
}

/// Checks `update_date`. No rule uses it, but an invalid date shows that the row is broken.
fn check_update_date(row: &Row<'_, 7>, problems: &mut Vec<Problem>) {
    if is_null(row.value(UPDATED)) {
        return;
    }
    if let Err(hint) = read_time(&row.text(UPDATED), true) {
        problems.push(row.bad_time(UPDATED, DATE_EXAMPLE, hint));
    }
}

/// Reads the content type. Any text is accepted, except what a spreadsheet shows in place of a value.
fn read_content_type(row: &Row<'_, 7>, problems: &mut Vec<Problem>) -> Arc<str> {
    if is_null(row.value(CONTENT_TYPE)) {
        return DEFAULT_CONTENT_TYPE.into();
    }
    let value = row.value(CONTENT_TYPE);
    let plain = unwrapped(value);
    // Surrounding blanks are part of the text; a wrapping that forces a spreadsheet to treat it as text is not.
    let text = String::from_utf8_lossy(if plain == trimmed(value) { value } else { plain });
    let has_line_break = text.contains(['\n', '\r']);
    if let Some(hint) = hint_of(&text, true).or_else(|| has_line_break.then_some(Hint::LineBreak)) {
        problems.push(Problem { severity: Severity::Error, ..row.bad_text(CONTENT_TYPE, hint) });
    }
    text.into()
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

    #[test]
    fn a_nul_character_is_a_problem_of_its_row() {
        check(
            "1,2,2026-01-26 00:01:00,,,,Me\0dia\n1,3,2026-01-26 00:01:00\0,,,,Media\n1,4,2026-01-26 00:01:00,,,,Media\n",
            &["1 4 2026-01-26T00:01:00Z 2026-01-26T00:01:00Z 2026-02-02T00:01:00Z Media"],
            &[
                "2:28: content_type 'Me\\u{0}dia' is no text: it has a NUL character (U+0000), which no text has; remove that character",
                "3:5: assignment_date '2026-01-26 00:01:00\\u{0}' cannot be read; write it like 2026-01-26T00:01:00Z or 2026-01-26 00:01:00 (it has a NUL character (U+0000), which no text has; remove that character)",
            ],
        );
    }

    #[test]
    fn every_value_that_a_spreadsheet_rewrote_is_read_or_named() {
        check(
            "1.0,'2,1/26/2026 0:01:00,1/26/2026,26.01.2026 00:02:00,\"Jan 31, 2026 1:13:59 PM\",Course\n\
             1,3,\u{a0},26-Jan-2026,2026-01-26 00:01:00,,\u{a0}\n",
            &[
                "1 2 2026-01-26T00:01:00Z 2026-01-26T00:02:00Z 2026-01-31T13:13:59Z Course",
                "1 3 2026-01-26T00:01:00Z 2026-01-26T00:01:00Z 2026-02-02T00:01:00Z Media",
            ],
            &[],
        );
        let write = "cannot be read; write it like 2026-01-26T00:01:00Z or 2026-01-26 00:01:00";
        let unsure = " (which number is the day and which the month is not certain)";
        let narrow = " (a spreadsheet shows a value so that does not fit; make its column wider and save again)";
        check(
            "1,2,1/26/2026 0:01,1/2/2026,1/2/2026 0:01:00,2026-01-31,NaN\n1,2,NaT,None,46048.0007,#######,#REF!\n",
            &[],
            &[
                &format!("2:5: assignment_date '1/26/2026 0:01' {write} (the seconds are missing)"),
                &format!("2:20: update_date '1/2/2026' cannot be read; write it like 2026-01-26{unsure}"),
                &format!("2:29: assignment_begin_date '1/2/2026 0:01:00' {write}{unsure}"),
                &format!("2:46: assignment_due_date '2026-01-31' {write}"),
                "2:57: content_type 'NaN' is no text: an empty field means NULL",
                &format!("3:5: assignment_date 'NaT' {write} (an empty field means NULL)"),
                "3:9: update_date 'None' cannot be read; write it like 2026-01-26 (an empty field means NULL)",
                &format!(
                    "3:14: assignment_begin_date '46048.0007' {write} (it is a number; give the spreadsheet's column a date format \
                     and save again)"
                ),
                &format!("3:25: assignment_due_date '#######' {write}{narrow}"),
                "3:33: content_type '#REF!' is no text: it is an error value of a spreadsheet; write the value itself",
            ],
        );
    }

    #[test]
    fn rows_without_any_value_are_blank() {
        check(&",,,,,,\n \t,,,\"\",,,\u{a0}\n\n".repeat(1_000), &[], &[]);
    }

    #[test]
    fn a_content_type_is_one_line_without_what_a_spreadsheet_put_around_it() {
        let read_type = |field: &str| {
            let text = format!("{}\n1,2,2026-01-26 00:01:00,,,,{field}\n", COLUMNS.join(","));
            let reading = read(text.as_bytes(), |_| true);
            let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
            (reading.value.first().map(|row| row.content_type.clone()), problems)
        };
        for (field, expected) in
            [("\"=\"\"Video\"\"\"", "Video"), ("'Video", "Video"), ("\"=\"\"\"\"\"", "Media"), (" Video ", " Video ")]
        {
            assert_eq!(read_type(field), (Some(expected.into()), Vec::new()), "{field}");
        }
        let message = "2:28: content_type 'Media\\nx' is no text: it goes on over the end of a line; remove the line break, or the \
                    quote that opens the field";
        assert_eq!(read_type("\"Media\nx\""), (None, vec![message.to_owned()]));
    }
}
