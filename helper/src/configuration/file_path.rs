//! Settings that are paths. In each of them `~/` stands for the user's home folder, as in a shell.

use std::path::PathBuf;

use btcfake_core::text::visible::quoted;

use super::address::shown_address;
use crate::terminal::failure::Failure;

/// Path of a setting.
///
/// # Errors
/// `Configuration` for an address, or for `~/` where no home folder is known.
pub(super) fn file_path(name: &str, text: &str) -> Result<PathBuf, Failure> {
    path_from(std::env::home_dir(), name, text)
}

/// Failure for an address in place of a path.
pub(super) fn no_path(name: &str, address: &str) -> Failure {
    let shown = quoted(&shown_address(address));
    Failure::Configuration(format!("{name} {shown} is an address; write the path alone, like /folder/name"))
}

/// Without a home folder `~` is an error: a folder named `~` in the current one is not meant and must not be trusted.
fn path_from(home: Option<PathBuf>, name: &str, text: &str) -> Result<PathBuf, Failure> {
    if text.contains("://") {
        return Err(no_path(name, text));
    }
    let Some(rest) = text.strip_prefix("~/").or((text == "~").then_some("")) else { return Ok(PathBuf::from(text)) };
    let home = home.filter(|home| home.is_absolute()).ok_or_else(|| {
        let message = "no home folder is known (HOME is not set)";
        Failure::Configuration(format!("{name} {}: {message}; write {name} as a whole path", quoted(text)))
    })?;
    Ok(home.join(rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn without_a_home_no_path_begins_in_it() {
        let home = |folder: &str| Some(PathBuf::from(folder));
        for (home, text, expected) in [
            (home("/home/me"), "~/.ssh/known_hosts", Some("/home/me/.ssh/known_hosts")),
            (home("/home/me"), "~", Some("/home/me")),
            (home("/home/me"), "~me/x", Some("~me/x")),
            (None, "~/.ssh/known_hosts", None),
            (home(""), "~/.ssh/known_hosts", None),
            (home("here"), "~/.ssh/known_hosts", None),
            (None, "keys/known_hosts", Some("keys/known_hosts")),
        ] {
            let found = path_from(home, "SFTP_KNOWN_HOSTS", text);
            assert_eq!(found.as_ref().ok().map(PathBuf::as_path), expected.map(Path::new), "{text}");
            assert!(found.is_ok() || found.unwrap_err().to_string().contains("write SFTP_KNOWN_HOSTS as a whole path"));
        }
    }
}
