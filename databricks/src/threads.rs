//! Work of the driver on as many threads as there are cores. A task of Spark has one core, and does one piece after another.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::thread::{Builder, available_parallelism, scope};

use btcfake_core::text::chunks::Workers;

/// One thread for each core.
pub(crate) struct Threads;

impl Workers for Threads {
    /// 4 MiB, so that reading a chunk takes much longer than starting its thread.
    fn chunk_size(&self) -> usize {
        1 << 22
    }

    fn in_order<T: Send>(
        &self,
        count: usize,
        work: impl Fn(usize) -> T + Sync,
        mut take: impl FnMut(T) -> ControlFlow<()>,
    ) {
        let cores = available_parallelism().map_or(1, NonZero::get);
        let _ = (0..count)
            .step_by(cores)
            .try_for_each(|first| at_once(first, count.min(first + cores), &work).into_iter().try_for_each(&mut take));
    }
}

/// The results of `work` for the numbers from `first` to before `end`, with a thread for each; if the system grants no more
/// threads, the current one does the rest.
fn at_once<T: Send>(first: usize, end: usize, work: &(impl Fn(usize) -> T + Sync)) -> Vec<T> {
    scope(|scope| {
        let threads: Vec<_> =
            (first + 1..end).map(|number| Builder::new().spawn_scoped(scope, move || work(number))).collect();
        let mut results = vec![work(first)];
        for (number, thread) in (first + 1..).zip(threads) {
            results.push(match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => work(number),
            });
        }
        results
    })
}
