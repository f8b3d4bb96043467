//! Errors of breaking a feed: an invalid list of faults, and a feed with too few rows.

use super::fault::{Fault, MOST_ROWS};
use super::preset::Preset;
use crate::format::feed_file::FeedFile;
use crate::text::similar::most_similar;
use crate::text::visible::{quoted, shown};
use crate::text::words::{counted, grouped};

/// The reason why a list of faults is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakListError {
    /// A list without any fault.
    #[error("it names no fault; there are {}", list(Fault::ALL, Fault::name))]
    Empty,
    /// The name of a fault that does not exist.
    #[error("there is no fault {}{}", quoted(.0), known_faults(.0))]
    UnknownFault(String),
    /// The name of a file that the fault cannot be in.
    #[error("there is no file for {} {}{}", .0.name(), quoted(.1), known_names(.1, .0.files(), FeedFile::name))]
    UnknownFile(Fault, String),
    /// A number of rows for a fault of the whole file.
    #[error("{} takes no number: it is done to the whole file; leave '=' out", .0.name())]
    NotOfRows(Fault),
    /// A number of rows, as typed, that is not a number, or not from 1 to [`MOST_ROWS`].
    #[error("{name}={}: write how many rows, from 1 to {}, such as {name}=3", shown(.1), MOST_ROWS, name = .0.name())]
    RowCount(Fault, String),
    /// A fault that occurs twice for one file.
    #[error("{} is there twice for the same file; say it once, with a number", .0.name())]
    Repeated(Fault),
    /// Two faults of one file, one of which would hide the other.
    #[error(
        "{} and {} do not go together in one file ({}): {why}; break two feeds",
        .first.name(), .second.name(), .file.name()
    )]
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
    /// No column of the file can be left out, because the other faults need every column.
    #[error(
        "missing-column@{} does not go with the others: every column is needed for one of them; break two feeds",
        .0.name()
    )]
    NoFreeColumn(FeedFile),
}

/// A file of the feed with too few rows for a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", .fault.name(), reason(*.fault, .file, *.wanted, *.found))]
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

/// The end of a message about an unknown fault: the most similar fault or preset, or all known ones.
fn known_faults(name: &str) -> String {
    let presets = Preset::ALL.map(|preset| preset.name);
    let (name, _) = name.split_once('=').unwrap_or((name, ""));
    let all: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).chain(presets).collect();
    let begun: Vec<&str> = all.iter().copied().filter(|known| !name.is_empty() && known.starts_with(name)).collect();
    let nearest = begun.first().copied().filter(|_| begun.len() == 1).or_else(|| most_similar(name, &all));
    match (presets.contains(&name), nearest) {
        (true, _) => format!(": {name} is a preset, which takes neither file nor number; leave them out"),
        (_, Some(nearest)) => format!(". Did you mean '{nearest}'?"),
        _ => format!("; there are {}, and the presets {}", list(Fault::ALL, Fault::name), presets.join(", ")),
    }
}

/// The end of a message about an unknown name: the most similar known one, or all known ones.
fn known_names<T: Copy>(name: &str, known: &[T], name_of: fn(T) -> &'static str) -> String {
    let names: Vec<&str> = known.iter().copied().map(name_of).collect();
    match most_similar(name, &names) {
        Some(nearest) => format!(". Did you mean '{nearest}'?"),
        None => format!("; there are {}", names.join(", ")),
    }
}

fn list<T: Copy>(known: &[T], name_of: fn(T) -> &'static str) -> String {
    known.iter().copied().map(name_of).collect::<Vec<_>>().join(", ")
}

fn reason(fault: Fault, file: &str, wanted: u32, found: usize) -> String {
    match (fault, found) {
        (Fault::CutOff, _) => format!("{file} has no row whose end could be cut off; leave this fault out"),
        (_, 0) => format!("{file} has no row that can be broken so; leave this fault out, or change the run"),
        _ => {
            let asked = counted(wanted as usize, "row");
            let found = grouped(found);
            format!("{asked} asked for, but {file} has only {found} that can be broken so; ask for fewer")
        }
    }
}
