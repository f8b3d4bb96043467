//! Words of a command line for POSIX shells.

/// A word of a command line, in quotes where a POSIX shell needs them.
pub(super) fn shell_quoted(value: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:,=+@".contains(character);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    }
}
