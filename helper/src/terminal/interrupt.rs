//! Ctrl-C and the system's request to end: a run notices, takes away what it has written, and reports it.

use std::io;
#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::terminal::end_request::EndRequest;
use crate::terminal::failure::Failure;

#[cfg(unix)]
static REQUESTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
#[cfg(not(unix))]
static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From here on, a request to end is remembered instead of ending the program at once; a second one ends it. It takes no
/// thread, because a machine may have none left.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    static LISTENING: AtomicBool = AtomicBool::new(false);
    if LISTENING.swap(true, Ordering::SeqCst) {
        return;
    }
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // In this order: the first request finds the flag not set. Without a handler the program ends at once; leftovers
        // are then cleared by the next run.
        let _ = flag::register_conditional_shutdown(signal, 1, Arc::clone(&REQUESTED));
        let _ = flag::register(signal, Arc::clone(&REQUESTED));
    }
}

/// From here on, a request to end is remembered instead of ending the program at once; a second one ends it.
#[cfg(not(unix))]
pub(crate) fn listen() {
    let remember = || {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
    };
    // Without a handler the program ends at once; leftovers are then cleared by the next run.
    let _ = ctrlc::set_handler(remember);
}

/// A file that grows beyond the user's limit (`ulimit -f`) is from here on an error of its writing, which ends the run as
/// any other; the system's signal for it would kill the program and leave half a run.
pub(crate) fn take_file_limit_as_error() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// The same as [`check`], where errors of the system are handed on.
///
/// # Errors
/// One that [`crate::terminal::end_request::is_request`] recognises.
pub(crate) fn check_io() -> io::Result<()> {
    check().map_err(|_| io::Error::other(EndRequest))
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
