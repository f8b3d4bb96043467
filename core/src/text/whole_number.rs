//! Whole numbers that people type: digits alone, within a range.

use std::ops::RangeBounds;
use std::str::FromStr;

/// The number that a text has in digits alone, without a sign; `None` for any other text, and outside of `allowed`.
pub fn whole_number<T: FromStr + PartialOrd>(text: &str, allowed: impl RangeBounds<T>) -> Option<T> {
    text.parse().ok().filter(|number| !text.starts_with('+') && allowed.contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_alone_within_its_range() {
        for (text, expected) in [
            ("1", Some(1)),
            ("007", Some(7)),
            ("9", Some(9)),
            ("0", None),
            ("10", None),
            ("", None),
            ("+5", None),
            ("-5", None),
            (" 5", None),
            ("5.0", None),
            ("1e0", None),
            ("99999999999999999999", None),
            ("\u{665}", None),
        ] {
            assert_eq!(whole_number::<u32>(text, 1..=9), expected, "{text}");
        }
    }
}
