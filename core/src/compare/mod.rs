//! Two feeds compared by employee and content: rows that were added, are gone, or changed, and in which columns.
//!
//! Start at [`FeedTables::read`], once for each feed, then [`compare`]. What a row says counts, not how the file is spelled:
//! the order of rows and columns, quotes, line ends and thousands separators of the key make no difference by themselves.

mod feed_tables;
mod matching;
mod outcome;

pub use feed_tables::{FeedFault, FeedTables};
pub use matching::compare;
pub use outcome::{Change, ComparedRow, FeedComparison, FileComparison, RowDifference, Side};

#[cfg(test)]
mod tests;
