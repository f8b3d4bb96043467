//! Makes a run's bytes on all cores and hands them on in order: to files, or to digests alone.
//!
//! Each simulating thread takes every n-th part and sends what it made through a short channel of its own; taking from
//! the channels in turn gives the order back. Each output has a thread that hashes and writes, so that nothing waits
//! for the disk and only a few parts are in memory at any time. Where the machine has no thread left, fewer do, or this one
//! alone.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};

use btcfake_core::breakage::{BreakList, BrokenFeed, FeedBytes, break_feed};
use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::run::detail::Detail;
use btcfake_core::run::simulation::{Part, Simulation};
use btcfake_core::run::tally::Tally;
use btcfake_core::text::digest::ByteDigest;

use crate::feed::feed_folder::FeedFolder;
use crate::feed::written_feed::{MadeBroken, WrittenFeed};
use crate::terminal::console::Progress;
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Where the bytes of an output go.
pub(crate) enum Destination<'m> {
    /// Into a file, which is synced in the end; the path is for error texts.
    File(File, PathBuf),
    /// Into memory.
    Memory(&'m mut Vec<u8>),
    /// Nowhere: only their digest is wanted.
    Digest,
}

/// The destinations of a feed.
pub(crate) struct Destinations<'m> {
    completions: Destination<'m>,
    assignments: Destination<'m>,
    user_completion: Destination<'m>,
}

impl<'m> Destinations<'m> {
    /// The files of a folder, under their temporary names.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(crate) fn in_folder(folder: &FeedFolder, simulation: &Simulation) -> Result<Destinations<'m>, Failure> {
        let names = simulation.file_names();
        let file = |name: &str| Ok(Destination::File(folder.create(name)?, folder.path(name)));
        Ok(Destinations {
            completions: file(&names.completions)?,
            assignments: file(&names.assignments)?,
            user_completion: file(&names.user_completion)?,
        })
    }

    /// Digests alone.
    pub(crate) fn digests() -> Destinations<'m> {
        Destinations {
            completions: Destination::Digest,
            assignments: Destination::Digest,
            user_completion: Destination::Digest,
        }
    }
}

/// Simulates all employees and breaks the feed on purpose. That takes all of it in memory.
///
/// # Errors
/// What [`write_feed`] says, or a feed that cannot be broken so.
pub(crate) fn make_broken_feed(
    simulation: &Simulation,
    list: &BreakList,
    details: Option<&mut dyn FnMut(Vec<Detail>) -> Result<(), Failure>>,
    progress: &mut Progress,
) -> Result<MadeBroken, Failure> {
    let mut bytes = FeedBytes::default();
    let destinations = Destinations {
        completions: Destination::Memory(&mut bytes.completions),
        assignments: Destination::Memory(&mut bytes.assignments),
        user_completion: Destination::Memory(&mut bytes.user_completion),
    };
    let written = write_feed(simulation, destinations, details, progress)?;
    let BrokenFeed { files, damage } = break_feed(simulation, bytes, list)
        .map_err(|said| Failure::Other(format!("--break {}: {said}. Nothing was written", list.text())))?;
    let record = |(name, bytes): &(String, Vec<u8>)| {
        let mut digest = ByteDigest::default();
        digest.update(bytes);
        OutputRecord::new(name, digest)
    };
    let outputs = files.iter().map(record).collect();
    Ok(MadeBroken { files, written: WrittenFeed { outputs, damage, ..written } })
}

/// Employees in a part: enough that threads seldom wait for each other, few enough that parts stay small.
const PART: usize = 4_096;

/// Parts that may wait in a channel.
const WAITING: usize = 2;

/// Simulates all employees and writes the feed. `details` is given every detail in order, if there is such a listener.
///
/// # Errors
/// What the system says about a file, what `details` says, or a request to end.
pub(crate) fn write_feed(
    simulation: &Simulation,
    destinations: Destinations<'_>,
    mut details: Option<&mut dyn FnMut(Vec<Detail>) -> Result<(), Failure>>,
    progress: &mut Progress,
) -> Result<WrittenFeed, Failure> {
    let names = simulation.file_names();
    let Destinations { completions, assignments, user_completion } = destinations;
    let mut tally = Tally::default();
    let with_details = details.is_some();
    thread::scope(|scope| {
        let mut completions = Output::start(scope, completions);
        let mut assignments = Output::start(scope, assignments);
        let simulated = (|| {
            completions.write(simulation.completions_head())?;
            tally.open_left = simulation.hand_on_assignments_head(|bytes| assignments.write(bytes))?;
            let mut done = 0;
            for_each_part(scope, simulation, with_details, |part| {
                interrupt::check()?;
                tally.add(&part.tally);
                if let Some(details) = details.as_mut() {
                    details(part.details)?;
                }
                completions.write(part.completions)?;
                assignments.write(part.assignments)?;
                done = (done + PART).min(simulation.employees());
                progress.show(format!("{done} of {} employees", simulation.employees()));
                Ok(())
            })
        })();
        let completions = completions.finish();
        let assignments = assignments.finish();
        progress.clear();
        // What a writer says is the cause; that nobody listens any more is only its consequence.
        let (completions, assignments) = (completions?, assignments?);
        simulated?;
        let mut dummy = Writing { destination: user_completion, digest: ByteDigest::default() };
        dummy.write(simulation.user_completion())?;
        let user_completion = dummy.finish()?;
        let outputs = vec![
            OutputRecord::new(&names.completions, completions),
            OutputRecord::new(&names.assignments, assignments),
            OutputRecord::new(&names.user_completion, user_completion),
        ];
        Ok(WrittenFeed { tally, outputs, damage: Vec::new() })
    })
}

/// Every detail of a run, in order, made anew: for telling them after the summary without holding them all.
pub(crate) fn for_each_detail(simulation: &Simulation, mut tell: impl FnMut(&Detail)) {
    for part in parts(simulation.employees()) {
        simulation.simulate(part, true).details.iter().for_each(&mut tell);
    }
}

fn parts(employees: usize) -> impl Iterator<Item = Range<usize>> {
    (0..employees).step_by(PART).map(move |start| start..(start + PART).min(employees))
}

fn simulating_threads(employees: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    employees.div_ceil(PART).clamp(1, cores)
}

/// Simulates all parts on as many threads as there are to be had, and hands them on in order.
fn for_each_part<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    simulation: &'env Simulation,
    with_details: bool,
    mut take: impl FnMut(Part) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut starts = Vec::new();
    let mut threads: Vec<Receiver<Part>> = Vec::new();
    for first in 0..simulating_threads(simulation.employees()) {
        let (part_in, part_out) = sync_channel(WAITING);
        let (start, started) = sync_channel(1);
        let work = move || {
            // How many threads share the parts is known once all are there.
            if let Ok(step) = started.recv() {
                simulate_every(simulation, first, step, with_details, &part_in);
            }
        };
        if Builder::new().spawn_scoped(scope, work).is_err() {
            break;
        }
        starts.push(start);
        threads.push(part_out);
    }
    for start in &starts {
        let _ = start.send(starts.len());
    }
    if threads.is_empty() {
        return parts(simulation.employees()).try_for_each(|part| take(simulation.simulate(part, with_details)));
    }
    part_out_in_turn(&threads).try_for_each(take)
}

fn simulate_every(simulation: &Simulation, first: usize, step: usize, with_details: bool, out: &SyncSender<Part>) {
    for part in parts(simulation.employees()).skip(first).step_by(step) {
        if out.send(simulation.simulate(part, with_details)).is_err() {
            return;
        }
    }
}

fn part_out_in_turn(threads: &[Receiver<Part>]) -> impl Iterator<Item = Part> {
    threads.iter().cycle().map_while(|thread| thread.recv().ok())
}

/// An output being written: on a thread of its own, or on this one.
enum Output<'scope, 'm> {
    Thread(SyncSender<Vec<u8>>, ScopedJoinHandle<'scope, Result<ByteDigest, Failure>>),
    Here(Writing<'m>),
}

/// Where bytes go, and their digest so far.
struct Writing<'m> {
    destination: Destination<'m>,
    digest: ByteDigest,
}

impl<'scope, 'm: 'scope> Output<'scope, 'm> {
    fn start(scope: &'scope Scope<'scope, '_>, destination: Destination<'m>) -> Output<'scope, 'm> {
        let writing = Writing { destination, digest: ByteDigest::default() };
        let (chunks_in, chunks_out) = sync_channel(WAITING);
        // What is to be done is handed over when the thread is there: it would be lost with one that is not.
        let (work_in, work_out) = sync_channel::<Writing<'m>>(1);
        let work = move || match work_out.recv() {
            Ok(writing) => writing.write_all(chunks_out),
            Err(_) => Err(broken_down()),
        };
        let Ok(thread) = Builder::new().spawn_scoped(scope, work) else { return Output::Here(writing) };
        match work_in.send(writing) {
            Ok(()) => Output::Thread(chunks_in, thread),
            Err(SendError(writing)) => Output::Here(writing),
        }
    }

    fn write(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        match self {
            Output::Thread(chunks, _) => {
                chunks.send(bytes).map_err(|_| Failure::Other("the writing of a file ended early".to_owned()))
            }
            Output::Here(writing) => writing.write(&bytes),
        }
    }

    fn finish(self) -> Result<ByteDigest, Failure> {
        match self {
            Output::Thread(chunks, thread) => {
                drop(chunks);
                thread.join().unwrap_or_else(|_| Err(broken_down()))
            }
            Output::Here(writing) => writing.finish(),
        }
    }
}

impl Writing<'_> {
    fn write_all(mut self, chunks: Receiver<Vec<u8>>) -> Result<ByteDigest, Failure> {
        for chunk in chunks {
            self.write(&chunk)?;
        }
        self.finish()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.digest.update(bytes);
        self.destination.write(bytes)
    }

    fn finish(mut self) -> Result<ByteDigest, Failure> {
        self.destination.finish()?;
        Ok(self.digest)
    }
}

fn broken_down() -> Failure {
    Failure::Other("the writing of a file broke down".to_owned())
}

impl Destination<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::File(file, path) => file.write_all(bytes).map_err(|said| write_failure(path, said)),
            Self::Memory(all) => {
                all.extend_from_slice(bytes);
                Ok(())
            }
            Self::Digest => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<(), Failure> {
        match self {
            Self::File(file, path) => file.sync_all().map_err(|said| write_failure(path, said)),
            Self::Memory(_) | Self::Digest => Ok(()),
        }
    }
}

fn write_failure(path: &Path, said: io::Error) -> Failure {
    Failure::file(path, "write", said)
}
