//! The rows of a feed's files that the page shows.

use btcfake_core::format::employees::EmployeeType;
use serde::{Deserialize, Serialize};

/// How many lines of an output file its preview shows.
pub(crate) const PREVIEW_LINES: usize = 50;

/// The first rows of a file that match a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeedRows {
    /// The names of its columns.
    pub(crate) columns: Vec<String>,
    /// The column of content ids, if there is one.
    pub(crate) content_column: Option<usize>,
    /// The columns of instants, which the rows have in people's form, in UTC.
    pub(crate) instant_columns: Vec<usize>,
    /// The rows.
    pub(crate) rows: Vec<FeedRow>,
    /// The number of matching rows in the whole file.
    pub(crate) found: u64,
}

/// A row of a file, with what the run's inputs add to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeedRow {
    /// Its fields; instants are in people's form.
    pub(crate) cells: Vec<String>,
    /// The type of its employee, if the run has this employee.
    pub(crate) kind: Option<EmployeeType>,
    /// The name of its content, if known.
    pub(crate) content: Option<String>,
    /// Its French name, if a catalog has one.
    pub(crate) french: Option<String>,
}
