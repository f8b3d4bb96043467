//! Opens employees.csv for editing. Rows are found by the reader of a run (`format::employees`); the lines between them
//! become comments and blank lines. A row without any value counts as a blank line.

use super::edited_file::Roster;
use super::row::{Class, RosterLayout, RosterRow, Stand};
use crate::format::employees::{COLUMNS, MetRow, RowKind, meet_row};
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::format::table::TableReader;
use crate::text::lines::{line_breaks, line_end, past_line_break};
use crate::text::problem::{Problem, ProblemKind};

impl Roster {
    /// Opens employees.csv. Rows with problems become rows of the roster, too, and can be mended there.
    ///
    /// # Errors
    /// The problems of the header, or of the whole file, if they leave no rows to show.
    pub fn open(bytes: Vec<u8>) -> Result<Roster, Vec<Problem>> {
        let mut table = TableReader::open(&bytes, COLUMNS, true)?;
        let (columns, width) = table.layout();
        let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let layout = RosterLayout { columns, width, line_break: line_break(&bytes) };
        let mut cutter = Cutter { bytes: &bytes, layout: &layout, at: mark, line: 1, rows: Vec::new() };
        if let Some(line) = separator_line(&bytes[mark..]) {
            cutter.push(mark + line.length, Class::Header, 0, Stand::AsItIs);
        }
        cutter.cut_before(table.records.start_of_record(), false);
        cutter.push(table.records.end_of_line(), Class::Header, 0, Stand::AsItIs);
        while let Some(MetRow { what, .. }) = meet_row(&mut table) {
            cutter.cut_before(table.records.start_of_record(), true);
            let end = table.records.end_of_line();
            match what {
                RowKind::Employee(employee) => cutter.push(end, Class::Employee, employee.id, Stand::On(employee.kind)),
                RowKind::Refused(_, Some(id)) => cutter.push(end, Class::UnknownType, id, Stand::AsItIs),
                RowKind::Comment(Some(Problem { kind: ProblemKind::NotUtf8 { .. }, .. })) => {
                    cutter.push(end, Class::NotText, 0, Stand::AsItIs);
                }
                RowKind::Comment(_) => cutter.push(end, Class::Comment, 0, Stand::AsItIs),
                RowKind::Refused(problems, None) => {
                    let is_text = !problems.iter().any(|one| matches!(one.kind, ProblemKind::NotUtf8 { .. }));
                    let class = if is_text { Class::Bad } else { Class::NotText };
                    cutter.push(end, class, 0, Stand::AsItIs);
                }
            }
        }
        cutter.cut_before(bytes.len(), true);
        let rows = cutter.rows;
        Ok(Roster::of_rows(bytes, mark, layout, rows))
    }
}

/// Splits the bytes of a file into rows, from the first to the last.
struct Cutter<'a> {
    bytes: &'a [u8],
    layout: &'a RosterLayout,
    at: usize,
    line: u32,
    rows: Vec<RosterRow>,
}

impl Cutter<'_> {
    /// Adds the row from the current position to `end`, which is behind its line break.
    fn push(&mut self, end: usize, class: Class, id: u64, message: Stand) {
        self.rows.push(RosterRow::of_file(self.at..end, self.line, class, id, message));
        self.line += line_breaks(&self.bytes[self.at..end]);
        self.at = end;
    }

    /// Adds the lines before `end`, where a row begins: blank lines, rows without any value, and comments. Only a comment
    /// below the header can be an employee that is switched off.
    fn cut_before(&mut self, end: usize, below_header: bool) {
        while self.at < end {
            let next = past_line_break(self.bytes, line_end(self.bytes, self.at));
            let piece = &self.bytes[self.at..next];
            if piece.trim_ascii_start().first() != Some(&b'#') {
                self.push(next, Class::Blank, 0, Stand::AsItIs);
            } else if std::str::from_utf8(piece).is_err() {
                self.push(next, Class::NotText, 0, Stand::AsItIs);
            } else {
                let employee = if below_header { self.layout.read_comment(piece) } else { None };
                match employee.and_then(|anatomy| Some((anatomy.id, anatomy.kind?))) {
                    Some((id, kind)) => self.push(next, Class::OffEmployee, id, Stand::Off(kind)),
                    None => self.push(next, Class::Comment, 0, Stand::AsItIs),
                }
            }
        }
    }
}

/// The line break of the first line; LF where there is none.
fn line_break(bytes: &[u8]) -> &'static [u8] {
    match bytes[line_end(bytes, 0)..] {
        [b'\r', b'\n', ..] => b"\r\n",
        [b'\r', ..] => b"\r",
        _ => b"\n",
    }
}
