//! Edits of employees.csv that the worker has not finished yet. Whatever uses the file waits for them, so that a run that is
//! started right after an edit has that edit.

use leptos::prelude::*;

/// The unanswered requests to the population's worker. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct EditsUnderWay {
    counts: RwSignal<Counts>,
    deferred: RwSignal<Vec<Callback<()>>>,
}

/// The worker answers requests in their order, so counts are enough.
#[derive(Clone, Copy, Default)]
struct Counts {
    asked: u32,
    answered: u32,
    /// The number of the last request that was an edit.
    last_edit: u32,
}

impl EditsUnderWay {
    /// Counts a request to the worker.
    pub(crate) fn ask(self, is_edit: bool) {
        self.counts.update(|counts| {
            counts.asked += 1;
            if is_edit {
                counts.last_edit = counts.asked;
            }
        });
    }

    /// Counts an answer that the page has applied; after the last edit, runs what was deferred.
    pub(crate) fn answered(self) {
        self.counts.update(|counts| counts.answered += 1);
        if !self.are_pending() {
            let deferred = self.deferred.get_untracked();
            self.deferred.set(Vec::new());
            deferred.into_iter().for_each(|then| then.run(()));
        }
    }

    /// Forgets all requests of a worker that has ended, and drops what was deferred.
    pub(crate) fn give_up(self) {
        self.counts.set(Counts::default());
        self.deferred.set(Vec::new());
    }

    /// Runs `then` now, or as soon as all edits are done.
    pub(crate) fn after(self, then: impl Fn() + Send + Sync + 'static) {
        if self.are_pending() {
            self.deferred.update(|deferred| deferred.push(Callback::new(move |()| then())));
        } else {
            then();
        }
    }

    fn are_pending(self) -> bool {
        self.counts.with_untracked(|counts| counts.answered < counts.last_edit)
    }
}
