//! Date and random part, which the names of one run's files share.

use chrono::NaiveDate;

/// Date and random part in a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RunKey {
    /// The date of the run.
    pub(super) date: NaiveDate,
    /// The six characters.
    pub(super) random: String,
}
