//! Detection of secrets by their look, wherever they occur: private keys and access tokens.
//!
//! Users may paste a key into a setting for the key's path. Such a value must not be shown, sent or used as a path,
//! whatever the setting's name.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::percent::decoded;

/// Kind of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretText {
    /// Private key, or a part of one.
    PrivateKey,
    /// Access token: a personal one of Databricks, or a JSON Web Token.
    Token,
}

impl SecretText {
    /// Name of the kind, for messages.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::PrivateKey => "the text of a private key",
            Self::Token => "an access token",
        }
    }
}

/// Kind of secret that a text looks like; `None` for other text.
pub(crate) fn secret_text(text: &str) -> Option<SecretText> {
    if has_mark_of_key(text) {
        Some(SecretText::PrivateKey)
    } else if has_token(text) {
        Some(SecretText::Token)
    } else {
        (has_line_of_key(text) && !is_fingerprint(text)).then_some(SecretText::PrivateKey)
    }
}

/// True if a text is only the 32 or 64 bytes of a private key, in hexadecimal or padded base64. Elsewhere this may be a
/// digest, but no key file has such a name.
pub(crate) fn is_bare_key(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    let digits = text.strip_prefix("0x").unwrap_or(&text);
    let is_hex = matches!(digits.len(), 64 | 128) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex || (matches!(text.len(), 44 | 88) && text.ends_with('=') && text.chars().all(is_base64))
}

/// True if a text is only the fingerprint of a key, with the length of its hash. Fingerprints are public.
fn is_fingerprint(text: &str) -> bool {
    const HASHES: [(&str, usize); 3] = [("SHA256", 43), ("SHA384", 64), ("SHA512", 86)];
    let Some((name, value)) = text.trim().split_once(':') else { return false };
    let value = value.trim_end_matches('=');
    let is_hash = |(hash, length): &(&str, usize)| name.eq_ignore_ascii_case(hash) && value.len() == *length;
    HASHES.iter().any(is_hash) && value.chars().all(is_usual_base64)
}

/// True if a text is or contains a private key: on one line or several, with or without its frame, or encoded once
/// more.
pub(crate) fn is_private_key(text: &str) -> bool {
    secret_text(text) == Some(SecretText::PrivateKey)
}

/// True if a text contains a certain mark of a private key, in any supported encoding.
pub(crate) fn has_mark_of_key(text: &str) -> bool {
    let decoded = decoded(text);
    let spaced = decoded.replace('+', " ");
    [text, &decoded, &spaced].into_iter().any(|text| {
        has_frame(text)
            || has_mark(text)
            || is_json_web_key(text)
            || runs(text, is_usual_base64).chain(runs(text, is_base64)).any(is_key_in_base64)
    }) || has_key_in_hex(text)
}

/// True for the first or last line of a PEM key. The hyphens touch the words or are one blank away.
fn has_frame(text: &str) -> bool {
    const EDGES: [&str; 4] = ["--BEGIN ", "-- BEGIN ", "--END ", "-- END "];
    let text = text.replace(['\u{2013}', '\u{2014}', '\u{2212}'], "--").to_ascii_uppercase();
    let is_edge = |edge: &str| text.find(edge).is_some_and(|at| text[at..].contains("PRIVATE"));
    EDGES.iter().any(|edge| is_edge(edge)) || ["PRIVATE KEY--", "PRIVATE KEY --"].iter().any(|end| text.contains(end))
}

/// True for marks of the OpenSSH, PuTTY or age formats, of base64-encoded PEM, or of a base64-encoded JSON Web Key.
fn has_mark(text: &str) -> bool {
    const MARKS: [&str; 7] = [
        "b3BlbnNzaC1rZXkt",
        "PuTTY-User-Key-File",
        "Private-Lines:",
        "Private-MAC:",
        "AGE-SECRET-KEY-1",
        "LS0tLS1CRUdJTi",
        "eyJrdHki",
    ];
    MARKS.iter().any(|mark| text.contains(mark)) || text.contains("age-secret-key-1")
}

/// True if a text has the JSON field `kty`, in any quotes or none.
fn is_json_web_key(text: &str) -> bool {
    const QUOTES: [char; 5] = ['"', '\'', '\\', ' ', '\n'];
    text.match_indices("kty").any(|(at, name)| {
        let before = text[..at].trim_end_matches(QUOTES);
        let after = text[at + name.len()..].trim_start_matches(QUOTES);
        after.starts_with(':') && (before.is_empty() || before.ends_with(['{', ',']))
    })
}

/// True for a private key in hexadecimal: PEM, OpenSSH's format or DER.
fn has_key_in_hex(text: &str) -> bool {
    const MARKS: [&str; 2] = ["2d2d2d2d2d424547494e20", "6f70656e7373682d6b65792d7631"];
    const HEAD: usize = 60;
    let digits: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect::<String>().to_ascii_lowercase();
    let is_der = |run: &str| {
        let pairs = run.as_bytes().chunks_exact(2).take(HEAD / 2);
        let bytes: Vec<u8> = pairs
            .filter_map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect();
        is_key_in_der(&bytes)
    };
    MARKS.iter().any(|mark| digits.contains(mark))
        || digits.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() >= HEAD).any(is_der)
}

/// True if a text has a line of a key, denser than any name.
fn has_line_of_key(text: &str) -> bool {
    let decoded = decoded(text);
    [text, &decoded].into_iter().any(|text| {
        let is_line = |run: &str| !is_public(text, run) && (run.split('/').any(is_dense) || has_mixed_part(run));
        runs(text, is_usual_base64).chain(runs(text, is_base64)).any(is_line)
    })
}

/// True for part of a certificate or SSH public key, which look as dense as private ones.
fn is_public(text: &str, run: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["AAAAB3NzaC1", "AAAAC3NzaC1", "AAAAE2VjZHNh", "AAAAGnNrL", "AAAAInNrL"];
    text.contains("CERTIFICATE") || BEGINNINGS.iter().any(|beginning| run.starts_with(beginning))
}

/// True if a line opens a key's frame and does not close it.
pub(crate) fn opens_frame(line: &str) -> bool {
    line.starts_with("----") && line.contains("BEGIN ") && !closes_frame(line)
}

/// True if a line closes a key's frame.
pub(crate) fn closes_frame(line: &str) -> bool {
    line.contains("END ") && line.trim_end().ends_with("----")
}

/// Runs of matching characters that are long enough for a key or a line of one.
fn runs(text: &str, is_part: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c: char| !is_part(c)).filter(|run| run.len() >= 40)
}

/// True for characters of standard base64.
fn is_usual_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

/// True for characters of standard or URL-safe base64.
fn is_base64(c: char) -> bool {
    is_usual_base64(c) || matches!(c, '-' | '_')
}

/// Length of a key's line in most formats, in characters.
const LINE_OF_A_KEY: usize = 64;

/// True if a part is denser than any name: a line of a key.
fn is_dense(part: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| part.as_bytes().iter().filter(|byte| kind(byte)).count() >= 4;
    let has_all = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    part.len() >= LINE_OF_A_KEY && !part.contains(['-', '_']) && has_all
}

/// True if a part has a whole line in which upper case, lower case and digits alternate as often as in random text.
/// Names and paths consist of words, ids of letters of one case.
fn has_mixed_part(run: &str) -> bool {
    // Among the 63 pairs of neighbours in random text, about 30 have exactly one capital, 20 a capital and a small
    // letter, and 16 exactly one digit.
    const OF_CAPITAL: usize = 20;
    const OF_LETTERS: usize = 12;
    const OF_DIGIT: usize = 7;
    let pairs = |line: &[u8], is_change: fn(u8, u8) -> bool| {
        line.windows(2).filter(|pair| matches!(pair, [one, other] if is_change(*one, *other))).count()
    };
    let is_letters = |one: u8, other: u8| {
        one.is_ascii_alphabetic()
            && other.is_ascii_alphabetic()
            && one.is_ascii_uppercase() != other.is_ascii_uppercase()
    };
    run.as_bytes().windows(LINE_OF_A_KEY).any(|line| {
        pairs(line, |one, other| one.is_ascii_uppercase() != other.is_ascii_uppercase()) >= OF_CAPITAL
            && pairs(line, is_letters) >= OF_LETTERS
            && pairs(line, |one, other| one.is_ascii_digit() != other.is_ascii_digit()) >= OF_DIGIT
    })
}

/// True if base64 starts like a private key in DER, or is PuTTY's private line of a short key: a length, then 32 bytes,
/// or 33 with a leading 0.
fn is_key_in_base64(run: &str) -> bool {
    let is_putty = run.len() <= 52
        && matches!(from_base64(run)[..], [0, 0, 0, length @ (32 | 33), ref rest @ ..] if rest.len() == usize::from(length));
    // Enough characters for the head of a key, in whole groups of four.
    is_putty || is_key_in_der(&from_base64(&run[..run.len().min(40) / 4 * 4]))
}

/// Bytes of a run of base64, standard or URL-safe, padded or not; empty if it is none.
fn from_base64(run: &str) -> Vec<u8> {
    let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let run = run.replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&STANDARD, padding).decode(run).unwrap_or_default()
}

/// True if bytes start like a private key in DER: a sequence that starts with a version (PKCS #1, PKCS #8, SEC 1) or
/// with an encryption algorithm (PKCS #5).
fn is_key_in_der(bytes: &[u8]) -> bool {
    const ENCRYPTED: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
    let Some(inside) = inside_sequence(bytes) else { return false };
    let is_version = matches!(inside, [0x02, 0x01, 0 | 1, ..]);
    let is_encrypted = inside_sequence(inside).is_some_and(|inside| inside.get(2..10) == Some(&ENCRYPTED[..]));
    is_version || is_encrypted
}

/// Content of the DER sequence at the beginning.
fn inside_sequence(der: &[u8]) -> Option<&[u8]> {
    let [0x30, length, rest @ ..] = der else { return None };
    let more = if *length < 0x80 { 0 } else { usize::from(*length & 0x7f) };
    rest.get(more..)
}

/// True if a text contains an access token, as it is or in base64.
fn has_token(text: &str) -> bool {
    // An equals sign pads base64, and also stands between a name and its value.
    let is_encoded =
        |run: &str| run.split('=').any(|part| std::str::from_utf8(&from_base64(part)).is_ok_and(has_plain_token));
    has_plain_token(text) || runs(text, is_usual_base64).chain(runs(text, is_base64)).any(is_encoded)
}

/// True if a text contains a Databricks token or a JSON Web Token.
fn has_plain_token(text: &str) -> bool {
    const DIGITS: usize = 32;
    let is_token = |(at, _): (usize, &str)| {
        let digits = text.as_bytes().get(at + 4..at + 4 + DIGITS);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    ["dapi", "dose"].iter().any(|mark| text.match_indices(mark).any(is_token)) || has_json_web_token(text)
}

/// True if a text contains two JSON objects in base64, joined by a dot.
fn has_json_web_token(text: &str) -> bool {
    const SHORTEST: usize = 16;
    let length = |part: &str| part.find(|c: char| !is_base64(c)).unwrap_or(part.len());
    text.match_indices("eyJ").any(|(at, _)| {
        let (header, rest) = text[at..].split_at(length(&text[at..]));
        let claims = rest.strip_prefix('.').filter(|claims| claims.starts_with("eyJ")).map_or(0, length);
        header.len() >= SHORTEST && claims >= SHORTEST
    })
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_URL_SAFE as URL_SAFE, BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};

    use super::*;

    /// Random line of 64 characters.
    const DENSE: &str = "oK411I98D/MdbtzPK+YnOmg3ZgxT1X/czoyCQrh1OED24bBZG8rECCdzXyFaHZmh";

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
            (format!("Basic {}", URL_SAFE_NO_PAD.encode(format!("token:{token}"))), Some(SecretText::Token)),
            (format!("x={};", URL_SAFE.encode(&token)), Some(SecretText::Token)),
            (format!("x={};", URL_SAFE.encode("a folder with a long name, and a file in it")), None),
            ("~/.ssh/id_ed25519".to_owned(), None),
            ("keys/PRIVATE KEY.pem".to_owned(), None),
            ("SHA256:uNiVztksCsDhcc0u9e8BrJPuf13+4w3ATdm0FjxRVfE".to_owned(), None),
            (format!("SHA512:{DENSE}{}", &DENSE[..22]), None),
            (format!(" sha512:{DENSE}{}==", &DENSE[..22]), None),
            (format!("SHA384:{DENSE}"), None),
            (format!("SHA512:{DENSE}{DENSE}"), Some(SecretText::PrivateKey)),
            (format!("SHA512:{DENSE}{},{DENSE}", &DENSE[..22]), Some(SecretText::PrivateKey)),
            (format!("MD4:{DENSE}{}", &DENSE[..22]), Some(SecretText::PrivateKey)),
            ("/inbound/BTC/retailData/prod/vendor/mySephoraLearning-archive".to_owned(), None),
            ("/sql/1.0/warehouses/1234567890abcdef".to_owned(), None),
            (format!("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{}", "aB3x".repeat(20)), None),
            (format!("-----BEGIN CERTIFICATE----- MIID{}", "aB3x".repeat(20)), None),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl".to_owned(), None),
            ("/home/me/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/out".to_owned(), None),
            ("dapifernando and dose of the day".to_owned(), None),
            ("-----BEGIN%20PRIVATE%20KEY-----%0A".to_owned(), Some(SecretText::PrivateKey)),
            ("-----BEGIN+ENCRYPTED+PRIVATE+KEY-----%0A".to_owned(), Some(SecretText::PrivateKey)),
            ("%4DC4CAQAwBQYDK2VwBCIEIPreHwSmnLmu7rjvLE%2BUXxHglaDOotkNHN1D7JSuWe6".to_owned(), Some(SecretText::PrivateKey)),
            ("302e020100300506032b657004220420fade1f04a69cb9aeeeb8ef2c4b9a517c478256833a8b643473750fb252b967ba".to_owned(), Some(SecretText::PrivateKey)),
            ("302E020100300506032B657004220420FADE1F04A69CB9AEEEB8EF2C4B9A\n517C478256833A8B643473750FB252B967BA".to_owned(), Some(SecretText::PrivateKey)),
            ("2d2d2d2d2d424547494e2050524956415445204b45592d2d2d2d2d0a4d4334434151417742515944".to_owned(), Some(SecretText::PrivateKey)),
            ("307702010104209258119da1e4884d1a2ac54d8abd4e4bb730a12a3bf4de0e7222b80cbd9c4c7da0".to_owned(), Some(SecretText::PrivateKey)),
            ("MC4CAQAwBQYDK2VwBCIEIPreHwSmnLmu7rjvLEuaUXxHglaDOotkNHN1D7JSuWe6".to_owned(), Some(SecretText::PrivateKey)),
            ("{'kty':'OKP','crv':'Ed25519','d':'nWGx'}".to_owned(), Some(SecretText::PrivateKey)),
            ("{kty:OKP,crv:Ed25519,d:nWGx}".to_owned(), Some(SecretText::PrivateKey)),
            ("%7B%22kty%22%3A%22OKP%22%7D".to_owned(), Some(SecretText::PrivateKey)),
            ("/Users/me/MySephoraLearningCompletionsForRetailStoresOfFrance2026".to_owned(), None),
            ("AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS".to_owned(), Some(SecretText::PrivateKey)),
            ("AAAAIPreHwSmnLmu7rjvLEuaUXxHglaDOotkNHN1D7JSuWe6".to_owned(), Some(SecretText::PrivateKey)),
            ("oK411I98D/MdbtzPK+YnOmg3ZgxT1X/czoyCQrh1OED24bBZG8rECCdzXyFaHZmh".to_owned(), Some(SecretText::PrivateKey)),
            ("oK411I98D_MdbtzPK-YnOmg3ZgxT1X_czoyCQrh1OED24bBZG8rECCdzXyFaHZmh".to_owned(), Some(SecretText::PrivateKey)),
            ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c".to_owned(), Some(SecretText::Token)),
            ("/data/BACKEND PRIVATE/out".to_owned(), None),
            ("keys/PRIVATE KEY-sftp.pem".to_owned(), None),
            ("sftp-PRIVATE KEY-2026.pem".to_owned(), None),
            ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(), None),
            ("cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e".to_owned(), None),
            ("/home/me/123e4567-e89b-12d3-a456-426614174000/123e4567-e89b-12d3-a456-426614174000/Out".to_owned(), None),
            ("/Users/JohnSmith/Documents/Work-2026/BTC_Fake/Generated_Files-2026-01-29/Run_17/ContentUserCompletion_V2_2026_01_29_1_5fccff".to_owned(), None),
            ("C:/Users/JSMITH/OneDrive - Company/E3B0C442-98FC-1C14-9AFB-F4C8996FB924/out-2026-01-29_v2/Final".to_owned(), None),
            ("/Volumes/retail_systems_dev/store_enablement/E3B0C44298FC1C149AFBF4C8996FB92427AE41E4/myLearning".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(secret_text(&text), expected, "{text}");
        }
    }

    #[test]
    fn the_bytes_of_a_key_are_known_where_a_file_is_named() {
        let seed = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for (text, expected) in [
            (seed.to_owned(), true),
            (seed.to_uppercase(), true),
            (format!("0x{seed}"), true),
            (format!(" {seed}{seed} "), true),
            (format!("{} {}", &seed[..32], &seed[32..]), true),
            (seed.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair)).collect::<Vec<_>>().join(":"), true),
            ("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=".to_owned(), true),
            ("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=".to_owned(), true),
            (seed[..63].to_owned(), false),
            (format!("{seed}.pem"), false),
            (format!("/keys/{seed}"), false),
            ("id_ed25519".to_owned(), false),
            ("/home/tester/.ssh/keys_of_the_team/id_ed25519".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_bare_key(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_only_dense_has_no_mark_of_a_key() {
        for text in [
            "oK411I98D/MdbtzPK+YnOmg3ZgxT1X/czoyCQrh1OED24bBZG8rECCdzXyFaHZmh",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.SflKxwRJSMeKKF2QT4fwpMeJf",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ] {
            assert!(!has_mark_of_key(text), "{text}");
        }
    }
}
