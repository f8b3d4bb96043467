//! A feed that was made: its counts, and the record of each file.

use btcfake_core::breakage::Damage;
use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::run::tally::Tally;

/// The counts and records of a feed.
pub(crate) struct WrittenFeed {
    /// All counts.
    pub(crate) tally: Tally,
    /// The files: completions, assignments, dummy; of a broken feed those that are there.
    pub(crate) outputs: Vec<OutputRecord>,
    /// The damage that was done on purpose.
    pub(crate) damage: Vec<Damage>,
}
