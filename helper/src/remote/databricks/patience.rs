//! Time limits and retries of the client.

use std::time::Duration;

use crate::http::retry::Backoff;

/// Time limits and retries of the client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Time limit of one request with its answer.
    pub(super) request: Duration,
    /// Time limit of one statement, and separately of fetching its result; a stopped warehouse takes minutes to start.
    pub(super) statement: Duration,
    /// Maximum number of attempts per request.
    pub(super) attempts: u32,
    /// Pauses between attempts.
    pub(super) backoff: Backoff,
    /// First pause between two polls of a statement's state.
    pub(super) first_look: Duration,
    /// Longest pause between two polls.
    pub(super) last_look: Duration,
}

impl Patience {
    /// Values for the real service.
    pub(super) const USUAL: Patience = Patience {
        request: Duration::from_secs(60),
        statement: Duration::from_secs(20 * 60),
        attempts: 6,
        backoff: Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(30) },
        first_look: Duration::from_millis(50),
        last_look: Duration::from_secs(5),
    };
}
