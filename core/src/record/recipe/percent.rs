//! Percent-encoding for the fragment of a link.

use std::fmt::Write;

/// Percent-encodes the UTF-8 bytes of `text`, except ASCII letters and digits and `-._~/,=@`.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/,=@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes percent-encoded text. Characters that need no encoding may be encoded or not.
///
/// # Errors
/// A message, if two hexadecimal digits do not follow a `%`, or the decoded bytes are not UTF-8.
pub(super) fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let byte = match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                rest = after;
                hexadecimal(*high).zip(hexadecimal(*low)).map(|(high, low)| high * 16 + low)
            }
            (b'%', _) => None,
            (byte, _) => Some(*byte),
        };
        bytes.push(byte.ok_or_else(|| not_encoded(text))?);
    }
    String::from_utf8(bytes).map_err(|_| not_encoded(text))
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn not_encoded(text: &str) -> String {
    let found = crate::text::visible::quoted(text);
    format!("{found} is not percent-encoded text; was the link changed on its way? Copy it again")
}
