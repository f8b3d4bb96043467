//! The table that each role requires, and the choice of the converter: for workbooks or for text.

use super::columns::Wanted;
use super::conversion::Converted;
use super::conversion_error::ConversionError;
use super::{delimited, workbook_table};
use crate::format::input_role::InputRole;
use crate::format::{assignments_table, completions_table, course_catalog, employees, standalone_content};

/// The table that a role requires; `None` for roles whose files are not converted.
pub(super) fn wanted(role: InputRole) -> Option<Wanted> {
    const DATES: &[&str] = &["assignment_date", "assignment_begin_date", "assignment_due_date"];
    let (names, id, instants): (&[&str], _, &[&str]) = match role {
        InputRole::Employees => (&employees::COLUMNS, "employee_id", &[]),
        InputRole::StandaloneContent => (&standalone_content::COLUMNS, "ContentId", &["CreateDate"]),
        InputRole::CourseCatalog => (&course_catalog::COLUMNS, "ContentId", &["CreateDate"]),
        InputRole::Assignments => (&assignments_table::COLUMNS, "ba_id", DATES),
        InputRole::Completions => (&completions_table::COLUMNS, "ba_id", &[]),
        InputRole::Recommendations | InputRole::UserCompletionTemplate => return None,
    };
    Some(Wanted { names, id, instants, comments: role == InputRole::Employees })
}

/// Converts a file to CSV; `None` if it is plain CSV already, or not recognised.
///
/// # Errors
/// [`ConversionError`] if a workbook or text cannot be read, or if several sheets or columns match.
pub(super) fn convert(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, ConversionError> {
    without_doubt(conversion_of(bytes, wanted)?)
}

/// A conversion, or the error that refuses the table although it could be converted.
pub(super) fn without_doubt(converted: Option<Converted>) -> Result<Option<Converted>, ConversionError> {
    match converted {
        Some(Converted { doubt: Some(doubt), .. }) => Err(doubt),
        converted => Ok(converted),
    }
}

/// As [`convert`], but several matching columns are no error: they are in [`Converted::doubt`].
pub(super) fn conversion_of(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, ConversionError> {
    if is_packed(bytes) { workbook_table::convert(bytes, wanted) } else { delimited::convert(bytes, wanted) }
}

/// True if a file is a ZIP archive, or has the container of the old office formats.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..])
}
