//! Requests to end the server: Ctrl-C and the termination signal. They are counted, because the second one ends the
//! server at once.

use tokio::sync::watch;

/// The number of requests to end since [`EndSignals::listen`].
#[derive(Clone)]
pub(crate) struct EndSignals(watch::Receiver<u32>);

impl EndSignals {
    /// Counts from this call on. Must be called inside a runtime. Without a handler, the system ends the program itself.
    pub(crate) fn listen() -> EndSignals {
        let (count, counted) = watch::channel(0);
        count_signals(&count);
        EndSignals(counted)
    }

    /// Waits until the program was asked to end `times` times.
    pub(crate) async fn asked(&self, times: u32) {
        if self.0.clone().wait_for(|count| *count >= times).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn count_signals(count: &watch::Sender<u32>) {
    use tokio::signal::unix::{SignalKind, signal};
    for mut signal in [SignalKind::interrupt(), SignalKind::terminate()].into_iter().flat_map(signal) {
        let count = count.clone();
        tokio::spawn(async move {
            while signal.recv().await.is_some() {
                count.send_modify(|count| *count += 1);
            }
        });
    }
}

#[cfg(not(unix))]
fn count_signals(count: &watch::Sender<u32>) {
    let count = count.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            count.send_modify(|count| *count += 1);
        }
    });
}
