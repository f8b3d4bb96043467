//! Text that is no plain CSV: UTF-16, fields separated by semicolons or tabs, column names that are nearly right. Lines
//! keep their numbers.

use std::borrow::Cow;

use super::columns::{Wanted, trimmed_name};
use super::conversion::{Converted, Original, push_field};
use super::lines::{field_starts, line_end, past_break};
use crate::format::blank::is_blank;
use crate::format::record::{BYTE_ORDER_MARK, separator_line};

/// The separators that are looked for, the usual one first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Turns a text into CSV; `None` for one that is plain CSV already, or nothing that is sure to be a table.
///
/// # Errors
/// Several columns that fit, or UTF-16 that is damaged.
pub(super) fn convert(bytes: &[u8], wanted: Wanted) -> Result<Option<Converted>, String> {
    let decoded = decode(bytes)?;
    let is_decoded = matches!(decoded, Cow::Owned(_));
    let text = decoded.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&decoded);
    let named = separator_line(text).map_or(0, |line| line.length);
    let Some(header) = header_line(text, named, wanted) else { return Ok(decoded_alone(&decoded, is_decoded)) };
    let fits = SEPARATORS.map(|separator| wanted.fit(&names(&text[header.start..header.end], separator)));
    // The first of the best: a comma where nothing fits better.
    let best = (0..SEPARATORS.len()).rev().max_by_key(|index| fits[*index].matched).unwrap_or_default();
    let (separator, fit) = (SEPARATORS[best], &fits[best]);
    if !wanted.is_header(fit) {
        return Ok(decoded_alone(&decoded, is_decoded));
    }
    if let Some(said) = fit.refusal() {
        return Err(format!("line {}: {said}", header.line));
    }
    if separator == b',' && fit.renamed.is_empty() {
        return Ok(decoded_alone(&decoded, is_decoded));
    }
    let found = names(&text[header.start..header.end], separator);
    let mut csv = Vec::with_capacity(text.len() + text.len() / 8);
    if separator != b',' && named > 0 {
        // The line that named the other separator becomes a blank one.
        csv.push(b'\n');
        write_lines(&text[named..header.start], separator, wanted.comments, &mut csv);
    } else {
        write_lines(&text[..header.start], separator, wanted.comments, &mut csv);
    }
    for (position, name) in found.iter().enumerate() {
        if position > 0 {
            csv.push(b',');
        }
        let right = fit.renamed.iter().find(|(renamed, _)| *renamed == position).map(|(_, right)| *right);
        push_field(&mut csv, right.unwrap_or(name));
    }
    write_lines(&text[header.end..], separator, wanted.comments, &mut csv);
    let mut notes = decoding_note(is_decoded);
    match separator {
        b';' => notes.push("semicolons read as separators".to_owned()),
        b'\t' => notes.push("tabs read as separators".to_owned()),
        _ => {}
    }
    let renamed = fit.renamed.iter().map(|(position, name)| (found[*position].clone(), *name)).collect();
    let original = Original::Text { text: text.to_vec(), separator };
    Ok(Some(Converted { csv, header_line: header.line, notes, renamed, matched: fit.matched, original }))
}

fn decoded_alone(decoded: &[u8], is_decoded: bool) -> Option<Converted> {
    is_decoded.then(|| Converted {
        csv: decoded.to_vec(),
        header_line: 1,
        notes: decoding_note(true),
        renamed: Vec::new(),
        matched: 0,
        original: Original::Same,
    })
}

fn decoding_note(is_decoded: bool) -> Vec<String> {
    if is_decoded { vec!["read as UTF-16".to_owned()] } else { Vec::new() }
}

/// A text in UTF-8; one in UTF-16 is decoded, where a byte order mark or a NUL beside each of its first characters says so.
fn decode(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    type FromBytes = fn([u8; 2]) -> u16;
    let (units, from): (&[u8], FromBytes) = match bytes {
        // The mark of UTF-32, which is not read.
        [0xFF, 0xFE, 0, 0, ..] => return Ok(Cow::Borrowed(bytes)),
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ if has_nul_at(bytes, 1) => (bytes, u16::from_le_bytes),
        _ if has_nul_at(bytes, 0) => (bytes, u16::from_be_bytes),
        _ => return Ok(Cow::Borrowed(bytes)),
    };
    let (pairs, rest) = units.as_chunks::<2>();
    let decoded: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| from(*pair))).collect();
    match decoded {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text.into_bytes())),
        _ => Err("this text in the encoding UTF-16 is damaged; save it as UTF-8".to_owned()),
    }
}

/// Whether each of the first pairs of bytes has its NUL, and only that, at a position.
fn has_nul_at(bytes: &[u8], position: usize) -> bool {
    const PAIRS: usize = 16;
    let first = bytes.as_chunks::<2>().0.iter().take(PAIRS);
    first.len() > 3 && first.clone().all(|pair| pair[position] == 0 && pair[1 - position] != 0)
}

/// The line that is the header.
struct HeaderLine {
    start: usize,
    end: usize,
    line: u32,
}

/// The first line that is neither blank nor a comment.
fn header_line(text: &[u8], from: usize, wanted: Wanted) -> Option<HeaderLine> {
    let mut line = if from > 0 { 2 } else { 1 };
    let mut start = from;
    while start < text.len() {
        let end = line_end(text, start);
        let content = text[start..end].trim_ascii_start();
        let is_comment = wanted.comments && content.starts_with(b"#");
        if !is_comment && !is_blank(&text[start..end]) {
            return Some(HeaderLine { start, end, line });
        }
        line += 1;
        start = past_break(text, end);
    }
    None
}

fn names(line: &[u8], separator: u8) -> Vec<String> {
    let starts = field_starts(line, separator);
    let field = |index: usize| {
        let end = starts.get(index + 1).map_or(line.len(), |next| next - 1);
        let field = String::from_utf8_lossy(&line[starts[index]..end]).into_owned();
        let name = trimmed_name(&field);
        let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        inside.map_or(name.clone(), |inside| trimmed_name(&inside.replace("\"\"", "\"")))
    };
    (0..starts.len()).map(field).collect()
}

/// Writes lines with commas in place of their separators. A field without quotes gets some where it needs them.
fn write_lines(text: &[u8], separator: u8, comments: bool, csv: &mut Vec<u8>) {
    if separator == b',' {
        csv.extend_from_slice(text);
        return;
    }
    let mut at = 0;
    let mut begins_line = text.first().is_none_or(|byte| !matches!(byte, b'\n' | b'\r'));
    while at < text.len() {
        if begins_line && comments && text[at..line_end(text, at)].trim_ascii_start().starts_with(b"#") {
            let end = line_end(text, at);
            csv.extend_from_slice(&text[at..end]);
            at = end;
        }
        let end = field_end(text, at, separator);
        let field = &text[at..end];
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

/// Where a field ends: at its separator or line break, past its quotes.
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
    }
    let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    text[at..].iter().position(ends).map_or(text.len(), |length| at + length)
}
