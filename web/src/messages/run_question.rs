//! Requests about the last run, which the worker keeps, and their answers.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::report::explain::Section;
use btcfake_core::report::figures::Bar;
use serde::{Deserialize, Serialize};

use super::feed_rows::FeedRows;
use super::tables::{Table, TableRows, WantedRows};

/// A request about the last run. The answer repeats the number of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum RunQuestion {
    /// Send rows of a table.
    Rows {
        /// The number of the request.
        request: u32,
        /// The table.
        table: Table,
        /// Which rows.
        wanted: WantedRows,
        /// If given, only rows that this bar of a chart counts.
        behind: Option<Bar>,
    },
    /// Send rows of a file of the feed.
    FeedRows {
        /// The number of the request.
        request: u32,
        /// The place of the file in the outcome, from 0.
        file: usize,
        /// The text that a row must contain: in a field, or in its content's name. Empty for the first rows.
        search: String,
    },
    /// Explain the rows of one employee.
    Explain {
        /// The number of the request.
        request: u32,
        /// The employee's id.
        employee: u64,
    },
    /// Put the files into one ZIP.
    Archive(ArchivePurpose),
    /// Make the inputs of the day after the run: catalogs and recommendations of a sample, and the state tables.
    NextDay {
        /// Whether the state tables are among them.
        with_state: bool,
    },
}

/// The answer to a request about a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum RunAnswer {
    /// Rows of a table.
    Rows {
        /// The number of the request.
        request: u32,
        /// The table.
        table: Table,
        /// The rows.
        rows: TableRows,
    },
    /// Rows of a file, or why there are none.
    FeedRows {
        /// The number of the request.
        request: u32,
        /// The rows.
        rows: Result<FeedRows, String>,
    },
    /// The explanation of one employee's rows.
    Explained {
        /// The number of the request.
        request: u32,
        /// The explanation, or why there is none.
        explained: Result<Vec<Section>, String>,
    },
    /// All files in one ZIP. Attached: its blob; nothing if it could not be made.
    Archive {
        /// What it is for.
        purpose: ArchivePurpose,
        /// Its name; or why it could not be made, in plain words.
        name: Result<String, String>,
    },
    /// The role of each input of the day after the run; or why there are none, in plain words. Attached: the files.
    NextDay(Result<Vec<InputRole>, String>),
    /// The worker no longer has the run.
    Gone,
}

/// What a ZIP is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ArchivePurpose {
    /// The user downloads it.
    Download,
    /// The helper publishes it. The number of the request.
    Publish(u32),
}
