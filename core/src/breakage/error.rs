//! Errors of breaking a feed: an invalid list of faults, and a feed with too few rows.

use std::fmt;

use super::fault::{Fault, MOST_ROWS};
use crate::format::feed_file::FeedFile;
use crate::text::similar::most_similar;
use crate::text::visible::{quoted, shown};
use crate::text::words::counted;

/// The reason why a list of faults is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakListError {
    /// A list without any fault.
    Empty,
    /// A fault that does not exist.
    UnknownFault {
        /// The name.
        found: String,
    },
    /// A file that the fault cannot be in.
    UnknownFile {
        /// The fault.
        fault: Fault,
        /// The name.
        found: String,
    },
    /// A number of rows for a fault of the whole file.
    NotOfRows {
        /// The fault.
        fault: Fault,
    },
    /// A number of rows that is not a number, or not from 1 to [`MOST_ROWS`].
    RowCount {
        /// The fault.
        fault: Fault,
        /// The number, as typed.
        found: String,
    },
    /// A fault that occurs twice for one file.
    Repeated {
        /// The fault.
        fault: Fault,
    },
    /// Two faults of one file of which one hides the other.
    Together {
        /// The file.
        file: FeedFile,
        /// The fault that hides.
        first: Fault,
        /// The fault that is hidden.
        second: Fault,
        /// The reason.
        why: &'static str,
    },
    /// No column can be left out, because the other faults need every column.
    NoFreeColumn {
        /// The file.
        file: FeedFile,
    },
}

/// A file of the feed with too few rows for a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooFewRows {
    /// The fault.
    pub fault: Fault,
    /// The name of the file.
    pub file: String,
    /// The number of rows that should have the fault.
    pub wanted: u32,
    /// The number of rows that can have it.
    pub found: usize,
}

impl fmt::Display for BreakListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                write!(f, "it names no fault; there are {}", Fault::ALL.map(Fault::name).join(", "))
            }
            Self::UnknownFault { found } => unknown(f, "fault", found, &Fault::ALL.map(Fault::name)),
            Self::UnknownFile { fault, found } => {
                let known: Vec<&str> = fault.files().iter().map(|file| file.name()).collect();
                unknown(f, &format!("file for {}", fault.name()), found, &known)
            }
            Self::NotOfRows { fault } => {
                write!(f, "{} takes no number: it is done to the whole file; leave '=' out", fault.name())
            }
            Self::RowCount { fault, found } => {
                let (name, found) = (fault.name(), shown(found));
                write!(f, "{name}={found}: write how many rows, from 1 to {MOST_ROWS}, such as {name}=3")
            }
            Self::Repeated { fault } => {
                write!(f, "{} is there twice for the same file; say it once, with a number", fault.name())
            }
            Self::Together { file, first, second, why } => {
                let (first, second, file) = (first.name(), second.name(), file.name());
                write!(f, "{first} and {second} do not go together in one file ({file}): {why}; break two feeds")
            }
            Self::NoFreeColumn { file } => write!(
                f,
                "missing-column@{} does not go with the others: every column is needed for one of them; break two feeds",
                file.name()
            ),
        }
    }
}

/// Writes the unknown name and the most similar known one, or all known ones.
fn unknown(f: &mut fmt::Formatter<'_>, what: &str, name: &str, known: &[&str]) -> fmt::Result {
    let found = quoted(name);
    match most_similar(name, known) {
        Some(nearest) => write!(f, "there is no {what} {found}. Did you mean '{nearest}'?"),
        None => write!(f, "there is no {what} {found}; there are {}", known.join(", ")),
    }
}

impl fmt::Display for TooFewRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooFewRows { fault, file, wanted, found } = self;
        let name = fault.name();
        match (fault, found) {
            (Fault::CutOff, _) => {
                write!(f, "{name}: {file} has no row whose end could be cut off; leave this fault out")
            }
            (_, 0) => {
                write!(f, "{name}: {file} has no row that can be broken so; leave this fault out, or change the run")
            }
            _ => {
                let asked = counted(*wanted as usize, "row");
                write!(f, "{name}: {asked} asked for, but {file} has only {found} that can be broken so; ask for fewer")
            }
        }
    }
}

impl std::error::Error for BreakListError {}

impl std::error::Error for TooFewRows {}
