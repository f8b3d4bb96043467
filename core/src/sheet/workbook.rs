//! Conversion of workbooks: finds the sheet and the header of the table, and writes its rows as CSV. A row of the sheet
//! is a line of the CSV, so that lines in messages are rows of the sheet.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};

use super::bounds::{self, MOST_BYTES, Packed};
use super::cell::{CellText, text_of};
use super::columns::{Fit, HEADER_WITHIN, Wanted, looks_like_row, trimmed_name};
use super::conversion::{Converted, Original, all_in_one_column, passed_over, push_value};
use super::conversion_error::ConversionError;
use super::hidden_rows::hidden_rows;
use super::question::Question;
use crate::text::visible::quoted;
use crate::text::words::counted;

type Bytes<'a> = Cursor<&'a [u8]>;

/// A workbook of any kind.
enum Book<'a> {
    Xlsx(Box<Xlsx<Bytes<'a>>>),
    Ods(Box<Ods<Bytes<'a>>>),
}

/// The number of rows of a sheet, in Excel and LibreOffice.
const MOST_ROWS: u32 = 1 << 20;
/// The number of columns of a sheet, in Excel and LibreOffice.
const MOST_COLUMNS: u32 = 1 << 14;

/// Called with each row of a sheet: its number from 0, and its non-blank cells, each with its column from 0.
type RowListener<'l> = dyn FnMut(u32, &[(u32, CellText)]) -> Result<Go, String> + 'l;

/// The answer of a [`RowListener`]: whether to read on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Go {
    On,
    Stop,
}

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
    fn has_row_of_table(&self, wanted: Wanted, cells: &[(u32, CellText)]) -> bool {
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
    let Some(mut book) = open(bytes)? else {
        let is_archive = bytes.starts_with(b"PK");
        return if is_archive { Err(NO_WORKBOOK.to_owned().into()) } else { Ok(None) };
    };
    let candidate = choose(&mut book, wanted)?;
    if let Some(separator) = wanted.separator_inside(&candidate.names) {
        let place = format!("sheet {}, row {}", quoted(&candidate.sheet), candidate.row + 1);
        return Err(all_in_one_column(&place, &candidate.names[0], separator).into());
    }
    Ok(Some(to_csv(bytes, &mut book, &candidate, wanted)?))
}

/// Converts one sheet of a workbook to CSV.
///
/// # Errors
/// A message if the workbook cannot be read, or if the sheet is missing or empty.
pub(super) fn convert_sheet(bytes: &[u8], wanted: Wanted, name: &str) -> Result<Converted, String> {
    let mut book =
        open(bytes)?.ok_or_else(|| format!("this file is no workbook, so it has no sheet {}", quoted(name)))?;
    let sheets = book.sheets();
    let names: Vec<String> = sheets.iter().map(|sheet| quoted(&sheet.name)).collect();
    let no_sheet = || {
        format!("this workbook has no sheet {} with anything in it; its sheets are {}", quoted(name), names.join(", "))
    };
    let sheet = sheets.iter().find(|sheet| sheet.name == name).ok_or_else(no_sheet)?;
    let candidate = candidate(&mut book, sheet, wanted)?.ok_or_else(no_sheet)?;
    to_csv(bytes, &mut book, &candidate, wanted)
}

/// True if an archive is a workbook.
///
/// # Errors
/// A message if the workbook cannot be read.
pub(super) fn is_workbook(bytes: &[u8]) -> Result<bool, String> {
    Ok(open(bytes)?.is_some())
}

/// The sheets of a workbook whose headers name all columns of a table: visible ones, or hidden ones if no visible sheet
/// matches. `None` for an archive that is no workbook.
///
/// # Errors
/// A message if the workbook cannot be read.
pub(super) fn whole_sheets(bytes: &[u8], wanted: Wanted) -> Result<Option<Vec<String>>, String> {
    let Some(mut book) = open(bytes)? else { return Ok(None) };
    let candidates = candidates(&mut book, wanted)?;
    let whole = |one: &&Candidate| one.fit.matched == wanted.names.len();
    let whole = fitting(&candidates, wanted).into_iter().map(|at| &candidates[at]).filter(whole);
    Ok(Some(whole.map(|one| one.sheet.clone()).collect()))
}

fn open(bytes: &[u8]) -> Result<Option<Book<'_>>, String> {
    let cursor = || Cursor::new(bytes);
    if !bytes.starts_with(b"PK") {
        // The container of the old format (xls) is not opened: calamine 0.38 panics on damaged ones. A protected xlsx is
        // wrapped in it, and has a stream of this name.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_protected = bytes.windows(name.len()).any(|window| window == name);
        return if is_protected { Err(PROTECTED.to_owned()) } else { Ok(None) };
    }
    let Some(kind) = bounds::examine(bytes)? else { return Ok(None) };
    let book = match kind {
        Packed::Xlsx => Xlsx::new(cursor()).map(|book| Book::Xlsx(Box::new(book))).map_err(|message| of_xlsx(&message)),
        Packed::Ods => Ods::new(cursor()).map(|book| Book::Ods(Box::new(book))).map_err(|message| match message {
            OdsError::Password => PROTECTED.to_owned(),
            other => damaged(&other.to_string()),
        }),
    };
    book.map(Some)
}

const NO_WORKBOOK: &str = "this is no workbook of a kind that is read (xlsx, xlsm, ods), but another ZIP archive: save a workbook \
                          as one of these, and unpack another archive";

const PROTECTED: &str = "this workbook is protected by a password; open it, take the password away, and save it again";

fn damaged(message: &str) -> String {
    format!("this workbook is damaged ({message}); open it in a spreadsheet and save it again")
}

fn of_xlsx(message: &XlsxError) -> String {
    match message {
        XlsxError::Password => PROTECTED.to_owned(),
        other => damaged(&other.to_string()),
    }
}

/// The sheet that holds the table: the one whose header matches best among the visible sheets, or among the hidden ones
/// if no visible sheet matches.
fn choose(book: &mut Book<'_>, wanted: Wanted) -> Result<Candidate, ConversionError> {
    let mut candidates = candidates(book, wanted)?;
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
fn candidates(book: &mut Book<'_>, wanted: Wanted) -> Result<Vec<Candidate>, String> {
    let mut candidates = Vec::new();
    for sheet in book.sheets() {
        candidates.extend(candidate(book, &sheet, wanted)?);
    }
    Ok(candidates)
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
fn candidate(book: &mut Book<'_>, sheet: &Sheet, wanted: Wanted) -> Result<Option<Candidate>, String> {
    let mut best: Option<Candidate> = None;
    let mut rows = 0;
    book.rows(&sheet.name, &mut |row, cells| {
        let Some(((first_column, _), (last, _))) = cells.first().zip(cells.last()) else { return Ok(Go::On) };
        let mut names = vec![String::new(); (last - first_column) as usize + 1];
        for (column, cell) in cells {
            names[(column - first_column) as usize] = trimmed_name(&cell.text);
        }
        let fit = Some(wanted.fit(&names)).filter(|fit| wanted.is_header(fit)).unwrap_or_default();
        let rank = |matched: usize, columns: usize| (matched, columns >= wanted.names.len());
        let is_better = |best: &Candidate| rank(fit.matched, cells.len()) > rank(best.fit.matched, best.names.len());
        if best.as_ref().is_none_or(is_better) {
            let (sheet, is_hidden) = (sheet.name.clone(), sheet.visible != SheetVisible::Visible);
            best = Some(Candidate { sheet, is_hidden, row, first_column: *first_column, names, fit });
        }
        rows += 1;
        Ok(if rows < HEADER_WITHIN { Go::On } else { Go::Stop })
    })?;
    Ok(best)
}

fn to_csv(bytes: &[u8], book: &mut Book<'_>, header: &Candidate, wanted: Wanted) -> Result<Converted, String> {
    let mut csv = Vec::new();
    let mut line = 0;
    let mut passed = Passed { hidden: book.hidden_rows(bytes, &header.sheet), ..Passed::default() };
    let mut outside: Option<u32> = None;
    let mut names = header.names.clone();
    for (position, name) in &header.fit.renamed {
        names[*position] = (*name).to_owned();
    }
    let is_instant: Vec<bool> =
        names.iter().map(|name| wanted.instants.iter().any(|one| one.eq_ignore_ascii_case(name))).collect();
    book.rows(&header.sheet, &mut |row, cells| {
        if row < header.row {
            if header.has_row_of_table(wanted, cells) {
                return Err(row_above_header(header, row));
            }
            passed.above += 1;
            return Ok(Go::On);
        }
        passed.hidden_and_read += usize::from(row > header.row && passed.hidden.contains(&row));
        csv.resize(csv.len() + (row - line) as usize, b'\n');
        let mut fields = vec![""; names.len()];
        let mut timed = Vec::new();
        for (column, cell) in cells {
            let position = column.checked_sub(header.first_column).map(|position| position as usize);
            match position.filter(|position| *position < fields.len()) {
                Some(position) if row > header.row && cell.is_day && is_instant[position] => {
                    timed.push((position, format!("{}T00:00:00", cell.text)));
                }
                Some(position) => fields[position] = &cell.text,
                None => outside = outside.or(Some(*column)),
            }
        }
        for (position, text) in &timed {
            fields[*position] = text;
        }
        if row == header.row {
            fields = names.iter().map(String::as_str).collect();
        }
        for (position, field) in fields.iter().enumerate() {
            if position > 0 {
                csv.push(b',');
            }
            push_value(&mut csv, field.as_bytes());
        }
        csv.push(b'\n');
        line = row + 1;
        if csv.len() as u64 > MOST_BYTES {
            return Err("this sheet is larger than can be read (512 MB of text)".to_owned());
        }
        Ok(Go::On)
    })?;
    let notes = notes(header, book.kind(), &passed, outside);
    let renamed = header.fit.renamed.iter().map(|(position, name)| (header.names[*position].clone(), *name)).collect();
    Ok(Converted {
        csv,
        header_line: header.row + 1,
        notes,
        renamed,
        matched: header.fit.matched,
        doubt: header.fit.doubt(&format!("sheet {}, row {}", quoted(&header.sheet), header.row + 1)),
        original: Original::Sheet { first_column: header.first_column },
    })
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

/// Rows of a sheet that people may expect to be read, or not to be.
#[derive(Default)]
struct Passed {
    /// The number of rows with values above the header, which are passed over.
    above: usize,
    /// All hidden rows, from 0.
    hidden: BTreeSet<u32>,
    /// The number of rows of the table that are hidden, and read all the same.
    hidden_and_read: usize,
}

/// What people should know of how a sheet was read: rows above the header, and a column beside the table, are passed over;
/// hidden rows are not.
fn notes(header: &Candidate, kind: &str, passed: &Passed, outside: Option<u32>) -> Vec<String> {
    let mut notes =
        vec![format!("read from sheet {} of {}, header in row {}", quoted(&header.sheet), kind, header.row + 1)];
    if header.is_hidden {
        notes.push("the sheet is hidden".to_owned());
    }
    if passed.above > 0 {
        notes.push(passed_over(passed.above, "row"));
    }
    match passed.hidden_and_read {
        0 => {}
        1 => notes.push("1 row is hidden in the workbook, and is read too".to_owned()),
        more => notes.push(format!("{} are hidden in the workbook, and are read too", counted(more, "row"))),
    }
    if let Some(column) = outside {
        notes.push(format!("column {} has values and no header, and is passed over", column_letters(column)));
    }
    notes
}

/// The name of a column by its number from 0: `A`, `Z`, `AA`.
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

impl Book<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Xlsx(_) => "an Excel workbook (xlsx)",
            Self::Ods(_) => "an OpenDocument workbook (ods)",
        }
    }

    /// The hidden rows of a sheet, from 0; those of an OpenDocument workbook are not looked up.
    fn hidden_rows(&self, bytes: &[u8], sheet: &str) -> BTreeSet<u32> {
        match self {
            Self::Xlsx(_) => hidden_rows(bytes, sheet),
            Self::Ods(_) => BTreeSet::new(),
        }
    }

    fn sheets(&self) -> Vec<Sheet> {
        let all = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
    }

    /// Passes the non-blank rows of a sheet to a listener, in order, until it stops.
    fn rows(&mut self, sheet: &str, each: &mut RowListener<'_>) -> Result<(), String> {
        let mut rows = Rows { row: 0, cells: Vec::new(), each };
        match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|message| of_xlsx(&message))?;
                while let Some(cell) = cells.next_cell_with_formula().map_err(|message| of_xlsx(&message))? {
                    let is_formula = cell.formula.is_some();
                    let text = match Data::from(cell.value) {
                        Data::Empty if is_formula => Some(CellText::not_computed()),
                        value => text_of(&value),
                    };
                    if rows.take(cell.pos, text)? == Go::Stop {
                        return Ok(());
                    }
                }
            }
            Self::Ods(book) => {
                let range = book.worksheet_range(sheet).map_err(|message| damaged(&message.to_string()))?;
                let formulas = book.worksheet_formula(sheet).map_err(|message| damaged(&message.to_string()))?;
                if rows.take_range(&range, &formulas)? == Go::Stop {
                    return Ok(());
                }
            }
        }
        rows.finish().map(|_| ())
    }
}

/// Collects the cells of a sheet into rows, and passes these to a listener.
struct Rows<'e, 'l> {
    row: u32,
    cells: Vec<(u32, CellText)>,
    each: &'e mut RowListener<'l>,
}

impl Rows<'_, '_> {
    fn take(&mut self, (row, column): (u32, u32), text: Option<CellText>) -> Result<Go, String> {
        let Some(text) = text else { return Ok(Go::On) };
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            let place = format!("it has a cell in column {}, row {}", column_letters(column), u64::from(row) + 1);
            return Err(damaged(&format!(
                "{place}; a sheet has no more than {MOST_COLUMNS} columns and {MOST_ROWS} rows"
            )));
        }
        if row != self.row {
            if self.finish()? == Go::Stop {
                return Ok(Go::Stop);
            }
            if row < self.row {
                return Err(damaged("its rows are not in order"));
            }
            self.row = row;
        }
        self.cells.push((column, text));
        Ok(Go::On)
    }

    /// Takes the cells of a range. A formula without a saved value is a cell, too.
    fn take_range(&mut self, range: &Range<Data>, formulas: &Range<String>) -> Result<Go, String> {
        let has_no_value = |place: &(u32, u32)| matches!(range.get_value(*place), None | Some(Data::Empty));
        let mut not_computed = places_in_sheet(formulas).map(|(place, _)| place).filter(has_no_value).peekable();
        for (place, value) in places_in_sheet(range) {
            while let Some(formula) = not_computed.next_if(|formula| *formula < place) {
                if self.take(formula, Some(CellText::not_computed()))? == Go::Stop {
                    return Ok(Go::Stop);
                }
            }
            if self.take(place, text_of(value))? == Go::Stop {
                return Ok(Go::Stop);
            }
        }
        for formula in not_computed {
            if self.take(formula, Some(CellText::not_computed()))? == Go::Stop {
                return Ok(Go::Stop);
            }
        }
        Ok(Go::On)
    }

    /// Passes the collected row to the listener.
    fn finish(&mut self) -> Result<Go, String> {
        if self.cells.is_empty() {
            return Ok(Go::On);
        }
        self.cells.sort_by_key(|(column, _)| *column);
        let go = (self.each)(self.row, &self.cells);
        self.cells.clear();
        go
    }
}

/// The cells of a range that are not empty, each with its row and column in the sheet, from 0.
fn places_in_sheet<T: calamine::CellType>(range: &Range<T>) -> impl Iterator<Item = ((u32, u32), &T)> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let position = |first: u32, at: usize| first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    range
        .used_cells()
        .map(move |(row, column, value)| ((position(first_row, row), position(first_column, column)), value))
}
