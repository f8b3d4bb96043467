//! The lines of a vendor file as they stand there: fields with their quotes, and how each line ends.
//!
//! The readers of inputs are lenient; this one keeps what they forgive, so that it can be told. It is linear:
//! a quote that is never closed costs its line, not the rest of the file.

use std::borrow::Cow;

use crate::format::blank::is_blank;
use crate::format::record::BYTE_ORDER_MARK;
use crate::text::problem::Place;

/// How a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// LF, as it should be.
    Lf,
    /// CR and LF.
    CrLf,
    /// A CR alone.
    Cr,
    /// The file ends without one.
    Missing,
}

/// What is wrong with the quotes of a row, and at which byte of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuoteSlip {
    /// A quote that is not closed before the line ends.
    Unclosed(usize),
    /// Something stands between a closing quote and the comma.
    AfterClosing(usize),
    /// The field that begins at `start` is not closed before `comma`: the quote that opens the next field closes it.
    ClosedByNext {
        /// Where its quote stands.
        start: usize,
        /// Where it ends.
        comma: usize,
    },
}

/// Which fields may hold a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineBreaks {
    /// All.
    Anywhere,
    /// That of one column, by its position.
    In(usize),
    /// None: a quote that is open at the end of a line is a slip.
    Nowhere,
}

/// Reads the rows of a file one after another, blank ones too.
pub(crate) struct RawRows<'a> {
    bytes: &'a [u8],
    line_breaks: LineBreaks,
    at: usize,
    line: u32,
    fields: Vec<Span>,
}

#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

/// One row.
pub(crate) struct RawRow<'r> {
    bytes: &'r [u8],
    fields: &'r [Span],
    /// The byte at which it begins.
    pub(crate) start: usize,
    /// The byte at which its line break begins.
    pub(crate) end: usize,
    /// The line on which it begins, from 1.
    pub(crate) line: u32,
    /// How it ends.
    pub(crate) line_end: LineEnd,
    /// What is wrong with its quotes.
    pub(crate) slip: Option<QuoteSlip>,
}

impl<'a> RawRows<'a> {
    /// The rows from byte `at` on, which stands at the beginning of a line.
    pub(crate) fn new(bytes: &'a [u8], at: usize, line: u32, line_breaks: LineBreaks) -> RawRows<'a> {
        RawRows { bytes, line_breaks, at, line, fields: Vec::new() }
    }

    /// The next row.
    pub(crate) fn next_row(&mut self) -> Option<RawRow<'_>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        self.fields.clear();
        let (start, line) = (self.at, self.line);
        let mut slip = None;
        let mut at = start;
        loop {
            // A stray byte order mark is told by the check of the encoding; the field behind it is read all the same.
            at += if self.bytes[at..].starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            let (end, fault) = self.field_end(at);
            slip = slip.or(fault);
            self.fields.push(Span { start: at, end });
            at = end;
            if self.bytes.get(at) != Some(&b',') {
                break;
            }
            at += 1;
        }
        let (line_end, next) = line_end(self.bytes, at);
        if at > start {
            self.line += line_breaks(&self.bytes[start..at]);
        }
        self.line += u32::from(line_end != LineEnd::Missing);
        self.at = next;
        Some(RawRow { bytes: self.bytes, fields: &self.fields, start, end: at, line, line_end, slip })
    }

    /// Where the field that begins at `start` ends: at a comma, a line break or the end of the file.
    fn field_end(&self, start: usize) -> (usize, Option<QuoteSlip>) {
        if self.bytes.get(start) != Some(&b'"') {
            return (plain_end(self.bytes, start), None);
        }
        let may_break = match self.line_breaks {
            LineBreaks::Anywhere => true,
            LineBreaks::In(column) => column == self.fields.len(),
            LineBreaks::Nowhere => false,
        };
        match closing_quote(self.bytes, start + 1, may_break) {
            Closing::Closed { after, over_lines } => match self.bytes.get(after) {
                None | Some(b',' | b'\n' | b'\r') => (after, None),
                // A quote that closes in a later line, amid the text there, belongs to that line.
                Some(_) if over_lines => (line_stop(self.bytes, start), Some(QuoteSlip::Unclosed(start))),
                Some(_) => {
                    let comma = after - 2;
                    let is_next = comma > start && self.bytes[comma] == b',';
                    let slip =
                        if is_next { QuoteSlip::ClosedByNext { start, comma } } else { QuoteSlip::AfterClosing(after) };
                    (plain_end(self.bytes, after), Some(slip))
                }
            },
            Closing::Open => (line_stop(self.bytes, start), Some(QuoteSlip::Unclosed(start))),
        }
    }
}

impl<'r> RawRow<'r> {
    /// How many fields it has: at least one.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether nothing stands in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.whole().trim_ascii().is_empty()
    }

    /// Whether all of its fields are empty or blank, as spreadsheets leave rows behind.
    pub(crate) fn is_without_values(&self) -> bool {
        self.slip.is_none() && (0..self.len()).all(|index| is_blank(self.inside(index)))
    }

    /// All of it, without its line break.
    pub(crate) fn whole(&self) -> &'r [u8] {
        &self.bytes[self.start..self.end]
    }

    /// What stands between two bytes of the file, which are in the row.
    pub(crate) fn between(&self, from: usize, to: usize) -> &'r [u8] {
        &self.bytes[from..to]
    }

    /// Whether a field stands in double quotes.
    pub(crate) fn is_quoted(&self, index: usize) -> bool {
        self.raw(index).first() == Some(&b'"')
    }

    /// What stands between the quotes of a field, doubled quotes still doubled; all of it where it has no quotes.
    pub(crate) fn inside(&self, index: usize) -> &'r [u8] {
        match self.raw(index) {
            [b'"', inside @ .., b'"'] => inside,
            [b'"', inside @ ..] => inside,
            raw => raw,
        }
    }

    /// The value of a field as text.
    pub(crate) fn text(&self, index: usize) -> Cow<'r, str> {
        let text = String::from_utf8_lossy(self.inside(index));
        if text.contains("\"\"") { Cow::Owned(text.replace("\"\"", "\"")) } else { text }
    }

    /// Where a field begins; where there is no such field, where the row ends.
    pub(crate) fn place(&self, index: usize) -> Place {
        self.place_of(self.fields.get(index).map_or(self.end, |field| field.start))
    }

    /// The place of a byte of the row.
    pub(crate) fn place_of(&self, offset: usize) -> Place {
        let before = &self.bytes[self.start..offset.clamp(self.start, self.end)];
        let line = self.line + line_breaks(before);
        let line_start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
        let characters = String::from_utf8_lossy(&before[line_start..]).chars().count();
        Place::new(line, u32::try_from(characters + 1).unwrap_or(u32::MAX))
    }

    fn raw(&self, index: usize) -> &'r [u8] {
        self.fields.get(index).map_or(&[], |field| &self.bytes[field.start..field.end])
    }
}

enum Closing {
    Closed { after: usize, over_lines: bool },
    Open,
}

/// Looks for the quote that closes a field, from the byte after the opening one.
fn closing_quote(bytes: &[u8], from: usize, may_break: bool) -> Closing {
    let mut over_lines = false;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => return Closing::Closed { after: at + 1, over_lines },
            b'\n' | b'\r' if !may_break => return Closing::Open,
            b'\n' | b'\r' => over_lines = true,
            _ => {}
        }
        at += 1;
    }
    Closing::Open
}

fn plain_end(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    rest.iter().position(|byte| matches!(byte, b',' | b'\n' | b'\r')).map_or(bytes.len(), |length| from + length)
}

fn line_stop(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| from + length)
}

/// The line end at `at`, and where the next line begins.
fn line_end(bytes: &[u8], at: usize) -> (LineEnd, usize) {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => (LineEnd::CrLf, at + 2),
        (Some(b'\r'), _) => (LineEnd::Cr, at + 1),
        (Some(_), _) => (LineEnd::Lf, at + 1),
        (None, _) => (LineEnd::Missing, at),
    }
}

/// How many line breaks stand in a text; CRLF counts once.
fn line_breaks(text: &[u8]) -> u32 {
    let mut count = 0;
    for (at, byte) in text.iter().enumerate() {
        let breaks = *byte == b'\n' || (*byte == b'\r' && text.get(at + 1) != Some(&b'\n'));
        count += u32::from(breaks);
    }
    count
}
