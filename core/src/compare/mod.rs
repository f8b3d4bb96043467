//! Comparison of two feeds by employee and content: added, missing and changed rows, and the columns that changed.
//!
//! Call [`FeedTables::read`] for each feed, then [`compare`]. Only the values of rows are compared: the order of rows
//! and columns, quotes, line ends, and thousands separators in the key make no difference.

mod feed_tables;
mod matching;
mod outcome;

pub use feed_tables::{FeedFault, FeedTables};
pub use matching::compare;
pub use outcome::{Change, ComparedRow, FeedComparison, FileComparison, RowDifference, Side};

#[cfg(test)]
mod tests;
