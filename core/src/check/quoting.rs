//! Fields without proper double quotes: what is wrong with the quotes, and the value that was meant. The value is read on, so
//! that a mistake in the quotes is one finding, and does not hide what else is wrong with the row.

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use crate::format::raw_row::RawRow;
use crate::text::visible::shown;
use crate::text::words::grouped;

/// Signs that are taken for quotes: single and typographic ones.
const OTHER_QUOTES: [&str; 13] = ["'", "`", "´", "‘", "’", "‚", "“", "”", "„", "«", "»", "‹", "›"];

/// What is wrong with the quotes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip<'r> {
    /// There are none.
    Missing,
    /// Other signs stand in their place.
    OtherSigns,
    /// Only the closing one is there.
    NoOpening,
    /// Something stands before the opening one.
    Before(&'r str),
}

/// The value between the quotes of a field, with doubled quotes still doubled; without quotes, the value that was meant.
pub(super) fn inside<'r>(row: &RawRow<'r>, index: usize) -> &'r [u8] {
    match row.raw(index) {
        [b'"', inside @ .., b'"'] => inside,
        raw => meant(raw).0,
    }
}

/// True if a row has no quotes at all.
pub(super) fn is_bare(row: &RawRow<'_>) -> bool {
    !row.whole().contains(&b'"')
}

/// Reports the fields of a row that lack double quotes, as one finding. With `is_file_bare`, the message is about all rows of the
/// file. An empty field of a header is left out: it is a column without a name, which is another finding.
pub(super) fn check(row: &RawRow<'_>, is_header: bool, is_file_bare: bool, findings: &mut Findings) {
    let is_nameless = |index: usize| is_header && row.raw(index).is_empty();
    let is_bare = |index: &usize| !row.is_quoted(*index) && !is_nameless(*index);
    let mut bare = (0..row.len()).filter(is_bare);
    let Some(first) = bare.next() else { return };
    let more = bare.count();
    findings.add(FindingKind::MissingQuotes, row.line, || {
        let (value, slip) = meant(row.raw(first));
        let (value, whole) = (String::from_utf8_lossy(value), String::from_utf8_lossy(row.raw(first)));
        let whole = shown(&whole);
        let others = match more {
            _ if is_file_bare => ", nor around any other field of this file".to_owned(),
            0 => String::new(),
            1 => ", and one more field of this line".to_owned(),
            _ => format!(", and {} more fields of this line", grouped(more)),
        };
        let what = match slip {
            Slip::Missing => format!("no double quotes around '{whole}'"),
            Slip::OtherSigns => format!("other quotes than double quotes around {whole}"),
            Slip::NoOpening => format!("no double quote before {whole}"),
            Slip::Before(text) if text.trim().is_empty() => "a blank before the opening quote".to_owned(),
            Slip::Before(text) => format!("'{}' before the opening quote", shown(text)),
        };
        let text = format!("{what}{others}; write \"{}\"", shown(&value));
        FindingDraft::from((row.place(first), text)).expected(format!("\"{value}\""))
    });
}

/// The value of a field that lacks quotes, and its slip.
fn meant(raw: &[u8]) -> (&[u8], Slip<'_>) {
    let Ok(text) = std::str::from_utf8(raw) else { return (raw, Slip::Missing) };
    let trimmed = text.trim();
    if let Some(before) = trimmed.strip_suffix('"') {
        return match text.split_once('"') {
            Some((front, _)) if before.contains('"') => {
                let inside = before.split_once('"').map_or(before, |(_, inside)| inside);
                (inside.as_bytes(), if front.is_empty() { Slip::Missing } else { Slip::Before(front) })
            }
            _ => (before.as_bytes(), Slip::NoOpening),
        };
    }
    let unquoted = OTHER_QUOTES.iter().find_map(|sign| trimmed.strip_prefix(sign));
    let unquoted = unquoted.and_then(|rest| OTHER_QUOTES.iter().find_map(|sign| rest.strip_suffix(sign)));
    match unquoted {
        Some(inside) => (inside.as_bytes(), Slip::OtherSigns),
        None => (raw, Slip::Missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_meant_whatever_its_quotes_are() {
        for (raw, value, slip) in [
            ("7", "7", Slip::Missing),
            (" 7", " 7", Slip::Missing),
            ("", "", Slip::Missing),
            ("'7'", "7", Slip::OtherSigns),
            ("“7”", "7", Slip::OtherSigns),
            (" »7«", "7", Slip::OtherSigns),
            ("'", "'", Slip::Missing),
            ("7\"", "7", Slip::NoOpening),
            (" \"7\"", "7", Slip::Before(" ")),
            ("# \"7\"", "7", Slip::Before("# ")),
            ("\"7\" ", "7", Slip::Missing),
        ] {
            assert_eq!(meant(raw.as_bytes()), (value.as_bytes(), slip), "{raw}");
        }
        assert_eq!(meant(b"\xFF'"), (&b"\xFF'"[..], Slip::Missing));
    }
}
