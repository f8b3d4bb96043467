//! A table that was converted to CSV: the CSV, notes about the conversion, and the mapping of its places to those of
//! the original file.

use memchr::memchr2;

use super::conversion_error::ConversionError;
use crate::format::quoted::push_field;
use crate::format::raw_row::RawRows;
use crate::text::lines::{column_behind, line_end, past_line_break};
use crate::text::problem::{Place, Problem, ProblemKind, beginning};
use crate::text::separator::Separator;
use crate::text::visible::quoted;
use crate::text::words::counted;

/// A table that was converted to CSV.
#[derive(Clone, Debug)]
pub(super) struct Converted {
    /// The CSV. Its lines have the numbers of the lines or rows in the original file.
    pub(super) csv: Vec<u8>,
    /// The line of the header, from 1.
    pub(super) header_line: u32,
    /// What was converted, except for names of columns, as parts of a message.
    pub(super) notes: Vec<String>,
    /// Column names that match only nearly: the name found, and the name as which it is read.
    pub(super) renamed: Vec<(String, &'static str)>,
    /// The number of expected columns that the header names.
    pub(super) matched: usize,
    /// The error that refuses the table although it could be converted: several columns match one name. These columns
    /// keep their names.
    pub(super) doubt: Option<ConversionError>,
    /// The separator of the fields in the original file, as messages name it.
    pub(super) separator: Separator,
    /// The original file.
    pub(super) original: Original,
}

/// The original of a converted table, as far as the mapping of places needs it.
#[derive(Clone, Debug)]
pub(super) enum Original {
    /// A sheet of a workbook.
    Sheet {
        /// The column of the sheet at which the table begins, from 0.
        first_column: u32,
    },
    /// A text with other separators or names of columns.
    Text {
        /// The text in UTF-8, without a byte order mark.
        text: Vec<u8>,
        /// The separator of its fields.
        separator: Separator,
    },
    /// A text that differs only in its encoding, so that places are the same.
    Same,
}

impl Converted {
    /// A text that is CSV already, after what `notes` say. Its header names `matched` of the expected columns.
    pub(super) fn plain(csv: &[u8], notes: Vec<String>, matched: usize) -> Converted {
        let (csv, renamed, doubt) = (csv.to_vec(), Vec::new(), None);
        let (separator, original) = (Separator::Comma, Original::Same);
        Converted { csv, header_line: 1, notes, renamed, matched, doubt, separator, original }
    }

    /// The warning that the table was converted, at the line of the header.
    pub(super) fn note(&self) -> Problem {
        let mut notes = self.notes.clone();
        if let (Some(first), Original::Sheet { .. }) = (notes.first_mut(), &self.original) {
            first.push_str("; line and column in messages are its row and column");
        }
        let kind = ProblemKind::Conversion { message: self.text_of(notes) };
        Problem::warning(Place::new(self.header_line, 1), kind)
    }

    /// What was converted, in one line, for people who have only the CSV.
    pub(super) fn note_text(&self) -> String {
        self.text_of(self.notes.clone())
    }

    fn text_of(&self, notes: Vec<String>) -> String {
        let renamed = self.renamed.iter().map(|(found, name)| format!("{} as {name}", quoted(found)));
        let renamed: Vec<String> = renamed.collect();
        let columns = (!renamed.is_empty()).then(|| format!("columns read by another name: {}", renamed.join(", ")));
        let message: Vec<String> = notes.into_iter().chain(columns).collect();
        message.join("; ")
    }

    /// The problems with their places in the original file: line and column of a text, row and column of a sheet.
    pub(super) fn in_original(&self, problems: Vec<Problem>) -> impl Iterator<Item = Problem> {
        let is_moved = !problems.is_empty() && !matches!(self.original, Original::Same);
        let starts = |text: &[u8]| if is_moved { line_starts(text) } else { Vec::new() };
        let ours = starts(&self.csv);
        let found = if let Original::Text { text, .. } = &self.original { starts(text) } else { Vec::new() };
        problems.into_iter().map(move |problem| Problem {
            place: self.place(problem.place, &ours, &found),
            kind: self.kind(problem.kind, problem.place.line, &found),
            ..problem
        })
    }

    /// A kind of problem with the separator of the original file, and with a row of it.
    fn kind(&self, kind: ProblemKind, line: u32, found_starts: &[usize]) -> ProblemKind {
        let ProblemKind::FieldCount { found, wanted, row, .. } = kind else { return kind };
        let original = match &self.original {
            Original::Text { text, separator } => start_of(found_starts, line).and_then(|start| {
                let mut rows = RawRows::lenient(text, start).separated_by(*separator);
                // A row over several lines may begin above the place of its problem.
                rows.next_row().filter(|row| row.len() == found).map(|row| beginning(row.whole()))
            }),
            Original::Sheet { .. } | Original::Same => None,
        };
        ProblemKind::FieldCount { found, wanted, separator: self.separator, row: original.unwrap_or(row) }
    }

    fn place(&self, place: Place, line_starts: &[usize], found_starts: &[usize]) -> Place {
        let Some(line) = line_of(&self.csv, line_starts, place.line) else { return place };
        let starts = field_starts(line, Separator::Comma);
        let field = starts.iter().rposition(|start| column_behind(&line[..*start]) <= place.column).unwrap_or_default();
        match &self.original {
            Original::Same => place,
            Original::Sheet { first_column } => {
                let field = u32::try_from(field).unwrap_or_default();
                Place::new(place.line, first_column.saturating_add(field).saturating_add(1))
            }
            Original::Text { text, separator } => {
                let Some(found) = line_of(text, found_starts, place.line) else { return place };
                let fields = field_starts(found, *separator);
                // Quotes split the two lines differently, so the place is left as it is.
                if fields.len() != starts.len() {
                    return place;
                }
                let behind = place.column.saturating_sub(column_behind(&line[..starts[field]]));
                Place::new(place.line, column_behind(&found[..fields[field]]).saturating_add(behind))
            }
        }
    }
}

/// The byte offsets at which the fields of a line begin; the first is 0.
fn field_starts(line: &[u8], separator: Separator) -> Vec<usize> {
    let mut rows = RawRows::lenient(line, 0).separated_by(separator);
    let starts = rows.next_row().map(|row| (0..row.len()).filter_map(|at| Some(row.span(at)?.start)).collect());
    starts.unwrap_or_else(|| vec![0])
}

/// The byte offsets at which the lines of a text begin.
fn line_starts(text: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = line_end(text, 0);
    while at < text.len() {
        at = past_line_break(text, at);
        starts.push(at);
        at = line_end(text, at);
    }
    starts
}

/// The text of a line by its number from 1.
fn line_of<'t>(text: &'t [u8], starts: &[usize], number: u32) -> Option<&'t [u8]> {
    let start = start_of(starts, number)?;
    Some(&text[start..line_end(text, start)])
}

/// The offset of a line by its number from 1.
fn start_of(starts: &[usize], number: u32) -> Option<usize> {
    starts.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

/// The note about rows or lines above the header that are no rows of the table.
pub(super) fn passed_over(count: usize, thing: &str) -> String {
    format!("passed over above the header: {}", counted(count, thing))
}

/// The message about a table whose columns all stand in one, with the separator between them.
pub(super) fn all_in_one_column(place: &str, header: &str, separator: Separator) -> String {
    let word = separator.plural();
    format!(
        "{place}: all columns stand in one, {}. Open the file in a spreadsheet, mark that column, split it at its {word} (in \
         Excel: Data > Text to Columns), and save it",
        quoted(header)
    )
}

/// Appends the value of a field, in quotes where it needs them.
pub(super) fn push_value(csv: &mut Vec<u8>, value: &[u8]) {
    match memchr2(b',', b'"', value) {
        Some(_) => push_field(csv, value),
        None => csv.extend_from_slice(value),
    }
}
