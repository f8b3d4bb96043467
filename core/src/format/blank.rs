//! Blanks: characters of a field that are invisible to a person.

/// True if a text has only blanks: white space and zero-width characters.
#[must_use]
pub(crate) fn is_blank(text: &[u8]) -> bool {
    trimmed(text).is_empty()
}

/// A text without leading and trailing blanks. Bytes that are not UTF-8 are not blanks.
#[must_use]
pub(crate) fn trimmed(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    let is_plain = |end: Option<&u8>| end.is_none_or(|byte| byte.is_ascii() && *byte > b' ');
    if is_plain(text.first()) && is_plain(text.last()) {
        return text;
    }
    std::str::from_utf8(text).map_or(text, |text| text.trim_matches(is_blank_character).as_bytes())
}

/// True for white space, no-break spaces and zero-width characters.
#[must_use]
pub(crate) fn is_blank_character(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for (text, expected) in [
            ("", ""),
            (" \t\u{b}", ""),
            ("\u{a0}\u{202f}\u{3000}", ""),
            ("\u{feff}\u{200b}", ""),
            ("\u{a0}a b\u{a0} ", "a b"),
            (" é ", "é"),
            ("-", "-"),
        ] {
            assert_eq!(trimmed(text.as_bytes()), expected.as_bytes(), "{text:?}");
            assert_eq!(is_blank(text.as_bytes()), expected.is_empty(), "{text:?}");
        }
        assert_eq!(trimmed(b" \xA0 "), b"\xA0");
    }
}
