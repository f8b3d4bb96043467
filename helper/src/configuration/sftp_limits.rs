//! Limits of an SFTP operation, and names of files during upload.

use std::time::Duration;

/// Limits of an SFTP operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SftpLimits {
    /// Time limit of an operation with all its attempts. Time in which a transfer moves bytes does not count.
    pub(crate) operation: Duration,
    /// Minimum speed of a transfer in bytes per second; 0 for none.
    pub(crate) slowest: u64,
    /// Maximum size of a downloaded file, in bytes.
    pub(crate) largest_file: u64,
    /// Maximum size of a folder's listing, in bytes.
    pub(crate) largest_listing: u64,
    /// Maximum number of names in a folder's listing.
    pub(crate) most_names: u64,
}

/// Rule for the name of a file on the server during upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemporaryName {
    /// No temporary name: the file is written under its own.
    None,
    /// Prefix and suffix of the file's own name. A random part makes the name unique: after the file's name, or before
    /// it if the suffix is empty, so that the ending stays.
    Around(String, String),
}

/// Number of hexadecimal digits of the random part.
const RANDOM_DIGITS: usize = 16;

impl TemporaryName {
    /// Parses the setting: `none`, `prefix` (`tmp_*`), `suffix` (`*.partial`), or a pattern in which one `*` stands for
    /// the file's own name.
    ///
    /// # Errors
    /// A message for any other text, without the setting's name.
    pub(crate) fn parse(text: &str) -> Result<TemporaryName, String> {
        let pattern = match text {
            "none" => return Ok(TemporaryName::None),
            "prefix" => "tmp_*",
            "suffix" => "*.partial",
            pattern => pattern,
        };
        let is_plain = |part: &str| !part.contains(['*', '/', '\\']) && !part.chars().any(char::is_control);
        match pattern.split_once('*') {
            Some((before, after)) if is_plain(before) && is_plain(after) && before.len() + after.len() <= 100 => {
                Ok(TemporaryName::Around(before.to_owned(), after.to_owned()))
            }
            _ => Err(format!(
                "'{}' is no temporary name; write none, or a name without / in which one * stands for the file's name, \
                 such as tmp_* or *.partial",
                text.escape_debug()
            )),
        }
    }

    /// Temporary name of a file; `None` if it gets none.
    pub(crate) fn of(&self, name: &str, random: u64) -> Option<String> {
        match self {
            Self::None => None,
            Self::Around(before, after) if after.is_empty() => Some(format!("{before}{random:016x}_{name}")),
            Self::Around(before, after) => Some(format!("{before}{name}.{random:016x}{after}")),
        }
    }

    /// Own name of a file with this temporary name; `None` for other names.
    pub(crate) fn whole<'a>(&self, temporary: &'a str) -> Option<&'a str> {
        let Self::Around(before, after) = self else { return None };
        let inner = temporary.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
        let (name, random) = if after.is_empty() {
            inner.split_once('_').map(|(random, name)| (name, random))?
        } else {
            inner.rsplit_once('.')?
        };
        let is_random = random.len() == RANDOM_DIGITS && random.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_random.then_some(name)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_leads_back_to_the_files_own() {
        for (pattern, expected) in [
            (".*.partial", Some(".a_b.csv.00000000000000ff.partial")),
            ("*.filepart", Some("a_b.csv.00000000000000ff.filepart")),
            ("suffix", Some("a_b.csv.00000000000000ff.partial")),
            ("prefix", Some("tmp_00000000000000ff_a_b.csv")),
            ("up-*", Some("up-00000000000000ff_a_b.csv")),
            ("*", Some("00000000000000ff_a_b.csv")),
            ("none", None),
        ] {
            let temporary = TemporaryName::parse(pattern).unwrap();
            let name = temporary.of("a_b.csv", 255);
            assert_eq!(name.as_deref(), expected, "{pattern}");
            assert_eq!(
                name.as_deref().and_then(|name| temporary.whole(name)),
                expected.map(|_| "a_b.csv"),
                "{pattern}"
            );
            assert_eq!(temporary.whole("a_b.csv"), None, "{pattern}");
        }
        for wrong in ["", "partial", "**", "*/x", "../*", "a\\*", "*\n", &format!("*{}", "x".repeat(101))] {
            assert!(TemporaryName::parse(wrong).unwrap_err().contains("is no temporary name"), "{wrong}");
        }
    }
}
