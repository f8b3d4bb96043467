//! The state table `content_completion`, as a CSV file: what employees completed in the past.
//!
//! State must be right: one row that cannot be read refuses the file.

use chrono::NaiveDate;

use super::assignments_table::{bad_time, read_id};
use super::instant::{DATE_EXAMPLE, parse_date};
use super::table::{Row, TableReader};
use crate::text::problem::{Problem, Reading};

/// The columns of the table.
pub const COLUMNS: [&str; 3] = ["ba_id", "content_id", "completion_date"];

const BA_ID: usize = 0;
const CONTENT_ID: usize = 1;
const COMPLETED: usize = 2;

/// A completion of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastCompletion {
    /// The employee.
    pub ba_id: u64,
    /// The content.
    pub content_id: u64,
    /// The day, in the business time zone.
    pub day: NaiveDate,
    /// The line in the file, from 1.
    pub line: u32,
}

/// Reads the table's rows for the employees that `keep` names; the rows of the others are checked all the same.
#[must_use]
pub fn read(bytes: &[u8], keep: impl Fn(u64) -> bool) -> Reading<Vec<PastCompletion>> {
    let mut table = match TableReader::open(bytes, COLUMNS, false) {
        Ok(table) => table,
        Err(problems) => return Reading { value: Vec::new(), problems },
    };
    let mut completions = Vec::new();
    let mut problems = Vec::new();
    while let Some(row) = table.next_row() {
        match read_row(&row) {
            Ok(completion) if keep(completion.ba_id) => completions.push(completion),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
    }
    Reading { value: completions, problems }
}

fn read_row(row: &Row<'_, 3>) -> Result<PastCompletion, Vec<Problem>> {
    if let Some(fault) = row.fault() {
        return Err(vec![fault]);
    }
    let mut problems = Vec::new();
    let ba_id = read_id(row, BA_ID, COLUMNS[BA_ID], &mut problems);
    let content_id = read_id(row, CONTENT_ID, COLUMNS[CONTENT_ID], &mut problems);
    let day = parse_date(row.text(COMPLETED).trim());
    if day.is_none() {
        problems.push(bad_time(row, COMPLETED, COLUMNS[COMPLETED], DATE_EXAMPLE));
    }
    match day {
        Some(day) if problems.is_empty() => Ok(PastCompletion { ba_id, content_id, day, line: row.line() }),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_or_named() {
        let reading = read(b"content_id,ba_id,completion_date\n2,1,2026-01-26\n2,x,26.1.2026\n2,3,\n", |_| true);
        assert_eq!(reading.value.len(), 1);
        assert_eq!((reading.value[0].ba_id, reading.value[0].content_id), (1, 2));
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "3:3: ba_id 'x' is no id: digits only, from 1 to 9223372036854775807",
                "3:5: completion_date '26.1.2026' cannot be read; write it like 2026-01-26",
                "4:5: completion_date '' cannot be read; write it like 2026-01-26",
            ]
        );
    }
}
