//! Messages on files whose role is unknown, and on files that need an answer from people.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::Sorted;
use btcfake_core::sheet::Choice;
use serde::{Deserialize, Serialize};

/// A request of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ToSorting {
    /// Find the place of each file. Attached: the files.
    Sort {
        /// The number of the request; the answer names it.
        request: u32,
    },
    /// Convert a file to CSV by the answer to its question. Attached: the file.
    Convert {
        /// The number of the request; the answer names it.
        request: u32,
        /// The file's role.
        role: InputRole,
        /// The answer.
        answer: Choice,
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
        /// What was converted, in one line; or why the file could not be.
        outcome: Result<String, String>,
    },
}
