//! The bounds of an SFTP operation, and the name that a file has while it is being sent.

use std::time::Duration;

/// How long an SFTP operation may take, and how much a server may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SftpLimits {
    /// The time for an operation as a whole, with all its tries. Time in which a transfer moves bytes does not count.
    pub(crate) operation: Duration,
    /// The speed that a transfer needs at least, in bytes per second; 0 for any.
    pub(crate) slowest: u64,
    /// The largest file that is downloaded, in bytes.
    pub(crate) largest_file: u64,
    /// The largest listing of a folder that is read, in bytes.
    pub(crate) largest_listing: u64,
    /// The most names of a folder that are read.
    pub(crate) most_names: u64,
}

/// The name of a file on the server while it is being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemporaryName {
    /// No other name: the file is written under its own.
    None,
    /// What stands before and after the file's own name. A random part makes the name unique: it stands behind the file's
    /// name, or before it where nothing follows, so that the ending stays.
    Around(String, String),
}

/// The digits of the random part.
const RANDOM_DIGITS: usize = 16;

impl TemporaryName {
    /// Reads the setting: `none`, `prefix` (`tmp_*`), `suffix` (`*.partial`), or a name in which one `*` stands for the
    /// file's own.
    ///
    /// # Errors
    /// Another text: what is wrong with it, to follow the setting's name.
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

    /// The temporary name of a file; nothing where it has none.
    pub(crate) fn of(&self, name: &str, random: u64) -> Option<String> {
        match self {
            Self::None => None,
            Self::Around(before, after) if after.is_empty() => Some(format!("{before}{random:016x}_{name}")),
            Self::Around(before, after) => Some(format!("{before}{name}.{random:016x}{after}")),
        }
    }

    /// The own name of a file with this temporary name; nothing where it is no such name.
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
