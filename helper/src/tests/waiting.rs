//! Waiting in tests. Tests check that something happens, not how fast. A delay that the tested code must not wait out
//! is far longer than [`HANGS_AFTER`], or endless.
#![allow(clippy::panic)]

use std::future::Future;
use std::time::Duration;

/// Time after which a wait has failed, longer than any busy machine needs.
pub(crate) const HANGS_AFTER: Duration = Duration::from_secs(120);

/// Time so long that no test reaches its end.
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

/// Result of a future, which must complete within [`HANGS_AFTER`].
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(HANGS_AFTER, work).await;
    done.unwrap_or_else(|_| panic!("it is not done after {HANGS_AFTER:?}"))
}

/// Polls until a condition holds; panics after [`HANGS_AFTER`].
pub(crate) async fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let come_about = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let done = tokio::time::timeout(HANGS_AFTER, come_about).await;
    assert!(done.is_ok(), "not so after {HANGS_AFTER:?}: {what}");
}
