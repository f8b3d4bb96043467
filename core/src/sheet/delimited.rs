//! Conversion of text that is not plain CSV: UTF-16 or UTF-32, fields separated by semicolons, tabs or pipes, column names
//! that match only nearly, titles above the header. Lines keep their numbers.

use std::borrow::Cow;

use memchr::memchr;

use super::columns::{Fit, HEADER_WITHIN, Wanted, looks_like_row, trimmed_name};
use super::conversion::{Converted, Original, all_in_one_column, passed_over, push_field};
use super::conversion_error::ConversionError;
use super::fields::field_starts;
use crate::format::blank::is_blank;
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::format::table::{SEPARATORS, separator_word};
use crate::text::lines::{line_end, past_line_break};

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
    let is_misnamed = separator_line(text).is_some_and(|line| line.separator != [header.separator]);
    let is_plain = header.separator == b',' && header.fit.renamed.is_empty() && header.titles == 0 && !is_misnamed;
    if is_plain && doubt.is_none() {
        return Ok(decoded_alone(&decoded, encoding, header.fit.matched));
    }
    let mut notes = decoding_note(encoding);
    if header.separator != b',' || is_misnamed {
        notes.push(format!("{} read as separators", separator_word(header.separator)));
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
    Ok(Some(Converted { csv, header_line: line, notes, renamed, matched: fit.matched, doubt, original }))
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
    pub(super) separator: u8,
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
    let HeaderLine { start, end: end_of_line, line } = header_line(text, from, line, wanted)?;
    let row = |end: usize, separator: u8| {
        let names = names(&text[start..end], separator);
        (end, separator, wanted.fit(&names), names)
    };
    let best_to = |end: usize| {
        let is_there = |separator: u8| separator == b',' || memchr(separator, &text[start..end]).is_some();
        let separators = SEPARATORS.iter().map(|(separator, _)| *separator).filter(|one| is_there(*one));
        let rows: Vec<_> = separators.map(|separator| row(end, separator)).collect();
        // The first of the best: a comma where nothing fits better.
        rows.into_iter().rev().max_by_key(|(.., fit, names)| (fit.matched, names.len()))
    };
    let on_line = best_to(end_of_line)?;
    // Lines below belong to the header only if it names more columns with them.
    let over_lines = end_of_quotes(text, start, end_of_line).and_then(best_to);
    let over_lines = over_lines.filter(|(.., fit, _)| wanted.is_header(fit) && fit.matched > on_line.2.matched);
    let (end, separator, fit, names) = over_lines.unwrap_or(on_line);
    let breaks = u32::try_from(line_breaks(&text[start..end])).unwrap_or_default();
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
            write_lines(&text[named..start], separator, wanted.comments, &mut csv);
        } else {
            write_lines(&text[..start], separator, wanted.comments, &mut csv);
        }
        for (position, name) in self.names.iter().enumerate() {
            if position > 0 {
                csv.push(b',');
            }
            push_field(&mut csv, name);
        }
        // Lines below a header that goes over several keep their numbers.
        csv.resize(csv.len() + breaks as usize, b'\n');
        write_lines(&text[end..], separator, wanted.comments, &mut csv);
        csv
    }
}

/// The conversion of a text that only had to be decoded; `None` if it is in UTF-8.
fn decoded_alone(decoded: &[u8], encoding: Option<&str>, matched: usize) -> Option<Converted> {
    encoding.is_some().then(|| Converted {
        csv: decoded.to_vec(),
        header_line: 1,
        notes: decoding_note(encoding),
        renamed: Vec::new(),
        matched,
        doubt: None,
        original: Original::Same,
    })
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

/// The header's line: the byte offsets of its beginning and end, and its number from 1.
struct HeaderLine {
    start: usize,
    end: usize,
    line: u32,
}

/// The first line from an offset that is neither blank nor a comment; `line` is the number of the line there.
fn header_line(text: &[u8], from: usize, mut line: u32, wanted: Wanted) -> Option<HeaderLine> {
    let mut start = from;
    while start < text.len() {
        let end = line_end(text, start);
        let content = text[start..end].trim_ascii_start();
        let is_comment = wanted.comments && content.starts_with(b"#");
        if !is_comment && !is_blank(&text[start..end]) {
            return Some(HeaderLine { start, end, line });
        }
        line += 1;
        start = past_line_break(text, end);
    }
    None
}

/// The end of the line on which the quote closes that opens the last field of a line; `None` if no quote is open there, or
/// if it closes far below.
fn end_of_quotes(text: &[u8], start: usize, end: usize) -> Option<usize> {
    const LINES: usize = 10;
    let quotes = |text: &[u8]| text.iter().filter(|byte| **byte == b'"').count();
    let line = &text[start..end];
    let open = line.iter().rposition(|byte| *byte == b'"').filter(|_| quotes(line) % 2 == 1)?;
    let is_separator = |byte: u8| SEPARATORS.iter().any(|(separator, _)| *separator == byte);
    if open > 0 && !is_separator(line[open - 1]) {
        return None;
    }
    let mut at = end;
    for _ in 0..LINES {
        let next = past_line_break(text, at);
        // A row of the table is no part of a name.
        if text.get(next).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        at = line_end(text, next);
        if quotes(&text[start..at]) % 2 == 0 {
            return Some(at);
        }
    }
    None
}

/// The number of line breaks in a text.
fn line_breaks(text: &[u8]) -> usize {
    let mut count = 0;
    let mut at = line_end(text, 0);
    while at < text.len() {
        count += 1;
        at = line_end(text, past_line_break(text, at));
    }
    count
}

fn names(line: &[u8], separator: u8) -> Vec<String> {
    let starts = field_starts(line, separator);
    let field = |index: usize| {
        let end = starts.get(index + 1).map_or(line.len(), |next| next - 1);
        let field = String::from_utf8_lossy(&line[starts[index]..end]).replace("\r\n", " ").replace(['\r', '\n'], " ");
        let name = trimmed_name(&field);
        let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        inside.map_or(name.clone(), |inside| trimmed_name(&inside.replace("\"\"", "\"")))
    };
    (0..starts.len()).map(field).collect()
}

/// Appends lines with commas in place of their separators. A field is put in quotes if it needs them.
fn write_lines(text: &[u8], separator: u8, comments: bool, csv: &mut Vec<u8>) {
    if separator == b',' {
        csv.extend_from_slice(text);
        return;
    }
    let mut at = 0;
    let mut begins_line = text.first().is_none_or(|byte| !matches!(byte, b'\n' | b'\r'));
    while at < text.len() {
        if begins_line && separator == b'|' && is_border(&text[at..line_end(text, at)]) {
            at = line_end(text, at);
        } else if begins_line && comments && text[at..line_end(text, at)].trim_ascii_start().starts_with(b"#") {
            let end = line_end(text, at);
            csv.extend_from_slice(&text[at..end]);
            at = end;
        }
        let end = field_end(text, at, separator);
        // Programs that print tables with pipes fill the fields up with blanks.
        let field = if separator == b'|' { text[at..end].trim_ascii() } else { &text[at..end] };
        let needs_quotes = !field.starts_with(b"\"") && field.iter().any(|byte| matches!(byte, b',' | b'"'));
        if needs_quotes {
            csv.push(b'"');
            field.iter().for_each(|byte| if *byte == b'"' { csv.extend_from_slice(b"\"\"") } else { csv.push(*byte) });
            csv.push(b'"');
        } else {
            csv.extend_from_slice(field);
        }
        at = end;
        match text.get(at) {
            Some(byte) if *byte == separator => csv.push(b','),
            Some(byte) => csv.push(*byte),
            None => return,
        }
        begins_line = matches!(text[at], b'\n' | b'\r');
        at += 1;
    }
}

/// True for a line without values that a program draws around rows and below the header: `+-----+----+`, `|---|---|`.
fn is_border(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 2 && line.contains(&b'-') && line.iter().all(|byte| matches!(byte, b'+' | b'-' | b'|' | b':' | b'='))
}

/// The offset at which a field ends: the first separator or line break behind its quotes.
fn field_end(text: &[u8], start: usize, separator: u8) -> usize {
    let mut at = start;
    if text.get(start) == Some(&b'"') {
        let closing = text[start + 1..].iter().position(|byte| *byte == b'"');
        let mut close = closing.map(|length| start + 1 + length);
        while let Some(quote) = close.filter(|quote| text.get(quote + 1) == Some(&b'"')) {
            let next = text[quote + 2..].iter().position(|byte| *byte == b'"');
            close = next.map(|length| quote + 2 + length);
        }
        // A quote that is never closed costs its line, as in CSV.
        at = close.map_or(start, |quote| quote + 1);
        // So does one whose next quote stands inside the text of a later line.
        let is_several_lines = text[start..at].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        let behind = text[at..].iter().find(|byte| **byte != b' ');
        if is_several_lines && behind.is_some_and(|byte| *byte != separator && !matches!(byte, b'\n' | b'\r')) {
            at = start;
        }
    }
    let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    text[at..].iter().position(ends).map_or(text.len(), |length| at + length)
}
