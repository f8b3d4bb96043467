//! Conversion of text that is not plain CSV: UTF-16 or UTF-32, fields separated by semicolons, tabs or pipes, column names
//! that match only nearly, titles above the header. Lines keep their numbers.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::columns::{Fit, HEADER_WITHIN, Wanted, looks_like_row, trimmed_name};
use super::conversion::{Converted, Original, all_in_one_column, passed_over, push_value};
use super::conversion_error::ConversionError;
use crate::format::blank::is_blank;
use crate::format::identifier::parse_content_id;
use crate::format::quoted::push_field;
use crate::format::raw_row::{RawRow, RawRows};
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::text::lines::{line_breaks, line_end, past_line_break};
use crate::text::separator::Separator;

/// Converts a text to CSV; `None` if it is plain CSV already, or not certainly a table.
///
/// # Errors
/// [`ConversionError`] if UTF-16 or UTF-32 is damaged.
pub(super) fn convert(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, ConversionError> {
    let (decoded, encoding) = decode(bytes)?;
    let text = decoded.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&decoded);
    let Some(header) = header(text, wanted) else { return Ok(decoded_alone(&decoded, encoding, 0)) };
    if !wanted.is_header(&header.fit) {
        return match wanted.separator_inside(&header.names) {
            Some(separator) => {
                let place = format!("line {}", header.line);
                Err(all_in_one_column(&place, &header.names[0], separator).into())
            }
            None => Ok(decoded_alone(&decoded, encoding, 0)),
        };
    }
    let doubt = header.fit.doubt(&format!("line {}", header.line));
    let is_misnamed = separator_line(text).is_some_and(|line| line.separator != [header.separator.byte()]);
    let is_plain =
        header.separator == Separator::Comma && header.fit.renamed.is_empty() && header.titles == 0 && !is_misnamed;
    if is_plain && doubt.is_none() {
        return Ok(decoded_alone(&decoded, encoding, header.fit.matched));
    }
    let mut notes = decoding_note(encoding);
    if header.separator != Separator::Comma || is_misnamed {
        notes.push(format!("{} read as separators", header.separator.plural()));
    }
    if is_misnamed {
        notes.push("the line sep= above the header names another separator, and is passed over".to_owned());
    }
    if header.titles > 0 {
        notes.push(format!("header in line {}", header.line));
        notes.push(passed_over(header.titles, "line"));
    }
    let HeaderRow { line, separator, mut names, fit, .. } = header.clone();
    let renamed = fit.renamed.iter().map(|(position, name)| (names[*position].clone(), *name)).collect();
    fit.renamed.iter().for_each(|(position, name)| names[*position] = (*name).to_owned());
    let csv = HeaderRow { names, ..header }.csv_of(text, wanted);
    let original = Original::Text { text: text.to_vec(), separator };
    Ok(Some(Converted { csv, header_line: line, notes, renamed, matched: fit.matched, doubt, separator, original }))
}

/// The row that is taken for the header of a table.
#[derive(Clone, Debug)]
pub(super) struct HeaderRow {
    start: usize,
    end: usize,
    /// The length in bytes of a first line that names the separator (`sep=;`); 0 without one.
    named: usize,
    /// The number of titles above the header: lines with values that are no comments.
    titles: usize,
    /// The number of line breaks inside of its names.
    breaks: u32,
    /// The line, from 1.
    pub(super) line: u32,
    /// The separator of its fields.
    pub(super) separator: Separator,
    /// Its fields.
    pub(super) names: Vec<String>,
    /// The match of these names with the expected columns.
    pub(super) fit: Fit,
    /// The row itself.
    pub(super) text: String,
}

/// The number of bytes in which titles and header stand, if there are titles.
const TITLES: usize = 8 << 10;

/// The header of a text: the first line that is neither blank nor a comment. If that names less than half of the columns,
/// it may be a title: then the header is the first line below that names all columns, unless a row of the table stands
/// above it.
pub(super) fn header(text: &[u8], wanted: Wanted) -> Option<HeaderRow> {
    let first = row_from(text, None, wanted)?;
    let is_title = |row: &HeaderRow| !wanted.is_header(&row.fit) && !begins_like_row(row);
    // Most texts that are no such table are of another kind, and all their lines need not be split.
    if !is_title(&first) || !wanted.may_be_named_in(&text[..text.len().min(TITLES)]) {
        return Some(first);
    }
    let mut above = first.clone();
    while is_title(&above) && above.titles + 1 < HEADER_WITHIN {
        let Some(row) = row_from(text, Some(&above), wanted) else { break };
        if row.fit.matched == wanted.names.len() {
            return Some(row);
        }
        above = row;
    }
    Some(first)
}

fn begins_like_row(row: &HeaderRow) -> bool {
    matches!(row.names.as_slice(), [first, second, ..] if looks_like_row(first, second))
}

/// The first line below another (or of the text) that is neither blank nor a comment, split by the separator that gives
/// the best match; of equal matches, the one that gives most fields.
fn row_from(text: &[u8], above: Option<&HeaderRow>, wanted: Wanted) -> Option<HeaderRow> {
    let named = separator_line(text).map_or(0, |line| line.length);
    let (from, line, titles) = match above {
        Some(above) => {
            let line = above.line + above.breaks + 1;
            (past_line_break(text, above.end), line, above.titles + usize::from(above.has_values()))
        }
        None => (named, if named > 0 { 2 } else { 1 }, 0),
    };
    let (Range { start, end: end_of_line }, line) = header_line(text, from, line, wanted)?;
    let row_to = |end: usize, separator: Separator| {
        let mut rows = RawRows::lenient(&text[..end], start).separated_by(separator);
        let row = rows.next_row()?;
        let names = names(&row);
        Some((row.end, separator, wanted.fit(&names), names))
    };
    let best_to = |end: usize| {
        let is_there = |one: &Separator| *one == Separator::Comma || memchr(one.byte(), &text[start..end]).is_some();
        let rows: Vec<_> =
            Separator::ALL.into_iter().filter(is_there).filter_map(|separator| row_to(end, separator)).collect();
        // The first of the best: a comma where nothing fits better.
        rows.into_iter().rev().max_by_key(|(.., fit, names)| (fit.matched, names.len()))
    };
    let on_line = best_to(end_of_line)?;
    // Lines below belong to the header only if it names more columns with them.
    let over_lines = end_of_header(text, start, end_of_line).and_then(best_to);
    let over_lines = over_lines.filter(|(.., fit, _)| wanted.is_header(fit) && fit.matched > on_line.2.matched);
    let (end, separator, fit, names) = over_lines.unwrap_or(on_line);
    let breaks = line_breaks(&text[start..end]);
    let text = String::from_utf8_lossy(&text[start..end]).trim().to_owned();
    Some(HeaderRow { start, end, named, titles, breaks, line, separator, names, fit, text })
}

impl HeaderRow {
    fn has_values(&self) -> bool {
        self.names.iter().any(|name| !name.is_empty())
    }

    /// The text with commas as separators and [`HeaderRow::names`] as its header. Lines keep their numbers.
    pub(super) fn csv_of(&self, text: &[u8], wanted: Wanted) -> Vec<u8> {
        let HeaderRow { start, end, named, titles, breaks, line, separator, .. } = *self;
        let mut csv = Vec::with_capacity(text.len() + text.len() / 8);
        if titles > 0 {
            // Titles become blank lines.
            csv.resize(line.saturating_sub(1) as usize, b'\n');
        } else if named > 0 {
            // The line that names a separator becomes a blank line.
            csv.push(b'\n');
            write_lines(&text[named..start], separator, wanted.comments, |_| false, &mut csv);
        } else {
            write_lines(&text[..start], separator, wanted.comments, |_| false, &mut csv);
        }
        for (position, name) in self.names.iter().enumerate() {
            if position > 0 {
                csv.push(b',');
            }
            push_value(&mut csv, name.as_bytes());
        }
        // Lines below a header that goes over several keep their numbers.
        csv.resize(csv.len() + breaks as usize, b'\n');
        let by_name = || self.names.iter().position(|name| name.eq_ignore_ascii_case(wanted.id));
        let id = self.fit.position_of(wanted.id).or_else(by_name);
        let is_row = |row: &RawRow<'_>| {
            row.len() == self.names.len() && id.is_some_and(|id| parse_content_id(row.value(id)).is_some())
        };
        write_lines(&text[end..], separator, wanted.comments, is_row, &mut csv);
        csv
    }
}

/// The conversion of a text that only had to be decoded; `None` if it is in UTF-8.
fn decoded_alone(decoded: &[u8], encoding: Option<&str>, matched: usize) -> Option<Converted> {
    encoding.is_some().then(|| Converted::plain(decoded, decoding_note(encoding), matched))
}

fn decoding_note(encoding: Option<&str>) -> Vec<String> {
    encoding.map(|encoding| format!("read as {encoding}")).into_iter().collect()
}

/// A text in UTF-8, and its original encoding if it had to be decoded: UTF-32 is recognised by its byte order mark,
/// UTF-16 by its mark or by a NUL beside each of the first characters.
///
/// # Errors
/// A message if the text is damaged.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, Option<&'static str>), String> {
    let (encoding, text) = match bytes {
        [0xFF, 0xFE, 0, 0, rest @ ..] => ("UTF-32", utf_32(rest, u32::from_le_bytes)),
        [0, 0, 0xFE, 0xFF, rest @ ..] => ("UTF-32", utf_32(rest, u32::from_be_bytes)),
        [0xFF, 0xFE, rest @ ..] => ("UTF-16", utf_16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => ("UTF-16", utf_16(rest, u16::from_be_bytes)),
        _ if has_nul_at(bytes, 1) => ("UTF-16", utf_16(bytes, u16::from_le_bytes)),
        _ if has_nul_at(bytes, 0) => ("UTF-16", utf_16(bytes, u16::from_be_bytes)),
        _ => return Ok((Cow::Borrowed(bytes), None)),
    };
    let damaged = || format!("this text in the encoding {encoding} is damaged; save it as UTF-8");
    Ok((Cow::Owned(text.ok_or_else(damaged)?.into_bytes()), Some(encoding)))
}

fn utf_16(bytes: &[u8], from: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let text: Result<String, _> = char::decode_utf16(units.iter().copied().map(from)).collect();
    text.ok().filter(|_| rest.is_empty())
}

fn utf_32(bytes: &[u8], from: fn([u8; 4]) -> u32) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let text: Option<String> = units.iter().copied().map(from).map(char::from_u32).collect();
    text.filter(|_| rest.is_empty())
}

/// True if in each of the first pairs of bytes exactly the one at `position` is NUL.
fn has_nul_at(bytes: &[u8], position: usize) -> bool {
    const PAIRS: usize = 16;
    let first = bytes.as_chunks::<2>().0.iter().take(PAIRS);
    first.len() > 3 && first.clone().all(|pair| pair[position] == 0 && pair[1 - position] != 0)
}

/// The first line from an offset that is neither blank nor a comment, and its number; `line` is the number of the line at the
/// offset.
fn header_line(text: &[u8], from: usize, mut line: u32, wanted: Wanted) -> Option<(Range<usize>, u32)> {
    let mut start = from;
    while start < text.len() {
        let end = line_end(text, start);
        let content = text[start..end].trim_ascii_start();
        let is_comment = wanted.comments && content.starts_with(b"#");
        if !is_comment && !is_blank(&text[start..end]) {
            return Some((start..end, line));
        }
        line += 1;
        start = past_line_break(text, end);
    }
    None
}

/// The end of the last line that may belong to a header whose first line is given; `None` if that line has no quotes, so
/// that the header ends with it.
fn end_of_header(text: &[u8], start: usize, end: usize) -> Option<usize> {
    const LINES: usize = 10;
    memchr(b'"', &text[start..end])?;
    let mut at = end;
    for _ in 0..LINES {
        let next = past_line_break(text, at);
        // A row of the table is no part of a name.
        if text.get(next).is_none_or(u8::is_ascii_digit) {
            break;
        }
        at = line_end(text, next);
    }
    Some(at)
}

/// The names of a header's fields, each on one line and without the blanks around it.
fn names(header: &RawRow<'_>) -> Vec<String> {
    let name = |index: usize| {
        let field = String::from_utf8_lossy(header.raw(index)).replace("\r\n", " ").replace(['\r', '\n'], " ");
        let name = trimmed_name(&field);
        let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        inside.map_or(name.clone(), |inside| trimmed_name(&inside.replace("\"\"", "\"")))
    };
    (0..header.len()).map(name).collect()
}

/// Appends lines with commas in place of their separators. A field is put in quotes if it needs them. A quote that takes in a
/// line which is a row of its own counts as not closed: the reader of CSV would not recognise that line by its separators.
fn write_lines(
    text: &[u8],
    separator: Separator,
    comments: bool,
    is_row: impl Fn(&RawRow<'_>) -> bool,
    csv: &mut Vec<u8>,
) {
    if separator == Separator::Comma {
        csv.extend_from_slice(text);
        return;
    }
    let mut rows = RawRows::lenient(text, 0).separated_by(separator);
    while rows.offset() < text.len() {
        let (_, range) = rows.next_line();
        let line = &text[range.clone()];
        let end = if separator == Separator::Pipe && is_border(line) {
            rows.skip_line();
            range.end
        } else if comments && line.trim_ascii_start().starts_with(b"#") {
            csv.extend_from_slice(line);
            rows.skip_line();
            range.end
        } else {
            let row_end = rows.next_row().map_or(range.end, |row| row.end);
            let row_to = |end: usize, start: usize| RawRows::lenient(&text[..end], start).separated_by(separator);
            let takes_in_row = line_starts_in(text, range.end, row_end)
                .any(|start| row_to(line_end(text, start), start).next_row().is_some_and(|row| is_row(&row)));
            if takes_in_row {
                rows.go_back_to_first_line();
                row_to(range.end, range.start).next_row().map_or(range.end, |row| push_row(csv, &row, separator))
            } else {
                push_row(csv, &rows.last_row(), separator)
            }
        };
        csv.extend_from_slice(&text[end..rows.offset()]);
    }
}

/// The offsets at which the lines of a row begin, but for its first one, which ends at `first_end`.
fn line_starts_in(text: &[u8], first_end: usize, row_end: usize) -> impl Iterator<Item = usize> {
    let next = move |end: usize| (end < row_end).then(|| past_line_break(text, end));
    std::iter::successors(next(first_end), move |start| next(line_end(text, *start)))
}

/// Appends a row with commas in place of its separators, without its line break. Returns the offset at which it ends.
fn push_row(csv: &mut Vec<u8>, row: &RawRow<'_>, separator: Separator) -> usize {
    let trimmed = |field| if separator == Separator::Pipe { <[u8]>::trim_ascii(field) } else { field };
    for index in 0..row.len() {
        if index > 0 {
            csv.push(b',');
        }
        let is_unclosed = row.is_unclosed && index + 1 == row.len();
        let raw = trimmed(row.raw(index));
        if row.slip.is_some() && row.is_quoted(index) && !is_unclosed {
            // Text behind the closing quote may have commas.
            push_field(csv, trimmed(row.value(index)));
        } else if raw.starts_with(b"\"") {
            csv.extend_from_slice(raw);
        } else {
            push_value(csv, raw);
        }
    }
    row.end
}

/// True for a line without values that a program draws around rows and below the header: `+-----+----+`, `|---|---|`.
fn is_border(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 2 && line.contains(&b'-') && line.iter().all(|byte| matches!(byte, b'+' | b'-' | b'|' | b':' | b'='))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const PIECES: [&[u8]; 12] =
        [b"a", b"# b", b" ", b",", b";", b";", b"\"", b"\"", b"\"\"", b"\n", b"\r\n", b"\xEF\xBB\xBF"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn rows_written_with_commas_are_the_same_up_to_a_quote_that_is_never_closed(
            pieces in vec(select(&PIECES[..]), 0..24),
        ) {
            let text = pieces.concat();
            let mut csv = Vec::new();
            write_lines(&text, Separator::Semicolon, false, |_| false, &mut csv);
            let mut originals = RawRows::lenient(&text, 0).separated_by(Separator::Semicolon);
            let mut rows = RawRows::lenient(&csv, 0);
            while let Some(original) = originals.next_row().filter(|row| !row.is_unclosed) {
                let row = rows.next_row().map(|row| (row.line, row.is_unclosed, row.len()));
                prop_assert_eq!(row, Some((original.line, false, original.len())), "{:?}", csv);
                for index in 0..original.len() {
                    prop_assert_eq!(rows.last_row().value(index), original.value(index));
                }
            }
            prop_assert!(rows.next_row().is_none() || originals.last_row().is_unclosed);
        }
    }
}
