//! Tokio runtimes for the network.

use std::io;
use std::sync::mpsc::channel;
use std::thread::{self, available_parallelism};

use tokio::runtime::{Builder, Runtime};

use crate::terminal::failure::Failure;

/// Runtime for a few requests on the current thread; one more thread resolves host names.
///
/// # Errors
/// A system that grants no thread. Checked here, because Tokio would panic.
pub(crate) fn small_network_runtime() -> Result<Runtime, Failure> {
    try_threads(1).and_then(|()| Builder::new_current_thread().enable_all().build()).map_err(no_threads)
}

/// Multi-threaded runtime for network work.
///
/// # Errors
/// A system that grants too few threads. Checked here, because Tokio would panic.
pub(crate) fn network_runtime() -> Result<Runtime, Failure> {
    // A worker per core, and one thread for blocking file access.
    let threads = available_parallelism().map_or(1, usize::from) + 1;
    try_threads(threads).and_then(|()| Runtime::new()).map_err(no_threads)
}

fn no_threads(message: io::Error) -> Failure {
    Failure::system("start the threads for the network", message)
}

/// Starts `count` threads at the same time and ends them, to see whether the system grants them.
fn try_threads(count: usize) -> io::Result<()> {
    let mut threads = Vec::new();
    for _ in 0..count {
        let (end, ended) = channel::<()>();
        threads.push((end, thread::Builder::new().spawn(move || _ = ended.recv())?));
    }
    for (end, thread) in threads {
        drop(end);
        let _ = thread.join();
    }
    Ok(())
}
