//! Messages on files whose role is unknown, and on files that need an answer from people.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::Sorted;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::sheet::Choices;
use serde::{Deserialize, Serialize};

/// A request of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ToSorting {
    /// Find the place of each file. Attached: the files.
    Sort {
        /// The number of the request; the answer names it.
        request: u32,
    },
    /// Convert a file to CSV by the answers to its questions. Attached: the file.
    Convert {
        /// The number of the request; the answer names it.
        request: u32,
        /// The file's role.
        role: InputRole,
        /// The answers.
        choices: Choices,
    },
}

/// An answer of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FromSorting {
    /// The place of each file, in the order in which they were attached.
    Places {
        /// The number of the request.
        request: u32,
        /// The places; `None` for a file with the name and the bytes of one before it.
        places: Vec<Option<Sorted>>,
    },
    /// A file as CSV. Attached if it could be converted: the file.
    Converted {
        /// The number of the request.
        request: u32,
        /// The conversion; or why the file could not be converted.
        outcome: Result<Conversion, String>,
    },
}

/// A conversion by the answers of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Conversion {
    /// What was converted, in one line.
    pub(crate) note: String,
    /// The file that was converted, with the answers.
    pub(crate) original: OriginalFile,
}

/// The original file of a CSV that the page made by people's answers. Run files and links name this file and the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OriginalFile {
    /// Its name.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// The answers.
    pub(crate) choices: Choices,
}

impl OriginalFile {
    /// The record of the file in a run.
    pub(crate) fn record(self, role: InputRole) -> InputRecord {
        let OriginalFile { name, bytes, sha256, choices } = self;
        InputRecord { role, name, path: None, built_in: false, made_up: false, bytes, sha256, choices }
    }
}
