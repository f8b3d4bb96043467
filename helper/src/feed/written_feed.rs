//! A feed that was made: its counts, and the record of each file.

use btcfake_core::breakage::Damage;
use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::run::tally::Tally;

/// What came of a run.
pub(crate) struct WrittenFeed {
    /// All counts.
    pub(crate) tally: Tally,
    /// The files: completions, assignments, dummy; of a broken feed those that are there.
    pub(crate) outputs: Vec<OutputRecord>,
    /// What was broken on purpose.
    pub(crate) damage: Vec<Damage>,
}

/// A feed that was broken on purpose, to be written.
pub(crate) struct MadeBroken {
    /// Name and bytes of each file.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// What came of it.
    pub(crate) written: WrittenFeed,
}
