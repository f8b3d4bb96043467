//! Percent-encoding, as the fragment of a link needs it.

use std::fmt::Write;

/// The text with everything encoded that is not a letter or digit of ASCII, or one of `-._~/,=@`.
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

/// The text that was encoded. What need not be encoded may be, or not.
///
/// # Errors
/// A `%` that no two hexadecimal digits follow, or bytes that are not UTF-8.
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
