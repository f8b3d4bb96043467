//! Messages on the comparison of two feeds, row by row.

use btcfake_core::format::feed_file::FeedFile;
use serde::{Deserialize, Serialize};

/// How many differing rows of a file are sent; the counts cover all.
pub(crate) const MOST_DIFFERENCES: usize = 200;

/// Two feeds to compare. Attached: the files of the first, then those of the second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ComparisonOrder {
    /// The names of each feed's files.
    pub(crate) names: [Vec<String>; 2],
}

/// The comparison of one file of the feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ComparedFeedFile {
    /// The file.
    pub(crate) file: FeedFile,
    /// The number of equal rows.
    pub(crate) same: usize,
    /// The number of rows that only the second feed has.
    pub(crate) added: usize,
    /// The number of rows that only the first feed has.
    pub(crate) gone: usize,
    /// The number of rows of the same employee and content with other values.
    pub(crate) changed: usize,
    /// The first [`MOST_DIFFERENCES`] differing rows, by employee and content.
    pub(crate) rows: Vec<DifferingRow>,
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DifferingRow {
    /// The employee's id; empty for a row that cannot be read.
    pub(crate) employee: String,
    /// The content's id with separators, as in `2,000,001`.
    pub(crate) content: String,
    /// `Added`, `Gone` or `Changed`.
    pub(crate) change: String,
    /// The values, one an item: of a row that only one feed has, all; of a changed row, each change with before and after.
    pub(crate) values: Vec<String>,
}
