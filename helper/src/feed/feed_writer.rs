//! Writing of a run's feed: batches of it are made on all cores and consumed in order, either for files or only for the
//! files' records.
//!
//! Slices of the employees are simulated by [`Threads`]. Each file has a thread that digests and writes
//! ([`OutputThread`]), so the simulation does not wait for the disk, and only a few batches are in memory.

use std::ops::{ControlFlow, Range};
use std::thread;

use btcfake_core::breakage::{BreakList, BrokenFeed, break_feed};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::run::detail::Detail;
use btcfake_core::run::feed::{Batch, Feed};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::state_after::NextState;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::chunks::Workers;
use btcfake_core::text::words::number_text;

use crate::feed::output_file::{OutputThread, Target};
use crate::feed::written_feed::WrittenFeed;
use crate::files::threads::Threads;
use crate::terminal::console::Progress;
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

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
        let closed: Vec<_> = outputs.into_iter().map(OutputThread::close).collect();
        let outputs: Vec<Result<OutputRecord, Failure>> = closed.into_iter().map(|finish| finish()).collect();
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
    let of = simulation.employee_count();
    let with_details = details.is_some();
    let mut done = 0;
    let mut take = |mut batch: Batch| {
        interrupt::check()?;
        done += batch.tally.employees.total();
        if let Some(details) = details.as_mut() {
            details(std::mem::take(&mut batch.details))?;
        }
        take(batch)?;
        progress.show(format!("{} of {} employees", number_text(done), number_text(of as u64)));
        Ok(())
    };
    let opening = simulation.opening().try_for_each(&mut take);
    let made = opening.and_then(|()| for_each_slice(simulation, with_details, take));
    progress.clear();
    made
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
