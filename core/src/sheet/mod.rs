//! Tables that are no plain CSV, turned into CSV for the readers: workbooks (xlsx, xlsm, ods), fields separated by
//! semicolons or tabs, UTF-16, UTF-32, and column names that differ in blanks, underscores or case.
//!
//! [`read_as`] stands before each reader. What is converted is reported in one warning; what has several readings is refused,
//! and the choices are named; [`question()`] has them as data, and [`answered`] takes the choice. Rows keep their numbers, so that
//! a problem is placed where a person sees it: in a sheet by row and column. A file that is plain CSV reaches its reader as it
//! is.

mod answers;
mod bounds;
mod cell;
mod columns;
mod conversion;
mod conversion_error;
mod delimited;
mod fields;
mod fits;
mod kind;
mod question;
mod workbook;

#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;

use crate::format::input_role::InputRole;
use crate::text::chunks::{ByteSource, first_chunk};
use crate::text::problem::{Place, Problem, ProblemKind, Reading};
pub use answers::{answered, question};
use conversion_error::ConversionError;
pub(crate) use fits::{FitOfRole, fits_of_roles, refusal_of};
use kind::{convert, is_packed, wanted};
pub use question::{Choice, Question};

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
        Err(ConversionError { message, .. }) => {
            let kind = ProblemKind::Conversion { message };
            Reading { value: T::default(), problems: vec![Problem::error(Place::START, kind)] }
        }
    }
}

/// A file as its reader takes it: CSV, converted where needed. A file that cannot be converted stays as it is.
#[must_use]
pub fn as_csv(role: InputRole, bytes: &[u8]) -> Cow<'_, [u8]> {
    as_csv_with_note(role, bytes).0
}

/// As [`as_csv`], with a line about what was converted, if anything was.
#[must_use]
pub fn as_csv_with_note(role: InputRole, bytes: &[u8]) -> (Cow<'_, [u8]>, Option<String>) {
    match wanted(role).map(|wanted| convert(bytes, wanted)) {
        Some(Ok(Some(converted))) => {
            let note = converted.note_text();
            (Cow::Owned(converted.csv), Some(note))
        }
        _ => (Cow::Borrowed(bytes), None),
    }
}

/// The lines of a file as people see them, for a place that a message names: those of a sheet have its columns as fields, and
/// a text is in UTF-8. An archive that holds no table has none.
#[must_use]
pub fn as_lines(role: InputRole, bytes: &[u8]) -> (Cow<'_, [u8]>, Columns) {
    if is_packed(bytes) {
        let csv = Some(as_csv(role, bytes)).filter(|csv| matches!(csv, Cow::Owned(_)));
        return (csv.unwrap_or_default(), Columns::OfSheet);
    }
    let decoded = delimited::decode(bytes).map_or(Cow::Borrowed(bytes), |(text, _)| text);
    (decoded, Columns::OfText)
}

/// What a column of a place counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Columns of a sheet.
    OfSheet,
    /// Characters of a line.
    OfText,
}

/// The role in which a file can be read after a conversion, which it needs; `None` for CSV, and for what fits no role.
#[must_use]
pub(crate) fn role_after_conversion(source: &dyn ByteSource) -> Option<InputRole> {
    let beginning = first_chunk(source);
    let bytes = if is_packed(&beginning) { source.whole() } else { beginning };
    fits_of_roles(&bytes).into_iter().find(|(_, fit)| *fit == FitOfRole::Whole).map(|(role, _)| role)
}

/// As [`read_as`], in chunks. A file that has to be converted is read as a whole.
pub(crate) fn read_source_as<T: Default>(
    role: InputRole,
    source: &dyn ByteSource,
    read: impl FnOnce(&dyn ByteSource) -> Reading<T>,
) -> Reading<T> {
    let is_plain = wanted(role).is_none_or(|wanted| matches!(convert(&first_chunk(source), wanted), Ok(None)));
    if is_plain { read(source) } else { read_as(role, &source.whole(), |csv| read(&csv)) }
}
