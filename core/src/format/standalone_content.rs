//! `StandAloneContent_v2_*.csv`: the contents that a manager can assign, some of them Daily Doses.
//!
//! The vendor's data is dirty: a row that cannot be used is left out with a warning, and the run goes on.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use super::identifier::parse_content_id;
use super::instant::parse_instant;
use super::table::{Row, TableReader, bad_id};
use crate::text::problem::{Place, Problem, ProblemKind, Reading};

/// The columns of the file, in the vendor's order.
pub const COLUMNS: [&str; 12] = [
    "ContentId",
    "ContentName",
    "ContentAdminName",
    "ContentDescriptions",
    "ContentType",
    "ContentTags",
    "Daily_Dose",
    "Daily_Dose_BA",
    "CreateDate",
    "Link",
    "ContentNameFrench",
    "ContentDescriptionFrench",
];

const CONTENT_ID: usize = 0;
const CONTENT_NAME: usize = 1;
const DAILY_DOSE_BA: usize = 7;
const CREATE_DATE: usize = 8;

/// One training item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The ContentId, from 1 to 2^63 - 1.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Whether it is a Daily Dose: `Daily_Dose_BA` is TRUE.
    pub is_daily_dose: bool,
    /// When it was created (UTC); nothing where the file has no usable date.
    pub created: Option<DateTime<Utc>>,
}

/// Reads a StandAloneContent file. A header that cannot be used is an error; everything else is a warning.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading<Vec<Content>> {
    let mut table = match TableReader::open(bytes, COLUMNS, false) {
        Ok(table) => table,
        Err(problems) => return Reading { value: Vec::new(), problems },
    };
    let mut contents = Vec::new();
    let mut problems = Vec::new();
    let mut first_lines = FxHashMap::default();
    while let Some(row) = table.next_row() {
        match read_row(&row) {
            Ok(content) => match first_lines.entry(content.id) {
                std::collections::hash_map::Entry::Occupied(first) => {
                    problems.push(repeated(&row, content.id, *first.get()));
                }
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(row.line());
                    contents.push(content);
                }
            },
            Err(problem) => problems.push(problem.into_warning()),
        }
    }
    if contents.is_empty() {
        problems.push(Problem::warning(Place::START, ProblemKind::NoContents));
    } else if !contents.iter().any(|content| content.is_daily_dose) {
        problems.push(Problem::warning(Place::START, ProblemKind::NoDailyDoses));
    }
    Reading { value: contents, problems }
}

fn read_row(row: &Row<'_, 12>) -> Result<Content, Problem> {
    if let Some(fault) = row.fault() {
        return Err(fault);
    }
    let id = parse_content_id(row.value(CONTENT_ID)).ok_or_else(|| bad_id(row, CONTENT_ID, COLUMNS[CONTENT_ID]))?;
    Ok(Content {
        id,
        name: row.text(CONTENT_NAME).trim().to_owned(),
        is_daily_dose: row.value(DAILY_DOSE_BA).eq_ignore_ascii_case(b"TRUE"),
        created: parse_instant(&row.text(CREATE_DATE)),
    })
}

fn repeated(row: &Row<'_, 12>, id: u64, first_line: u32) -> Problem {
    let kind = ProblemKind::RepeatedId { column: COLUMNS[CONTENT_ID].to_owned(), id, first_line };
    Problem::warning(row.place(CONTENT_ID), kind)
}

#[cfg(test)]
mod tests {
    use super::super::quoted::push_line;
    use super::*;

    fn file(rows: &[[&str; 4]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        push_line(&mut bytes, &COLUMNS);
        for [id, name, dose, created] in rows {
            push_line(&mut bytes, &[id, name, "", "", "Media", "", "FALSE", dose, created, "", "", ""]);
        }
        bytes
    }

    fn check(rows: &[[&str; 4]], contents: &[&str], problems: &[&str]) {
        let reading = read(&file(rows));
        let found: Vec<String> = reading
            .value
            .iter()
            .map(|content| format!("{} {} {}", content.id, content.is_daily_dose, content.created.is_some()))
            .collect();
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, contents);
        assert_eq!(texts, problems);
        assert!(!reading.is_refused());
    }

    #[test]
    fn only_daily_dose_ba_decides() {
        check(
            &[
                ["2,033,875", "A", "TRUE", "2026-01-28T08:24:06Z"],
                ["12", "B", "true", "soon"],
                ["13", "C", " TRUE", ""],
            ],
            &["2033875 true true", "12 true false", "13 false false"],
            &[],
        );
    }

    #[test]
    fn dirty_rows_are_left_out_with_a_warning() {
        check(
            &[["x", "A", "TRUE", ""], ["5", "B", "TRUE", ""], ["5", "C", "", ""], ["", "D", "", ""]],
            &["5 true false"],
            &[
                "2:1: ContentId 'x' is no id: digits only, from 1 to 9223372036854775807",
                "4:1: ContentId 5 stands in line 3 already; keep one of the two rows",
                "5:1: ContentId '' is no id: digits only, from 1 to 9223372036854775807",
            ],
        );
    }

    #[test]
    fn an_empty_catalog_or_one_without_daily_doses_is_a_warning() {
        check(&[], &[], &["1:1: no usable content in the file"]);
        check(
            &[["1", "A", "FALSE", ""]],
            &["1 false false"],
            &["1:1: no content has TRUE in Daily_Dose_BA, so no Daily Dose can be assigned"],
        );
    }

    #[test]
    fn a_missing_column_refuses_the_file() {
        assert!(read(b"ContentId,ContentName\n1,A\n").is_refused());
    }
}
