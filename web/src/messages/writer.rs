//! The messages between a worker and its writers: further workers that write the files of a large feed.

use serde::{Deserialize, Serialize};

/// An order to a writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ToWriter {
    /// Begin a file.
    Begin {
        /// Its name.
        name: String,
    },
    /// Append a piece, which is attached.
    Append,
    /// End the file.
    End,
}

/// A writer's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FromWriter {
    /// A piece is in the file. Attached: the piece's buffer, for reuse.
    Appended,
    /// The file is written. Attached: its blob.
    Written(OutputFile),
    /// The file could not be written; why.
    Failed(String),
}

/// A file that came out of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OutputFile {
    /// Its exact name.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// How many lines it has.
    pub(crate) lines: u64,
    /// Its first lines.
    pub(crate) preview: String,
}
