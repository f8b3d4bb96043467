//! Work on as many threads as there are cores, with the results in order.
//!
//! Each thread takes every n-th piece of the work and sends its results through a short channel of its own; reading the channels
//! in turn restores the order, and only a few results are in memory. If the system grants no more threads, fewer are used, or
//! only the current one.

use std::iter;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Builder};

use btcfake_core::text::chunks::{OneAfterAnother, Workers};

/// Capacity of a channel, in results.
const WAITING: usize = 2;

/// One thread for each core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads;

impl Workers for Threads {
    /// As results wait for all others anyway, each thread takes the next piece when it is free: pieces may differ in size.
    fn each<T: Send>(&self, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(count)));
        let work_on = || {
            let numbers =
                iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|number| *number < count);
            numbers.map(|number| (number, work(number))).for_each(|result| {
                results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
            });
        };
        thread::scope(|scope| {
            let others = thread::available_parallelism().map_or(1, usize::from).min(count).saturating_sub(1);
            // Without more threads, the current one does all.
            let _ = (0..others).try_for_each(|_| Builder::new().spawn_scoped(scope, work_on).map(|_| ()));
            work_on();
        });
        let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        results.sort_by_key(|(number, _)| *number);
        results.into_iter().map(|(_, result)| result).collect()
    }

    fn in_order<T: Send>(
        &self,
        count: usize,
        work: impl Fn(usize) -> T + Sync,
        mut take: impl FnMut(T) -> ControlFlow<()>,
    ) {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        if count < 2 || cores < 2 {
            return OneAfterAnother.in_order(count, work, take);
        }
        thread::scope(|scope| {
            let work = &work;
            let mut starts = Vec::new();
            let mut threads: Vec<Receiver<T>> = Vec::new();
            for first in 0..count.min(cores) {
                let (result_in, result_out) = sync_channel(WAITING);
                let (start, started) = sync_channel(1);
                let work = move || {
                    // The number of threads is known only once all are started. A receiver that has ended takes no more.
                    if let Ok(step) = started.recv() {
                        let _ = (first..count).step_by(step).try_for_each(|number| result_in.send(work(number)));
                    }
                };
                if Builder::new().spawn_scoped(scope, work).is_err() {
                    break;
                }
                starts.push(start);
                threads.push(result_out);
            }
            starts.iter().for_each(|start| _ = start.send(starts.len()));
            if threads.is_empty() {
                return OneAfterAnother.in_order(count, work, take);
            }
            let _ = threads.iter().cycle().map_while(|thread| thread.recv().ok()).try_for_each(&mut take);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_result_has_the_place_of_its_number() {
        for count in [0, 1, 2, 1_000] {
            assert!(Threads.each(count, |number| number).into_iter().eq(0..count), "{count}");
        }
    }

    #[test]
    fn each_function_is_called_once() {
        let (mut one, mut other) = (0, 0);
        Threads.call_all(&mut [&mut || one += 1, &mut || other += 1]);
        assert_eq!((one, other), (1, 1));
    }

    #[test]
    fn results_come_in_order_until_one_is_enough() {
        for (count, enough) in [(0, 9), (1, 9), (2, 9), (100, 1_000), (100, 7)] {
            let mut taken = Vec::new();
            let take = |number| {
                taken.push(number);
                if number == enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            Threads.in_order(count, |number| number, take);
            assert!(taken.into_iter().eq(0..count.min(enough + 1)), "{count} {enough}");
        }
    }
}
