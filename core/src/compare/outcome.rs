//! The result of comparing two feeds: individual differences, and counts for each file.

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

/// A row that only one feed has, or that differs between the feeds.
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
    /// The name of its file, if the feed has several of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
    /// The number of rows of the first feed.
    pub rows_before: usize,
    /// The number of rows of the second feed.
    pub rows_after: usize,
    /// The number of equal rows, ignoring the `RequestId`.
    pub same: usize,
    /// The number of rows that only the second feed has.
    pub added: usize,
    /// The number of rows that only the first feed has.
    pub gone: usize,
    /// The number of rows with the same key and different values.
    pub changed: usize,
    /// The columns of the file.
    pub columns: &'static [&'static str],
    /// For each of these columns, the number of changed rows in which it differs.
    pub changed_columns: Vec<usize>,
    /// The number of rows in both feeds whose `RequestId` differs. That alone does not make rows different, since a
    /// `RequestId` only numbers the rows of a file.
    pub other_request_ids: usize,
}

impl FileComparison {
    /// True if both feeds have the file, with the same rows.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.absent.is_none() && self.added + self.gone + self.changed == 0
    }
}

/// The counts of each file, completions first. A file that neither feed has is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedComparison {
    /// The files.
    pub files: Vec<FileComparison>,
}

impl FeedComparison {
    /// True if both feeds have the same rows.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.files.iter().all(FileComparison::is_same)
    }
}
