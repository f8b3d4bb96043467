//! Result of writing a feed: counts, and a record per file.

use btcfake_core::breakage::Damage;
use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::run::state_after::NextState;
use btcfake_core::run::tally::Tally;

/// Counts and records of a feed.
pub(crate) struct WrittenFeed {
    /// Counts of the whole run.
    pub(crate) tally: Tally,
    /// Records of the files: completions, assignments, dummy; of a broken feed only those that exist.
    pub(crate) outputs: Vec<OutputRecord>,
    /// Damage done on purpose.
    pub(crate) damage: Vec<Damage>,
    /// State after the run; empty unless the run collects it for the next day of a series.
    pub(crate) next: NextState,
}
