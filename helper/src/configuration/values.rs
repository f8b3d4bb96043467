//! Checks that apply to the value of every setting: no control characters, no second setting on the line, no secret
//! that would be shown. Messages never contain a value.

use btcfake_core::text::visible::{ascii_like, is_hidden, lookalikes};

use super::settings::{SETTINGS, Setting, setting_of};
use crate::configuration::env_file::EnvLine;
use crate::configuration::secret_text::{SecretText, has_mark_of_key, is_bare_key, secret_text};

/// Problem of a setting in `.env`; `None` if there is none. Variables of other programs are ignored.
pub(super) fn fault_of_line(line: &EnvLine, all: &[EnvLine]) -> Option<String> {
    let setting = setting_of(&line.name)?;
    let value = line.value.expose();
    if key_or_token(setting, value).is_some() {
        return None;
    }
    fault(setting, value).or_else(|| {
        let secret = secret_behind(line, all).filter(|_| !setting.is_secret)?;
        let name = setting.name;
        Some(format!("the value of {name} is made from {secret}, a secret, and would be shown; write it without"))
    })
}

/// Problem of a setting's value, from any source.
pub(super) fn fault(setting: &Setting, value: &str) -> Option<String> {
    let name = setting.name;
    if let Some(control) = value.chars().find(|character| character.is_control()) {
        return Some(format!(
            "the value of {name} holds a control character (U+{:04X}). In double quotes \\n, \\r and \\t are such \
             characters: put a value with \\ into single quotes; and close each quote in its own line",
            u32::from(control)
        ));
    }
    holds_setting(setting, value)
        .then(|| format!("the value of {name} holds what looks like another setting; put that on a line of its own"))
}

/// Kind of secret that a value looks like, if it must not be there. Secrets, and the hidden query of an endpoint, may
/// be as dense as a key: only a key's marks count in them.
pub(super) fn key_or_token(setting: &Setting, value: &str) -> Option<SecretText> {
    if setting.name.ends_with("_PRIVATE_KEY") && is_bare_key(value) {
        return Some(SecretText::PrivateKey);
    }
    let (shown, hidden) = match value.split_once('?') {
        _ if setting.is_secret => ("", value),
        Some((path, query)) if setting.name == "API_ENDPOINT" => (path, query),
        _ => (value, ""),
    };
    secret_text(shown).or_else(|| has_mark_of_key(hidden).then_some(SecretText::PrivateKey))
}

/// Warning about a value that begins with a typographic quote.
pub(super) fn curly_quote(name: &str, value: &str) -> Option<String> {
    let first: String = value.chars().take(1).filter(|first| matches!(ascii_like(*first), Some('"' | '\''))).collect();
    let named = lookalikes(&first)?;
    Some(format!("{name} begins with {named}, which is a part of the value; write straight quotes"))
}

/// Name normalised to a setting's form: ASCII capitals and `_`, without invisible characters.
pub(super) fn plain_name(text: &str) -> String {
    let plain = |character: char| match ascii_like(character).unwrap_or(character).to_ascii_uppercase() {
        '-' | '.' => '_',
        other => other,
    };
    text.chars().filter(|character| !is_hidden(*character)).map(plain).collect()
}

/// Message about a setting that holds a key or token, with its mend.
pub(super) fn misplaced(name: &str, what: SecretText) -> String {
    let mend = match what {
        SecretText::Token => "remove it; the token of Databricks belongs in DATABRICKS_TOKEN".to_owned(),
        SecretText::PrivateKey => {
            let sides = ["SFTP_INBOUND", "SFTP_OUTBOUND"];
            let here = sides.iter().find(|side| name.starts_with(**side)).map(|side| format!("{side}_PRIVATE_KEY"));
            let where_to = here.unwrap_or_else(|| sides.map(|side| format!("{side}_PRIVATE_KEY")).join(" or "));
            format!("name the file that holds the key, in {where_to}")
        }
    };
    format!("{name} holds {}, a secret that is not shown; {mend}", what.describe())
}

/// Secret setting that a value uses by `${NAME}`, directly or through other variables.
fn secret_behind<'a>(line: &'a EnvLine, all: &'a [EnvLine]) -> Option<&'a str> {
    line.uses.iter().find_map(|used| {
        if setting_of(used).is_some_and(|setting| setting.is_secret) {
            return Some(used.as_str());
        }
        let earlier = all.iter().rev().find(|other| other.name == *used && other.line < line.line)?;
        secret_behind(earlier, all)
    })
}

/// True if a value contains another setting, as after a lost line end: a whole name with `=` or, if the value is shown,
/// what may be the name of a secret.
fn holds_setting(setting: &Setting, value: &str) -> bool {
    let whole_name = |(at, _): (usize, &str)| {
        let before = value[..at].trim_end();
        SETTINGS.iter().any(|other| before.ends_with(other.name) && !is_parameter(setting, before, other.name.len()))
    };
    value.match_indices('=').any(whole_name) || (!setting.is_secret && holds_secret(setting, value))
}

/// True if the name before `=` is a query parameter of the endpoint, whose value is hidden.
fn is_parameter(setting: &Setting, before: &str, length: usize) -> bool {
    setting.name == "API_ENDPOINT" && before[..before.len() - length].ends_with(['?', '&'])
}

/// True if a value contains the name of a secret followed by `=` or `:`, in any case and with lookalikes of ASCII.
fn holds_secret(setting: &Setting, value: &str) -> bool {
    const WORDS: [&str; 7] = ["PASSWORD", "PASSWD", "PASSPHRASE", "PASSWORT", "PWD", "TOKEN", "SECRET"];
    let plain = plain_name(value);
    let of_secret = |(at, _): (usize, &str)| {
        let before = plain[..at].trim_end();
        // A path or parameter may have such a name; a separate word is another setting.
        let word = before.rsplit([' ', ';', ',']).next().unwrap_or_default();
        let is_name = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_word = is_name && WORDS.iter().any(|end| word == *end || word.ends_with(&format!("_{end}")));
        is_word || SETTINGS.iter().any(|other| other.is_secret && ends_like(setting, before, other.name))
    };
    plain.match_indices(['=', ':']).any(of_secret)
}

/// True if a text ends with a secret's name, or with the unambiguous end of one: the line break may have cut its
/// beginning.
fn ends_like(setting: &Setting, text: &str, name: &str) -> bool {
    const MORE: usize = 4;
    let last_word = name.rfind('_').map_or(name.len(), |at| name.len() - at);
    let end = &name[name.len().saturating_sub(last_word + MORE)..];
    text.ends_with(end) && !(text.ends_with(name) && is_parameter(setting, text, name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::env_file::parse;

    #[test]
    fn a_value_holds_no_control_character_no_other_setting_and_no_secret() {
        for (text, expected) in [
            ("OUTPUT_DIR=\"C:\\temp\\new\"", "a control character (U+0009)"),
            ("OUTPUT_DIR='out\nSFTP_INBOUND_PASSWORD=hunter2'", "a control character (U+000A)"),
            ("SFTP_INBOUND_PASSWORD=\"hun\\nter2\"", "a control character (U+000A)"),
            ("OUTPUT_DIR=a\tb", "a control character (U+0009)"),
            ("SFTP_INBOUND_USER=me SFTP_INBOUND_PASSWORD=hunter2", "looks like another setting"),
            ("SFTP_INBOUND_USER=me;SFTP_INBOUND_PASSWORD = hunter2", "looks like another setting"),
            ("SFTP_INBOUND_USER=meFTP_INBOUND_PASSWORD=hunter2", "looks like another setting"),
            ("OUTPUT_DIR=/xTCFAKE_TOKEN=hunter2", "looks like another setting"),
            ("OUTPUT_DIR=out SFTP_INBOUND_PASSWORD\u{200b}=hunter2", "looks like another setting"),
            ("OUTPUT_DIR=out SFTP_INBOUND_PASSWORD\u{ff1d}hunter2", "looks like another setting"),
            ("OUTPUT_DIR=out sftp_inbound_password=hunter2", "looks like another setting"),
            ("OUTPUT_DIR=out SFTP-INBOUND-PASSWORD = hunter2", "looks like another setting"),
            ("OUTPUT_DIR=out SFTP_INBOUND_PASSWD=hunter2", "looks like another setting"),
            ("OUTPUT_DIR=out MY_TOKEN=hunter2", "looks like another setting"),
            ("SFTP_INBOUND_USER=me PASSWORD: hunter2", "looks like another setting"),
            ("API_ENDPOINT=/run?v=1 SFTP_INBOUND_PASSWORD=hunter2", "looks like another setting"),
            ("SFTP_INBOUND_PASSWORD=hunter2OUTPUT_DIR=out", "looks like another setting"),
            ("SFTP_INBOUND_PASSWORD=a\nOUTPUT_DIR=${SFTP_INBOUND_PASSWORD}", "made from SFTP_INBOUND_PASSWORD"),
            ("BTCFAKE_TOKEN=a\nX=${BTCFAKE_TOKEN}\nOUTPUT_DIR=b/${X}", "made from BTCFAKE_TOKEN"),
        ] {
            let (lines, _) = parse(text.as_bytes(), |_| None);
            let message = lines.iter().find_map(|line| fault_of_line(line, &lines)).unwrap_or_default();
            assert!(message.contains(expected) && !message.contains("hunter2"), "{text}: {message}");
        }
        for text in [
            "OUTPUT_DIR='C:\\temp\\new'",
            "OUTPUT_DIR=/data/ENV=dev/day=1",
            "OUTPUT_DIR=/data/TOKEN=1",
            "OUTPUT_DIR=/data/MY_TOKEN=1",
            "OUTPUT_DIR=/x/WORD=5",
            "OUTPUT_DIR=C:/passwords: old",
            "API_ENDPOINT=/run?TOKEN=abc",
            "API_ENDPOINT=/run?v=1&BTCFAKE_TOKEN=abc",
            "SFTP_INBOUND_HOST=token.example.com:22",
            "SFTP_INBOUND_PASSWORD=PASSWORD=x",
            "SFTP_INBOUND_PASSWORD=a\nBTCFAKE_TOKEN=${SFTP_INBOUND_PASSWORD}",
            "X=a\nX=${X}b\nOUTPUT_DIR=${X}",
            "ANOTHER=\"two\nlines\"",
            "SFTP_INBOUND_PRIVATE_KEY='-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----'",
        ] {
            let (lines, _) = parse(text.as_bytes(), |_| None);
            assert!(!lines.is_empty(), "{text}");
            assert_eq!(lines.iter().find_map(|line| fault_of_line(line, &lines)), None, "{text}");
        }
    }
}
