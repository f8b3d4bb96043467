//! The table of a workbook: the sheet and the header that hold it, and its rows as CSV. A row of the sheet is a line of the
//! CSV, so that lines in messages are rows of the sheet.

use std::borrow::Cow;

use super::bounds::MOST_BYTES;
use super::columns::{Fit, Wanted, looks_like_row, trimmed_name};
use super::conversion::{Converted, Original, all_in_one_column, passed_over, push_value};
use super::conversion_error::ConversionError;
use super::hidden_rows::HiddenRows;
use super::question::Question;
use super::workbook::{SheetBeginning, SheetCell, SheetRow, Stop, Workbook, column_letters};
use crate::text::separator::Separator;
use crate::text::visible::quoted;
use crate::text::words::counted;

/// A sheet with the row that is taken for its header.
struct Candidate {
    sheet: String,
    is_hidden: bool,
    row: u32,
    first_column: u32,
    names: Vec<String>,
    fit: Fit,
}

impl Candidate {
    /// True if cells above the header look like a row of the table, as in a sheet that was sorted with its header.
    fn has_row_of_table(&self, wanted: Wanted, cells: &[SheetCell]) -> bool {
        let text = |name: &str| -> Option<&str> {
            let column = self.first_column.checked_add(u32::try_from(self.fit.position_of(name)?).ok()?)?;
            cells.iter().find(|(one, _)| *one == column).map(|(_, cell)| cell.text.as_str())
        };
        match wanted.names {
            [first, second, ..] => text(first).zip(text(second)).is_some_and(|(id, other)| looks_like_row(id, other)),
            _ => false,
        }
    }
}

/// Converts a workbook to CSV; `None` for a workbook of the old kind.
///
/// # Errors
/// [`ConversionError`] if the workbook cannot be read, if several sheets match, or if an archive is no workbook.
pub(super) fn convert(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, ConversionError> {
    let Some(mut book) = Workbook::open(bytes)? else {
        let is_archive = bytes.starts_with(b"PK");
        return if is_archive { Err(NO_WORKBOOK.to_owned().into()) } else { Ok(None) };
    };
    let beginnings = book.beginnings()?;
    convert_best_sheet(&mut book, &beginnings, wanted).map(Some)
}

const NO_WORKBOOK: &str = "this is no workbook of a kind that is read (xlsx, xlsm, ods), but another ZIP archive: save a workbook \
                          as one of these, and unpack another archive";

/// Converts the sheet that holds the table to CSV.
///
/// # Errors
/// As [`convert`].
fn convert_best_sheet(
    book: &mut Workbook<'_>,
    beginnings: &[SheetBeginning],
    wanted: Wanted,
) -> Result<Converted, ConversionError> {
    let header = choose(beginnings, wanted)?;
    if let Some(separator) = wanted.separator_inside(&header.names) {
        let place = format!("sheet {}, row {}", quoted(&header.sheet), header.row + 1);
        return Err(all_in_one_column(&place, &header.names[0], separator).into());
    }
    Ok(to_csv(book, &header, wanted)?)
}

/// Converts one sheet of a workbook to CSV.
///
/// # Errors
/// A message if the workbook cannot be read, or if the sheet is missing or empty.
pub(super) fn convert_sheet(bytes: &[u8], wanted: Wanted, name: &str) -> Result<Converted, String> {
    let mut book = Workbook::open(bytes)?
        .ok_or_else(|| format!("this file is no workbook, so it has no sheet {}", quoted(name)))?;
    let header = match book.beginning(name)? {
        Some(beginning) => candidate(&beginning, wanted),
        None => None,
    };
    let header = header.ok_or_else(|| {
        let names: Vec<String> = book.sheet_names().iter().map(|name| quoted(name)).collect();
        format!("this workbook has no sheet {} with anything in it; its sheets are {}", quoted(name), names.join(", "))
    })?;
    to_csv(&mut book, &header, wanted)
}

/// True if a workbook can be converted to CSV that has at least half of the columns of a table.
pub(super) fn is_near(book: &mut Workbook<'_>, beginnings: &[SheetBeginning], wanted: Wanted) -> bool {
    let is_header = choose(beginnings, wanted).is_ok_and(|header| header.fit.matched > 0);
    is_header && convert_best_sheet(book, beginnings, wanted).is_ok()
}

/// The sheets of a workbook whose headers name all columns of a table: visible ones, or hidden ones if no visible sheet
/// matches.
pub(super) fn whole_sheets(beginnings: &[SheetBeginning], wanted: Wanted) -> Vec<String> {
    let candidates = candidates(beginnings, wanted);
    let whole = |one: &&Candidate| one.fit.matched == wanted.names.len();
    let whole = fitting(&candidates, wanted).into_iter().map(|at| &candidates[at]).filter(whole);
    whole.map(|one| one.sheet.clone()).collect()
}

/// The sheet that holds the table: the one whose header matches best among the visible sheets, or among the hidden ones
/// if no visible sheet matches.
fn choose(beginnings: &[SheetBeginning], wanted: Wanted) -> Result<Candidate, ConversionError> {
    let mut candidates = candidates(beginnings, wanted);
    let best = fitting(&candidates, wanted);
    let names = |chosen: &[usize]| -> Vec<String> { chosen.iter().map(|at| candidates[*at].sheet.clone()).collect() };
    let in_words = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let (message, sheets) = match (best.as_slice(), candidates.len()) {
        ([only], _) => return Ok(candidates.swap_remove(*only)),
        ([], 0) => return Err("this workbook has no sheet with anything in it".to_owned().into()),
        ([], 1) => return Ok(candidates.swap_remove(0)),
        ([], count) => {
            let sheets = names(&(0..count).collect::<Vec<_>>());
            let columns = wanted.names.join(", ");
            (format!("no sheet has the columns {columns}; its sheets are {}", in_words(&sheets)), sheets)
        }
        (several, _) => {
            let sheets = names(several);
            (format!("several sheets fit: {}; save the right one alone", in_words(&sheets)), sheets)
        }
    };
    Err(ConversionError { message, question: Some(Question::Sheet(sheets)) })
}

/// The sheets that are not empty, each with its header.
fn candidates(beginnings: &[SheetBeginning], wanted: Wanted) -> Vec<Candidate> {
    beginnings.iter().filter_map(|beginning| candidate(beginning, wanted)).collect()
}

/// The positions of the sheets that match best among the visible ones, or among the hidden ones if no visible sheet
/// matches.
fn fitting(candidates: &[Candidate], wanted: Wanted) -> Vec<usize> {
    let fitting = |hidden: bool| -> Vec<usize> {
        let fits = |one: &Candidate| one.is_hidden == hidden && wanted.is_header(&one.fit);
        let best = candidates.iter().filter(|one| fits(one)).map(|one| one.fit.matched).max();
        (0..candidates.len()).filter(|at| fits(&candidates[*at]) && Some(candidates[*at].fit.matched) == best).collect()
    };
    Some(fitting(false)).filter(|found| !found.is_empty()).unwrap_or_else(|| fitting(true))
}

/// A sheet with its header; `None` if it is empty. The header is the first of the rows that name most columns. If none
/// names half of them, it is the first row with enough cells, or else the first row.
fn candidate(beginning: &SheetBeginning, wanted: Wanted) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    for SheetRow { number, cells } in &beginning.rows {
        let Some(((first_column, _), (last, _))) = cells.first().zip(cells.last()) else { continue };
        let mut names = vec![String::new(); (last - first_column) as usize + 1];
        for (column, cell) in cells {
            names[(column - first_column) as usize] = trimmed_name(&cell.text);
        }
        let fit = Some(wanted.fit(&names)).filter(|fit| wanted.is_header(fit)).unwrap_or_default();
        let rank = |matched: usize, columns: usize| (matched, columns >= wanted.names.len());
        let is_better = |best: &Candidate| rank(fit.matched, cells.len()) > rank(best.fit.matched, best.names.len());
        if best.as_ref().is_none_or(is_better) {
            let (sheet, is_hidden) = (beginning.sheet.clone(), beginning.is_hidden);
            best = Some(Candidate { sheet, is_hidden, row: *number, first_column: *first_column, names, fit });
        }
    }
    best
}

fn to_csv(book: &mut Workbook<'_>, header: &Candidate, wanted: Wanted) -> Result<Converted, String> {
    let mut writer = SheetWriter::new(header, wanted, book.hidden_rows(&header.sheet));
    book.rows(&header.sheet, &mut |row, cells| writer.take(row, cells))?;
    let renamed = header.fit.renamed.iter().map(|(position, name)| (header.names[*position].clone(), *name)).collect();
    Ok(Converted {
        csv: writer.csv,
        header_line: header.row + 1,
        notes: notes(header, book.kind(), &writer.noted),
        renamed,
        matched: header.fit.matched,
        doubt: header.fit.doubt(&format!("sheet {}, row {}", quoted(&header.sheet), header.row + 1)),
        separator: Separator::Comma,
        original: Original::Sheet { first_column: header.first_column },
    })
}

/// Writer of the rows of a sheet as CSV.
struct SheetWriter<'h> {
    header: &'h Candidate,
    wanted: Wanted,
    /// The names of the columns, as the readers expect them.
    names: Vec<String>,
    /// For each column, whether it holds instants.
    is_instant: Vec<bool>,
    hidden: HiddenRows,
    csv: Vec<u8>,
    /// The number of lines so far.
    lines: u32,
    noted: Noted,
}

/// What people should know of how a sheet was read.
#[derive(Default)]
struct Noted {
    /// The number of rows with values above the header, which are passed over.
    above: usize,
    /// The number of rows of the table that are hidden, and read all the same.
    hidden: usize,
    /// The first column beside the table that has values, which are passed over.
    outside: Option<u32>,
}

impl<'h> SheetWriter<'h> {
    fn new(header: &'h Candidate, wanted: Wanted, hidden: HiddenRows) -> SheetWriter<'h> {
        let mut names = header.names.clone();
        header.fit.renamed.iter().for_each(|(position, name)| names[*position] = (*name).to_owned());
        let is_instant = |name: &String| wanted.instants.iter().any(|one| one.eq_ignore_ascii_case(name));
        let is_instant = names.iter().map(is_instant).collect();
        SheetWriter { header, wanted, names, is_instant, hidden, csv: Vec::new(), lines: 0, noted: Noted::default() }
    }

    /// Writes a row of the table; a row above its header is only counted.
    fn take(&mut self, row: u32, cells: &[SheetCell]) -> Result<(), Stop> {
        if row < self.header.row {
            if self.header.has_row_of_table(self.wanted, cells) {
                return Err(row_above_header(self.header, row).into());
            }
            self.noted.above += 1;
            return Ok(());
        }
        self.csv.resize(self.csv.len() + (row - self.lines) as usize, b'\n');
        if row == self.header.row {
            push_line(&mut self.csv, &self.names);
        } else {
            self.noted.hidden += usize::from(self.hidden.has(row));
            let fields = self.fields(cells);
            push_line(&mut self.csv, &fields);
        }
        self.lines = row + 1;
        if self.csv.len() as u64 > MOST_BYTES {
            return Err("this sheet is larger than can be read (512 MB of text)".to_owned().into());
        }
        Ok(())
    }

    /// The fields of a row below the header.
    fn fields<'c>(&mut self, cells: &'c [SheetCell]) -> Vec<Cow<'c, str>> {
        let mut fields = vec![Cow::Borrowed(""); self.names.len()];
        for (column, cell) in cells {
            let position = column.checked_sub(self.header.first_column).map(|position| position as usize);
            match position.filter(|position| *position < fields.len()) {
                Some(position) if cell.is_day && self.is_instant[position] => {
                    fields[position] = format!("{}T00:00:00", cell.text).into();
                }
                Some(position) => fields[position] = cell.text.as_str().into(),
                None => self.noted.outside = self.noted.outside.or(Some(*column)),
            }
        }
        fields
    }
}

fn push_line(csv: &mut Vec<u8>, fields: &[impl AsRef<str>]) {
    for (position, field) in fields.iter().enumerate() {
        if position > 0 {
            csv.push(b',');
        }
        push_value(csv, field.as_ref().as_bytes());
    }
    csv.push(b'\n');
}

fn row_above_header(header: &Candidate, row: u32) -> String {
    format!(
        "sheet {}: row {} looks like a row of the table, but stands above the header in row {}; move the header above it, or \
         delete the row",
        quoted(&header.sheet),
        row + 1,
        header.row + 1
    )
}

/// The notes about a sheet.
fn notes(header: &Candidate, kind: &str, noted: &Noted) -> Vec<String> {
    let mut notes =
        vec![format!("read from sheet {} of {}, header in row {}", quoted(&header.sheet), kind, header.row + 1)];
    if header.is_hidden {
        notes.push("the sheet is hidden".to_owned());
    }
    if noted.above > 0 {
        notes.push(passed_over(noted.above, "row"));
    }
    match noted.hidden {
        0 => {}
        1 => notes.push("1 row is hidden in the workbook, and is read too".to_owned()),
        more => notes.push(format!("{} are hidden in the workbook, and are read too", counted(more, "row"))),
    }
    if let Some(column) = noted.outside {
        notes.push(format!("column {} has values and no header, and is passed over", column_letters(column)));
    }
    notes
}
