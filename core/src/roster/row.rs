//! One row of the file: its position, its original state, its current state, and its bytes in that state.

use std::ops::Range;

use crate::format::employees::{EmployeeType, ID, TYPE};
use crate::format::identifier::{parse_plain_id, push_plain_id};
use crate::format::raw_row::RawRows;
use crate::text::lines::{line_end, past_line_break};

/// The state of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// A row that is no employee, with its original bytes.
    NoEmployee,
    /// An employee of this type.
    On(EmployeeType),
    /// A comment that holds an employee of this type.
    Off(EmployeeType),
    /// A row with problems, turned into a comment.
    BadRowOff,
    /// Removed, or an added row whose addition was undone.
    Removed,
}

/// The kind of a row in the original file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginalKind {
    /// A blank line, or a row without any value.
    Blank,
    /// The header, or a line before it that names the separator.
    Header,
    /// A comment that holds no employee.
    Comment,
    /// An employee.
    Employee,
    /// A comment that holds an employee.
    OffEmployee,
    /// A row with a valid id and an unknown type.
    UnknownType,
    /// A row that cannot be used for other reasons.
    Bad,
    /// A row that is not UTF-8. It can be removed and not otherwise changed.
    NotText,
    /// Added by an edit; not in the original file.
    Added,
}

/// A row, by its position in the bytes of the roster.
#[derive(Clone, Copy, Debug)]
pub(super) struct RosterRow {
    start: usize,
    end: usize,
    /// The employee's id; 0 where the row has none.
    pub(super) id: u64,
    /// The line in the original file, from 1; 0 for added rows.
    pub(super) line: u32,
    pub(super) class: OriginalKind,
    /// The state in the original file.
    original: RowState,
    /// The current state.
    pub(super) current: RowState,
}

/// The layout of rows, by the header.
#[derive(Clone, Debug)]
pub(super) struct RosterLayout {
    /// The positions of the columns [`ID`] and [`TYPE`].
    pub(super) columns: [usize; 2],
    /// The number of fields in a row.
    pub(super) width: usize,
    /// The line break of added rows.
    pub(super) line_break: &'static [u8],
}

/// The parts of an employee's row.
pub(super) struct RowParts {
    pub(super) id: u64,
    pub(super) kind: Option<EmployeeType>,
    /// The row without comment sign, note and line break.
    pub(super) text: Range<usize>,
    /// The letter of the type, or the whole field where that is not a valid type.
    letter: Range<usize>,
}

impl RosterRow {
    /// A row of the original file.
    pub(super) fn of_file(
        bytes: Range<usize>,
        line: u32,
        class: OriginalKind,
        id: u64,
        original: RowState,
    ) -> RosterRow {
        RosterRow { start: bytes.start, end: bytes.end, id, line, class, original, current: original }
    }

    /// A row to be added; its state is `Removed` until the edit is made.
    pub(super) fn added(id: u64, start: usize, end: usize) -> RosterRow {
        RosterRow {
            start,
            end,
            id,
            line: 0,
            class: OriginalKind::Added,
            original: RowState::Removed,
            current: RowState::Removed,
        }
    }

    /// Its original bytes.
    pub(super) fn bytes<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        &bytes[self.start..self.end]
    }

    pub(super) fn is_edited(&self) -> bool {
        self.current != self.original
    }

    /// True if the reader of a run refuses the original row.
    pub(super) fn is_refused(&self) -> bool {
        matches!(self.class, OriginalKind::UnknownType | OriginalKind::Bad | OriginalKind::NotText)
    }

    pub(super) fn can_be_removed(&self) -> bool {
        !matches!(self.class, OriginalKind::Blank | OriginalKind::Header)
    }

    /// True if the row occupies its id in this state, so that no other row may use it.
    pub(super) fn claims_in(&self, state: RowState) -> bool {
        match state {
            RowState::On(_) => true,
            RowState::NoEmployee => self.class == OriginalKind::UnknownType,
            RowState::Off(_) | RowState::BadRowOff | RowState::Removed => false,
        }
    }

    /// Appends its bytes in its current state.
    pub(super) fn write(&self, bytes: &[u8], layout: &RosterLayout, out: &mut Vec<u8>) {
        let piece = self.bytes(bytes);
        if !self.is_edited() {
            return out.extend_from_slice(piece);
        }
        match self.current {
            RowState::Removed => {}
            RowState::NoEmployee => out.extend_from_slice(piece),
            RowState::BadRowOff => push_as_comment(out, piece),
            RowState::On(kind) => {
                if let Some(parts) = self.parts(piece, layout) {
                    self.push_employee(out, piece, parts.text.clone(), &parts, kind);
                    out.extend_from_slice(&piece[content_length(piece)..]);
                }
            }
            RowState::Off(kind) => {
                if let Some(parts) = self.parts(piece, layout) {
                    let mut changed = Vec::with_capacity(piece.len() + 2);
                    self.push_employee(&mut changed, piece, 0..piece.len(), &parts, kind);
                    match self.class {
                        OriginalKind::OffEmployee => out.extend(changed),
                        _ => push_as_comment(out, &changed),
                    }
                }
            }
        }
    }

    /// The parts of the row. Every row whose state is an employee has them; they were checked when the file was opened.
    fn parts(&self, piece: &[u8], layout: &RosterLayout) -> Option<RowParts> {
        match self.class {
            OriginalKind::OffEmployee => layout.read_comment(piece),
            _ => layout.read_row(piece, 0..content_length(piece)),
        }
    }

    /// Appends a part of a row with the letter of `kind` in place of its own. An unchanged type keeps its spelling.
    fn push_employee(&self, out: &mut Vec<u8>, piece: &[u8], part: Range<usize>, parts: &RowParts, kind: EmployeeType) {
        let letter = [kind.letter() as u8];
        let letter = if parts.kind == Some(kind) { &piece[parts.letter.clone()] } else { &letter };
        out.extend_from_slice(&piece[part.start..parts.letter.start]);
        out.extend_from_slice(letter);
        out.extend_from_slice(&piece[parts.letter.end..part.end]);
    }
}

impl RosterLayout {
    /// A header line in this layout, for reading a single row.
    pub(super) fn header(&self) -> Vec<u8> {
        let name = |column| match column {
            _ if column == self.columns[ID] => crate::format::employees::COLUMNS[ID],
            _ if column == self.columns[TYPE] => crate::format::employees::COLUMNS[TYPE],
            _ => "",
        };
        let names: Vec<&str> = (0..self.width).map(name).collect();
        let mut header = names.join(",").into_bytes();
        header.push(b'\n');
        header
    }

    /// Appends the row of an added employee; extra columns stay empty.
    pub(super) fn push_row(&self, out: &mut Vec<u8>, id: u64, kind: EmployeeType) {
        for column in 0..self.width {
            if column > 0 {
                out.push(b',');
            }
            if column == self.columns[ID] {
                push_plain_id(out, id);
            } else if column == self.columns[TYPE] {
                out.push(kind.letter() as u8);
            }
        }
        out.extend_from_slice(self.line_break);
    }

    /// Parses an employee's row; `None` if its width or its id is wrong. The type may be unknown.
    pub(super) fn read_row(&self, piece: &[u8], text: Range<usize>) -> Option<RowParts> {
        let bytes = &piece[text.clone()];
        let mut rows = RawRows::lenient(bytes, 0);
        let row = rows.next_row()?;
        if row.len() != self.width || row.is_unclosed || row.end != bytes.len() {
            return None;
        }
        let id = parse_plain_id(row.value(self.columns[ID]))?;
        let kind = EmployeeType::parse(row.value(self.columns[TYPE]));
        let field = row.span(self.columns[TYPE])?;
        // Quotes and spaces around the letter are kept.
        let letter = match (kind, bytes[field.clone()].iter().position(u8::is_ascii_alphabetic)) {
            (Some(_), Some(at)) => field.start + at..field.start + at + 1,
            _ => field,
        };
        Some(RowParts { id, kind, letter: text.start + letter.start..text.start + letter.end, text })
    }

    /// Parses a comment that holds an employee: `# 63492,a`, optionally followed by a note (`# 63492,a  on leave`). The
    /// note is dropped when the employee is switched on.
    pub(super) fn read_comment(&self, piece: &[u8]) -> Option<RowParts> {
        let end = content_length(piece);
        let content = &piece[..end];
        let sign = content.iter().position(|byte| !byte.is_ascii_whitespace()).filter(|at| content[*at] == b'#')?;
        let start = sign + 1 + content[sign + 1..].iter().position(|byte| !byte.is_ascii_whitespace())?;
        if !matches!(content[start], b'0'..=b'9' | b'"' | b'a'..=b'z' | b'A'..=b'Z' | b',') {
            return None;
        }
        let is_whole = |parts: &RowParts| parts.kind.is_some();
        self.read_row(piece, start..end)
            .filter(is_whole)
            .or_else(|| self.read_row(piece, start..self.end_before_note(piece, start..end)?).filter(is_whole))
    }

    /// The end of a row with a note behind its type; the type must be the last column.
    fn end_before_note(&self, piece: &[u8], text: Range<usize>) -> Option<usize> {
        if self.columns[TYPE] + 1 != self.width {
            return None;
        }
        let mut commas = text.clone().filter(|at| piece[*at] == b',');
        let field =
            self.width.checked_sub(2).and_then(|before| commas.nth(before)).map_or(text.start, |comma| comma + 1);
        let letter = field + piece[field..text.end].iter().position(|byte| !byte.is_ascii_whitespace())?;
        let follows = piece[letter + 1..text.end].first()?;
        (piece[letter].is_ascii_alphabetic() && follows.is_ascii_whitespace()).then_some(letter + 1)
    }
}

/// Appends the lines of a row as comments.
fn push_as_comment(out: &mut Vec<u8>, piece: &[u8]) {
    let mut at = 0;
    while at < piece.len() {
        let next = past_line_break(piece, line_end(piece, at));
        out.extend_from_slice(b"# ");
        out.extend_from_slice(&piece[at..next]);
        at = next;
    }
}

/// The length of a row in bytes, without its line break.
pub(super) fn content_length(piece: &[u8]) -> usize {
    match piece {
        [content @ .., b'\r', b'\n'] | [content @ .., b'\n' | b'\r'] => content.len(),
        _ => piece.len(),
    }
}
