//! What a worker and its writers say to each other: workers of its own that write the files of a large feed.

use serde::{Deserialize, Serialize};

use super::OutputFile;

/// What a writer is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ToWriter {
    /// Begin a file.
    Begin {
        /// Its name.
        name: String,
    },
    /// Append bytes, which are attached.
    Append,
    /// End the file.
    End,
}

/// A writer's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FromWriter {
    /// Bytes are in the file.
    Appended,
    /// The file is written. Attached: its blob.
    Written {
        /// The file.
        file: OutputFile,
        /// Its checksum in a ZIP.
        crc: u32,
    },
    /// There is no file, and why.
    Failed(String),
}
