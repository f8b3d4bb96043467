//! Opening the file: it is read as for a run, row by row, and what lies between the rows is cut into comments and blank
//! lines. A row without any value is a blank line.

use std::ops::Range;

use super::edited_file::Roster;
use super::row::{Class, Layout, Row, Stand, content_length};
use crate::format::employees::{COLUMNS, Met, MetRow, meet_row};
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::format::table::TableReader;
use crate::text::problem::{Problem, ProblemKind};

impl Roster {
    /// Opens employees.csv. Rows with problems are rows of the roster as well, to be mended there.
    ///
    /// # Errors
    /// What is wrong with the header, or with the file as a whole: then there are no rows to be seen.
    pub fn open(bytes: Vec<u8>) -> Result<Roster, Vec<Problem>> {
        let mut table = TableReader::open(&bytes, COLUMNS, true)?;
        let (columns, width) = table.layout();
        let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let layout = Layout { columns, width, line_break: line_break(&bytes) };
        let mut cutter = Cutter { bytes: &bytes, layout: &layout, at: mark, line: 1, rows: Vec::new() };
        if let Some(line) = separator_line(&bytes[mark..]) {
            cutter.push(mark + line.length, Class::Header, 0, Stand::AsItIs);
        }
        cutter.cut_before(table.start_of_record(), false);
        cutter.push(table.end_of_line(), Class::Header, 0, Stand::AsItIs);
        while let Some(MetRow { what, start, .. }) = meet_row(&mut table) {
            cutter.cut_before(start, true);
            let end = table.end_of_line();
            match what {
                Met::Employee(employee) => cutter.push(end, Class::Employee, employee.id, Stand::On(employee.kind)),
                Met::Refused(_, Some(id)) => cutter.push(end, Class::UnknownType, id, Stand::AsItIs),
                Met::Comment(Some(Problem { kind: ProblemKind::NotUtf8 { .. }, .. })) => {
                    cutter.push(end, Class::NotText, 0, Stand::AsItIs);
                }
                Met::Comment(_) => cutter.push(end, Class::Comment, 0, Stand::AsItIs),
                Met::Refused(problems, None) => {
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

/// Cuts the file into rows.
struct Cutter<'a> {
    bytes: &'a [u8],
    layout: &'a Layout,
    at: usize,
    line: u32,
    rows: Vec<Row>,
}

impl Cutter<'_> {
    /// Cuts the row that ends at `end`, past its line break.
    fn push(&mut self, end: usize, class: Class, id: u64, said: Stand) {
        self.rows.push(Row::of_file(self.at..end, self.line, class, id, said));
        self.line += line_breaks(&self.bytes[self.at..end]);
        self.at = end;
    }

    /// Cuts what stands before the row that begins at `end`: blank lines, rows without any value, and comments. Before the
    /// header no comment can become an employee.
    fn cut_before(&mut self, end: usize, below_header: bool) {
        while self.at < end {
            let line = self.next_line();
            let piece = &self.bytes[line.clone()];
            if piece.trim_ascii_start().first() != Some(&b'#') {
                self.push(line.end, Class::Blank, 0, Stand::AsItIs);
            } else if std::str::from_utf8(piece).is_err() {
                self.push(line.end, Class::NotText, 0, Stand::AsItIs);
            } else {
                let employee = if below_header { self.layout.read_comment(piece) } else { None };
                match employee.and_then(|anatomy| Some((anatomy.id, anatomy.kind?))) {
                    Some((id, kind)) => self.push(line.end, Class::OffEmployee, id, Stand::Off(kind)),
                    None => self.push(line.end, Class::Comment, 0, Stand::AsItIs),
                }
            }
        }
    }

    fn next_line(&self) -> Range<usize> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(rest.len(), |at| if rest[at..].starts_with(b"\r\n") { at + 2 } else { at + 1 });
        self.at..self.at + length
    }
}

/// The line break of the file: that of its first line.
fn line_break(bytes: &[u8]) -> &'static [u8] {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => b"\r\n",
        Some(at) if bytes[at] == b'\r' => b"\r",
        _ => b"\n",
    }
}

fn line_breaks(piece: &[u8]) -> u32 {
    let inside = &piece[..content_length(piece)];
    let breaks = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => inside.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    let ends = u32::from(inside.len() < piece.len());
    inside.iter().enumerate().filter(|one| breaks(*one)).fold(ends, |count, _| count.saturating_add(1))
}
