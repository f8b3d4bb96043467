//! Comparison of two feeds by employee and content: added, missing and changed rows, and the columns that changed.
//!
//! Call [`FeedTables::read`] for each feed, then [`compare`]. Only the values of rows are compared: the order of rows
//! and columns, quotes, and line ends make no difference. Rows are matched by the ids that their key means; an id in
//! another spelling, such as one without thousands separators, is a change of the row.

mod feed_tables;
mod matching;
mod outcome;

pub use feed_tables::{FeedFault, FeedTables};
pub use matching::compare;
pub use outcome::{Change, ComparedRow, FeedComparison, FileComparison, RowDifference, Side};

#[cfg(test)]
mod tests;
