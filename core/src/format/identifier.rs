//! Ids: those of employees in plain digits (`88563`), those of contents with thousands separators (`2,033,875`).
//!
//! Both are whole numbers from 1 to 2^63 - 1; leading zeros are ignored. Spreadsheets rewrite ids: a value that is
//! certainly the same number is read where the format allows it; one that may have lost digits is not.

use super::blank::{is_blank_character, trimmed};

use crate::text::digits::push_digits;

/// The highest id: 2^63 - 1.
pub const HIGHEST_ID: u64 = i64::MAX as u64;

/// Parses an id of digits only.
#[must_use]
pub fn parse_plain_id(text: &[u8]) -> Option<u64> {
    parse_digits(text)
}

/// As [`parse_plain_id`], from digits that need not be contiguous in memory.
pub(super) fn parse_digits<'b>(digits: impl IntoIterator<Item = &'b u8>) -> Option<u64> {
    let mut id: u64 = 0;
    for byte in digits {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        id = id.checked_mul(10)?.checked_add(digit)?;
    }
    (1..=HIGHEST_ID).contains(&id).then_some(id)
}

/// Parses an id that a spreadsheet or program rewrote without losing information: with blanks around it, as a formula
/// (`="104829"`), after an apostrophe, with a zero fraction (`104829.0`), or in an exponent form that shows every digit
/// (`1.04829E+05`).
#[must_use]
pub fn parse_rewritten_id(text: &[u8]) -> Option<u64> {
    let text = unwrapped(text);
    parse_plain_id(text)
        .or_else(|| parse_plain_id(without_fraction(text)?.0).filter(is_exact_as_fraction))
        .or_else(|| parse_plain_id(&exponent_form(text)?.digits?).filter(is_exact_as_fraction))
}

/// Parses a content's id with thousands separators (`2,033,875`) or without, and all forms of [`parse_rewritten_id`].
/// Groups may also be separated by spaces or apostrophes, and by points if there are at least two of them, since a
/// single one may be a decimal point. Groups of a wrong length are refused.
#[must_use]
pub fn parse_content_id(text: &[u8]) -> Option<u64> {
    let text = unwrapped(text);
    if let Some(id) = parse_rewritten_id(text) {
        return Some(id);
    }
    if let Some((digits, _)) = grouped_digits(text).filter(|(_, groups)| !groups.may_be_decimal) {
        return parse_plain_id(&digits);
    }
    // With two different marks, the last one begins the fraction and the others separate groups.
    let (whole, mark) = without_fraction(text)?;
    let (digits, _) =
        grouped_digits(whole).filter(|(_, groups)| groups.separator != char::from(mark) && !groups.begin_with_zero)?;
    parse_plain_id(&digits).filter(is_exact_as_fraction)
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

/// The id that was probably meant by an invalid text: what [`parse_content_id`] reads, else its digits without
/// separators of thousands, surrounding blanks and quotes. `None` if that is not an id either, or if the text may be
/// several ids.
#[must_use]
pub fn meant_id(text: &str) -> Option<String> {
    // A fraction that is zero or empty is dropped.
    let whole = without_fraction(unwrapped(text.as_bytes())).and_then(|(whole, _)| std::str::from_utf8(whole).ok());
    let is_mark = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_around =
        |c: char| is_blank_character(c) || is_mark(c) || matches!(c, '\'' | '’' | '"' | '+' | '=' | ',' | '_');
    let whole = whole.unwrap_or(text).trim_matches(is_around).trim_end_matches('.');
    let id =
        parse_content_id(text.as_bytes()).or_else(|| parse_plain_id(joined_groups(whole)?.as_bytes())).or_else(|| {
            let (digits, groups) = grouped_digits(whole.replace('.', ",").as_bytes())?;
            parse_plain_id(&digits).filter(|_| !groups.begin_with_zero)
        });
    id.map(|id| id.to_string())
}

/// A text without its separators. Blanks may only separate groups of two or three characters, the last of them with
/// three. Otherwise the text may be several ids, and the result is `None`.
fn joined_groups(text: &str) -> Option<String> {
    let groups: Vec<String> = text
        .split(is_blank_character)
        .map(|group| group.chars().filter(|c| !matches!(c, ',' | '\'' | '’' | '_')).collect())
        .collect();
    let are_of_thousands = match groups.as_slice() {
        [first, middle @ .., last] => {
            (1..=3).contains(&first.len())
                && middle.iter().all(|group| (2..=3).contains(&group.len()))
                && last.len() == 3
        }
        _ => true,
    };
    are_of_thousands.then(|| groups.concat())
}

/// True for a number in exponent form, such as `1.05E+11`.
#[must_use]
pub(crate) fn is_exponent_form(text: &[u8]) -> bool {
    exponent_form(unwrapped(text)).is_some()
}

/// True if an id written with a fraction or exponent cannot have lost digits: floating-point numbers are exact below
/// 2^53.
pub(super) fn is_exact_as_fraction(id: &u64) -> bool {
    *id < 1 << 53
}

/// A text without surrounding blanks, and without the wrapping that forces a spreadsheet to treat it as text.
pub(super) fn unwrapped(text: &[u8]) -> &[u8] {
    let text = trimmed(text);
    match text {
        [b'=', b'"', inside @ .., b'"'] | [b'\'', inside @ ..] => trimmed(inside),
        _ => text,
    }
}

/// The text before a fraction of zeros, and the decimal mark. Exactly three zeros may be a group of thousands instead.
fn without_fraction(text: &[u8]) -> Option<(&[u8], u8)> {
    let zeros = text.iter().rev().take_while(|byte| **byte == b'0').count();
    let [ref whole @ .., mark @ (b'.' | b',')] = text[..text.len() - zeros] else { return None };
    let may_be_group = zeros == 3 && whole.len() <= 3;
    (zeros > 0 && !may_be_group && whole.last().is_some_and(u8::is_ascii_digit)).then_some((whole, mark))
}

/// The grouping of a number's digits by thousands.
struct Groups {
    separator: char,
    /// True if the separator may also be a decimal mark: `104.829`, `0,005`.
    may_be_decimal: bool,
    /// True if there are two groups and the first has only zeros.
    begin_with_zero: bool,
}

/// The digits of a number in groups of three, and its grouping.
fn grouped_digits(text: &[u8]) -> Option<(Vec<u8>, Groups)> {
    let text = std::str::from_utf8(text).ok()?;
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, ',' | '.' | ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}') {
        return None;
    }
    let groups: Vec<&str> = text.split(separator).collect();
    let is_sound = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let digits = groups.concat().into_bytes();
    let begin_with_zero = groups.len() == 2 && groups[0].bytes().all(|byte| byte == b'0');
    let may_be_decimal = begin_with_zero || groups.len() == 2 && separator == '.';
    is_sound.then_some((digits, Groups { separator, may_be_decimal, begin_with_zero }))
}

/// A number in exponent form.
struct ExponentForm {
    /// Its digits; `None` if some may have been lost.
    digits: Option<Vec<u8>>,
}

/// Parses a number such as `1.04829E+05`; `None` for any other text.
fn exponent_form(text: &[u8]) -> Option<ExponentForm> {
    let text = std::str::from_utf8(text).ok()?;
    let (number, exponent) = text.split_once(['E', 'e'])?;
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || exponent.is_empty() || ![whole, fraction, exponent].into_iter().all(is_number) {
        return None;
    }
    let places = exponent.parse().ok().filter(|places| *places <= fraction.len());
    let digits = places.map(|places| fraction.split_at(places)).filter(|(_, rest)| rest.bytes().all(|c| c == b'0'));
    Some(ExponentForm { digits: digits.map(|(shown, _)| [whole, shown].concat().into_bytes()) })
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
            ("2 033 875", Some(2_033_875)),
            ("2\u{a0}033\u{a0}875", Some(2_033_875)),
            ("104\u{202f}829", Some(104_829)),
            ("2'033'875", Some(2_033_875)),
            ("104’829", Some(104_829)),
            ("2.033.875", Some(2_033_875)),
            ("2.033.875,00", Some(2_033_875)),
            ("20.333,00", Some(20_333)),
            ("20\u{202f}333,00", Some(20_333)),
            ("0.005,00", None),
            ("20.333.00", None),
            ("2,033,875.00", Some(2_033_875)),
            ("104,829.0", Some(104_829)),
            ("=\"2,033,875\"", Some(2_033_875)),
            ("104.829", None),
            ("104.000", None),
            ("2,033.875", None),
            ("2,033,875,00", None),
            ("2,033 875", None),
            ("0,005", None),
            ("00,005", None),
            ("001,005", Some(1_005)),
            ("00,000,007", Some(7)),
            ("9,007,199,254,740,991.0", Some(9_007_199_254_740_991)),
            ("9,007,199,254,740,992.0", None),
            ("1234 567", None),
        ] {
            assert_eq!(parse_content_id(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_rewritten_id_is_read_where_it_is_the_same_number_beyond_doubt() {
        for (text, expected) in [
            ("104829", Some(104_829)),
            ("\u{a0}104829 ", Some(104_829)),
            ("104829.0", Some(104_829)),
            ("104829,00", Some(104_829)),
            ("104829.000", Some(104_829)),
            ("104829.000000", Some(104_829)),
            ("=\"104829\"", Some(104_829)),
            ("'104829", Some(104_829)),
            ("1.04829E+05", Some(104_829)),
            ("1,04829e5", Some(104_829)),
            ("1.048290E+05", Some(104_829)),
            ("9007199254740991.0", Some(9_007_199_254_740_991)),
            ("9007199254740992", Some(9_007_199_254_740_992)),
            ("9007199254740992.0", None),
            ("9.007199254740992E15", None),
            ("1.0483E+05", None),
            ("1E+05", None),
            ("1.048291E+05", None),
            ("1.0E99999999999999999999", None),
            ("104.000", None),
            ("104829.5", None),
            ("104,829", None),
            ("-104829.0", None),
            (".0", None),
            ("=\"\"", None),
            ("", None),
        ] {
            assert_eq!(parse_rewritten_id(text.as_bytes()), expected, "{text}");
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
        for (text, expected) in [
            (" 12", Some("12")),
            ("1,234", Some("1234")),
            ("63492.0", Some("63492")),
            ("'104829", Some("104829")),
            ("=\"104829\"", Some("104829")),
            ("104.829", Some("104829")),
            ("104 829", Some("104829")),
            ("104\u{a0}829", Some("104829")),
            ("1'048_829", Some("1048829")),
            ("104  829", None),
            ("104829 63492", None),
            ("104829, 63492", None),
            ("104829\n63492", None),
            ("\u{200b}104829", Some("104829")),
            ("1.04829E+05", Some("104829")),
            ("20.333,00", Some("20333")),
            ("20.333,0", Some("20333")),
            ("20 333,00", Some("20333")),
            ("20,333.00", Some("20333")),
            ("20333,00", Some("20333")),
            ("20333.", Some("20333")),
            ("1,04,829.00", Some("104829")),
            ("2.033.875", Some("2033875")),
            ("\u{200b}20.333,00\u{a0}", Some("20333")),
            ("0.005,00", None),
            ("0.005", None),
            ("20.333,50", None),
            ("20.333.00", Some("20333")),
            ("1.234,567", Some("1234567")),
            ("1.05E+05", None),
            ("104.8", None),
            ("12a", None),
            ("", None),
        ] {
            assert_eq!(meant_id(text).as_deref(), expected, "{text}");
        }
    }
}
