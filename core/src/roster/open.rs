//! Opens employees.csv for editing. Rows are found by the reader of a run (`format::employees`); the lines between them
//! become comments and blank lines. A row without any value counts as a blank line.

use super::edited_file::Roster;
use super::row::{OriginalKind, RosterLayout, RosterRow, RowState};
use crate::format::employees::{COLUMNS, ClassifiedRow, RowKind, next_classified_row};
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
        let mut splitter = RowSplitter { bytes: &bytes, layout: &layout, at: mark, line: 1, rows: Vec::new() };
        if let Some(line) = separator_line(&bytes[mark..]) {
            splitter.push(mark + line.length, OriginalKind::Header, 0, RowState::NoEmployee);
        }
        splitter.split_before(table.records.start_of_record(), false);
        splitter.push(table.records.end_of_line(), OriginalKind::Header, 0, RowState::NoEmployee);
        while let Some(ClassifiedRow { kind, .. }) = next_classified_row(&mut table) {
            splitter.split_before(table.records.start_of_record(), true);
            let end = table.records.end_of_line();
            match kind {
                RowKind::Employee(employee) => {
                    splitter.push(end, OriginalKind::Employee, employee.id, RowState::On(employee.kind));
                }
                RowKind::Refused(_, Some(id)) => {
                    splitter.push(end, OriginalKind::UnknownType, id, RowState::NoEmployee);
                }
                RowKind::Comment(Some(Problem { kind: ProblemKind::NotUtf8 { .. }, .. })) => {
                    splitter.push(end, OriginalKind::NotText, 0, RowState::NoEmployee);
                }
                RowKind::Comment(_) => splitter.push(end, OriginalKind::Comment, 0, RowState::NoEmployee),
                RowKind::Refused(problems, None) => {
                    let is_text = !problems.iter().any(|one| matches!(one.kind, ProblemKind::NotUtf8 { .. }));
                    let class = if is_text { OriginalKind::Bad } else { OriginalKind::NotText };
                    splitter.push(end, class, 0, RowState::NoEmployee);
                }
            }
        }
        splitter.split_before(bytes.len(), true);
        let rows = splitter.rows;
        Ok(Roster::of_rows(bytes, mark, layout, rows))
    }
}

/// Splits the bytes of a file into rows, from the first to the last.
struct RowSplitter<'a> {
    bytes: &'a [u8],
    layout: &'a RosterLayout,
    at: usize,
    line: u32,
    rows: Vec<RosterRow>,
}

impl RowSplitter<'_> {
    /// Adds the row from the current position to `end`, which is behind its line break.
    fn push(&mut self, end: usize, class: OriginalKind, id: u64, original: RowState) {
        self.rows.push(RosterRow::of_file(self.at..end, self.line, class, id, original));
        self.line += line_breaks(&self.bytes[self.at..end]);
        self.at = end;
    }

    /// Adds the lines before `end`, where a row begins: blank lines, rows without any value, and comments. Only a comment
    /// below the header can be an employee that is switched off.
    fn split_before(&mut self, end: usize, below_header: bool) {
        while self.at < end {
            let next = past_line_break(self.bytes, line_end(self.bytes, self.at));
            let piece = &self.bytes[self.at..next];
            if piece.trim_ascii_start().first() != Some(&b'#') {
                self.push(next, OriginalKind::Blank, 0, RowState::NoEmployee);
            } else if std::str::from_utf8(piece).is_err() {
                self.push(next, OriginalKind::NotText, 0, RowState::NoEmployee);
            } else {
                let employee = if below_header { self.layout.read_comment(piece) } else { None };
                match employee.and_then(|parts| Some((parts.id, parts.kind?))) {
                    Some((id, kind)) => self.push(next, OriginalKind::OffEmployee, id, RowState::Off(kind)),
                    None => self.push(next, OriginalKind::Comment, 0, RowState::NoEmployee),
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
