//! The files of a feed while they are written: a sink for the batches of a run, in memory of the browser.

use btcfake_core::breakage::{BreakList, Damage, break_feed};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::run::feed::{Batch, Feed};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::state_after::NextState;
use btcfake_core::run::tally::Tally;

use super::output::{CSV, Output, Written};
use super::writer::Writer;

const JSON: &str = "application/json";

/// A feed of so many employees has writers for its large files; starting them takes as long as some thousand employees.
const LARGE: usize = 50_000;

/// The writers of a feed's files, by [`FeedFile`]; files without one are written by this worker.
pub(super) struct Writers([Option<Writer>; FeedFile::ALL.len()]);

/// The files of a feed while they are written. A feed that will be broken is held whole until [`FeedFiles::finish`].
pub(super) struct FeedFiles<'r> {
    breaks: &'r BreakList,
    outputs: Vec<Sink>,
    whole: Feed,
    tally: Tally,
    next: NextState,
}

/// Where the bytes of a file go.
enum Sink {
    Here(Box<Output>),
    Writer(Writer),
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

impl Writers {
    /// Starts writers for the large files of a feed of about so many employees, where the browser starts some. A feed that
    /// is broken has none.
    pub(super) fn start(employees: usize, breaks: &BreakList) -> Writers {
        let is_large = breaks.is_empty() && employees >= LARGE;
        Writers(FeedFile::ALL.map(|file| (is_large && file != FeedFile::Dummy).then(Writer::start)?.ok()))
    }
}

impl<'r> FeedFiles<'r> {
    /// Files without any byte, for a run that gets these faults.
    pub(super) async fn begin(simulation: &Simulation, breaks: &'r BreakList, writers: Writers) -> FeedFiles<'r> {
        let (names, mut outputs) = (simulation.file_names(), Vec::new());
        for (file, writer) in FeedFile::ALL.into_iter().zip(writers.0) {
            let name = names.name(file);
            outputs.push(match writer {
                Some(writer) if writer.begin(name).await.is_ok() => Sink::Writer(writer),
                _ => Sink::Here(Box::new(Output::new(name, CSV))),
            });
        }
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
        batch.pieces.iter().try_for_each(|piece| match &mut self.outputs[piece.file as usize] {
            Sink::Here(output) => output.write(&piece.bytes),
            Sink::Writer(writer) => writer.append(&piece.bytes),
        })
    }

    /// Waits while the writers have too many bytes before them.
    ///
    /// # Errors
    /// Why a file cannot be written.
    pub(super) async fn wait_for_room(&mut self) -> Result<(), String> {
        for output in &mut self.outputs {
            if let Sink::Writer(writer) = output {
                writer.wait_for_room().await?;
            }
        }
        Ok(())
    }

    /// Ends the files, breaks those that are to be broken, and adds the run file.
    ///
    /// # Errors
    /// The browser's message, if it cannot hold the bytes; or the fault for which the feed has too few rows.
    pub(super) async fn finish(
        mut self,
        simulation: &Simulation,
        series: Option<SeriesDay>,
        inputs: Vec<InputRecord>,
    ) -> Result<FinishedFeed, String> {
        let (mut files, mut broken) = (Vec::new(), Vec::new());
        if self.breaks.is_empty() {
            // All writers end their files at the same time.
            for output in &mut self.outputs {
                if let Sink::Writer(writer) = output {
                    writer.end()?;
                }
            }
            for output in self.outputs {
                files.push(match output {
                    Sink::Here(output) => output.finish()?,
                    Sink::Writer(writer) => writer.written().await?,
                });
            }
        } else {
            let feed = break_feed(simulation, self.whole, self.breaks).map_err(|error| error.to_string())?;
            for (name, bytes) in &feed.files {
                files.push(Output::of(name, CSV, bytes)?.finish()?);
            }
            broken = feed.damage;
        }
        let records: Vec<OutputRecord> = files.iter().map(Written::record).collect();
        let record = RunRecord::new(*simulation.settings(), inputs, records);
        let record = RunRecord { series, broken: broken.clone(), ..record };
        files.push(Output::of(&simulation.file_names().run, JSON, &record.to_bytes())?.finish()?);
        Ok(FinishedFeed { files, tally: self.tally, broken, next: self.next, record })
    }
}
