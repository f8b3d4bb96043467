//! `CourseCatalog_V2_*.csv`: courses and their contents. It gives names to contents that StandAloneContent lacks.

use super::identifier::parse_content_id;
use super::table::{TableReader, bad_id};
use crate::text::problem::{Place, Problem, ProblemKind, Reading};

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

/// The name of a content, as a course catalog has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedContent {
    /// The ContentId.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// Reads a course catalog. A header that cannot be used is an error; a row that cannot be used is left out with a
/// warning. The same content in many courses is no problem.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading<Vec<NamedContent>> {
    let mut table = match TableReader::open(bytes, COLUMNS, false) {
        Ok(table) => table,
        Err(problems) => return Reading { value: Vec::new(), problems },
    };
    let mut contents = Vec::new();
    let mut problems = Vec::new();
    while let Some(row) = table.next_row() {
        if let Some(fault) = row.fault() {
            problems.push(fault.into_warning());
            continue;
        }
        match parse_content_id(row.value(CONTENT_ID)) {
            Some(id) => contents.push(NamedContent { id, name: row.text(CONTENT_NAME).trim().to_owned() }),
            None => problems.push(bad_id(&row, CONTENT_ID, COLUMNS[CONTENT_ID]).into_warning()),
        }
    }
    if contents.is_empty() {
        problems.push(Problem::warning(Place::START, ProblemKind::NoContents));
    }
    Reading { value: contents, problems }
}
