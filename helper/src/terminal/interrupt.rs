//! Ctrl-C and termination signals: remembered, so that a run can remove what it has written and report.

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

/// From this call on, a first request to end is only remembered; a second one ends the program at once. Uses no thread,
/// because the system may have none left.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    static LISTENING: AtomicBool = AtomicBool::new(false);
    if LISTENING.swap(true, Ordering::SeqCst) {
        return;
    }
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // In this order, so that the first request finds the flag unset. Without a handler the program ends at once,
        // and the next run removes leftovers.
        let _ = flag::register_conditional_shutdown(signal, 1, Arc::clone(&REQUESTED));
        let _ = flag::register(signal, Arc::clone(&REQUESTED));
    }
}

/// From this call on, a first request to end is only remembered; a second one ends the program at once.
#[cfg(not(unix))]
pub(crate) fn listen() {
    let remember = || {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
    };
    // Without a handler the program ends at once, and the next run removes leftovers.
    let _ = ctrlc::set_handler(remember);
}

/// Makes exceeding the file size limit (`ulimit -f`) a write error, which ends the run as any other. By default the
/// signal would kill the program and leave partial files.
pub(crate) fn take_file_limit_as_error() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// As [`check`], for code that returns I/O errors.
///
/// # Errors
/// An error for which [`crate::terminal::end_request::is_request`] is true, after a request to end.
pub(crate) fn check_io() -> io::Result<()> {
    check().map_err(|_| io::Error::other(EndRequest))
}

/// `Interrupted` after a request to end.
pub(crate) fn check() -> Result<(), Failure> {
    if REQUESTED.load(Ordering::SeqCst) { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Waits for a request to end.
pub(crate) async fn requested() {
    const LOOK_EVERY: Duration = Duration::from_millis(50);
    while check().is_ok() {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Token that is cancelled on a request to end. Must be called inside a runtime; the polling ends with it.
pub(crate) fn cancellation() -> CancellationToken {
    let token = CancellationToken::new();
    let watched = token.clone();
    tokio::spawn(async move {
        requested().await;
        watched.cancel();
    });
    token
}
