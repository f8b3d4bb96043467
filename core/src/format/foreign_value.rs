//! Recognition of texts that spreadsheets and programs leave in place of a value, and how to mend them.

use super::blank::is_blank_character;
use super::identifier::is_exponent_form;
use crate::text::problem::Hint;

/// How an invalid value probably came about, if that is recognised. `may_be_null`: the column is nullable.
#[must_use]
pub(crate) fn hint_of(text: &str, may_be_null: bool) -> Option<Hint> {
    let text = text.trim_matches(is_blank_character);
    if is_null_word(text) {
        return Some(if may_be_null { Hint::EmptyIsNull } else { Hint::NullIsNotAllowed });
    }
    match text.as_bytes() {
        [] => None,
        signs if signs.iter().all(|sign| *sign == b'#') => Some(Hint::TooNarrow),
        _ if text.contains('\0') => Some(Hint::NulCharacter),
        _ if is_error_value(text) => Some(Hint::ErrorValue),
        bytes if is_exponent_form(bytes) => Some(Hint::ExponentForm),
        _ => None,
    }
}

/// True if a text is only what a spreadsheet shows for a value that it cannot display or compute.
#[must_use]
pub(crate) fn is_spreadsheet_mark(text: &str) -> bool {
    matches!(hint_of(text, true), Some(Hint::TooNarrow | Hint::ErrorValue))
}

/// True for the words that programs write for NULL.
fn is_null_word(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["null", "none", "nan", "nat", "<na>", "na", "n/a", "nil", "(null)", "<null>", "\\n", "undefined"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True for `#NAME?`, `#REF!`, `#N/A`, `#BEZUG!` and the like, and `Err:502` of LibreOffice.
fn is_error_value(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let Some(name) = text.strip_prefix('#') else { return false };
    if NOT_AVAILABLE.contains(&name) || is_abbreviation(name) {
        return true;
    }
    let name = name.trim_start_matches(['¡', '¿']);
    let is_name = |name: &str| name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '/' | '_'));
    name.strip_suffix(['!', '?']).is_some_and(|name| !name.is_empty() && is_name(name))
}

/// Error values, without their `#`, that have neither a slash nor a final `!` or `?`: translations of `#N/A`, and
/// `#GETTING_DATA`.
const NOT_AVAILABLE: [&str; 8] =
    ["NV", "ND", "YOK", "HIÁNYZIK", "NEDOSTUPNÝ", "NENÍ_K_DISPOZICI", "IKKE_TILGJENGELIG", "GETTING_DATA"];

/// True for `N/A`, `I/T`, `Н/Д`, `N/DISP`: one capital, a slash, and more capitals.
fn is_abbreviation(name: &str) -> bool {
    let Some((first, rest)) = name.split_once('/') else { return false };
    let are_capitals = |text: &str| text.chars().all(char::is_uppercase);
    first.chars().count() == 1 && (1..=4).contains(&rest.chars().count()) && are_capitals(first) && are_capitals(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_place_of_a_value_is_recognised() {
        use Hint::{EmptyIsNull, ErrorValue, ExponentForm, NulCharacter, TooNarrow};
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
            ("#I/T", Some(ErrorValue)),
            ("#Н/Д", Some(ErrorValue)),
            ("#N/DISP", Some(ErrorValue)),
            ("#YOK", Some(ErrorValue)),
            ("#HIÁNYZIK", Some(ErrorValue)),
            ("#NENÍ_K_DISPOZICI", Some(ErrorValue)),
            ("#¿NOMBRE?", Some(ErrorValue)),
            ("#n/a", None),
            ("#OLD", None),
            ("#A/", None),
            ("#VALUE!", Some(ErrorValue)),
            ("#DIV/0!", Some(ErrorValue)),
            ("#ÜBERLAUF!", Some(ErrorValue)),
            ("Err:502", Some(ErrorValue)),
            ("1.05E+11", Some(ExponentForm)),
            ("Me\0dia", Some(NulCharacter)),
            ("\0", Some(NulCharacter)),
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
