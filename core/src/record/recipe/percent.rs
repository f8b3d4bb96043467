//! Percent-encoding for the fragment of a link.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The characters that are encoded: all but ASCII letters and digits and `-._~/,=@`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b',')
    .remove(b'=')
    .remove(b'@');

/// Percent-encodes the UTF-8 bytes of `text`, except ASCII letters and digits and `-._~/,=@`.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Decodes percent-encoded text. Characters that need no encoding may be encoded or not.
///
/// # Errors
/// A message, if two hexadecimal digits do not follow a `%`, or the decoded bytes are not UTF-8.
pub(super) fn decoded(text: &str) -> Result<String, String> {
    let begins_with_digits =
        |after: &str| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    let is_encoded = text.split('%').skip(1).all(begins_with_digits);
    let decoded = percent_decode_str(text).decode_utf8().ok().filter(|_| is_encoded);
    decoded.map(Cow::into_owned).ok_or_else(|| {
        let found = crate::text::visible::quoted(text);
        format!("{found} is not percent-encoded text; was the link changed on its way? Copy it again")
    })
}
