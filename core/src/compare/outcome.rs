//! What a comparison of two feeds finds: single differences, and the counts of each file.

use serde::Serialize;

use crate::format::feed_file::FeedFile;

/// One of the two feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first.
    Before,
    /// The second.
    After,
}

/// A row that one feed has and the other has not, or has with other values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowDifference {
    /// The file.
    pub file: FeedFile,
    /// The employee; `None` for a row that cannot be read, which is compared by its text.
    pub employee: Option<u64>,
    /// The content; `None` for a row that cannot be read.
    pub content: Option<u64>,
    /// How the feeds differ.
    #[serde(flatten)]
    pub change: Change,
}

/// How two feeds differ in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Only the second feed has the row.
    Added {
        /// The row.
        after: ComparedRow,
    },
    /// Only the first feed has the row.
    Gone {
        /// The row.
        before: ComparedRow,
    },
    /// Both feeds have a row of this employee and content, with other values.
    Changed {
        /// The row of the first feed.
        before: ComparedRow,
        /// The row of the second feed.
        after: ComparedRow,
        /// The columns that differ; `RequestId` is never among them.
        columns: Vec<&'static str>,
    },
}

/// A row of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparedRow {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Its values in the order of [`FeedFile::columns`]; the whole line for a row that cannot be read.
    pub values: Vec<String>,
}

/// The counts of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileComparison {
    /// The file.
    pub file: FeedFile,
    /// The feed that lacks the file, whose rows then all count as gone or added.
    pub absent: Option<Side>,
    /// How many rows the first feed has.
    pub rows_before: usize,
    /// How many rows the second feed has.
    pub rows_after: usize,
    /// How many rows are the same, but for their `RequestId`.
    pub same: usize,
    /// How many rows only the second feed has.
    pub added: usize,
    /// How many rows only the first feed has.
    pub gone: usize,
    /// How many rows have other values.
    pub changed: usize,
    /// The columns of the file.
    pub columns: &'static [&'static str],
    /// In how many of the changed rows each of these columns differs.
    pub changed_columns: Vec<usize>,
    /// How many rows that both feeds have differ in their `RequestId`. By itself that is no difference: a `RequestId` numbers
    /// the rows of a file.
    pub other_request_ids: usize,
}

impl FileComparison {
    /// Whether both feeds have the file, with the same rows.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.absent.is_none() && self.added + self.gone + self.changed == 0
    }
}

/// The counts of both files, completions first; without one that neither feed has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedComparison {
    /// The files.
    pub files: Vec<FileComparison>,
}

impl FeedComparison {
    /// Whether both feeds have the same rows.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.files.iter().all(FileComparison::is_same)
    }
}
