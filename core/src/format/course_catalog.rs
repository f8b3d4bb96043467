//! `CourseCatalog_V2_*.csv`: courses and their contents. A run uses only the names of contents that StandAloneContent
//! lacks.

use super::identifier::parse_content_id;
use super::table::TableReader;
use crate::text::problem::{Place, Problem, ProblemKind, Reading, limited};

/// The columns of the file, in the vendor's order.
pub const COLUMNS: [&str; 26] = [
    "CourseId",
    "CourseName",
    "CourseAdminName",
    "CourseTags",
    "ModuleName",
    "ModuleId",
    "ModuleDescription",
    "ContentName",
    "ContentAdminName",
    "ContentId",
    "ContentDescriptions",
    "ContentType",
    "ContentId_List",
    "ContentTags",
    "CreateDate",
    "Link_Content",
    "Course_Link",
    "DailyDose",
    "DailyDoseBAs",
    "CourseDailyDose",
    "CourseDailyDoseBAs",
    "CourseNameFrench",
    "CourseDescriptionFrench",
    "ContentNameFrench",
    "ContentDescriptionFrench",
    "Description",
];

const CONTENT_NAME: usize = 7;
const CONTENT_ID: usize = 9;
const CONTENT_NAME_FRENCH: usize = 23;

/// A content with its name from a course catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseContent {
    /// The ContentId.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its French name; empty if there is none.
    pub name_french: String,
}

/// Reads a course catalog. An unusable header is an error; an unusable row is left out with a warning. The same content
/// in many courses is normal.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading<Vec<CourseContent>> {
    let (table, mut problems) = TableReader::open_to_check(bytes, COLUMNS, &[CONTENT_ID], false);
    let Some(mut table) = table else { return Reading { value: Vec::new(), problems } };
    let header_is_sound = problems.is_empty();
    let mut contents = Vec::new();
    while let Some(row) = table.next_row() {
        let swallowed = row.swallowed_rows(|row| parse_content_id(row.value(CONTENT_ID)).is_some());
        problems.extend(swallowed.map(Problem::into_warning));
        if let Some(fault) = row.fault() {
            problems.push(fault.into_warning());
            continue;
        }
        match parse_content_id(row.value(CONTENT_ID)) {
            Some(id) => {
                let name = row.read_name(CONTENT_NAME, &mut problems);
                let name_french = row.read_name(CONTENT_NAME_FRENCH, &mut problems);
                contents.push(CourseContent { id, name, name_french });
            }
            None => problems.push(row.bad_id(CONTENT_ID).into_warning()),
        }
    }
    if header_is_sound && contents.is_empty() {
        problems.push(Problem::warning(Place::START, ProblemKind::NoContents));
    }
    Reading { value: contents, problems: limited(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_that_are_none_are_warned_of_and_rows_without_values_are_not() {
        let row = |id: &str, name: &str| {
            let mut fields = [""; 26];
            (fields[CONTENT_ID], fields[CONTENT_NAME]) = (id, name);
            fields.join(",") + "\n"
        };
        let rows = [row("1", "One"), row("2", "#NAME?"), row("3", ""), row("1.2E+6", "x"), row("", ""), row("", "y")];
        let reading = read((COLUMNS.join(",") + "\n" + &rows.concat()).as_bytes());
        let found: Vec<String> =
            reading.value.iter().map(|content| format!("{} {}", content.id, content.name)).collect();
        assert_eq!(found, ["1 One", "2 ", "3 "]);
        let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        let no_id = "is no id: digits only, from 1 to 9223372036854775807";
        assert_eq!(
            problems,
            [
                "3:8: ContentName '#NAME?' is no text: it is an error value of a spreadsheet; write the value itself",
                &format!(
                    "5:11: ContentId '1.2E+6' {no_id} (an exponent form may have lost digits; give the spreadsheet's column the \
                     format 0 and save again)"
                ),
                &format!("7:11: ContentId '' {no_id}"),
            ]
        );
        assert!(!reading.is_refused());
    }
}
