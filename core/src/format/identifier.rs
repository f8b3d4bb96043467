//! Ids: of employees in plain digits (`88563`), of contents with thousands separators (`2,033,875`).
//!
//! Both are whole numbers from 1 to 2^63 - 1; leading zeros don't count.

use crate::text::digits::push_digits;

/// The highest id: 2^63 - 1.
pub const HIGHEST_ID: u64 = i64::MAX as u64;

/// Reads an id of digits only.
#[must_use]
pub fn parse_plain_id(text: &[u8]) -> Option<u64> {
    let mut id: u64 = 0;
    for byte in text {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        id = id.checked_mul(10)?.checked_add(digit)?;
    }
    (1..=HIGHEST_ID).contains(&id).then_some(id)
}

/// Reads a content's id with thousands separators (`2,033,875`) or without any; spaces around it are allowed. Groups
/// of a wrong length are no id.
#[must_use]
pub fn parse_content_id(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    if !text.contains(&b',') {
        return parse_plain_id(text);
    }
    let mut groups = text.split(|byte| *byte == b',');
    let first = groups.next()?;
    if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
        return None;
    }
    let digits: Vec<u8> = text.iter().copied().filter(|byte| *byte != b',').collect();
    parse_plain_id(&digits)
}

/// Appends an id in plain digits.
pub fn push_plain_id(out: &mut Vec<u8>, id: u64) {
    push_digits(out, id, false);
}

/// Appends a content's id with thousands separators.
pub fn push_content_id(out: &mut Vec<u8>, id: u64) {
    push_digits(out, id, true);
}

/// A content's id with thousands separators, as text.
#[must_use]
pub fn content_id_text(id: u64) -> String {
    let mut text = Vec::new();
    push_content_id(&mut text, id);
    String::from_utf8_lossy(&text).into_owned()
}

/// What was probably meant by a text that is no id: separators, spaces or an empty fraction taken out.
#[must_use]
pub fn meant_id(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_suffix(".0").or_else(|| text.strip_suffix(".00")).unwrap_or(text);
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | '\'' | '"' | '+') && !c.is_whitespace()).collect();
    parse_plain_id(digits.as_bytes()).map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_ids_are_digits_from_1_to_2_pow_63_minus_1() {
        for (text, expected) in [
            ("1", Some(1)),
            ("007", Some(7)),
            ("9223372036854775807", Some(HIGHEST_ID)),
            ("000000000000000000000000000012", Some(12)),
            ("9223372036854775808", None),
            ("99999999999999999999999", None),
            ("0", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            (" 1", None),
            ("1,000", None),
            ("1.0", None),
            ("١", None),
        ] {
            assert_eq!(parse_plain_id(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn content_ids_may_have_thousands_separators() {
        for (text, expected) in [
            ("2,033,875", Some(2_033_875)),
            (" 39,248 ", Some(39_248)),
            ("2033875", Some(2_033_875)),
            ("999", Some(999)),
            ("9,223,372,036,854,775,807", Some(HIGHEST_ID)),
            ("20,33", None),
            (",123", None),
            ("1,", None),
            ("1234,567", None),
            ("1,,234", None),
            ("0", None),
        ] {
            assert_eq!(parse_content_id(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for id in [1, 12, 999, 1_000, 39_248, 1_915_085, HIGHEST_ID] {
            assert_eq!(parse_content_id(content_id_text(id).as_bytes()), Some(id));
            let mut plain = Vec::new();
            push_plain_id(&mut plain, id);
            assert_eq!(plain, id.to_string().as_bytes());
        }
        assert_eq!(content_id_text(1_915_085), "1,915,085");
    }

    #[test]
    fn a_slip_in_an_id_is_recognised() {
        for (text, expected) in
            [(" 12", Some("12")), ("1,234", Some("1234")), ("63492.0", Some("63492")), ("12a", None), ("", None)]
        {
            assert_eq!(meant_id(text).as_deref(), expected, "{text}");
        }
    }
}
