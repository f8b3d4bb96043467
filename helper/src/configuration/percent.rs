//! Percent-decoding, as in addresses and forms: `%41` for `A`.

/// Decodes each `%XX` once; invalid UTF-8 becomes U+FFFD.
pub(super) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// First byte of a text, decoded if it is `%XX`, and the number of bytes it takes; `None` for an empty text.
pub(super) fn first_byte(text: &[u8]) -> Option<(u8, usize)> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let encoded = match (text.first(), digit(1), digit(2)) {
        (Some(b'%'), Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    encoded.map(|byte| (byte, 3)).or_else(|| text.first().map(|byte| (*byte, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decoded_once() {
        for (text, expected) in
            [("a%20b%2b+", "a b++"), ("%2541", "%41"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%c3%A9é", "éé")]
        {
            assert_eq!(decoded(text), expected);
        }
    }
}
