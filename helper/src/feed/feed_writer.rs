//! Writing of a run's feed: batches of it are made on all cores and consumed in order, either for files or only for the
//! files' records.
//!
//! Slices of the employees are simulated by [`Threads`]. Each file has a thread that digests and writes, so the
//! simulation does not wait for the disk, and only a few batches are in memory. If the system grants no thread, the
//! current one writes.

use std::fs::File;
use std::io::Write;
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};

use btcfake_core::breakage::{BreakList, BrokenFeed, break_feed};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::record::recorder::OutputRecorder;
use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::run::detail::{Detail, details};
use btcfake_core::run::feed::{Batch, Feed};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::state_after::NextState;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::chunks::Workers;

use crate::feed::feed_folder::FeedFolder;
use crate::feed::files_beside::{Comparison, FilesBeside};
use crate::feed::written_feed::WrittenFeed;
use crate::files::threads::Threads;
use crate::terminal::console::{self, Progress};
use crate::terminal::failure::{Failure, FileResult};
use crate::terminal::interrupt;

/// Capacity of a channel, in pieces.
const WAITING: usize = 2;

/// Number of bytes after which a file is synced while its next bytes are made: enough that syncs cost little, and few
/// in relation to a large file.
const SYNCED_MEANWHILE: usize = 32 << 20;

/// Destination of a feed.
#[derive(Clone, Copy)]
pub(crate) enum Target<'f> {
    /// Files of a folder, under their temporary names.
    Folder(&'f FeedFolder),
    /// No files: only their records are computed.
    Records,
    /// As `Records`; the files of the recorded run are compared as well.
    Compared(&'f FilesBeside),
}

/// Receiver of details, in the order of employees.csv.
pub(crate) type DetailsListener<'a> = &'a mut dyn FnMut(Vec<Detail>) -> Result<(), Failure>;

/// Simulates all employees and writes the feed, with the faults in `breaks`. A broken feed is held in memory as a whole
/// before it is written.
///
/// # Errors
/// A file that cannot be written, a failure of `details`, a feed without the rows that a fault needs, or `Interrupted`.
pub(crate) fn write_feed(
    simulation: &Simulation,
    breaks: &BreakList,
    target: Target<'_>,
    details: Option<DetailsListener<'_>>,
    progress: &mut Progress,
) -> Result<WrittenFeed, Failure> {
    if breaks.is_empty() {
        return write_as_it_comes(simulation, target, details, progress);
    }
    let mut feed = Feed::default();
    for_each_batch(simulation, details, progress, |batch| {
        feed.take(batch);
        Ok(())
    })?;
    let (tally, next) = (feed.tally.clone(), std::mem::take(&mut feed.next));
    let BrokenFeed { files, damage } = break_feed(simulation, feed, breaks)
        .map_err(|why| Failure::Other(format!("--break {}: {why}. Nothing was written", breaks.text())))?;
    let write = |(name, bytes): (String, Vec<u8>)| {
        interrupt::check()?;
        let mut file = target.open(&name)?;
        file.write(&bytes)?;
        file.finish()
    };
    let outputs = files.into_iter().map(write).collect::<Result<_, Failure>>()?;
    Ok(WrittenFeed { tally, outputs, damage, next })
}

/// Writes batches as they are made, with a thread per file.
fn write_as_it_comes(
    simulation: &Simulation,
    target: Target<'_>,
    details: Option<DetailsListener<'_>>,
    progress: &mut Progress,
) -> Result<WrittenFeed, Failure> {
    let names = simulation.file_names();
    let (mut tally, mut next) = (Tally::default(), NextState::default());
    thread::scope(|scope| {
        let open = |file: &FeedFile| Ok(OutputThread::start(scope, target.open(names.name(*file))?));
        let mut outputs = FeedFile::ALL.iter().map(open).collect::<Result<Vec<_>, Failure>>()?;
        let made = for_each_batch(simulation, details, progress, |batch| {
            tally.add(&batch.tally);
            next.extend(batch.next);
            batch.pieces.into_iter().try_for_each(|piece| outputs[piece.file as usize].write(piece.bytes))
        });
        // All files are closed before the first is waited for: their syncs run at the same time.
        let closed: Vec<ClosedOutput<'_>> = outputs.into_iter().map(OutputThread::close).collect();
        let outputs: Vec<Result<OutputRecord, Failure>> = closed.into_iter().map(ClosedOutput::finish).collect();
        // A writer's failure is the cause; the closed channel only follows from it.
        let outputs = outputs.into_iter().collect::<Result<_, Failure>>()?;
        made.map(|()| WrittenFeed { tally, outputs, damage: Vec::new(), next })
    })
}

/// Calls `take` with every batch of a run in order, and `details` with the details of that batch.
fn for_each_batch(
    simulation: &Simulation,
    mut details: Option<DetailsListener<'_>>,
    progress: &mut Progress,
    mut take: impl FnMut(Batch) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let of = simulation.employees();
    let with_details = details.is_some();
    let mut done = 0;
    let mut take = |mut batch: Batch| {
        interrupt::check()?;
        done += batch.tally.employees.total();
        if let Some(details) = details.as_mut() {
            details(std::mem::take(&mut batch.details))?;
        }
        take(batch)?;
        progress.show(format!("{done} of {of} employees"));
        Ok(())
    };
    let opening = simulation.opening().try_for_each(&mut take);
    let made = opening.and_then(|()| for_each_slice(simulation, with_details, take));
    progress.clear();
    made
}

/// Calls `take` with every detail of a run in order. Days are simulated again, so details need not be stored.
fn for_each_detail(simulation: &Simulation, mut take: impl FnMut(&Detail)) {
    for position in 0..simulation.employees() {
        details(&simulation.employee_day(position), &simulation.inputs().catalog).iter().for_each(&mut take);
    }
}

/// Details of all employees, in the order of employees.csv.
pub(crate) fn all_details(simulation: &Simulation) -> Vec<Detail> {
    let mut all = Vec::new();
    for_each_detail(simulation, |detail| all.push(detail.clone()));
    all
}

/// Prints the details of all employees under a title, one line each.
pub(crate) fn print_details(simulation: &Simulation, title: &str) {
    console::print(&format!("{title}\n"));
    for_each_detail(simulation, |detail| {
        console::print(&format!("  {} {}\n", detail.employee_id(), detail.describe()));
    });
}

/// Simulates all slices on all cores, and calls `take` with their batches in order.
fn for_each_slice(
    simulation: &Simulation,
    with_details: bool,
    mut take: impl FnMut(Batch) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let slices: Vec<Range<usize>> = simulation.slices().collect();
    let mut taken = Ok(());
    let simulate = |number: usize| simulation.simulate(slices[number].clone(), with_details);
    Threads.in_order(slices.len(), simulate, |batch| {
        taken = take(batch);
        if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    taken
}

/// File that is being written, on a thread of its own or on the current one.
enum OutputThread<'scope> {
    Thread(SyncSender<Vec<u8>>, ScopedJoinHandle<'scope, Result<OutputRecord, Failure>>),
    Here(OpenFile),
}

/// File that has all its bytes and is being synced.
enum ClosedOutput<'scope> {
    Thread(ScopedJoinHandle<'scope, Result<OutputRecord, Failure>>),
    Here(OpenFile),
}

/// Open file, with its record so far.
struct OpenFile {
    /// File, and its path for error messages; `None` if only the record is needed.
    file: Option<(File, PathBuf)>,
    /// Comparison with the file of the recorded run, if there is one.
    comparison: Option<Comparison>,
    recorder: OutputRecorder,
}

impl Target<'_> {
    fn open(self, name: &str) -> Result<OpenFile, Failure> {
        let file = match self {
            Self::Folder(folder) => Some((folder.create(name)?, folder.path(name))),
            Self::Records | Self::Compared(_) => None,
        };
        let comparison = match self {
            Self::Compared(files) => files.comparison(name),
            Self::Folder(_) | Self::Records => None,
        };
        Ok(OpenFile { file, comparison, recorder: OutputRecorder::new(name) })
    }
}

impl<'scope> OutputThread<'scope> {
    fn start(scope: &'scope Scope<'scope, '_>, file: OpenFile) -> OutputThread<'scope> {
        let (chunks_in, chunks_out) = sync_channel(WAITING);
        // Sent only to a running thread: a thread that does not start would drop the file.
        let (file_in, file_out) = sync_channel::<OpenFile>(1);
        let work = move || match file_out.recv() {
            Ok(file) => file.write_all(chunks_out),
            Err(_) => Err(broken_down()),
        };
        let Ok(thread) = Builder::new().spawn_scoped(scope, work) else { return OutputThread::Here(file) };
        match file_in.send(file) {
            Ok(()) => OutputThread::Thread(chunks_in, thread),
            Err(SendError(file)) => OutputThread::Here(file),
        }
    }

    fn write(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        match self {
            OutputThread::Thread(chunks, _) => {
                chunks.send(bytes).map_err(|_| Failure::Other("the writing of a file ended early".to_owned()))
            }
            OutputThread::Here(file) => file.write(&bytes),
        }
    }

    /// Signals to the file's thread that no more bytes follow.
    fn close(self) -> ClosedOutput<'scope> {
        match self {
            OutputThread::Thread(_, thread) => ClosedOutput::Thread(thread),
            OutputThread::Here(file) => ClosedOutput::Here(file),
        }
    }
}

impl ClosedOutput<'_> {
    fn finish(self) -> Result<OutputRecord, Failure> {
        match self {
            ClosedOutput::Thread(thread) => thread.join().unwrap_or_else(|_| Err(broken_down())),
            ClosedOutput::Here(file) => file.finish(),
        }
    }
}

impl OpenFile {
    fn write_all(mut self, chunks: Receiver<Vec<u8>>) -> Result<OutputRecord, Failure> {
        thread::scope(|scope| {
            let (mut syncs, mut unsynced) = (Vec::new(), 0);
            for chunk in chunks {
                self.write(&chunk)?;
                unsynced += chunk.len();
                if unsynced >= SYNCED_MEANWHILE && syncs.last().is_none_or(ScopedJoinHandle::is_finished) {
                    syncs.extend(self.sync_meanwhile(scope));
                    unsynced = 0;
                }
            }
            syncs.into_iter().try_for_each(|sync| sync.join().unwrap_or_else(|_| Err(broken_down())))?;
            self.finish()
        })
    }

    /// Syncs what has been written on a separate thread, so that the last sync has little to do. `None` without a file
    /// or a thread.
    fn sync_meanwhile<'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
    ) -> Option<ScopedJoinHandle<'scope, Result<(), Failure>>> {
        let (file, path) = self.file.as_ref()?;
        let (file, path) = (file.try_clone().ok()?, path.clone());
        Builder::new().spawn_scoped(scope, move || file.sync_data().of_file(&path, "write")).ok()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.recorder.update(bytes);
        self.comparison.iter_mut().for_each(|comparison| comparison.compare(bytes));
        match &mut self.file {
            Some((file, path)) => file.write_all(bytes).of_file(path, "write"),
            None => Ok(()),
        }
    }

    /// Syncs the file and returns its record.
    fn finish(self) -> Result<OutputRecord, Failure> {
        if let Some((file, path)) = &self.file {
            file.sync_all().of_file(path, "write")?;
        }
        Ok(self.recorder.close())
    }
}

fn broken_down() -> Failure {
    Failure::Other("the writing of a file broke down".to_owned())
}
