//! How tests wait. They ask whether something comes about, never how fast: what they would wait for in vain takes far
//! longer than [`HANGS_AFTER`], or for ever.
#![allow(clippy::panic)]

use std::future::Future;
use std::time::Duration;

/// What has not come by then never comes: no busy machine takes that long.
pub(crate) const HANGS_AFTER: Duration = Duration::from_secs(120);

/// So long that no test sees its end.
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

/// What comes of some work that must not hang.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(HANGS_AFTER, work).await;
    done.unwrap_or_else(|_| panic!("it is not done after {HANGS_AFTER:?}"))
}

/// Waits until something has come about.
pub(crate) async fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let come_about = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let done = tokio::time::timeout(HANGS_AFTER, come_about).await;
    assert!(done.is_ok(), "not so after {HANGS_AFTER:?}: {what}");
}
