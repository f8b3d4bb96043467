//! Health of the recommender, as observed by all calls: when to pause, and when to give it up.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use btcfake_core::text::visible::shown_whole;
use tokio::time::Instant;

/// Health of the API, as observed by all calls.
#[derive(Default)]
pub(super) struct Health(Mutex<Observed>);

#[derive(Default)]
struct Observed {
    has_answered: bool,
    failures_in_a_row: usize,
    timeouts_in_a_row: usize,
    gave_up: Option<String>,
    paused_until: Option<Instant>,
}

impl Health {
    /// Consecutive failures after which an API that never answered is given up.
    const AT_FIRST: usize = 20;
    /// Consecutive failures after which an API that has answered is given up.
    const LATER: usize = 50;

    /// Records the result for one employee.
    pub(super) fn note(&self, failure: Option<&str>) {
        self.with(|observed| match failure {
            None => {
                observed.has_answered = true;
                observed.failures_in_a_row = 0;
                observed.timeouts_in_a_row = 0;
            }
            Some(why) => {
                observed.failures_in_a_row += 1;
                observed.give_up_after(observed.failures_in_a_row, "employees", why);
            }
        });
    }

    /// Records an attempt that timed out. Timeouts are counted separately: waiting for all attempts of twenty employees
    /// would take minutes.
    pub(super) fn note_timeout(&self, why: &str) {
        self.with(|observed| {
            observed.timeouts_in_a_row += 1;
            observed.give_up_after(observed.timeouts_in_a_row, "calls", why);
        });
    }

    /// Delays all new attempts, as the API asked for.
    pub(super) fn pause(&self, pause: Duration) {
        self.with(|observed| observed.paused_until = observed.paused_until.max(Some(Instant::now() + pause)));
    }

    /// Instant before which no attempt begins; `None` without one.
    pub(super) fn paused_until(&self) -> Option<Instant> {
        self.with(|observed| observed.paused_until)
    }

    /// Reason for giving the API up; `None` if it was not given up.
    pub(super) fn gave_up(&self) -> Option<String> {
        self.with(|observed| observed.gave_up.clone())
    }

    fn with<T>(&self, look: impl FnOnce(&mut Observed) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observed {
    fn give_up_after(&mut self, in_a_row: usize, of_what: &str, why: &str) {
        let limit = if self.has_answered { Health::LATER } else { Health::AT_FIRST };
        if in_a_row >= limit && self.gave_up.is_none() {
            let which = if self.has_answered { "last" } else { "first" };
            self.gave_up =
                Some(format!("the {which} {limit} {of_what} all failed, the last of them: {}", shown_whole(why)));
        }
    }
}
