//! Conversion of tables that are not plain CSV into CSV for the readers: workbooks (xlsx, xlsm, ods), fields separated
//! by semicolons, tabs or pipes, UTF-16, UTF-32, and column names that differ in blanks, underscores or case.
//!
//! [`read_as`] wraps each reader of a format. One warning reports what was converted. A table with several readings is
//! refused, and the message names the choices: [`question()`] returns them as data, and [`Choices`] apply them. Rows
//! keep their numbers, so the place of a problem is line and column of the original text, or row and column of the
//! sheet. Plain CSV is passed to its reader unchanged.

mod bounds;
mod cell;
mod choices;
mod columns;
mod conversion;
mod conversion_error;
mod delimited;
mod fits;
mod hidden_rows;
mod kind;
mod question;
mod workbook;
mod workbook_table;

#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;

use crate::format::input_role::InputRole;
use crate::text::chunks::{ByteSource, first_chunk};
use crate::text::problem::{Place, Problem, ProblemKind, Reading};
use choices::after;
pub use choices::{Choices, InputChoices, answered, question};
use columns::Wanted;
use conversion::Converted;
use conversion_error::ConversionError;
pub(crate) use fits::{FitOfRole, fits_of_roles, refusal_of};
use kind::{convert, is_packed, wanted, without_doubt};
pub use question::{Choice, FoundColumn, Question, Subject};
use workbook::column_letters;

/// Reads a file with a reader of CSV, after converting it if needed, as the answers say. The warning about the conversion
/// comes before the reader's problems, whose places are those of the original file. If the table cannot be converted, the
/// value is empty and the only problem is that error.
pub fn read_as<T: Default>(
    role: InputRole,
    bytes: &[u8],
    choices: &Choices,
    read: impl FnOnce(&[u8]) -> Reading<T>,
) -> Reading<T> {
    let Some(wanted) = wanted(role) else { return read(bytes) };
    match convert_after(bytes, wanted, choices) {
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

/// Converts a file to CSV, as the answers say; `None` if it is plain CSV already, or not recognised.
fn convert_after(bytes: &[u8], wanted: Wanted, choices: &Choices) -> Result<Option<Converted>, ConversionError> {
    if choices.is_empty() { convert(bytes, wanted) } else { without_doubt(Some(after(bytes, wanted, choices)?)) }
}

/// A file as CSV, converted if needed. A file that cannot be converted is returned unchanged.
#[must_use]
pub fn as_csv(role: InputRole, bytes: &[u8]) -> Cow<'_, [u8]> {
    as_csv_with_note(role, bytes).0
}

/// As [`as_csv`], with one line of text about what was converted; `None` if nothing was.
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

/// The lines of a file in which people look up the place of a message: rows of a sheet as lines of CSV, other text in
/// UTF-8. Empty for an archive without a table.
#[must_use]
pub fn as_lines(role: InputRole, bytes: &[u8]) -> (Cow<'_, [u8]>, Columns) {
    if is_packed(bytes) {
        let csv = Some(as_csv(role, bytes)).filter(|csv| matches!(csv, Cow::Owned(_)));
        return (csv.unwrap_or_default(), Columns::OfSheet);
    }
    let decoded = delimited::decode(bytes).map_or(Cow::Borrowed(bytes), |(text, _)| text);
    (decoded, Columns::OfText)
}

/// The unit of a place's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Columns of a sheet, from 1.
    OfSheet,
    /// Characters of a line, from 1.
    OfText,
}

impl Columns {
    /// The unit of the places in a file with these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Columns {
        if is_packed(bytes) { Columns::OfSheet } else { Columns::OfText }
    }

    /// A place in words: `line 3, character 9`, or `row 3, column B`.
    #[must_use]
    pub fn place_text(self, Place { line, column }: Place) -> String {
        match self {
            Columns::OfSheet => format!("row {line}, column {}", column_letters(column.saturating_sub(1))),
            Columns::OfText => format!("line {line}, character {column}"),
        }
    }
}

/// The role of a file that needs a conversion and has all columns of the role after it; `None` for plain CSV, and for
/// files that fit no role.
#[must_use]
pub(crate) fn role_after_conversion(source: &dyn ByteSource) -> Option<InputRole> {
    let beginning = first_chunk(source);
    // A part of a text in UTF-16 may end in the middle of a character.
    let is_plain = !is_packed(&beginning) && matches!(delimited::decode(&beginning), Ok((_, None)));
    let bytes = if is_plain { beginning } else { source.whole() };
    fits_of_roles(&bytes).into_iter().find(|(_, fit)| *fit == FitOfRole::Whole).map(|(role, _)| role)
}

/// The role in whose table a file is whole by the answers given for it.
#[must_use]
pub fn role_after_choices(source: &dyn ByteSource, choices: &InputChoices) -> Option<InputRole> {
    choices.roles().find(|role| {
        let is_whole = |wanted: Wanted| {
            let converted = after(&source.whole(), wanted, choices.of(*role)).ok();
            converted.is_some_and(|one| one.doubt.is_none() && one.matched == wanted.names.len())
        };
        wanted(*role).is_some_and(is_whole)
    })
}

/// As [`read_as`], for a source that is read in chunks. A source that needs a conversion is read as a whole.
pub(crate) fn read_source_as<T: Default>(
    role: InputRole,
    source: &dyn ByteSource,
    choices: &Choices,
    read: impl FnOnce(&dyn ByteSource) -> Reading<T>,
) -> Reading<T> {
    let is_plain = |wanted: Wanted| choices.is_empty() && matches!(convert(&first_chunk(source), wanted), Ok(None));
    if wanted(role).is_none_or(is_plain) {
        read(source)
    } else {
        read_as(role, &source.whole(), choices, |csv| read(&csv))
    }
}
