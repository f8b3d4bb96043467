//! Failures of commands: kind, place, and how to mend them.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use btcfake_core::text::visible::{lookalikes, shown_whole};
use btcfake_core::text::words::grouped;

use crate::terminal::end_request::is_request;
use crate::terminal::shown_path::shown_path;

/// A command that failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong usage, such as options that exclude each other.
    #[error("{0}")]
    Usage(String),
    /// Invalid value in the environment or `.env`.
    #[error("{0}")]
    Configuration(String),
    /// A destination that looks like production, which was not allowed.
    #[error("{refused}; check the settings, or give --allow-production")]
    Production {
        /// The server, and why it is taken for production, without a final full stop.
        refused: String,
    },
    /// Refused input; its problems were printed one by one.
    #[error("refused for the {}; nothing was written", problems_above(*.problems))]
    Refused {
        /// Number of errors.
        problems: usize,
    },
    /// File or folder that could not be used.
    #[error("{}: cannot {tried} it: {message}{}", shown_path(.path), mend(.path, .message))]
    File {
        /// Path of the file or folder.
        path: PathBuf,
        /// Failed action as a verb: "read", "create" and so on.
        tried: &'static str,
        /// I/O error.
        message: io::Error,
    },
    /// Place that is not as it must be: a file, a folder or a server.
    #[error("{place}: {message}")]
    At {
        /// The place, as it is shown.
        place: String,
        /// What is wrong with it, and how to mend it.
        message: String,
    },
    /// Something that the system refused.
    #[error("cannot {tried}: {message}")]
    System {
        /// What was tried, as a verb with its object: "listen on 127.0.0.1".
        tried: String,
        /// Reason of the system.
        message: String,
    },
    /// Any other failure, as a message.
    #[error("{0}")]
    Other(String),
    /// Findings that were printed already; only the exit code remains.
    #[error("")]
    Reported,
    /// The user stopped the run.
    #[error("stopped before the end; nothing was written")]
    Interrupted,
}

impl Failure {
    /// Failure of a file or folder; `Interrupted` if the error is a request to end.
    pub(crate) fn file(path: &Path, tried: &'static str, message: io::Error) -> Failure {
        if is_request(&message) {
            return Failure::Interrupted;
        }
        Failure::File { path: path.to_owned(), tried, message }
    }

    /// Failure of a place, as it is shown.
    pub(crate) fn at(place: impl Display, message: impl Display) -> Failure {
        Failure::At { place: place.to_string(), message: message.to_string() }
    }

    /// Failure of something that the system refused; `tried` is a verb with its object.
    pub(crate) fn system(tried: impl Display, message: impl Display) -> Failure {
        Failure::System { tried: tried.to_string(), message: message.to_string() }
    }

    /// Exit code: 2 for wrong usage, 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        if matches!(self, Failure::Usage(_)) { 2 } else { 1 }
    }
}

/// Result of a file operation, turned into the failure of a command.
pub(crate) trait FileResult<T> {
    /// The value, or [`Failure::file`] with the path and the failed action as a verb.
    ///
    /// # Errors
    /// `File`, or `Interrupted` if the error is a request to end.
    fn of_file(self, path: &Path, tried: &'static str) -> Result<T, Failure>;
}

impl<T> FileResult<T> for io::Result<T> {
    fn of_file(self, path: &Path, tried: &'static str) -> Result<T, Failure> {
        self.map_err(|error| Failure::file(path, tried, error))
    }
}

fn problems_above(problems: usize) -> String {
    if problems == 1 { "problem above".to_owned() } else { format!("{} problems above", grouped(problems)) }
}

/// Mend for common causes; empty for others.
fn mend(path: &Path, message: &io::Error) -> String {
    match message.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => "; it is a link to a file that is not there".to_owned(),
        io::ErrorKind::NotFound => {
            let meant = similar_name(path).map(|name| format!(". Did you mean '{}'?", shown_whole(&name)));
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let after = if meant.is_some() { "" } else { "." };
            let alike = lookalikes(&name).map(|named| format!("{after} The name holds {named}"));
            meant.into_iter().chain(alike).collect()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free some space, or choose another folder".to_owned()
        }
        io::ErrorKind::FileTooLarge if message.raw_os_error().is_some() => {
            "; the system allows no larger file: see `ulimit -f`, or choose another folder".to_owned()
        }
        io::ErrorKind::PermissionDenied => "; check who may read and write there".to_owned(),
        io::ErrorKind::AlreadyExists => "; it is not overwritten: choose another folder, or move it away".to_owned(),
        io::ErrorKind::IsADirectory => "; name a file in it".to_owned(),
        io::ErrorKind::NotADirectory if path.exists() => "; name a folder".to_owned(),
        io::ErrorKind::NotADirectory => "; a part of this path is a file and no folder".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "; nothing can be written there: choose another folder".to_owned(),
        io::ErrorKind::InvalidFilename => "; choose a shorter name without special characters".to_owned(),
        io::ErrorKind::ResourceBusy => "; try again later".to_owned(),
        _ => String::new(),
    }
}

/// Most similar name in the same folder, if any is similar enough.
fn similar_name(path: &Path) -> Option<String> {
    let typed = path.file_name()?.to_str()?;
    let wanted = typed.to_lowercase();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let nearness = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &wanted);
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| nearness(name) > 0.85 && name != typed)
        .max_by(|a, b| nearness(a).total_cmp(&nearness(b)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_only_looks_like_that_of_a_file_is_explained() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("employees.csv"), "").unwrap();
        for (name, expected) in [
            ("employee.csv", ". Did you mean 'employees.csv'?"),
            ("Employees.CSV", ". Did you mean 'employees.csv'?"),
            ("employ\u{435}es.csv", ". Did you mean 'employees.csv'? The name holds U+0435, not the Latin letter e"),
            ("\u{445}", ". The name holds U+0445, not the Latin letter x"),
            ("other", ""),
        ] {
            let message = Failure::file(&folder.path().join(name), "read", io::ErrorKind::NotFound.into()).to_string();
            assert!(message.ends_with(&format!("entity not found{expected}")), "{message}");
        }
    }
}
