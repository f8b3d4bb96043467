//! What the value of a setting may not hold, whatever the setting is: control characters, another setting that lost its
//! line, or a secret that would be shown. A value is never part of a message.

use super::settings::{SETTINGS, Setting, setting_of};
use crate::configuration::env_file::EnvLine;
use crate::configuration::secret_text::{SecretText, is_private_key, secret_text};

/// What is wrong with a setting of `.env`; nothing where all is right. Variables of other programs are not looked at.
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

/// What is wrong with the value of a setting, from wherever it comes.
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

/// The secret that the value of a setting is by its look, where it must not stand there.
pub(super) fn key_or_token(setting: &Setting, value: &str) -> Option<SecretText> {
    if setting.is_secret {
        return is_private_key(value).then_some(SecretText::PrivateKey);
    }
    secret_text(value)
}

/// What is wrong with a setting whose value is a key or token, and how to mend it.
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

/// The secret setting that a value is made from by `${NAME}`, perhaps by way of other variables.
fn secret_behind<'a>(line: &'a EnvLine, all: &'a [EnvLine]) -> Option<&'a str> {
    line.uses.iter().find_map(|used| {
        if setting_of(used).is_some_and(|setting| setting.is_secret) {
            return Some(used.as_str());
        }
        let earlier = all.iter().rev().find(|other| other.name == *used && other.line < line.line)?;
        secret_behind(earlier, all)
    })
}

/// Whether a value goes on with another setting, whose line end was lost: a whole name and `=`, or at least the end of a
/// secret's name.
fn holds_setting(setting: &Setting, value: &str) -> bool {
    const LEAST: usize = 4;
    value.match_indices('=').any(|(at, _)| {
        let before = value[..at].trim_end();
        let ends = |name: &str| before.ends_with(name);
        let of_secret = |name: &str| !setting.is_secret && ends(&name[name.len().saturating_sub(LEAST)..]);
        SETTINGS.iter().any(|other| ends(other.name) || (other.is_secret && of_secret(other.name)))
    })
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
            ("SFTP_INBOUND_USER=meWORD=hunter2", "looks like another setting"),
            ("SFTP_INBOUND_PASSWORD=hunter2OUTPUT_DIR=out", "looks like another setting"),
            ("SFTP_INBOUND_PASSWORD=a\nOUTPUT_DIR=${SFTP_INBOUND_PASSWORD}", "made from SFTP_INBOUND_PASSWORD"),
            ("BTCFAKE_TOKEN=a\nX=${BTCFAKE_TOKEN}\nOUTPUT_DIR=b/${X}", "made from BTCFAKE_TOKEN"),
        ] {
            let lines = parse(text.as_bytes(), |_| None).unwrap_or_default();
            let said = lines.iter().find_map(|line| fault_of_line(line, &lines)).unwrap_or_default();
            assert!(said.contains(expected) && !said.contains("hunter2"), "{text}: {said}");
        }
        for text in [
            "OUTPUT_DIR='C:\\temp\\new'",
            "OUTPUT_DIR=/data/ENV=dev/day=1",
            "SFTP_INBOUND_PASSWORD=PASSWORD=x",
            "SFTP_INBOUND_PASSWORD=a\nBTCFAKE_TOKEN=${SFTP_INBOUND_PASSWORD}",
            "X=a\nX=${X}b\nOUTPUT_DIR=${X}",
            "ANOTHER=\"two\nlines\"",
            "SFTP_INBOUND_PRIVATE_KEY='-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----'",
        ] {
            let lines = parse(text.as_bytes(), |_| None).unwrap_or_default();
            assert!(!lines.is_empty(), "{text}");
            assert_eq!(lines.iter().find_map(|line| fault_of_line(line, &lines)), None, "{text}");
        }
    }
}
