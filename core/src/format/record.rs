//! CSV taken apart into records whose fields know where they stand.
//!
//! The grammar is the csv crate's (csv-core does the reading); what this adds is the place of every field, comment
//! lines, blank lines, rows without any value, and quotes that are never closed. A line ends with LF, CRLF or a lone CR.

use csv_core::{ReadFieldResult, Reader};

use super::blank::{is_blank, trimmed};
use super::foreign_value::is_spreadsheet_mark;
use crate::text::problem::{Place, Problem, ProblemKind};

/// The UTF-8 byte order mark.
pub const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads the records of a CSV text one after another.
pub struct RecordReader<'a> {
    bytes: &'a [u8],
    comments: bool,
    machine: Reader,
    at: usize,
    line: u32,
    line_of: usize,
    fields: Vec<FieldSpan>,
    values: Vec<u8>,
    record_line: u32,
    unclosed: bool,
    comment_lines: usize,
    comment_problems: Vec<Problem>,
    signs_alone: Vec<CommentLine>,
    read_again: usize,
}

/// A comment line whose first field is nothing but what a spreadsheet shows in place of a value, and other fields follow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommentLine {
    /// The byte at which it begins.
    pub(crate) start: usize,
    /// The byte at which its line break begins.
    pub(crate) end: usize,
    /// The line, from 1.
    pub(crate) line: u32,
}

/// Where a field stands in the file, and where its unquoted value stands in the buffer of values.
#[derive(Clone, Copy)]
struct FieldSpan {
    start: usize,
    end: usize,
    value_start: usize,
    value_end: usize,
}

/// One record: its fields, and where they stand.
#[derive(Clone)]
pub struct Record<'r> {
    bytes: &'r [u8],
    fields: &'r [FieldSpan],
    values: &'r [u8],
    line: u32,
    unclosed: bool,
}

impl<'a> RecordReader<'a> {
    /// A reader of `bytes`, past a byte order mark. With `comments`, a line that begins with `#` (after spaces) is
    /// passed over whatever stands in it.
    #[must_use]
    pub fn new(bytes: &'a [u8], comments: bool) -> RecordReader<'a> {
        let at = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        RecordReader {
            bytes,
            comments,
            machine: Reader::new(),
            at,
            line: 1,
            line_of: at,
            fields: Vec::new(),
            values: vec![0; 256],
            record_line: 1,
            unclosed: false,
            comment_lines: 0,
            comment_problems: Vec::new(),
            signs_alone: Vec::new(),
            read_again: 0,
        }
    }

    /// Passes over a first line that names the separator, `sep=,`. Nothing else must have been read before.
    pub(crate) fn pass_over_separator_line(&mut self) {
        if let Some(SeparatorLine { length, .. }) = separator_line(&self.bytes[self.at..]) {
            self.at += length;
        }
    }

    /// The next record that is neither blank nor a comment. One whose fields are all blank is blank.
    pub fn next_record(&mut self) -> Option<Record<'_>> {
        self.advance().then(|| self.last_record())
    }

    /// The record just read, once more.
    pub(crate) fn last_record(&self) -> Record<'_> {
        let (line, unclosed) = (self.record_line, self.unclosed);
        Record { bytes: self.bytes, fields: &self.fields, values: &self.values, line, unclosed }
    }

    /// Reads the next record; `false` where there is none.
    fn advance(&mut self) -> bool {
        loop {
            self.skip_blanks_and_comments();
            let start = self.at;
            if start >= self.bytes.len() {
                return false;
            }
            self.read_fields();
            self.unclosed = self.cut_at_unclosed_field();
            if self.unclosed || !self.is_without_values() {
                self.record_line = self.line_at(start);
                break;
            }
        }
        if self.unclosed {
            // What follows the stray quote is read again, line by line: one slip must not hide the rest of the file.
            self.end_record_at_line_end();
        }
        true
    }

    /// Takes the record just read back to the end of its first line: the next record starts on the line below. For
    /// formats in which a line break inside a field can only be a slip. A file made of slips, each of which goes on to
    /// the end, is not read over and over: past some rereading, records are left as they are.
    pub fn resume_at_next_line(&mut self) {
        const TIMES: usize = 16;
        let Some(first) = self.fields.first() else { return };
        let next = line_end(self.bytes, first.start);
        let again = self.read_again.saturating_add(self.at.saturating_sub(next));
        if again / TIMES <= self.bytes.len() {
            self.read_again = again;
            self.machine.reset();
            self.at = next;
        }
    }

    /// Where the record just read begins.
    pub(crate) fn start_of_record(&self) -> usize {
        self.fields.first().map_or(self.at, |field| field.start)
    }

    /// Where the line of the record just read ends: past its line break.
    pub(crate) fn end_of_line(&self) -> usize {
        let is_past_it = self.at > 0 && matches!(self.bytes[self.at - 1], b'\n' | b'\r');
        match is_past_it {
            true if self.bytes[self.at - 1] == b'\r' && self.bytes.get(self.at) == Some(&b'\n') => self.at + 1,
            true => self.at,
            false => past_line_break(self.bytes, self.at),
        }
    }

    /// How many comment lines were passed over so far.
    #[must_use]
    pub fn comment_lines(&self) -> usize {
        self.comment_lines
    }

    /// Comment lines that are not UTF-8, taken out.
    pub fn take_comment_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.comment_problems)
    }

    /// Comment lines that may be rows whose first value a spreadsheet could not show, taken out.
    pub(crate) fn take_signs_alone(&mut self) -> Vec<CommentLine> {
        std::mem::take(&mut self.signs_alone)
    }

    fn is_without_values(&self) -> bool {
        self.fields.iter().all(|field| is_blank(&self.values[field.value_start..field.value_end]))
    }

    fn skip_blanks_and_comments(&mut self) {
        while self.at < self.bytes.len() {
            let end = line_end(self.bytes, self.at);
            let text = self.bytes[self.at..end].trim_ascii_start();
            if text.is_empty() {
                self.at = past_line_break(self.bytes, end);
            } else if self.comments && text[0] == b'#' {
                self.comment_lines += 1;
                self.note_comment_encoding(end);
                self.note_signs_alone(end);
                self.at = past_line_break(self.bytes, end);
            } else {
                return;
            }
        }
    }

    fn note_comment_encoding(&mut self, end: usize) {
        let (start, bytes) = (self.at, self.bytes);
        if let Err(error) = std::str::from_utf8(&bytes[start..end]) {
            let bad = start + error.valid_up_to();
            let place = place_from(bytes, start, self.line_at(start), bad);
            self.comment_problems.push(Problem::error(place, ProblemKind::NotUtf8 { byte: bytes[bad] }));
        }
    }

    fn note_signs_alone(&mut self, end: usize) {
        let start = self.at;
        let mut fields = self.bytes[start..end].splitn(2, |byte| *byte == b',');
        let first = std::str::from_utf8(fields.next().unwrap_or_default()).unwrap_or_default();
        if fields.next().is_some() && is_spreadsheet_mark(first) {
            let line = self.line_at(start);
            self.signs_alone.push(CommentLine { start, end, line });
        }
    }

    fn read_fields(&mut self) {
        self.fields.clear();
        let mut value_end = 0;
        loop {
            let (start, value_start) = (self.at, value_end);
            let record_ends = loop {
                if value_end + 64 > self.values.len() {
                    self.values.resize(self.values.len() * 2, 0);
                }
                let input = &self.bytes[self.at..];
                let (result, read, written) = self.machine.read_field(input, &mut self.values[value_end..]);
                self.at += read;
                value_end += written;
                match result {
                    ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                    ReadFieldResult::Field { record_end } => break record_end,
                    ReadFieldResult::End => break true,
                }
            };
            let end = field_end(self.bytes, start, self.at);
            self.fields.push(FieldSpan { start, end, value_start, value_end });
            if record_ends {
                return;
            }
        }
    }

    /// Whether a field opens a quote that is never closed. The fields behind it are no fields of this record.
    fn cut_at_unclosed_field(&mut self) -> bool {
        let is_unclosed = |field: &FieldSpan| is_unclosed(&self.bytes[field.start..field.end]);
        let unclosed = self.fields.iter().position(is_unclosed);
        self.fields.truncate(unclosed.map_or(self.fields.len(), |index| index + 1));
        unclosed.is_some()
    }

    fn end_record_at_line_end(&mut self) {
        self.machine.reset();
        if let Some(field) = self.fields.last() {
            self.at = line_end(self.bytes, field.start);
        }
    }

    /// The line of an offset; offsets must not go backwards by more than the record just read.
    fn line_at(&mut self, offset: usize) -> u32 {
        if offset < self.line_of {
            return self.line;
        }
        self.line += count_line_breaks(self.bytes, self.line_of, offset);
        self.line_of = offset;
        self.line
    }
}

/// Lines of a field, but for its first, that are rows by themselves.
pub(crate) struct SwallowedRows<'r> {
    /// The position of the field.
    pub(crate) field: usize,
    /// The lines, at least one, each with its number, from 1.
    pub(crate) rows: Vec<(u32, &'r [u8])>,
}

impl<'r> Record<'r> {
    /// How many fields it has: at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether it has no field, which no record of a reader is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The line on which it begins, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The value of a field, without its quotes; empty where there is no such field.
    #[must_use]
    pub fn value(&self, index: usize) -> &'r [u8] {
        self.fields.get(index).map_or(&[], |field| &self.values[field.value_start..field.value_end])
    }

    /// The value of a field as text; what is not UTF-8 in it is replaced.
    #[must_use]
    pub fn text(&self, index: usize) -> std::borrow::Cow<'r, str> {
        String::from_utf8_lossy(self.value(index))
    }

    /// A field as it stands in the file, with its quotes.
    #[must_use]
    pub fn raw(&self, index: usize) -> &'r [u8] {
        self.fields.get(index).map_or(&[], |field| &self.bytes[field.start..field.end])
    }

    /// Where a field stands in the bytes, with its quotes; nothing where there is no such field.
    pub(crate) fn span(&self, index: usize) -> Option<std::ops::Range<usize>> {
        self.fields.get(index).map(|field| field.start..field.end)
    }

    /// The whole record as it stands in the file, without its line break.
    #[must_use]
    pub fn raw_record(&self) -> &'r [u8] {
        match (self.fields.first(), self.fields.last()) {
            (Some(first), Some(last)) => &self.bytes[first.start..last.end],
            _ => &[],
        }
    }

    /// Where a field begins; where there is no such field, where the record ends.
    #[must_use]
    pub fn place(&self, index: usize) -> Place {
        match (self.fields.get(index), self.fields.last()) {
            (Some(field), _) => self.place_of(field.start),
            (None, Some(last)) => self.place_of(last.end),
            (None, None) => Place::new(self.line, 1),
        }
    }

    /// What is wrong with the record whatever it means: text that is not UTF-8, a quote that is never closed.
    #[must_use]
    pub fn fault(&self) -> Option<Problem> {
        if self.unclosed {
            let place = self.place(self.fields.len().saturating_sub(1));
            return Some(Problem::error(place, ProblemKind::UnclosedQuote));
        }
        let start = self.fields.first()?.start;
        let error = std::str::from_utf8(self.raw_record()).err()?;
        let bad = start + error.valid_up_to();
        Some(Problem::error(self.place_of(bad), ProblemKind::NotUtf8 { byte: self.bytes[bad] }))
    }

    /// The rows that a field takes in which goes on over ends of lines; nothing where there are none.
    pub(crate) fn swallowed_rows(&self, is_row: impl Fn(&Record<'_>, &[u8]) -> bool) -> Option<SwallowedRows<'r>> {
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        if self.unclosed || !self.raw_record().iter().any(is_break) {
            return None;
        }
        (0..self.fields.len()).find_map(|index| {
            let FieldSpan { start, end, .. } = self.fields[index];
            let mut rows = Vec::new();
            let (mut at, mut line) = (start, self.place(index).line);
            while let Some(length) = self.bytes[at..end].iter().position(is_break) {
                at = past_line_break(self.bytes, at + length);
                line += 1;
                let text = &self.bytes[at..line_end(self.bytes, at)];
                if RecordReader::new(text, false).next_record().is_some_and(|record| is_row(&record, text)) {
                    rows.push((line, text));
                }
            }
            (!rows.is_empty()).then_some(SwallowedRows { field: index, rows })
        })
    }

    fn place_of(&self, offset: usize) -> Place {
        let start = self.fields.first().map_or(0, |field| field.start);
        place_from(self.bytes, start, self.line, offset)
    }
}

/// A line before the header that names the separator: `sep=,`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeparatorLine<'a> {
    /// The separator; empty where none is named.
    pub(crate) separator: &'a [u8],
    /// How many bytes the line has, with its line break.
    pub(crate) length: usize,
}

/// The line that names the separator, where the text begins with one. The text has no byte order mark.
pub(crate) fn separator_line(text: &[u8]) -> Option<SeparatorLine<'_>> {
    let end = line_end(text, 0);
    let line = trimmed(&text[..end]);
    let line = inside_quotes(line).unwrap_or(line);
    let named =
        line.split_at_checked(4).filter(|(start, _)| start.eq_ignore_ascii_case(b"sep=")).map(|(_, rest)| rest)?;
    // Spreadsheets put further separators behind it, as many as the table has columns.
    let separator = if named.len() > 1 && named.iter().all(|byte| *byte == named[0]) { &named[..1] } else { named };
    Some(SeparatorLine { separator, length: past_line_break(text, end) })
}

/// What a line holds in its first quotes, where nothing but empty fields follows.
fn inside_quotes(line: &[u8]) -> Option<&[u8]> {
    let inside = line.strip_prefix(b"\"")?;
    let (inside, behind) = inside.split_at(inside.iter().position(|byte| *byte == b'"')?);
    let is_empty = |byte: &u8| *byte == b'"' || inside.last() == Some(byte);
    behind.iter().all(is_empty).then_some(inside)
}

/// The place of `offset`, reached from `start`, which stands on `line`.
fn place_from(bytes: &[u8], start: usize, line: u32, offset: usize) -> Place {
    let line = line + count_line_breaks(bytes, start, offset);
    let mut line_start = offset;
    while line_start > 0 && !matches!(bytes[line_start - 1], b'\n' | b'\r') {
        line_start -= 1;
    }
    if line_start == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
        line_start = BYTE_ORDER_MARK.len().min(offset);
    }
    let before = String::from_utf8_lossy(&bytes[line_start..offset]).chars().count();
    Place::new(line, u32::try_from(before + 1).unwrap_or(u32::MAX))
}

/// How many line breaks end between `from` and `to`; CRLF counts once.
fn count_line_breaks(bytes: &[u8], from: usize, to: usize) -> u32 {
    let mut count = 0;
    for at in from..to {
        let breaks = match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        count += u32::from(breaks);
    }
    count
}

/// The offset of the line break that ends the line of `from`, or the end of the text.
fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| from + length)
}

fn past_line_break(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => at + 2,
        Some(_) => at + 1,
        None => at,
    }
}

/// Where the field that was read from `start` to `read_to` ends: before its comma or line break.
fn field_end(bytes: &[u8], start: usize, read_to: usize) -> usize {
    if read_to > start && matches!(bytes[read_to - 1], b',' | b'\n' | b'\r') && !is_inside_quotes(bytes, start, read_to)
    {
        read_to - 1
    } else {
        read_to
    }
}

/// Whether the byte before `read_to` belongs to a quoted field that the end of the text cut off.
fn is_inside_quotes(bytes: &[u8], start: usize, read_to: usize) -> bool {
    read_to == bytes.len() && bytes[start] == b'"' && closing_quote(&bytes[start..read_to]).is_none()
}

/// Whether a field begins with a quote that is never closed. One that closes in a later line, amid the text there, is not
/// closed: that quote opens a field of that line.
fn is_unclosed(field: &[u8]) -> bool {
    if field.first() != Some(&b'"') {
        return false;
    }
    let Some(closing) = closing_quote(field) else { return true };
    let (inside, behind) = (&field[..closing], &field[closing + 1..]);
    !is_blank(behind) && inside.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

/// Where the quote stands that closes a field, which begins with one. A doubled quote is text.
fn closing_quote(field: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += field.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if field.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: &[&[(&str, u32, u32)]]) {
        let mut reader = RecordReader::new(text, true);
        let mut found = Vec::new();
        while let Some(record) = reader.next_record() {
            let fields: Vec<(String, u32, u32)> = (0..record.len())
                .map(|index| {
                    let place = record.place(index);
                    (record.text(index).into_owned(), place.line, place.column)
                })
                .collect();
            found.push(fields);
        }
        let expected: Vec<Vec<(String, u32, u32)>> = expected
            .iter()
            .map(|record| record.iter().map(|(text, line, column)| ((*text).to_owned(), *line, *column)).collect())
            .collect();
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(text));
    }

    #[test]
    fn fields_know_their_line_and_column() {
        check(b"", &[]);
        check(b"a,b\nc,d\n", &[&[("a", 1, 1), ("b", 1, 3)], &[("c", 2, 1), ("d", 2, 3)]]);
        check(b"a,b\r\n\r\n\r\nc,d", &[&[("a", 1, 1), ("b", 1, 3)], &[("c", 4, 1), ("d", 4, 3)]]);
        check(b"a\rb\r", &[&[("a", 1, 1)], &[("b", 2, 1)]]);
        check(b"\xEF\xBB\xBFa,b", &[&[("a", 1, 1), ("b", 1, 3)]]);
        check("é,ü\n".as_bytes(), &[&[("é", 1, 1), ("ü", 1, 3)]]);
        check(b"\"x\r\ny\",z\n1", &[&[("x\r\ny", 1, 1), ("z", 2, 4)], &[("1", 3, 1)]]);
        check(b"a,", &[&[("a", 1, 1), ("", 1, 3)]]);
        check(b"\"a\"\"b\"\n", &[&[("a\"b", 1, 1)]]);
    }

    #[test]
    fn comments_may_hold_anything() {
        check(b"# a,\"b\n  # c\nx,y\n#end", &[&[("x", 3, 1), ("y", 3, 3)]]);
        check(b"\"#a\",b\n", &[&[("#a", 1, 1), ("b", 1, 6)]]);
    }

    #[test]
    fn a_row_without_any_value_is_blank() {
        check(
            b",\n , \n\"\",\"\"\na,b\n\t,,,\n\" \",\nc,\n",
            &[&[("a", 4, 1), ("b", 4, 3)], &[("c", 7, 1), ("", 7, 3)]],
        );
        check("\u{a0},\u{feff}\r\n\u{3000}\r\n\"\r\n\",\r\nx\r\n".as_bytes(), &[&[("x", 5, 1)]]);
        check(b",\n\"", &[&[("", 2, 1)]]);
    }

    #[test]
    fn a_line_that_names_the_separator_is_recognised() {
        for (text, expected) in [
            ("sep=,\na,b", Some((",", 6))),
            ("SEP=;\r\na;b", Some((";", 7))),
            ("\"sep=,\"\n", Some((",", 8))),
            ("\"sep=,\",\n", Some((",", 9))),
            ("\"sep=,\",\"\",\"\"\n", Some((",", 14))),
            ("\"sep=;\";;\n", Some((";", 10))),
            ("\"sep=,\",x\n", None),
            ("sep=,,\n", Some((",", 7))),
            ("sep=\t\n", Some(("", 6))),
            ("sep=", Some(("", 4))),
            ("separator,b\n", None),
            ("a\nsep=,\n", None),
        ] {
            let found = separator_line(text.as_bytes());
            let found = found.map(|line| (std::str::from_utf8(line.separator).unwrap(), line.length));
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn an_unclosed_quote_costs_one_line() {
        check(b"a,\"b\nc,d\n", &[&[("a", 1, 1), ("b\nc,d\n", 1, 3)], &[("c", 2, 1), ("d", 2, 3)]]);
        check(
            b"a,\"b\nc,d\ne,\"f\"\n",
            &[&[("a", 1, 1), ("b\nc,d\ne,f\"", 1, 3)], &[("c", 2, 1), ("d", 2, 3)], &[("e", 3, 1), ("f", 3, 3)]],
        );
        check(
            b"\"a,1\nb,2\n\"c, d\",3\n",
            &[&[("a,1\nb,2\nc", 1, 1)], &[("b", 2, 1), ("2", 2, 3)], &[("c, d", 3, 1), ("3", 3, 8)]],
        );
        check(b"\"a\nb\" ,c\n", &[&[("a\nb ", 1, 1), ("c", 2, 5)]]);
        check(b"\"a\"b\"", &[&[("ab\"", 1, 1)]]);
        let mut reader = RecordReader::new(b"a,\"b", false);
        let fault = reader.next_record().unwrap().fault().unwrap();
        assert_eq!((fault.place, fault.kind), (Place::new(1, 3), ProblemKind::UnclosedQuote));
    }

    #[test]
    fn a_file_of_slips_is_not_read_over_and_over() {
        let text = "x\",\"y\n".repeat(50_000);
        let mut reader = RecordReader::new(text.as_bytes(), true);
        let mut records = 0;
        while reader.next_record().is_some() {
            reader.resume_at_next_line();
            records += 1;
        }
        assert!((1..100).contains(&records), "{records}");
    }

    #[test]
    fn raw_fields_keep_their_quotes() {
        let mut reader = RecordReader::new(b"\"a\",b\r\n", false);
        let record = reader.next_record().unwrap();
        assert_eq!((record.raw(0), record.raw(1)), (&b"\"a\""[..], &b"b"[..]));
    }
}
