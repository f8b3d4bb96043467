//! Stray bytes in the fields of a row: bytes that are not UTF-8, byte order marks, NUL and end-of-file characters.
//!
//! Each field with stray bytes is one finding, at the first of them. Its value is not reported as a bad id or time as well.

use std::borrow::Cow;

use memchr::memchr2;

use super::finding_kind::FindingKind;
use super::findings::Findings;
use crate::format::raw_row::RawRow;
use crate::format::record::BYTE_ORDER_MARK;
use crate::text::problem::{Problem, ProblemKind};

const NUL: u8 = 0;
/// The character that old programs put at the end of a file (Ctrl-Z).
const END_OF_FILE: u8 = 0x1A;

/// The kinds of stray bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stray {
    /// A byte that is not UTF-8.
    NotUtf8(u8),
    /// A byte order mark.
    Mark,
    /// A control character that no text has.
    Control(u8),
}

/// True if bytes may have stray ones. It is fast for rows that are plain ASCII.
pub(super) fn may_have(bytes: &[u8]) -> bool {
    !bytes.is_ascii() || memchr2(NUL, END_OF_FILE, bytes).is_some()
}

/// True if bytes have stray ones.
pub(super) fn has(bytes: &[u8]) -> bool {
    may_have(bytes) && first(bytes).is_some()
}

/// True for a line that has nothing but stray characters, such as a byte order mark at the end of the file.
pub(super) fn is_alone(line: &[u8]) -> bool {
    let is_stray = |byte: &u8| matches!(*byte, NUL | END_OF_FILE) || BYTE_ORDER_MARK.contains(byte);
    line.first().is_some_and(is_stray) && line.iter().all(|byte| is_stray(byte) || byte.is_ascii_whitespace())
}

/// A value without its byte order marks; `None` if another stray byte stands in it, which may have replaced a character.
pub(super) fn without_marks(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !has(value) {
        return Some(Cow::Borrowed(value));
    }
    let text = std::str::from_utf8(value).ok()?.replace('\u{feff}', "");
    (!has(text.as_bytes())).then(|| Cow::Owned(text.into_bytes()))
}

/// Bytes without all stray ones.
pub(super) fn text_only(bytes: &[u8]) -> Vec<u8> {
    let is_text = |character: &char| !matches!(*character, '\u{feff}' | '\0' | '\u{1a}' | char::REPLACEMENT_CHARACTER);
    String::from_utf8_lossy(bytes).chars().filter(is_text).collect::<String>().into_bytes()
}

/// Reports the stray bytes of a row, once for each field. Returns true if there are any.
pub(super) fn report(row: &RawRow<'_>, findings: &mut Findings) -> bool {
    if !may_have(row.whole()) {
        return false;
    }
    let (mut from, mut is_found) = (row.start, false);
    for end in (0..row.len()).filter_map(|index| row.span(index)).map(|field| field.end) {
        // A byte order mark before the quote of a field belongs to no field.
        if let Some((at, stray)) = first(row.between(from, end)) {
            is_found = true;
            report_one(row, from + at, stray, findings);
        }
        from = end;
    }
    is_found
}

fn report_one(row: &RawRow<'_>, at: usize, stray: Stray, findings: &mut Findings) {
    let place = || row.place_of(at);
    match stray {
        Stray::NotUtf8(byte) => findings.add_problem(&Problem::error(place(), ProblemKind::NotUtf8 { byte })),
        Stray::Mark => findings.add(FindingKind::ByteOrderMark, row.line, || {
            (place(), "a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only")
        }),
        Stray::Control(byte) => findings.add(FindingKind::ControlCharacter, row.line, || {
            let name = if byte == NUL { "NUL" } else { "end-of-file" };
            (
                place(),
                format!("{name} character (byte 0x{byte:02X}); no text has it, so remove it or write what it replaced"),
            )
        }),
    }
}

/// The first stray byte, and its offset.
fn first(bytes: &[u8]) -> Option<(usize, Stray)> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    let control = memchr2(NUL, END_OF_FILE, &bytes[..valid]).map(|at| (at, Stray::Control(bytes[at])));
    let mark = memchr::memmem::find(&bytes[..valid], BYTE_ORDER_MARK).map(|at| (at, Stray::Mark));
    let other = bytes.get(valid).map(|byte| (valid, Stray::NotUtf8(*byte)));
    [control, mark, other].into_iter().flatten().min_by_key(|(at, _)| *at)
}
