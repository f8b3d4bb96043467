//! What spreadsheets and programs leave in a field in place of its value, and how to mend that.

use super::blank::is_blank_character;
use super::identifier::is_exponent_form;
use crate::text::problem::Hint;

/// What a text was made from that is no value of its column, where that can be seen. `may_be_null` is whether the
/// column may be empty.
#[must_use]
pub(crate) fn hint_of(text: &str, may_be_null: bool) -> Option<Hint> {
    let text = text.trim_matches(is_blank_character);
    if is_null_word(text) {
        return Some(if may_be_null { Hint::EmptyIsNull } else { Hint::NullIsNotAllowed });
    }
    match text.as_bytes() {
        [] => None,
        signs if signs.iter().all(|sign| *sign == b'#') => Some(Hint::TooNarrow),
        _ if is_error_value(text) => Some(Hint::ErrorValue),
        bytes if is_exponent_form(bytes) => Some(Hint::ExponentForm),
        _ => None,
    }
}

/// Whether a text is nothing but what a spreadsheet shows for a value that it cannot show or compute.
#[must_use]
pub(crate) fn is_spreadsheet_mark(text: &str) -> bool {
    matches!(hint_of(text, true), Some(Hint::TooNarrow | Hint::ErrorValue))
}

/// Words by which programs write NULL.
fn is_null_word(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["null", "none", "nan", "nat", "<na>", "na", "n/a", "nil", "(null)", "<null>", "\\n", "undefined"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// `#NAME?`, `#REF!`, `#N/A`, `#BEZUG!` and the like; `Err:502` of LibreOffice.
fn is_error_value(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let Some(name) = text.strip_prefix('#') else { return false };
    if matches!(name, "N/A" | "NV" | "N/D" | "N/B" | "ND") {
        return true;
    }
    let is_name = |name: &str| name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '/' | '_'));
    name.strip_suffix(['!', '?']).is_some_and(|name| !name.is_empty() && is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_place_of_a_value_is_recognised() {
        use Hint::{EmptyIsNull, ErrorValue, ExponentForm, TooNarrow};
        for (text, expected) in [
            ("None", Some(EmptyIsNull)),
            (" NaN ", Some(EmptyIsNull)),
            ("NaT", Some(EmptyIsNull)),
            ("<NA>", Some(EmptyIsNull)),
            ("n/a", Some(EmptyIsNull)),
            ("########", Some(TooNarrow)),
            ("#", Some(TooNarrow)),
            ("#NAME?", Some(ErrorValue)),
            ("#N/A", Some(ErrorValue)),
            ("#NV", Some(ErrorValue)),
            ("#REF!", Some(ErrorValue)),
            ("#VALUE!", Some(ErrorValue)),
            ("#DIV/0!", Some(ErrorValue)),
            ("#ÜBERLAUF!", Some(ErrorValue)),
            ("Err:502", Some(ErrorValue)),
            ("1.05E+11", Some(ExponentForm)),
            ("", None),
            ("#selling", None),
            ("#!", None),
            ("# 63492", None),
            ("2026", None),
        ] {
            assert_eq!(hint_of(text, true), expected, "{text}");
        }
        assert_eq!(hint_of("NaN", false), Some(Hint::NullIsNotAllowed));
    }
}
