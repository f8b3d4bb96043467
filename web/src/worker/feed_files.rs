//! The files of a feed while they are written: a sink for the batches of a run, in memory of the browser.

use btcfake_core::breakage::{BreakList, Damage, break_feed};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::run::feed::{Batch, Feed};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::state_after::NextState;
use btcfake_core::run::tally::Tally;

use super::output::{Output, Written};

const CSV: &str = "text/csv";
const JSON: &str = "application/json";

/// The files of a feed while they are written. A feed that will be broken is held whole until [`FeedFiles::finish`].
pub(super) struct FeedFiles<'r> {
    breaks: &'r BreakList,
    outputs: Vec<Output>,
    whole: Feed,
    tally: Tally,
    next: NextState,
}

/// A feed that was written.
pub(super) struct FinishedFeed {
    /// The files, the run file last.
    pub(super) files: Vec<Written>,
    /// The counts of the run.
    pub(super) tally: Tally,
    /// The damage that was done on purpose.
    pub(super) broken: Vec<Damage>,
    /// The state after the run; empty unless the run keeps it.
    pub(super) next: NextState,
    /// The content of the run file.
    pub(super) record: RunRecord,
}

impl<'r> FeedFiles<'r> {
    /// Files without any byte, for a run that gets these faults.
    pub(super) fn new(simulation: &Simulation, breaks: &'r BreakList) -> FeedFiles<'r> {
        let names = simulation.file_names();
        let outputs = FeedFile::ALL.iter().map(|file| Output::new(names.name(*file), CSV)).collect();
        FeedFiles { breaks, outputs, whole: Feed::default(), tally: Tally::default(), next: NextState::default() }
    }

    /// Takes the next batch of the run.
    ///
    /// # Errors
    /// The browser's message, if it cannot hold the bytes.
    pub(super) fn take(&mut self, batch: Batch) -> Result<(), String> {
        self.tally.add(&batch.tally);
        if !self.breaks.is_empty() {
            self.whole.take(batch);
            return Ok(());
        }
        self.next.extend(batch.next);
        batch.pieces.iter().try_for_each(|piece| self.outputs[piece.file as usize].write(&piece.bytes))
    }

    /// Ends the files, breaks those that are to be broken, and adds the run file.
    ///
    /// # Errors
    /// The browser's message, if it cannot hold the bytes; or the fault for which the feed has too few rows.
    pub(super) fn finish(
        self,
        simulation: &Simulation,
        series: Option<SeriesDay>,
        inputs: Vec<InputRecord>,
    ) -> Result<FinishedFeed, String> {
        let (outputs, broken) = if self.breaks.is_empty() {
            (self.outputs, Vec::new())
        } else {
            let broken = break_feed(simulation, self.whole, self.breaks).map_err(|error| error.to_string())?;
            let outputs = broken.files.iter().map(|(name, bytes)| Output::of(name, CSV, bytes));
            (outputs.collect::<Result<_, String>>()?, broken.damage)
        };
        let mut files = outputs.into_iter().map(Output::finish).collect::<Result<Vec<Written>, String>>()?;
        let records: Vec<OutputRecord> = files.iter().map(|written| written.record.clone()).collect();
        let record = RunRecord::new(*simulation.settings(), inputs, records);
        let record = RunRecord { series, broken: broken.clone(), ..record };
        files.push(Output::of(&simulation.file_names().run, JSON, &record.to_bytes())?.finish()?);
        Ok(FinishedFeed { files, tally: self.tally, broken, next: self.next, record })
    }
}
