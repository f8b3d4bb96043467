//! Reading of JSON with the bare words NaN, Infinity and -Infinity, which Python and others write although JSON lacks
//! them.
//!
//! Such a word is replaced by a number that is out of range. JSON parsers skip it in a field that is not read, and
//! refuse it in one that is. Strings are not changed.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::{DeserializeOwned, IgnoredAny};

/// A JSON number outside the range of floating-point numbers.
const OUT_OF_RANGE: &str = "1e999";

/// The text with these words replaced; borrowed if there are none.
#[must_use]
pub fn with_json_numbers(text: &str) -> Cow<'_, str> {
    let words = words_for_numbers(text);
    if words.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut rewritten = String::with_capacity(text.len() + words.len() * OUT_OF_RANGE.len());
    let mut done = 0;
    for word in words {
        rewritten.push_str(&text[done..word.start]);
        rewritten.push_str(OUT_OF_RANGE);
        done = word.end;
    }
    rewritten.push_str(&text[done..]);
    Cow::Owned(rewritten)
}

/// The offset in `text` for an offset in the result of [`with_json_numbers`].
#[must_use]
pub fn offset_in_original(text: &str, offset: usize) -> usize {
    // The bytes of the rewritten and of the original text up to the end of the last word.
    let (mut rewritten, mut original) = (0, 0);
    for word in words_for_numbers(text) {
        let start = rewritten + word.start - original;
        if offset < start + OUT_OF_RANGE.len() {
            return if offset <= start { original + offset - rewritten } else { word.start };
        }
        (rewritten, original) = (start + OUT_OF_RANGE.len(), word.end);
    }
    (original + offset - rewritten).min(text.len())
}

/// Parses JSON, allowing words for non-finite numbers in fields that are not read.
///
/// # Errors
/// The parser's error if the text is not JSON or not of type `T`.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).or_else(|strict| match with_json_numbers(text) {
        Cow::Borrowed(_) => Err(strict),
        Cow::Owned(rewritten) => serde_json::from_str(&rewritten),
    })
}

/// Checks that a text is JSON, allowing words for non-finite numbers.
///
/// # Errors
/// The parser's error if it is not.
pub fn check(text: &str) -> Result<(), serde_json::Error> {
    from_str::<IgnoredAny>(text).map(|_| ())
}

/// The ranges of words for non-finite numbers outside of strings.
fn words_for_numbers(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let length = match byte {
            b'"' => length_of_string(&bytes[at..]),
            _ => bytes[at..].iter().position(|byte| !is_of_word(*byte)).unwrap_or(bytes.len() - at).max(1),
        };
        if is_no_finite_number(&bytes[at..at + length]) {
            found.push(at..at + length);
        }
        at += length;
    }
    found
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_') || !byte.is_ascii()
}

fn is_no_finite_number(word: &[u8]) -> bool {
    let name = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
    [&b"nan"[..], b"inf", b"infinity"].iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// The length in bytes of the JSON string at the start of `bytes`, including its quotes; that of `bytes` if it is not
/// closed.
#[must_use]
pub fn length_of_string(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let closes = |byte: &u8| {
        let is_end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    };
    bytes.iter().skip(1).position(closes).map_or(bytes.len(), |position| position + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_numbers_become_json_outside_of_quotes() {
        for (text, expected) in [
            ("{\"a\":NaN,\"b\":[Infinity,-Infinity , +inf]}", "{\"a\":1e999,\"b\":[1e999,1e999 , 1e999]}"),
            ("nan", "1e999"),
            ("{\"NaN\":\"NaN \\\" NaN\",\"é\":NaN}", "{\"NaN\":\"NaN \\\" NaN\",\"é\":1e999}"),
            ("[\"\\\\\",NaN]", "[\"\\\\\",1e999]"),
            ("[NaNs, xNaN, Na N, --NaN, \u{e9}NaN, \"NaN", "[NaNs, xNaN, Na N, --NaN, \u{e9}NaN, \"NaN"),
            ("", ""),
        ] {
            assert_eq!(with_json_numbers(text), expected, "{text}");
        }
    }

    #[test]
    fn a_place_in_the_rewritten_text_is_found_in_the_original() {
        let text = "[NaN,-Infinity,x]";
        let rewritten = with_json_numbers(text).into_owned();
        assert_eq!(rewritten, "[1e999,1e999,x]");
        for (offset, expected) in
            [(0, 0), (1, 1), (3, 1), (6, 4), (7, 5), (9, 5), (12, 14), (13, 15), (15, 17), (99, 17)]
        {
            assert_eq!(offset_in_original(text, offset), expected, "{offset}");
        }
        assert_eq!(offset_in_original("[x]", 1), 1);
    }

    #[test]
    fn what_is_not_finite_costs_nothing_where_nobody_reads_it() {
        for text in ["{\"a\":NaN}", "[-Infinity]", "{\"a\":1e400}"] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in ["{\"a\":NaN", "[NaN NaN]", "{NaN:1}", "NaNs"] {
            assert!(check(text).is_err(), "{text}");
        }
        assert!(from_str::<Vec<f64>>("[NaN]").is_err());
    }
}
