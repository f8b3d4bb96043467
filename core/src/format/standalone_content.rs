//! `StandAloneContent_v2_*.csv`: the assignable contents, some of them Daily Doses.
//!
//! The vendor's data is dirty, so an unusable row is left out with a warning, and the run goes on.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use super::blank::{is_blank, trimmed};
use super::identifier::parse_content_id;
use super::table::{Row, TableReader};
use super::written_time::{WrittenTime, read_time};
use crate::text::problem::{Place, Problem, ProblemKind, Reading, limited};

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
const CONTENT_NAME_FRENCH: usize = 10;

/// An example of an accepted CreateDate, for error messages.
const CREATE_DATE_EXAMPLE: &str = "2026-01-28T08:24:06Z";

/// One training item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The ContentId, from 1 to 2^63 - 1.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its French name; empty if there is none.
    pub name_french: String,
    /// True for a Daily Dose: `Daily_Dose_BA` is TRUE.
    pub is_daily_dose: bool,
    /// When it was created (UTC); `None` if the file has no usable date.
    pub created: Option<DateTime<Utc>>,
}

/// Reads a StandAloneContent file. An unusable header is an error; everything else is a warning.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading<Vec<Content>> {
    let (table, mut problems) = TableReader::open_to_check(bytes, COLUMNS, &[CONTENT_ID], false);
    let Some(mut table) = table else { return Reading { value: Vec::new(), problems } };
    let header_is_sound = problems.is_empty();
    let mut contents = Vec::new();
    let mut first_lines = FxHashMap::default();
    while let Some(row) = table.next_row() {
        let swallowed = row.swallowed_rows(|row| parse_content_id(row.value(CONTENT_ID)).is_some());
        problems.extend(swallowed.map(Problem::into_warning));
        match read_row(&row, &mut problems) {
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
    if header_is_sound && contents.is_empty() {
        problems.push(Problem::warning(Place::START, ProblemKind::NoContents));
    } else if header_is_sound && !contents.iter().any(|content| content.is_daily_dose) {
        problems.push(Problem::warning(Place::START, ProblemKind::NoDailyDoses));
    }
    Reading { value: contents, problems: limited(problems) }
}

/// Reads a row. A value that cannot be parsed adds a problem and is read as empty; a row that cannot be used at all is
/// `Err`.
fn read_row(row: &Row<'_, 12>, problems: &mut Vec<Problem>) -> Result<Content, Problem> {
    if let Some(fault) = row.fault() {
        return Err(fault);
    }
    let id = parse_content_id(row.value(CONTENT_ID)).ok_or_else(|| row.bad_id(CONTENT_ID))?;
    Ok(Content {
        id,
        name: row.read_name(CONTENT_NAME, problems),
        name_french: row.read_name(CONTENT_NAME_FRENCH, problems),
        is_daily_dose: read_flag(row, problems),
        created: read_created(row, problems),
    })
}

/// Reads the Daily Dose flag. Only TRUE, in either case and without blanks, makes a Daily Dose. A value other than
/// TRUE, FALSE and empty gets a warning, since it may have been meant as TRUE.
fn read_flag(row: &Row<'_, 12>, problems: &mut Vec<Problem>) -> bool {
    let value = row.value(DAILY_DOSE_BA);
    let is_true = value.eq_ignore_ascii_case(b"TRUE");
    let text = trimmed(value);
    if !(is_true || text.is_empty() || text.eq_ignore_ascii_case(b"FALSE")) {
        let (column, found) = (COLUMNS[DAILY_DOSE_BA].to_owned(), row.text(DAILY_DOSE_BA).into_owned());
        problems.push(Problem::warning(row.place(DAILY_DOSE_BA), ProblemKind::BadFlag { column, found }));
    }
    is_true
}

fn read_created(row: &Row<'_, 12>, problems: &mut Vec<Problem>) -> Option<DateTime<Utc>> {
    if is_blank(row.value(CREATE_DATE)) {
        return None;
    }
    let time = read_time(&row.text(CREATE_DATE), true);
    if let Err(hint) = time {
        problems.push(row.bad_time(CREATE_DATE, CREATE_DATE_EXAMPLE, hint).into_warning());
    }
    time.ok().map(WrittenTime::earliest)
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
            &[
                "3:42: CreateDate 'soon' cannot be read; write it like 2026-01-28T08:24:06Z",
                "4:35: Daily_Dose_BA ' TRUE' is neither TRUE nor FALSE and counts as FALSE; write one of the two",
            ],
        );
    }

    #[test]
    fn what_a_spreadsheet_made_of_a_flag_is_warned_of() {
        for value in ["WAHR", "VRAI", "1", "yes", "TRUE ", "TRUE\u{a0}", "'TRUE", "0", "NULL", "#N/A", "####"] {
            let reading = read(&file(&[["1", "A", value, ""], ["2", "B", "True", ""]]));
            let found: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
            let wanted = "is neither TRUE nor FALSE and counts as FALSE; write one of the two";
            assert_eq!(found, [format!("2:34: Daily_Dose_BA '{}' {wanted}", value.replace('\u{a0}', "\\u{a0}"))]);
            assert!(!reading.value[0].is_daily_dose && !reading.is_refused());
        }
        for value in ["", " ", "\u{a0}", "FALSE", "false", "False "] {
            assert_eq!(read(&file(&[["1", "A", value, ""], ["2", "B", "True", ""]])).problems, [], "{value}");
        }
    }

    #[test]
    fn dates_that_a_spreadsheet_rewrote_are_read_or_warned_of() {
        let created = |value: &str| {
            let reading = read(&file(&[["1", "A", "TRUE", value]]));
            let problems: Vec<String> = reading.problems.iter().map(|problem| problem.kind.to_string()).collect();
            let read = reading.value[0].created.map(super::super::instant::instant_text);
            read.into_iter().chain(problems).collect::<Vec<_>>().join(" | ")
        };
        let write = "cannot be read; write it like 2026-01-28T08:24:06Z";
        for (value, expected) in [
            ("2026-01-28T08:24:06Z", "2026-01-28T08:24:06Z".to_owned()),
            ("2026-01-28", "2026-01-28T00:00:00Z".to_owned()),
            ("1/28/2026 8:24", "2026-01-28T08:24:00Z".to_owned()),
            ("28/01/2026", "2026-01-28T00:00:00Z".to_owned()),
            ("2026-01-28 08:24", "2026-01-28T08:24:00Z".to_owned()),
            ("28.01.2026 08:24:06", "2026-01-28T08:24:06Z".to_owned()),
            ("Jan 28, 2026", "2026-01-28T00:00:00Z".to_owned()),
            ("", String::new()),
            ("\u{a0}", String::new()),
            (
                "1/2/2026 8:24",
                format!(
                    "CreateDate '1/2/2026 8:24' {write} (which number is the day and which the month is not certain)"
                ),
            ),
            ("28-Jan-26", format!("CreateDate '28-Jan-26' {write} (the year needs four digits)")),
            (
                "46050.35",
                format!(
                    "CreateDate '46050.35' {write} (it is a number; give the spreadsheet's column a date format and save again)"
                ),
            ),
            ("NaT", format!("CreateDate 'NaT' {write} (an empty field means NULL)")),
            (
                "########",
                format!(
                    "CreateDate '########' {write} (a spreadsheet shows a value so that does not fit; make its column wider and save again)"
                ),
            ),
            (
                "#VALUE!",
                format!("CreateDate '#VALUE!' {write} (it is an error value of a spreadsheet; write the value itself)"),
            ),
        ] {
            assert_eq!(created(value), expected, "{value}");
        }
    }

    #[test]
    fn ids_that_a_spreadsheet_rewrote_are_read_or_left_out() {
        for id in ["104829", "104829.0", "=\"104829\"", "'104829", "104,829", "104 829", "1.04829E+05", "\u{a0}104829"]
        {
            check(&[[id, "A", "TRUE", ""]], &["104829 true false"], &[]);
        }
        let no_id = |id: &str| format!("2:1: ContentId '{id}' is no id: digits only, from 1 to 9223372036854775807");
        for (id, rest) in [
            ("104.829", ". Did you mean '104829'?"),
            (
                "1.05E+05",
                " (an exponent form may have lost digits; give the spreadsheet's column the format 0 and save again)",
            ),
            ("NaN", " (an empty field means NULL, and this column must have a value)"),
            ("#REF!", " (it is an error value of a spreadsheet; write the value itself)"),
        ] {
            check(&[[id, "A", "TRUE", ""]], &[], &[&(no_id(id) + rest), "1:1: no usable content in the file"]);
        }
    }

    #[test]
    fn a_name_that_is_none_is_warned_of() {
        let reading = read(&file(&[["1", "#NAME?", "TRUE", ""], ["2", " Good ", "", ""]]));
        assert_eq!(reading.value.iter().map(|content| content.name.as_str()).collect::<Vec<_>>(), ["", "Good"]);
        let found: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        let message = "ContentName '#NAME?' is no text: it is an error value of a spreadsheet; write the value itself";
        assert_eq!(found, [format!("2:5: {message}")]);
    }

    #[test]
    fn beyond_a_thousand_values_of_a_kind_are_counted() {
        let rows: Vec<String> = (1..=1_500).map(|id| format!("{id}")).collect();
        let rows: Vec<[&str; 4]> = rows.iter().map(|id| [id.as_str(), "A", "TRUE", "soon"]).collect();
        let reading = read(&file(&rows));
        assert_eq!((reading.value.len(), reading.problems.len()), (1_500, 1_001));
        assert_eq!(reading.problems.iter().map(Problem::count).sum::<usize>(), 1_500);
    }

    #[test]
    fn rows_without_any_value_are_no_problem() {
        let mut bytes = file(&[["1", "A", "TRUE", ""]]);
        for row in
            [",,,,,,,,,,,\n", "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n", " , ,\n", "\u{a0}\n"]
        {
            bytes.extend(row.repeat(1_000).as_bytes());
        }
        let reading = read(&bytes);
        assert_eq!((reading.value.len(), reading.problems), (1, Vec::new()));
    }

    #[test]
    fn a_header_problem_hides_no_row_problem() {
        let text = "ContentID,ContentNam,ContentAdminName,ContentDescriptions,ContentType,ContentTags,Daily_Dose,Daily_Dose_BA,\
                    CreateDate,Link,ContentNameFrench\nx,A,,,,,,TRUE,,,\n2,B,,,,,,yes,soon,,\n3,C\n";
        let reading = read(text.as_bytes());
        let found: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "1:11: the column ContentName is missing from the header. Did you mean 'ContentName' where it says 'ContentNam'?",
                "1:141: the column ContentDescriptionFrench is missing from the header; add it",
                "2:1: ContentId 'x' is no id: digits only, from 1 to 9223372036854775807",
                "3:10: Daily_Dose_BA 'yes' is neither TRUE nor FALSE and counts as FALSE; write one of the two",
                "3:14: CreateDate 'soon' cannot be read; write it like 2026-01-28T08:24:06Z",
            ]
        );
        assert!(reading.is_refused());
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
