//! Lenient reading of the records of an input file.
//!
//! On top of the tokenizer, it skips comment lines, blank lines and rows without any value. It can also end a record at
//! its first line, for formats in which a line break in a field is a mistake.

use super::blank::trimmed;
use super::foreign_value::is_spreadsheet_mark;
pub use super::raw_row::BYTE_ORDER_MARK;
use super::raw_row::{RawRow, RawRows};
use crate::text::lines::{column_behind, line_end, past_line_break};
use crate::text::problem::{Place, Problem, ProblemKind};

/// Reader of the records of a CSV text, one after another.
pub struct RecordReader<'a> {
    bytes: &'a [u8],
    comments: bool,
    rows: RawRows<'a>,
    /// The number of bytes that were read again after [`RecordReader::resume_at_next_line`].
    read_again: usize,
    /// The number of comment lines so far.
    pub(crate) comment_lines: usize,
    /// The problems of comment lines that are not UTF-8.
    pub(crate) comment_problems: Vec<Problem>,
    /// Comment lines that may be rows: in place of the first value is a mark such as `####`, which spreadsheets show
    /// for a value that they cannot display.
    pub(crate) signs_alone: Vec<CommentLine>,
}

/// A comment line whose first field is only a mark that spreadsheets show in place of a value, and that has further
/// fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommentLine {
    /// The byte at which it begins.
    pub(crate) start: usize,
    /// The byte at which its line break begins.
    pub(crate) end: usize,
    /// The line, from 1.
    pub(crate) line: u32,
}

impl<'a> RecordReader<'a> {
    /// A reader of `bytes` that skips a byte order mark. With `comments`, lines that begin with `#` (after optional
    /// spaces) are skipped whatever they contain.
    #[must_use]
    pub fn new(bytes: &'a [u8], comments: bool) -> RecordReader<'a> {
        let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        RecordReader::from(bytes, start, comments)
    }

    /// A reader of the bytes from an offset on.
    fn from(bytes: &'a [u8], start: usize, comments: bool) -> RecordReader<'a> {
        RecordReader {
            bytes,
            comments,
            rows: RawRows::lenient(bytes, start),
            read_again: 0,
            comment_lines: 0,
            comment_problems: Vec::new(),
            signs_alone: Vec::new(),
        }
    }

    /// A reader of other lines of the same file.
    pub(super) fn below<'b>(&self, bytes: &'b [u8]) -> RecordReader<'b> {
        RecordReader::from(bytes, 0, self.comments)
    }

    /// Skips a first line that names the separator, `sep=,`. Call it before anything else is read.
    pub(crate) fn pass_over_separator_line(&mut self) {
        if separator_line(&self.bytes[self.rows.offset()..]).is_some() {
            self.rows.skip_line();
        }
    }

    /// The next record that is neither a comment nor blank. A record whose fields are all blank is blank, too.
    pub fn next_record(&mut self) -> Option<RawRow<'_>> {
        loop {
            self.skip_blanks_and_comments();
            if !self.rows.advance() {
                return None;
            }
            if !self.rows.last_row().is_without_values() {
                return Some(self.rows.last_row());
            }
        }
    }

    /// The rows behind the records.
    pub(super) fn rows(&self) -> &RawRows<'a> {
        &self.rows
    }

    /// The record that was read last, once more.
    pub(crate) fn last_record(&self) -> RawRow<'_> {
        self.rows.last_row()
    }

    /// Ends the record just read at its first line, so that the next record begins on the line below. This is for
    /// formats in which a line break in a field is always a mistake. The total amount of rereading is bounded, so that
    /// a file full of such mistakes is not read in quadratic time.
    pub fn resume_at_next_line(&mut self) {
        const TIMES: usize = 16;
        let first_line_end = line_end(self.bytes, self.start_of_record());
        let again = self.read_again.saturating_add(self.rows.offset().saturating_sub(first_line_end));
        if again / TIMES <= self.bytes.len() {
            self.read_again = again;
            self.rows.go_back_to_first_line();
        }
    }

    /// The byte at which the record just read begins.
    pub(crate) fn start_of_record(&self) -> usize {
        self.last_record().start
    }

    /// The byte behind the record just read and its line break.
    pub(crate) fn end_of_line(&self) -> usize {
        self.rows.offset()
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            let (line, range) = self.rows.next_line();
            let text = &self.bytes[range.clone()];
            match text.trim_ascii_start().first() {
                None if range.start == self.bytes.len() => return,
                None => {}
                Some(b'#') if self.comments => {
                    self.comment_lines += 1;
                    self.note_comment_encoding(text, line);
                    self.note_signs_alone(text, CommentLine { start: range.start, end: range.end, line });
                }
                Some(_) => return,
            }
            self.rows.skip_line();
        }
    }

    fn note_comment_encoding(&mut self, text: &[u8], line: u32) {
        if let Err(error) = std::str::from_utf8(text) {
            let (before, bad) = text.split_at(error.valid_up_to());
            let place = Place::new(line, column_behind(before));
            self.comment_problems.push(Problem::error(place, ProblemKind::NotUtf8 { byte: bad[0] }));
        }
    }

    fn note_signs_alone(&mut self, text: &[u8], line: CommentLine) {
        let Some(comma) = text.iter().position(|byte| *byte == b',') else { return };
        if std::str::from_utf8(&text[..comma]).is_ok_and(is_spreadsheet_mark) {
            self.signs_alone.push(line);
        }
    }
}

/// A line before the header that names the separator: `sep=,`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeparatorLine<'a> {
    /// The separator; empty if none is named.
    pub(crate) separator: &'a [u8],
    /// The length of the line in bytes, including its line break.
    pub(crate) length: usize,
}

/// The separator line at the start of a text (without byte order mark); `None` if there is none.
pub(crate) fn separator_line(text: &[u8]) -> Option<SeparatorLine<'_>> {
    let end = line_end(text, 0);
    let line = &text[..end];
    let line = inside_quotes(trimmed(line)).unwrap_or(line).trim_ascii_start();
    let (_, behind) = line.split_at_checked(4).filter(|(start, _)| start.eq_ignore_ascii_case(b"sep="))?;
    let named = match trimmed(behind) {
        // A tab is a blank, and a separator, too.
        [] if behind.contains(&b'\t') => b"\t",
        named => named,
    };
    // Spreadsheets append one separator per column of the table.
    let separator = if named.len() > 1 && named.iter().all(|byte| *byte == named[0]) { &named[..1] } else { named };
    Some(SeparatorLine { separator, length: past_line_break(text, end) })
}

/// The text in quotes at the start of a line, if only empty fields follow.
fn inside_quotes(line: &[u8]) -> Option<&[u8]> {
    let inside = line.strip_prefix(b"\"")?;
    let (inside, behind) = inside.split_at(inside.iter().position(|byte| *byte == b'"')?);
    let is_empty = |byte: &u8| *byte == b'"' || inside.last() == Some(byte);
    behind.iter().all(is_empty).then_some(inside)
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
            ("sep=\t\n", Some(("\t", 6))),
            ("\"sep=\t\"\t\t\r\n", Some(("\t", 11))),
            ("sep=; \n", Some((";", 7))),
            ("sep= \n", Some(("", 6))),
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
        check(b"a,\"b\nc,d\n", &[&[("a", 1, 1), ("b", 1, 3)], &[("c", 2, 1), ("d", 2, 3)]]);
        check(
            b"a,\"b\nc,d\ne,\"f\"\n",
            &[&[("a", 1, 1), ("b", 1, 3)], &[("c", 2, 1), ("d", 2, 3)], &[("e", 3, 1), ("f", 3, 3)]],
        );
        check(
            b"\"a,1\nb,2\n\"c, d\",3\n",
            &[&[("a,1", 1, 1)], &[("b", 2, 1), ("2", 2, 3)], &[("c, d", 3, 1), ("3", 3, 8)]],
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
