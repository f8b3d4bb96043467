//! Tables that are no plain CSV, turned into CSV for the readers: workbooks (xlsx, xlsm, ods), fields separated by
//! semicolons or tabs, UTF-16, and column names that differ in blanks, underscores or case.
//!
//! [`read_as`] stands before each reader. What is converted is reported in one warning; what has several readings is refused,
//! and the choices are named. Rows keep their numbers, so that a problem is placed where a person sees it: in a sheet by row
//! and column. A file that is plain CSV reaches its reader as it is.

mod bounds;
mod cell;
mod columns;
mod conversion;
mod delimited;
mod fields;
mod workbook;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::format::file_kind::CheckedKind;
use crate::format::input_role::InputRole;
use crate::format::{assignments_table, completions_table, course_catalog, employees, standalone_content};
use crate::text::problem::{Place, Problem, ProblemKind, Reading};
use columns::Wanted;
use conversion::Converted;

/// Reads a file by a reader of CSV. Notes on the conversion come before the reader's problems, which are placed in the file as
/// given. A table that cannot be converted has no rows.
pub fn read_as<T: Default>(role: InputRole, bytes: &[u8], read: impl FnOnce(&[u8]) -> Reading<T>) -> Reading<T> {
    let Some(wanted) = wanted(role) else { return read(bytes) };
    match convert(bytes, wanted) {
        Ok(None) => read(bytes),
        Ok(Some(converted)) => {
            let Reading { value, problems } = read(&converted.csv);
            let problems = [converted.note()].into_iter().chain(converted.in_original(problems)).collect();
            Reading { value, problems }
        }
        Err(message) => {
            let kind = ProblemKind::Conversion { message };
            Reading { value: T::default(), problems: vec![Problem::error(Place::START, kind)] }
        }
    }
}

/// A file as its reader takes it: CSV, converted where needed. A file that cannot be converted stays as it is.
#[must_use]
pub fn as_csv(role: InputRole, bytes: &[u8]) -> Cow<'_, [u8]> {
    match wanted(role).map(|wanted| convert(bytes, wanted)) {
        Some(Ok(Some(Converted { csv, .. }))) => Cow::Owned(csv),
        _ => Cow::Borrowed(bytes),
    }
}

/// The role in which a file can be read after a conversion, which it needs; `None` for CSV, and for what fits no role.
#[must_use]
pub(crate) fn role_after_conversion(bytes: &[u8]) -> Option<InputRole> {
    let fits = |role: &InputRole| {
        let wanted = wanted(*role)?;
        matched(bytes, wanted).is_some_and(|matched| matched == wanted.names.len()).then_some(*role)
    };
    InputRole::ALL.iter().find_map(fits)
}

/// The kind that `check` knows an input of a role as.
#[must_use]
pub(crate) fn checked_kind(role: InputRole) -> CheckedKind {
    match role {
        InputRole::Employees => CheckedKind::Employees,
        InputRole::StandaloneContent => CheckedKind::StandAloneContent,
        InputRole::CourseCatalog => CheckedKind::CourseCatalog,
        InputRole::Assignments => CheckedKind::ContentAssignments,
        InputRole::Completions => CheckedKind::ContentCompletion,
        InputRole::Recommendations => CheckedKind::Recommendations,
        InputRole::UserCompletionTemplate => CheckedKind::UserCompletion,
    }
}

/// What the table of a role looks like; `None` for roles that are no table.
fn wanted(role: InputRole) -> Option<Wanted> {
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
fn convert(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, String> {
    if is_packed(bytes) { workbook::convert(bytes, wanted) } else { delimited::convert(bytes, wanted) }
}

/// How many of the wanted columns a file names that needs a conversion; `None` where it needs none, or cannot be converted.
fn matched(bytes: &[u8], wanted: Wanted) -> Option<usize> {
    if is_packed(bytes) {
        workbook::matched(bytes, wanted)
    } else {
        Some(delimited::convert(bytes, wanted).ok()??.matched)
    }
}

/// Whether a file is a ZIP archive, or has the container of the old office formats.
fn is_packed(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..])
}
