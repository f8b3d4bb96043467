//! Messages on files whose place is not known, and on files that leave a question open.

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
    /// Turn a file into CSV by the answer to its question. Attached: the file.
    Convert {
        /// The number of the request; the answer names it.
        request: u32,
        /// What the file is used as.
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
    /// A file as CSV. Attached: the file, or nothing.
    Converted {
        /// The number of the request.
        request: u32,
        /// What was converted, in a line, or why nothing could be.
        outcome: Result<String, String>,
    },
}
