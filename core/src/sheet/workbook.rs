//! Workbooks (xlsx, xlsm, ods): their sheets, and the rows of a sheet as texts.

use std::io::Cursor;

use calamine::{Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};

use super::bounds::{self, Packed};
use super::cell::{CellText, text_of};
use super::columns::HEADER_WITHIN;
use super::hidden_rows::{HiddenRows, hidden_rows};

type Bytes<'a> = Cursor<&'a [u8]>;

/// An open workbook.
pub(super) struct Workbook<'a> {
    bytes: &'a [u8],
    book: Book<'a>,
}

/// The reader of a kind of workbook.
enum Book<'a> {
    Xlsx(Box<Xlsx<Bytes<'a>>>),
    Ods(Box<Ods<Bytes<'a>>>),
}

/// The rows of a sheet among which the header of a table is looked for.
pub(super) struct SheetBeginning {
    /// The name of the sheet.
    pub(super) sheet: String,
    /// True if the sheet is hidden.
    pub(super) is_hidden: bool,
    /// The first rows that are not blank.
    pub(super) rows: Vec<SheetRow>,
}

/// A row of a sheet.
pub(super) struct SheetRow {
    /// Its number, from 0.
    pub(super) number: u32,
    /// Its cells that are not blank, in the order of their columns.
    pub(super) cells: Vec<SheetCell>,
}

/// A cell: its column, from 0, and its text.
pub(super) type SheetCell = (u32, CellText);

/// The number of rows of a sheet, in Excel and LibreOffice.
const MOST_ROWS: u32 = 1 << 20;
/// The number of columns of a sheet, in Excel and LibreOffice.
const MOST_COLUMNS: u32 = 1 << 14;

/// Called with each row of a sheet: its number from 0, and its cells that are not blank.
pub(super) type RowListener<'l> = dyn FnMut(u32, &[SheetCell]) -> Result<(), Stop> + 'l;

/// The reason why no further row of a sheet is read.
pub(super) enum Stop {
    /// The listener needs no more rows.
    Enough,
    /// The workbook cannot be read, or the listener refuses it; the reason is a message.
    Refused(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Stop {
        Stop::Refused(message)
    }
}

impl<'a> Workbook<'a> {
    /// Opens a workbook; `None` for one of the old kind (xls), and for an archive that is no workbook.
    ///
    /// # Errors
    /// A message if the workbook cannot be read.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Option<Workbook<'a>>, String> {
        if !bytes.starts_with(b"PK") {
            // The container of the old format (xls) is not opened: calamine 0.38 panics on damaged ones. A protected xlsx is
            // wrapped in it, and has a stream of this name.
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let is_protected = bytes.windows(name.len()).any(|window| window == name);
            return if is_protected { Err(PROTECTED.to_owned()) } else { Ok(None) };
        }
        let Some(kind) = bounds::examine(bytes)? else { return Ok(None) };
        let cursor = Cursor::new(bytes);
        let book = match kind {
            Packed::Xlsx => Book::Xlsx(Box::new(Xlsx::new(cursor).map_err(|message| of_xlsx(&message))?)),
            Packed::Ods => Book::Ods(Box::new(Ods::new(cursor).map_err(|message| of_ods(&message))?)),
        };
        Ok(Some(Workbook { bytes, book }))
    }

    /// The kind of the workbook, as messages name it.
    pub(super) fn kind(&self) -> &'static str {
        match self.book {
            Book::Xlsx(_) => "an Excel workbook (xlsx)",
            Book::Ods(_) => "an OpenDocument workbook (ods)",
        }
    }

    /// The hidden rows of a sheet.
    pub(super) fn hidden_rows(&self, sheet: &str) -> HiddenRows {
        let kind = match self.book {
            Book::Xlsx(_) => Packed::Xlsx,
            Book::Ods(_) => Packed::Ods,
        };
        hidden_rows(kind, self.bytes, sheet)
    }

    /// The names of the sheets.
    pub(super) fn sheet_names(&self) -> Vec<String> {
        self.sheets().into_iter().map(|sheet| sheet.name).collect()
    }

    fn sheets(&self) -> Vec<Sheet> {
        let all = match &self.book {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        };
        all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
    }

    /// The beginning of a sheet; `None` if there is no such sheet.
    ///
    /// # Errors
    /// A message if the workbook cannot be read.
    pub(super) fn beginning(&mut self, name: &str) -> Result<Option<SheetBeginning>, String> {
        let sheet = self.sheets().into_iter().find(|sheet| sheet.name == name);
        sheet.map(|sheet| self.beginning_of(&sheet)).transpose()
    }

    /// The beginnings of all sheets.
    ///
    /// # Errors
    /// A message if the workbook cannot be read.
    pub(super) fn beginnings(&mut self) -> Result<Vec<SheetBeginning>, String> {
        self.sheets().iter().map(|sheet| self.beginning_of(sheet)).collect()
    }

    fn beginning_of(&mut self, sheet: &Sheet) -> Result<SheetBeginning, String> {
        let mut rows = Vec::new();
        self.rows(&sheet.name, &mut |number, cells| {
            rows.push(SheetRow { number, cells: cells.to_vec() });
            if rows.len() < HEADER_WITHIN { Ok(()) } else { Err(Stop::Enough) }
        })?;
        let is_hidden = sheet.visible != SheetVisible::Visible;
        Ok(SheetBeginning { sheet: sheet.name.clone(), is_hidden, rows })
    }

    /// Passes the non-blank rows of a sheet to a listener, in order, until it stops.
    ///
    /// # Errors
    /// A message if the workbook cannot be read, or that of the listener.
    pub(super) fn rows(&mut self, sheet: &str, each: &mut RowListener<'_>) -> Result<(), String> {
        let mut rows = Rows { row: 0, cells: Vec::new(), each };
        let taken = match &mut self.book {
            Book::Xlsx(book) => rows.take_xlsx(book, sheet),
            Book::Ods(book) => rows.take_ods(book, sheet),
        };
        match taken.and_then(|()| rows.finish()) {
            Ok(()) | Err(Stop::Enough) => Ok(()),
            Err(Stop::Refused(message)) => Err(message),
        }
    }
}

const PROTECTED: &str = "this workbook is protected by a password; open it, take the password away, and save it again";

fn damaged(message: &str) -> String {
    format!("this workbook is damaged ({message}); open it in a spreadsheet and save it again")
}

fn of_ods(message: &OdsError) -> String {
    match message {
        OdsError::Password => PROTECTED.to_owned(),
        other => damaged(&other.to_string()),
    }
}

fn of_xlsx(message: &XlsxError) -> String {
    match message {
        XlsxError::Password => PROTECTED.to_owned(),
        other => damaged(&other.to_string()),
    }
}

/// The name of a column by its number from 0: `A`, `Z`, `AA`.
pub(super) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Collects the cells of a sheet into rows, and passes these to a listener.
struct Rows<'e, 'l> {
    row: u32,
    cells: Vec<SheetCell>,
    each: &'e mut RowListener<'l>,
}

impl Rows<'_, '_> {
    /// Takes the cells of a sheet of an Excel workbook. A formula without a saved value is a cell, too.
    fn take_xlsx(&mut self, book: &mut Xlsx<Bytes<'_>>, sheet: &str) -> Result<(), Stop> {
        let mut cells = book.worksheet_cells_reader(sheet).map_err(|message| of_xlsx(&message))?;
        while let Some(cell) = cells.next_cell_with_formula().map_err(|message| of_xlsx(&message))? {
            let is_formula = cell.formula.is_some();
            let text = match Data::from(cell.value) {
                Data::Empty if is_formula => Some(CellText::not_computed()),
                value => text_of(&value),
            };
            self.take(cell.pos, text)?;
        }
        Ok(())
    }

    /// As [`Rows::take_xlsx`], of an OpenDocument workbook.
    fn take_ods(&mut self, book: &mut Ods<Bytes<'_>>, sheet: &str) -> Result<(), Stop> {
        let range = book.worksheet_range(sheet).map_err(|message| of_ods(&message))?;
        let formulas = book.worksheet_formula(sheet).map_err(|message| of_ods(&message))?;
        let has_no_value = |place: &(u32, u32)| matches!(range.get_value(*place), None | Some(Data::Empty));
        let mut not_computed = places_in_sheet(&formulas).map(|(place, _)| place).filter(has_no_value).peekable();
        for (place, value) in places_in_sheet(&range) {
            while let Some(formula) = not_computed.next_if(|formula| *formula < place) {
                self.take(formula, Some(CellText::not_computed()))?;
            }
            self.take(place, text_of(value))?;
        }
        not_computed.try_for_each(|formula| self.take(formula, Some(CellText::not_computed())))
    }

    fn take(&mut self, (row, column): (u32, u32), text: Option<CellText>) -> Result<(), Stop> {
        let Some(text) = text else { return Ok(()) };
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            let place = format!("it has a cell in column {}, row {}", column_letters(column), u64::from(row) + 1);
            let limits = format!("a sheet has no more than {MOST_COLUMNS} columns and {MOST_ROWS} rows");
            return Err(damaged(&format!("{place}; {limits}")).into());
        }
        if row != self.row {
            self.finish()?;
            if row < self.row {
                return Err(damaged("its rows are not in order").into());
            }
            self.row = row;
        }
        self.cells.push((column, text));
        Ok(())
    }

    /// Passes the collected row to the listener.
    fn finish(&mut self) -> Result<(), Stop> {
        if self.cells.is_empty() {
            return Ok(());
        }
        self.cells.sort_by_key(|(column, _)| *column);
        let listened = (self.each)(self.row, &self.cells);
        self.cells.clear();
        listened
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
