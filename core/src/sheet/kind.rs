//! The table of each role, and the way in which a file becomes it.

use super::columns::Wanted;
use super::conversion::Converted;
use super::conversion_error::ConversionError;
use super::{delimited, workbook};
use crate::format::input_role::InputRole;
use crate::format::{assignments_table, completions_table, course_catalog, employees, standalone_content};

/// What the table of a role looks like; `None` for roles that are no table.
pub(super) fn wanted(role: InputRole) -> Option<Wanted> {
    let (names, instants): (&[&str], &[&str]) = match role {
        InputRole::Employees => (&employees::COLUMNS, &[]),
        InputRole::StandaloneContent => (&standalone_content::COLUMNS, &["CreateDate"]),
        InputRole::CourseCatalog => (&course_catalog::COLUMNS, &["CreateDate"]),
        InputRole::Assignments => {
            (&assignments_table::COLUMNS, &["assignment_date", "assignment_begin_date", "assignment_due_date"])
        }
        InputRole::Completions => (&completions_table::COLUMNS, &[]),
        InputRole::Recommendations | InputRole::UserCompletionTemplate => return None,
    };
    Some(Wanted { names, instants, comments: role == InputRole::Employees })
}

/// Converts a file; `None` for one that is CSV already, or that is nothing known.
///
/// # Errors
/// What keeps a workbook or text from being read, or several sheets or columns that fit.
pub(super) fn convert(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, ConversionError> {
    match conversion_of(bytes, wanted)? {
        Some(Converted { doubt: Some(doubt), .. }) => Err(doubt),
        converted => Ok(converted),
    }
}

/// As [`convert`], whether there is a doubt about its columns or not.
pub(super) fn conversion_of(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, ConversionError> {
    if is_packed(bytes) { workbook::convert(bytes, wanted) } else { delimited::convert(bytes, wanted) }
}

/// Whether a file is a ZIP archive, or has the container of the old office formats.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..])
}
