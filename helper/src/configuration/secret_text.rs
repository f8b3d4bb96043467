//! What is a secret by the look of it, wherever it stands: the text of a private key, or an access token.
//!
//! People paste a key into a setting that should name the key's file. Such a value must not be shown, sent or taken for a
//! path, whatever the setting is called.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What a text is, by the look of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretText {
    /// The text of a private key, or a part of it.
    PrivateKey,
    /// A personal access token of Databricks.
    Token,
}

impl SecretText {
    /// What it is, in people's words.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::PrivateKey => "the text of a private key",
            Self::Token => "an access token",
        }
    }
}

/// What a text is, if it is a secret by the look of it.
pub(crate) fn secret_text(text: &str) -> Option<SecretText> {
    if is_private_key(text) { Some(SecretText::PrivateKey) } else { has_token(text).then_some(SecretText::Token) }
}

/// Whether a text is that of a private key: in one line or several, with its frame or without, or encoded once more.
pub(crate) fn is_private_key(text: &str) -> bool {
    // OpenSSH's and PuTTY's own forms, PEM in base64, and a JSON Web Key.
    const MARKS: [&str; 4] = ["b3BlbnNzaC1rZXkt", "PuTTY-User-Key-File", "LS0tLS1CRUdJTi", "\"kty\""];
    let has_frame = ["BEGIN ", "END "].iter().any(|word| text.contains(word)) && text.contains("PRIVATE");
    has_frame
        || text.contains("PRIVATE KEY-")
        || MARKS.iter().any(|mark| text.contains(mark))
        || runs(text).any(|run| is_key_in_der(run) || (!is_public(text, run) && run.split('/').any(is_dense)))
}

/// Whether a part is that of a certificate or of a public key of SSH, which look as dense as private ones.
fn is_public(text: &str, run: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["AAAAB3NzaC1", "AAAAC3NzaC1", "AAAAE2VjZHNh", "AAAAGnNrL", "AAAAInNrL"];
    text.contains("CERTIFICATE") || BEGINNINGS.iter().any(|beginning| run.starts_with(beginning))
}

/// Whether a line begins the frame of a key that ends in a later line.
pub(crate) fn opens_frame(line: &str) -> bool {
    line.starts_with("----") && line.contains("BEGIN ") && !closes_frame(line)
}

/// Whether a line ends the frame of a key.
pub(crate) fn closes_frame(line: &str) -> bool {
    line.contains("END ") && line.trim_end().ends_with("----")
}

/// The longest parts of a text that may be base64.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))).filter(|run| run.len() >= 40)
}

/// Whether a part of a text is denser than any name that people give: a line of a key.
fn is_dense(part: &str) -> bool {
    const LINE_OF_A_KEY: usize = 64;
    let has = |kind: fn(&u8) -> bool| part.as_bytes().iter().filter(|byte| kind(byte)).count() >= 4;
    part.len() >= LINE_OF_A_KEY && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

/// Whether base64 holds the beginning of a private key: a sequence that begins with the number of its version (PKCS #1,
/// PKCS #8, SEC 1), or with the way in which it is encrypted (PKCS #5).
fn is_key_in_der(run: &str) -> bool {
    const ENCRYPTED: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
    let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // Enough for the head of a key; whole groups of four characters.
    let head = &run[..run.len().min(40) / 4 * 4];
    let Ok(bytes) = GeneralPurpose::new(&STANDARD, padding).decode(head) else { return false };
    let Some(inside) = inside_sequence(&bytes) else { return false };
    let is_version = matches!(inside, [0x02, 0x01, 0 | 1, ..]);
    let is_encrypted = inside_sequence(inside).is_some_and(|inside| inside.get(2..10) == Some(&ENCRYPTED[..]));
    is_version || is_encrypted
}

/// What stands in the sequence with which DER begins.
fn inside_sequence(der: &[u8]) -> Option<&[u8]> {
    let [0x30, length, rest @ ..] = der else { return None };
    let more = if *length < 0x80 { 0 } else { usize::from(*length & 0x7f) };
    rest.get(more..)
}

/// Whether a text has a token of Databricks in it.
fn has_token(text: &str) -> bool {
    const DIGITS: usize = 32;
    let is_token = |(at, _): (usize, &str)| {
        let digits = text.as_bytes().get(at + 4..at + 4 + DIGITS);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    ["dapi", "dose"].iter().any(|mark| text.match_indices(mark).any(is_token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_tokens_are_known_by_their_look() {
        let body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
        let token = format!("dapi{}", "0123456789abcdef".repeat(2));
        for (text, expected) in [
            (format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n"), Some(SecretText::PrivateKey)),
            ("-----BEGIN RSA PRIVATE KEY-----\\nMIIE".to_owned(), Some(SecretText::PrivateKey)),
            ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----".to_owned(), Some(SecretText::PrivateKey)),
            ("x-----END EC PRIVATE KEY-----".to_owned(), Some(SecretText::PrivateKey)),
            (body.to_owned(), Some(SecretText::PrivateKey)),
            ("PuTTY-User-Key-File-3: ssh-ed25519".to_owned(), Some(SecretText::PrivateKey)),
            ("LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K".to_owned(), Some(SecretText::PrivateKey)),
            ("{\"kty\":\"OKP\",\"d\":\"nWGx\"}".to_owned(), Some(SecretText::PrivateKey)),
            // RSA in PKCS #1 and PKCS #8, Ed25519 in PKCS #8, EC in SEC 1, and PKCS #8 with a passphrase.
            ("MIIEpAIBAAKCAQEAuV7Vh0+XgGkqwbUu9nB1pXqZ".to_owned(), Some(SecretText::PrivateKey)),
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj".to_owned(), Some(SecretText::PrivateKey)),
            ("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp".to_owned(), Some(SecretText::PrivateKey)),
            ("MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04f".to_owned(), Some(SecretText::PrivateKey)),
            ("MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0B".to_owned(), Some(SecretText::PrivateKey)),
            (
                "x/QyNTUxOQAAACBzb21lIHZlcnkgc2VjcmV0IGtleSBtYXRlcmlhbCBoZXJlIDEyMzQ1Njc4OTA".to_owned(),
                Some(SecretText::PrivateKey),
            ),
            (format!("https://{token}@adb.example.com"), Some(SecretText::Token)),
            ("~/.ssh/id_ed25519".to_owned(), None),
            ("keys/PRIVATE KEY.pem".to_owned(), None),
            ("SHA256:uNiVztksCsDhcc0u9e8BrJPuf13+4w3ATdm0FjxRVfE".to_owned(), None),
            ("/inbound/BTC/retailData/prod/vendor/mySephoraLearning-archive".to_owned(), None),
            ("/sql/1.0/warehouses/1234567890abcdef".to_owned(), None),
            (format!("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{}", "aB3x".repeat(20)), None),
            (format!("-----BEGIN CERTIFICATE----- MIID{}", "aB3x".repeat(20)), None),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl".to_owned(), None),
            ("/home/me/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/out".to_owned(), None),
            ("dapifernando and dose of the day".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(secret_text(&text), expected, "{text}");
        }
    }
}
