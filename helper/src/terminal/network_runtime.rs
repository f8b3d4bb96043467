//! The threads that wait for the network.

use std::io;
use std::sync::mpsc::channel;
use std::thread::{Builder, available_parallelism};

use tokio::runtime::Runtime;

use crate::terminal::failure::Failure;

/// A runtime for work with the network.
///
/// # Errors
/// A system that gives no threads: Tokio itself would panic.
pub(crate) fn network_runtime() -> Result<Runtime, Failure> {
    // A worker for each core, and one for files.
    let threads = available_parallelism().map_or(1, usize::from) + 1;
    let runtime = try_threads(threads).and_then(|()| Runtime::new());
    runtime.map_err(|said| Failure::Other(format!("cannot start the threads for the network: {said}")))
}

/// Starts so many threads at a time, and ends them.
fn try_threads(count: usize) -> io::Result<()> {
    let mut threads = Vec::new();
    for _ in 0..count {
        let (end, ended) = channel::<()>();
        threads.push((end, Builder::new().spawn(move || _ = ended.recv())?));
    }
    for (end, thread) in threads {
        drop(end);
        let _ = thread.join();
    }
    Ok(())
}
