//! The one tokenizer of tables: splits a file into rows and fields, with their quotes, places and line ends. Fields are
//! separated by commas, or by another [`Separator`].
//!
//! The grammar is that of the csv crate: text after a closing quote belongs to the field, and a quote inside a field
//! that does not begin with one is text. The difference concerns a quote that is never closed, or that is closed on a
//! later line in the middle of text. The csv crate reads on; here field and row end with the line, so that such a
//! mistake costs one line and not the rest of the file.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr3, memrchr2};

use super::blank::is_blank;
use crate::text::lines::{column_behind, line_breaks, line_end, past_line_break};
use crate::text::problem::{Place, Problem, ProblemKind};
use crate::text::separator::Separator;

/// The UTF-8 byte order mark.
pub const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// LF, the correct one.
    Lf,
    /// CR and LF.
    CrLf,
    /// A CR alone.
    Cr,
    /// None: the file ends with this row.
    Missing,
}

/// A mistake in the quotes of a row, with its byte offset in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuoteSlip {
    /// A quote that is not closed before the line ends.
    Unclosed(usize),
    /// There is text between a closing quote and the separator.
    AfterClosing(usize),
    /// The field that begins at `start` is not closed before `comma`: the quote that opens the next field closes it.
    ClosedByNext {
        /// The byte of its quote.
        start: usize,
        /// The byte at which it ends.
        comma: usize,
    },
}

/// The fields that may contain a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineBreaks {
    /// All.
    Anywhere,
    /// Only the field at this position.
    In(usize),
    /// None: a quote that is open at the end of a line is a mistake.
    Nowhere,
}

/// Reader of the rows of a file one after another, including blank ones.
pub(crate) struct RawRows<'a> {
    bytes: &'a [u8],
    separator: u8,
    line_breaks: LineBreaks,
    skips_marks: bool,
    at: usize,
    line: u32,
    /// The end of the line that was examined last.
    line_end: usize,
    fields: Vec<Field>,
    /// The values that differ from the file: of fields with doubled quotes, or with text behind the closing quote.
    values: Vec<u8>,
    row: Extent,
    /// True if a field that may span lines was not closed before the end of the bytes.
    ran_out: bool,
}

#[derive(Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    value: Value,
}

#[derive(Clone, Copy)]
enum Value {
    InFile(usize, usize),
    InValues(usize, usize),
}

/// The position of the row that was read last.
#[derive(Clone, Copy)]
struct Extent {
    start: usize,
    end: usize,
    line: u32,
    slip: Option<QuoteSlip>,
    is_unclosed: bool,
}

/// A field with line breaks, some of whose lines look like rows.
pub(crate) struct SwallowedRows<'r> {
    /// The position of the field.
    pub(crate) field: usize,
    /// The number and the text of each such line.
    pub(crate) lines: Vec<(u32, &'r [u8])>,
}

/// One row.
#[derive(Clone)]
pub struct RawRow<'r> {
    bytes: &'r [u8],
    fields: &'r [Field],
    values: &'r [u8],
    /// The byte at which it begins.
    pub(crate) start: usize,
    /// The byte at which its line break begins.
    pub(crate) end: usize,
    /// The line on which it begins, from 1.
    pub(crate) line: u32,
    /// How it ends.
    pub(crate) line_end: LineEnd,
    /// The first mistake in its quotes, if any.
    pub(crate) slip: Option<QuoteSlip>,
    /// True if the quote of its last field is not closed.
    pub(crate) is_unclosed: bool,
}

impl<'a> RawRows<'a> {
    /// Reads rows from the byte offset `at`, which must be at the beginning of line `line`. A byte order mark before a
    /// field is not part of the field.
    pub(crate) fn new(bytes: &'a [u8], at: usize, line: u32, line_breaks: LineBreaks) -> RawRows<'a> {
        let row = Extent { start: at, end: at, line, slip: None, is_unclosed: false };
        RawRows {
            bytes,
            separator: Separator::Comma.byte(),
            line_breaks,
            skips_marks: true,
            at,
            line,
            line_end: at,
            fields: Vec::new(),
            values: Vec::new(),
            row,
            ran_out: false,
        }
    }

    /// Reads rows from the byte offset `at` as line 1. Every field may contain line breaks, and a byte order mark
    /// before a field is part of its value.
    pub(crate) fn lenient(bytes: &'a [u8], at: usize) -> RawRows<'a> {
        RawRows { skips_marks: false, ..RawRows::new(bytes, at, 1, LineBreaks::Anywhere) }
    }

    /// The same rows, with fields that are separated by something else than commas.
    pub(crate) fn separated_by(self, separator: Separator) -> RawRows<'a> {
        RawRows { separator: separator.byte(), ..self }
    }

    /// The next row.
    pub(crate) fn next_row(&mut self) -> Option<RawRow<'_>> {
        self.advance().then(|| self.last_row())
    }

    /// Reads the next row; `false` at the end of the file.
    pub(crate) fn advance(&mut self) -> bool {
        if self.at >= self.bytes.len() {
            return false;
        }
        self.fields.clear();
        self.values.clear();
        self.row = Extent { start: self.at, end: self.at, line: self.line, slip: None, is_unclosed: false };
        loop {
            self.read_field();
            if self.bytes.get(self.at) != Some(&self.separator) {
                break;
            }
            self.at += 1;
        }
        self.row.end = self.at;
        self.skip_line();
        true
    }

    /// The row that was read last.
    pub(crate) fn last_row(&self) -> RawRow<'_> {
        let (bytes, Extent { start, end, line, slip, is_unclosed }) = (self.bytes, self.row);
        let line_end = match bytes[end..] {
            [b'\r', b'\n', ..] => LineEnd::CrLf,
            [b'\r', ..] => LineEnd::Cr,
            [_, ..] => LineEnd::Lf,
            [] => LineEnd::Missing,
        };
        RawRow { bytes, fields: &self.fields, values: &self.values, start, end, line, line_end, slip, is_unclosed }
    }

    /// The line at which the next row begins, from 1, and its bytes without the line break.
    pub(crate) fn next_line(&self) -> (u32, Range<usize>) {
        (self.line, self.at..line_end(self.bytes, self.at))
    }

    /// Skips the rest of the line.
    pub(crate) fn skip_line(&mut self) {
        let end = line_end(self.bytes, self.at);
        self.at = past_line_break(self.bytes, end);
        self.line += u32::from(self.at > end);
    }

    /// Goes back to the end of the first line of the row that was read last: the next row begins on the line below.
    pub(crate) fn go_back_to_first_line(&mut self) {
        (self.at, self.line) = (self.row.start, self.row.line);
        self.skip_line();
    }

    /// True if the rows depend on what follows the end of the bytes: a quote before it may be closed there.
    pub(crate) fn ran_out(&self) -> bool {
        self.ran_out
    }

    /// The number of line breaks so far.
    pub(crate) fn lines_read(&self) -> u32 {
        self.line - 1
    }

    /// The byte at which the next row begins.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Reads the field at `at`, up to a separator, a line break or the end of the file.
    fn read_field(&mut self) {
        let (bytes, separator) = (self.bytes, self.separator);
        if self.skips_marks && bytes[self.at..].starts_with(BYTE_ORDER_MARK) {
            self.at += BYTE_ORDER_MARK.len();
        }
        let start = self.at;
        if bytes.get(start) != Some(&b'"') {
            let end = plain_end(bytes, start, separator);
            self.fields.push(Field { start, end, value: Value::InFile(start, end) });
            self.at = end;
            return;
        }
        let may_break = match self.line_breaks {
            LineBreaks::Anywhere => true,
            LineBreaks::In(column) => column == self.fields.len(),
            LineBreaks::Nowhere => false,
        };
        if !may_break && self.line_end <= start {
            self.line_end = line_end(bytes, start);
        }
        let stop = if may_break { bytes.len() } else { self.line_end };
        let Some((closing, is_doubled)) = closing_quote(&bytes[..stop], start + 1) else {
            self.ran_out |= may_break;
            return self.push_unclosed(start);
        };
        let breaks = if may_break { line_breaks(&bytes[start..closing]) } else { 0 };
        let end = match bytes.get(closing + 1) {
            None | Some(b'\n' | b'\r') => closing + 1,
            Some(byte) if *byte == separator => closing + 1,
            Some(_) => plain_end(bytes, closing + 1, separator),
        };
        let behind = &bytes[closing + 1..end];
        if breaks > 0 && !is_blank(behind) {
            // The quote that closes it belongs to the line in which it stands.
            return self.push_unclosed(start);
        }
        if !behind.is_empty() {
            let comma = closing - 1;
            let is_next = comma > start && bytes[comma] == separator;
            let slip =
                if is_next { QuoteSlip::ClosedByNext { start, comma } } else { QuoteSlip::AfterClosing(closing + 1) };
            self.row.slip.get_or_insert(slip);
        }
        self.line += breaks;
        self.push_quoted(start, closing, end, is_doubled);
    }

    fn push_unclosed(&mut self, start: usize) {
        let end = line_end(self.bytes, start);
        self.row.is_unclosed = true;
        self.row.slip.get_or_insert(QuoteSlip::Unclosed(start));
        self.push_quoted(start, end, end, true);
    }

    /// Adds a field whose text in quotes ends at `closing`, and may have doubled quotes only where `is_doubled`.
    fn push_quoted(&mut self, start: usize, closing: usize, end: usize, is_doubled: bool) {
        let (inside, behind) = (&self.bytes[start + 1..closing], &self.bytes[end.min(closing + 1)..end]);
        let value = if behind.is_empty() && !is_doubled {
            Value::InFile(start + 1, closing)
        } else {
            let from = self.values.len();
            push_unescaped(&mut self.values, inside);
            self.values.extend_from_slice(behind);
            Value::InValues(from, self.values.len())
        };
        self.fields.push(Field { start, end, value });
        self.at = end;
    }
}

impl<'r> RawRow<'r> {
    /// The number of fields, at least 1.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// True if the row is empty or has only ASCII white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.whole().trim_ascii().is_empty()
    }

    /// True if all fields are empty or blank, as in rows that spreadsheets leave behind.
    pub(crate) fn is_without_values(&self) -> bool {
        !self.is_unclosed && (0..self.len()).all(|index| is_blank(self.value(index)))
    }

    /// The bytes of the row, without its line break.
    #[must_use]
    pub fn whole(&self) -> &'r [u8] {
        &self.bytes[self.start..self.end]
    }

    /// The bytes of the file from the start of the row to the end of what is read.
    pub(crate) fn and_below(&self) -> &'r [u8] {
        &self.bytes[self.start..]
    }

    /// The bytes of the file between two offsets in the row.
    pub(crate) fn between(&self, from: usize, to: usize) -> &'r [u8] {
        &self.bytes[from..to]
    }

    /// The bytes of a field, with its quotes; empty where there is no such field.
    #[must_use]
    pub fn raw(&self, index: usize) -> &'r [u8] {
        &self.bytes[self.span(index).unwrap_or_default()]
    }

    /// The range of a field in the file, with its quotes; `None` where there is no such field.
    pub(crate) fn span(&self, index: usize) -> Option<Range<usize>> {
        self.fields.get(index).map(|field| field.start..field.end)
    }

    /// True if a field begins with a double quote.
    pub(crate) fn is_quoted(&self, index: usize) -> bool {
        self.raw(index).first() == Some(&b'"')
    }

    /// The bytes between the quotes of a field, with doubled quotes still doubled; all bytes of an unquoted field.
    pub(crate) fn inside(&self, index: usize) -> &'r [u8] {
        without_quotes(self.raw(index))
    }

    /// The value of a field, with quotes removed; empty if there is no such field.
    #[must_use]
    pub fn value(&self, index: usize) -> &'r [u8] {
        match self.fields.get(index).map(|field| field.value) {
            Some(Value::InFile(start, end)) => &self.bytes[start..end],
            Some(Value::InValues(start, end)) => &self.values[start..end],
            None => &[],
        }
    }

    /// The value of a field as text; invalid UTF-8 is replaced.
    #[must_use]
    pub fn text(&self, index: usize) -> Cow<'r, str> {
        let value = self.value(index);
        // Valid UTF-8 is recognised several times as fast as it is searched for what to replace.
        std::str::from_utf8(value).map_or_else(|_| String::from_utf8_lossy(value), Cow::Borrowed)
    }

    /// The place at which a field begins; the end of the row if there is no such field.
    #[must_use]
    pub fn place(&self, index: usize) -> Place {
        self.place_of(self.fields.get(index).map_or(self.end, |field| field.start))
    }

    /// The place of a byte offset in the row.
    pub(crate) fn place_of(&self, offset: usize) -> Place {
        if offset <= self.start {
            return Place::new(self.line, 1);
        }
        let before = &self.bytes[self.start..offset.clamp(self.start, self.end)];
        let line_start = memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
        Place::new(self.line + line_breaks(before), column_behind(&before[line_start..]))
    }

    /// The first field that contains lines which are rows of their own according to `is_row` (called with the row and
    /// its text, split by commas). The field's own first line does not count.
    pub(crate) fn swallowed_rows(&self, is_row: impl Fn(&RawRow<'_>, &[u8]) -> bool) -> Option<SwallowedRows<'r>> {
        if self.is_unclosed {
            return None;
        }
        self.fields.iter().enumerate().find_map(|(position, field)| {
            let mut at = line_end(&self.bytes[..field.end], field.start);
            if at == field.end {
                return None;
            }
            let mut lines = Vec::new();
            let mut line = self.place_of(field.start).line;
            while at < field.end {
                at = past_line_break(self.bytes, at);
                line += 1;
                let text = &self.bytes[at..line_end(self.bytes, at)];
                if RawRows::lenient(text, 0).next_row().is_some_and(|row| is_row(&row, text)) {
                    lines.push((line, text));
                }
                at = line_end(&self.bytes[..field.end], at.min(field.end));
            }
            (!lines.is_empty()).then_some(SwallowedRows { field: position, lines })
        })
    }

    /// The problem of the row that does not depend on its columns: a quote that is not closed, or text that is not
    /// UTF-8.
    #[must_use]
    pub fn fault(&self) -> Option<Problem> {
        if self.is_unclosed {
            return Some(Problem::error(self.place(self.len() - 1), ProblemKind::UnclosedQuote));
        }
        let bad = std::str::from_utf8(self.whole()).err()?.valid_up_to();
        Some(Problem::error(self.place_of(self.start + bad), ProblemKind::NotUtf8 { byte: self.whole()[bad] }))
    }
}

/// A field without the quotes around it, doubled quotes still doubled.
pub(crate) fn without_quotes(raw: &[u8]) -> &[u8] {
    match raw {
        [b'"', inside @ .., b'"'] => inside,
        [b'"', inside @ ..] => inside,
        raw => raw,
    }
}

/// The offset of the closing quote of a field, searched from the byte after the opening one. A doubled quote is text.
fn closing_quote(bytes: &[u8], from: usize) -> Option<(usize, bool)> {
    let (mut at, mut is_doubled) = (from, false);
    loop {
        at += memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some((at, is_doubled));
        }
        (at, is_doubled) = (at + 2, true);
    }
}

fn plain_end(bytes: &[u8], from: usize, separator: u8) -> usize {
    memchr3(separator, b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |length| from + length)
}

/// Appends the text between the quotes of a field, with one quote for each doubled one.
fn push_unescaped(out: &mut Vec<u8>, inside: &[u8]) {
    let mut is_first_of_two = false;
    for byte in inside {
        is_first_of_two = *byte == b'"' && !is_first_of_two;
        if !is_first_of_two {
            out.push(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Texts of what a tokenizer looks at.
    fn any_text() -> impl Strategy<Value = Vec<u8>> {
        const PIECES: [&[u8]; 12] =
            [b"a", b"b c", b" ", b",", b",", b"\"", b"\"", b"\"\"", b"\n", b"\r\n", b"\r", b"\xEF\xBB\xBF"];
        vec(select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat())
    }

    fn any_line_breaks() -> impl Strategy<Value = LineBreaks> {
        prop_oneof![Just(LineBreaks::Anywhere), Just(LineBreaks::In(1)), Just(LineBreaks::Nowhere)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn rows_and_line_breaks_are_the_file_and_raw_fields_are_the_row(bytes in any_text(), breaks in any_line_breaks()) {
            let mut rows = RawRows { skips_marks: false, ..RawRows::new(&bytes, 0, 1, breaks) };
            let mut again = Vec::new();
            while let Some(row) = rows.next_row() {
                prop_assert_eq!((row.start, row.line), (again.len(), line_breaks(&again) + 1));
                let fields: Vec<&[u8]> = (0..row.len()).map(|index| row.raw(index)).collect();
                prop_assert_eq!(fields.join(&b','), row.whole());
                again.extend_from_slice(row.whole());
                again.extend_from_slice(match row.line_end {
                    LineEnd::Lf => b"\n",
                    LineEnd::CrLf => b"\r\n",
                    LineEnd::Cr => b"\r",
                    LineEnd::Missing => b"",
                });
            }
            prop_assert_eq!(again, bytes);
        }

        #[test]
        fn any_separator_splits_as_the_comma_does(bytes in any_text(), separator in select(&Separator::ALL[..])) {
            let exchanged = |bytes: &[u8]| -> Vec<u8> {
                let exchange = |byte: &u8| if *byte == b',' { separator.byte() } else { *byte };
                bytes.iter().map(exchange).collect()
            };
            let other = exchanged(&bytes);
            let (mut rows, mut others) = (RawRows::lenient(&bytes, 0), RawRows::lenient(&other, 0).separated_by(separator));
            while let Some(row) = rows.next_row() {
                let found = others.next_row().map(|row| (row.start, row.end, row.line, row.slip, row.len())).unwrap_or_default();
                prop_assert_eq!(found, (row.start, row.end, row.line, row.slip, row.len()));
                for index in 0..row.len() {
                    prop_assert_eq!(others.last_row().value(index), exchanged(row.value(index)));
                }
            }
            prop_assert!(others.next_row().is_none());
        }

        #[test]
        fn values_are_those_of_the_csv_crate_up_to_a_quote_that_is_never_closed(bytes in any_text()) {
            prop_assume!(!bytes.starts_with(BYTE_ORDER_MARK));
            let mut known = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
            let mut known = known.byte_records();
            let mut rows = RawRows::lenient(&bytes, 0);
            while let Some(row) = rows.next_row().filter(|row| !row.is_unclosed) {
                if row.whole().is_empty() {
                    continue;
                }
                let values: Vec<&[u8]> = (0..row.len()).map(|index| row.value(index)).collect();
                let expected = known.next().and_then(Result::ok).unwrap_or_default();
                prop_assert_eq!(values, expected.iter().collect::<Vec<_>>());
            }
            prop_assert!(known.next().is_none() || rows.last_row().is_unclosed);
        }
    }

    #[test]
    fn a_slip_of_quotes_has_its_place_and_costs_its_line() {
        use QuoteSlip::{AfterClosing, ClosedByNext, Unclosed};
        for (text, breaks, slips) in [
            ("\"a\",\"b\"\n", LineBreaks::Nowhere, &[None][..]),
            ("\"a\",\"b\n\"c\"", LineBreaks::Nowhere, &[Some(Unclosed(4)), None]),
            ("\"a\",\"b\nc\"", LineBreaks::In(1), &[None]),
            ("\"a\nb\",\"c\"", LineBreaks::In(1), &[Some(Unclosed(0)), None]),
            ("\"a\nb\",\"c\"", LineBreaks::Anywhere, &[None]),
            ("\"a\n\"b\"", LineBreaks::Anywhere, &[Some(Unclosed(0)), None]),
            ("\"a\"b,\"c\"", LineBreaks::Nowhere, &[Some(AfterClosing(3))]),
            ("\"a,\"b\",c", LineBreaks::Nowhere, &[Some(ClosedByNext { start: 0, comma: 2 })]),
        ] {
            let mut rows = RawRows::new(text.as_bytes(), 0, 1, breaks);
            let found: Vec<_> = std::iter::from_fn(|| rows.next_row().map(|row| row.slip)).collect();
            assert_eq!(found, slips, "{text:?}");
        }
    }
}
