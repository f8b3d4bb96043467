//! The files of a feed while they are written: they collect the batches of a run, in the browser's memory.

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

/// The smallest number of employees for which large files get writer workers. Below it, starting them takes longer than it
/// saves.
const LARGE: usize = 50_000;

/// The writers of a feed's files, by [`FeedFile`]. This worker writes the files without one.
pub(super) struct Writers([Option<Writer>; FeedFile::ALL.len()]);

/// The files of a feed while they are written. A feed with faults is held in memory until [`FeedFiles::finish`].
pub(super) struct FeedFiles<'r> {
    breaks: &'r BreakList,
    outputs: Vec<Sink>,
    whole: Feed,
    tally: Tally,
    next: NextState,
}

/// The destination of a file's bytes.
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
    /// The faults that were made on purpose.
    pub(super) broken: Vec<Damage>,
    /// The state after the run; empty unless the run keeps it.
    pub(super) next: NextState,
    /// The content of the run file.
    pub(super) record: RunRecord,
}

impl Writers {
    /// Starts writers for the large files of a feed of about this number of employees. A feed with faults gets none, nor does a
    /// file for which the browser starts no worker.
    pub(super) fn start(employees: usize, breaks: &BreakList) -> Writers {
        let is_large = breaks.is_empty() && employees >= LARGE;
        Writers(FeedFile::ALL.map(|file| (is_large && file != FeedFile::Dummy).then(Writer::start)?.ok()))
    }
}

impl<'r> FeedFiles<'r> {
    /// Begins the files of a run, which are empty. `breaks` are the faults that [`FeedFiles::finish`] will make.
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

    /// Waits while too many bytes are on their way to the writers.
    ///
    /// # Errors
    /// A writer broke down.
    pub(super) async fn wait_for_room(&mut self) -> Result<(), String> {
        for output in &mut self.outputs {
            if let Sink::Writer(writer) = output {
                writer.wait_for_room().await?;
            }
        }
        Ok(())
    }

    /// Ends the files, makes the faults, and adds the run file.
    ///
    /// # Errors
    /// The browser's message if it cannot hold the bytes; a writer that broke down; a fault for which the feed has too few
    /// rows.
    pub(super) async fn finish(
        mut self,
        simulation: &Simulation,
        series: Option<SeriesDay>,
        inputs: Vec<InputRecord>,
    ) -> Result<FinishedFeed, String> {
        let (mut files, mut broken) = (Vec::new(), Vec::new());
        if self.breaks.is_empty() {
            // All writers get the order to end first, so that they end at the same time.
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
