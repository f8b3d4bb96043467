//! Ctrl-C and the system's request to end: a run notices, takes away what it has written, and says so.

use std::sync::atomic::{AtomicBool, Ordering};

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From here on, a request to end is remembered instead of ending the program at once; a second one ends it.
pub(crate) fn listen() {
    let remember = || {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
    };
    // Without a handler the program ends at once; leftovers are then cleared by the next run.
    let _ = ctrlc::set_handler(remember);
}

/// Whether somebody asked the program to end.
pub(crate) fn check() -> Result<(), Failure> {
    if REQUESTED.load(Ordering::SeqCst) { Err(Failure::Interrupted) } else { Ok(()) }
}

/// A token that is cancelled when somebody asks the program to end. To be called inside a runtime, which ends the
/// watching with itself.
pub(crate) fn cancellation() -> CancellationToken {
    const LOOK_EVERY: Duration = Duration::from_millis(100);
    let token = CancellationToken::new();
    let watched = token.clone();
    tokio::spawn(async move {
        while check().is_ok() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        watched.cancel();
    });
    token
}
