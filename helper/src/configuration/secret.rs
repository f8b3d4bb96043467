//! Passwords and tokens, protected from accidental printing, also when a server sends them back.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use btcfake_core::format::lenient_json::length_of_string;

use super::percent::first_byte;

/// Secret value. `Debug` shows `(secret)`; only [`Secret::expose`] returns it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub(crate) fn new(value: impl Into<String>) -> Secret {
        Secret(value.into())
    }

    /// The secret itself, for sending it to its service.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Secrets to be removed from foreign text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    /// Collects secrets. Each that is long enough to be no word is removed in base64, too, in which services write
    /// credentials.
    pub(crate) fn new(secrets: impl IntoIterator<Item = Secret>) -> Secrets {
        const NO_WORD: usize = 8;
        let forms = |secret: Secret| {
            let alphabets = [STANDARD_NO_PAD, URL_SAFE_NO_PAD].into_iter().filter(|_| secret.0.len() >= NO_WORD);
            let encoded: Vec<Secret> = alphabets.map(|alphabet| Secret(alphabet.encode(&secret.0))).collect();
            encoded.into_iter().chain([secret])
        };
        let mut secrets: Vec<Secret> = secrets.into_iter().flat_map(forms).collect();
        // Longest first: a secret may be a prefix of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.0.len()));
        Secrets(secrets)
    }

    /// Replaces all secrets in a text by `(secret)`, percent-encoded or not. Must be called before a text is cut: half
    /// a secret is one, too.
    pub(crate) fn taken_out_of(&self, text: &str) -> String {
        let without = |text: String, secret: &Secret| match text.replace(secret.expose(), "(secret)") {
            text if text.contains('%') => without_encoded(&text, secret.expose()),
            text => text,
        };
        self.0.iter().fold(text.to_owned(), without)
    }

    /// Replaces secrets in the strings of a JSON text without white space between its parts. Field names, numbers and
    /// strings without a secret stay unchanged to the byte.
    pub(crate) fn taken_out_of_json(&self, json: &str) -> String {
        let mut cleaned = String::with_capacity(json.len());
        let mut rest = json;
        while let Some(start) = rest.find('"').filter(|_| !self.0.is_empty()) {
            let (before, from_string) = rest.split_at(start);
            let (string, after) = from_string.split_at(length_of_string(from_string.as_bytes()));
            let text = serde_json::from_str::<String>(string).ok().filter(|_| !after.starts_with(':'));
            cleaned.push_str(before);
            match text.map(|text| (self.taken_out_of(&text), text)) {
                Some((without, text)) if without != text => {
                    cleaned.push_str(&serde_json::Value::String(without).to_string());
                }
                _ => cleaned.push_str(string),
            }
            rest = after;
        }
        cleaned + rest
    }
}

/// Replaces a secret that is partly percent-encoded, with plus signs accepted for blanks.
fn without_encoded(text: &str, secret: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = length_of_encoded(rest.as_bytes(), secret.as_bytes());
        let (taken, after) = rest.split_at(found.unwrap_or(first.len_utf8()));
        cleaned.push_str(if found.is_some() { "(secret)" } else { taken });
        rest = after;
    }
    cleaned
}

/// Length in bytes of a secret at the beginning of a text, percent-encoded or not; `None` if it is not there.
fn length_of_encoded(text: &[u8], secret: &[u8]) -> Option<usize> {
    let mut length = 0;
    for wanted in secret {
        let (byte, taken) = first_byte(&text[length..])?;
        if byte != *wanted && !(*wanted == b' ' && byte == b'+') {
            return None;
        }
        length += taken;
    }
    (length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunters() -> Secrets {
        Secrets::new(["hunter2", "hunter2-and-more", "body", "7039"].map(Secret::new))
    }

    #[test]
    fn no_secret_is_left_in_a_text() {
        for (text, expected) in [
            ("hunter2-and-more, hunter2", "(secret), (secret)"),
            ("Basic aHVudGVyMi1hbmQtbW9yZQ==", "Basic (secret)=="),
            ("a hunter", "a hunter"),
            ("", ""),
        ] {
            assert_eq!(hunters().taken_out_of(text), expected);
        }
    }

    #[test]
    fn no_encoded_secret_is_left_in_a_text() {
        let secrets = Secrets::new(["hun ter/é2", "hunter2"].map(Secret::new));
        for (text, expected) in [
            ("x?k=hun%20ter%2fé2&a=%", "x?k=(secret)&a=%"),
            ("hun+ter%2F%C3%A92é", "(secret)é"),
            ("%68unter2 hunter2", "(secret) (secret)"),
            ("50%, hunte%", "50%, hunte%"),
        ] {
            assert_eq!(secrets.taken_out_of(text), expected);
        }
    }

    #[test]
    fn secrets_are_taken_out_of_the_strings_of_json_and_of_nothing_else() {
        for (json, expected) in [
            (r#"{"ba_id":703956,"body":{"x":"body"}}"#, r#"{"ba_id":703956,"body":{"x":"(secret)"}}"#),
            (r#"["a \" hunter2","b\\","hunter2"]"#, r#"["a \" (secret)","b\\","(secret)"]"#),
            (r#"["\u0068unter2","caf\u00e9"]"#, r#"["(secret)","caf\u00e9"]"#),
            (r#"["\ud800 body""#, r#"["\ud800 body""#),
            (r#""unclosed"#, r#""unclosed"#),
            ("[1.0e5,7039]", "[1.0e5,7039]"),
        ] {
            assert_eq!(hunters().taken_out_of_json(json), expected);
        }
        assert_eq!(Secrets::default().taken_out_of_json(r#"["body"]"#), r#"["body"]"#);
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some((secret))");
    }
}
