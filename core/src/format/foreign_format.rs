//! Recognition of files that are not UTF-8 CSV, by their first bytes: workbooks, archives, other encodings, JSON, web pages.

use super::record::BYTE_ORDER_MARK;

/// The description of a file that is not UTF-8 CSV, if its first bytes show what it is. NUL characters alone do not: a
/// table may have some in its rows (see [`binary`]).
pub(super) fn foreign_format(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    foreign_to_text(text).or_else(|| is_json(text).then_some("JSON"))
}

/// The description of a file with NUL characters at its beginning, which no text has.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    bytes.iter().take(8192).any(|byte| *byte == 0).then_some("a binary file")
}

/// The description of a file that is neither UTF-8 CSV nor JSON, if its first bytes show what it is. `text` has no byte
/// order mark.
pub(super) fn foreign_to_json(text: &[u8]) -> Option<&'static str> {
    foreign_to_text(text).or_else(|| if is_json(text) { None } else { binary(text) })
}

fn foreign_to_text(text: &[u8]) -> Option<&'static str> {
    let start = text.trim_ascii_start();
    if text.starts_with(b"PK\x03\x04") {
        Some("an Excel workbook or a ZIP archive")
    } else if text.starts_with(b"\xD0\xCF\x11\xE0") {
        Some("an old Excel workbook")
    } else if text.starts_with(b"\x1F\x8B") {
        Some("a file compressed by gzip, which must be unpacked first")
    } else if text.starts_with(b"\xFF\xFE\0\0") || text.starts_with(b"\0\0\xFE\xFF") {
        Some("text in the encoding UTF-32")
    } else if is_utf_16(text) {
        Some("text in the encoding UTF-16")
    } else if text.starts_with(b"%PDF") {
        Some("a PDF document")
    } else if start.len() >= 5
        && [&b"<html"[..], b"<!doc", b"<tabl"].iter().any(|tag| start[..5].eq_ignore_ascii_case(tag))
    {
        Some("a web page")
    } else if start.starts_with(b"{\\rtf") {
        Some("a document of a word processor (RTF)")
    } else if start.starts_with(b"<?xml") {
        let is_workbook = memchr::memmem::find(&start[..start.len().min(4096)], b"office:spreadsheet").is_some();
        Some(if is_workbook { "a workbook saved as XML (SpreadsheetML)" } else { "an XML document" })
    } else {
        None
    }
}

/// True if a text begins with the byte order mark of UTF-16, or with ASCII characters encoded in it.
fn is_utf_16(text: &[u8]) -> bool {
    const CHARACTERS: usize = 8;
    let has_zeros = |first: usize| {
        let zeros = text.iter().skip(first).step_by(2).take(CHARACTERS);
        let others = text.iter().skip(1 - first).step_by(2).take(CHARACTERS);
        zeros.clone().all(|byte| *byte == 0) && others.clone().all(|byte| *byte != 0 && byte.is_ascii())
    };
    text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") || text.len() > 3 && (has_zeros(0) || has_zeros(1))
}

/// True if a text begins like JSON. A CSV header may begin with an SQL name in brackets, `[ba_id],`.
pub(super) fn is_json(text: &[u8]) -> bool {
    match text.trim_ascii_start() {
        [b'{', ..] => true,
        [b'[', rest @ ..] => {
            let name = rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
            name == 0 || !matches!(rest[name..], [b']', b',' | b'.', ..])
        }
        _ => false,
    }
}
