//! The key of a run: the date and random part that the names of its files share.

use chrono::NaiveDate;

/// The date and random part of a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RunKey {
    /// The date of the run.
    pub(super) date: NaiveDate,
    /// The random part, six characters in a correct name.
    pub(super) random: String,
}
