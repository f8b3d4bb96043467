//! The state table `content_completion` as a CSV file: trainings completed before the run.
//!
//! Wrong state leads to wrong feeds, so one unreadable row refuses the file.

use chrono::NaiveDate;

use super::identifier::push_plain_id;
use super::instant::DATE_EXAMPLE;
use super::state_table::{self, BA_ID_NAME, CONTENT_ID_NAME, StateRow, read_ids};
use super::table::Row;
use super::written_time::{WrittenTime, read_time};
use crate::text::chunks::{ByteSource, OneAfterAnother, Workers};
use crate::text::problem::{Problem, Reading};

/// The columns of the table.
pub const COLUMNS: [&str; 3] = [BA_ID_NAME, CONTENT_ID_NAME, "completion_date"];

const COMPLETED: usize = 2;

/// A completion before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastCompletion {
    /// The employee.
    pub ba_id: u64,
    /// The content.
    pub content_id: u64,
    /// The date (business time zone).
    pub day: NaiveDate,
    /// The line in the file, from 1.
    pub line: u32,
}

impl PastCompletion {
    /// Employee and content.
    pub(crate) fn pair(&self) -> (u64, u64) {
        (self.ba_id, self.content_id)
    }
}

/// Reads the table. Returns the rows of employees accepted by `keep`; the rows of others are checked, too.
#[must_use]
pub fn read(bytes: &[u8], keep: impl Fn(u64) -> bool + Sync) -> Reading<Vec<PastCompletion>> {
    read_from(&bytes, &OneAfterAnother, keep)
}

/// As [`read`], in chunks.
#[must_use]
pub fn read_from(
    source: &dyn ByteSource,
    workers: &impl Workers,
    keep: impl Fn(u64) -> bool + Sync,
) -> Reading<Vec<PastCompletion>> {
    state_table::read(source, workers, (COLUMNS, &[COMPLETED]), read_row, |row: &PastCompletion| keep(row.ba_id))
}

impl StateRow for PastCompletion {
    fn move_below(&mut self, lines: u32, _: Option<&PastCompletion>) {
        self.line = self.line.saturating_add(lines);
    }
}

/// Appends a row of the table: employee and content; the day of completion.
pub fn push_row(out: &mut Vec<u8>, (ba_id, content_id): (u64, u64), day: NaiveDate) {
    push_plain_id(out, ba_id);
    out.push(b',');
    push_plain_id(out, content_id);
    out.extend_from_slice(format!(",{day}\n").as_bytes());
}

fn read_row(row: &Row<'_, 3>) -> Result<PastCompletion, Vec<Problem>> {
    let mut problems = Vec::new();
    let [ba_id, content_id] = read_ids(row, &mut problems);
    let time = read_time(&row.text(COMPLETED), false);
    let day = time.ok().and_then(WrittenTime::day);
    if day.is_none() {
        problems.push(row.bad_time(COMPLETED, DATE_EXAMPLE, time.err().flatten()));
    }
    match day {
        Some(day) if problems.is_empty() => Ok(PastCompletion { ba_id, content_id, day, line: row.line() }),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, rows: &[&str], problems: &[&str]) {
        let reading = read(text.as_bytes(), |_| true);
        let found: Vec<String> =
            reading.value.iter().map(|row| format!("{} {} {}", row.ba_id, row.content_id, row.day)).collect();
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            (found, texts),
            (
                rows.iter().map(|row| (*row).to_owned()).collect(),
                problems.iter().map(|one| (*one).to_owned()).collect()
            ),
            "{text}"
        );
    }

    #[test]
    fn rows_are_read_or_named() {
        check(
            "content_id,ba_id,completion_date\n2,1,2026-01-26\n2,x,1.26.2026\n2,3,\n",
            &["1 2 2026-01-26"],
            &[
                "3:3: ba_id 'x' is no id: digits only, from 1 to 9223372036854775807",
                "3:5: completion_date '1.26.2026' cannot be read; write it like 2026-01-26",
                "4:5: completion_date '' cannot be read; write it like 2026-01-26",
            ],
        );
    }

    #[test]
    fn values_that_a_spreadsheet_rewrote_are_read_or_named() {
        let write = "cannot be read; write it like 2026-01-26";
        for (date, expected) in [
            ("26.1.2026", Ok("2026-01-26")),
            ("1/26/2026", Ok("2026-01-26")),
            ("26/01/2026", Ok("2026-01-26")),
            ("26-Jan-2026", Ok("2026-01-26")),
            ("1/2/2026", Err(" (which number is the day and which the month is not certain)")),
            ("26-Jan-26", Err(" (the year needs four digits)")),
            ("46048", Err(" (it is a number; give the spreadsheet's column a date format and save again)")),
            ("2026-01-26 08:00:00", Err("")),
            ("1/26/2026 0:00", Err("")),
            ("None", Err(" (an empty field means NULL, and this column must have a value)")),
            ("NULL", Err(" (an empty field means NULL, and this column must have a value)")),
            ("#####", Err(" (a spreadsheet shows a value so that does not fit; make its column wider and save again)")),
        ] {
            let text = format!("ba_id,content_id,completion_date\n1,2,{date}\n");
            match expected {
                Ok(day) => check(&text, &[&format!("1 2 {day}")], &[]),
                Err(hint) => check(&text, &[], &[&format!("2:5: completion_date '{date}' {write}{hint}")]),
            }
        }
        check(
            "ba_id,content_id,completion_date\n1.0,=\"2\",2026-01-26\n'1,1.04829E+05,2026-01-26\n\"=\"\"1\"\"\",3,2026-01-26\n",
            &["1 2 2026-01-26", "1 104829 2026-01-26", "1 3 2026-01-26"],
            &[],
        );
        let no_id = |place: &str, name: &str, id: &str| {
            format!("{place}: {name} '{id}' is no id: digits only, from 1 to 9223372036854775807")
        };
        check(
            "ba_id,content_id,completion_date\nNaN,\"104,829\",2026-01-26\n1.05E+05,104.829,2026-01-26\n",
            &[],
            &[
                &(no_id("2:1", "ba_id", "NaN") + " (an empty field means NULL, and this column must have a value)"),
                &(no_id("2:5", "content_id", "104,829") + ". Did you mean '104829'?"),
                &(no_id("3:1", "ba_id", "1.05E+05")
                    + " (an exponent form may have lost digits; give the spreadsheet's column the format 0 and save again)"),
                &(no_id("3:10", "content_id", "104.829") + ". Did you mean '104829'?"),
            ],
        );
    }

    #[test]
    fn a_column_is_found_behind_the_name_of_its_table() {
        for header in [
            "content_completion.ba_id,content_completion.content_id,content_completion.completion_date",
            "retail.store.content_completion.ba_id,c.content_id,c.completion_date",
            "[ba_id],[content_id],[completion_date]",
            "`ba_id`,`c`.`content_id`,[dbo].[completion_date]",
            "\"\"\"ba_id\"\"\",\"\"\"c\"\".\"\"content_id\"\"\",C.COMPLETION_DATE",
            "ba_id,content_assignments.ba_id,content_id,completion_date",
        ] {
            let row = if header.split(',').count() == 4 { "1,9,2,2026-01-26" } else { "1,2,2026-01-26" };
            check(&format!("{header}\n{row}\n"), &["1 2 2026-01-26"], &[]);
        }
        check(
            "content_completion.baid,content_completion.content_id,content_completion.completion_date\n",
            &[],
            &[
                "1:1: the column ba_id is missing from the header. Did you mean 'ba_id' where it says 'content_completion.baid'?",
            ],
        );
        for name in ["content_completion_ba_id", "content_completion[ba_id]", "content_completion::ba_id"] {
            let message = format!(
                "1:1: the column ba_id is missing from the header. Did you mean 'ba_id' where it says '{name}'?"
            );
            check(&format!("{name},content_id,completion_date\n"), &[], &[&message]);
        }
        check(
            "a.ba_id,b.ba_id,content_id,completion_date\n",
            &[],
            &["1:9: the header names the column ba_id twice; keep one of them"],
        );
    }

    #[test]
    fn rows_without_any_value_are_blank_and_a_header_problem_hides_no_row_problem() {
        check(
            "ba_id,content_id,completion_date\n,,\n1,2,2026-01-26\n \t,\"\",\u{a0}\n,,,,\n",
            &["1 2 2026-01-26"],
            &[],
        );
        check(
            "sep=,\nba_id,contentid,completion_date\nx,2,2026-01-26\n",
            &[],
            &[
                "2:7: the column content_id is missing from the header. Did you mean 'content_id' where it says 'contentid'?",
                "3:1: ba_id 'x' is no id: digits only, from 1 to 9223372036854775807",
            ],
        );
    }
}
