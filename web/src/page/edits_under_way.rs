//! Edits of employees.csv that were asked for and are not done yet. They are made in a worker, so what uses the file
//! waits for them: who changes a type and starts a run at once, runs what was changed.

use leptos::prelude::*;

/// What the population's worker was asked and has not answered. A copy is a handle on the same.
#[derive(Clone, Copy, Default)]
pub(crate) struct EditsUnderWay {
    counts: RwSignal<Counts>,
    deferred: RwSignal<Vec<Callback<()>>>,
}

/// Questions are answered in the order in which they are asked.
#[derive(Clone, Copy, Default)]
struct Counts {
    asked: u32,
    answered: u32,
    /// The number of the last question that was an edit.
    last_edit: u32,
}

impl EditsUnderWay {
    /// The worker is asked something.
    pub(crate) fn ask(self, is_edit: bool) {
        self.counts.update(|counts| {
            counts.asked += 1;
            if is_edit {
                counts.last_edit = counts.asked;
            }
        });
    }

    /// It answered, and the page has taken the answer over.
    pub(crate) fn answered(self) {
        self.counts.update(|counts| counts.answered += 1);
        if !self.are_there() {
            let deferred = self.deferred.get_untracked();
            self.deferred.set(Vec::new());
            deferred.into_iter().for_each(|then| then.run(()));
        }
    }

    /// It answers no more; what waited for it is not done.
    pub(crate) fn give_up(self) {
        self.counts.set(Counts::default());
        self.deferred.set(Vec::new());
    }

    /// Does something now, or as soon as all edits are done.
    pub(crate) fn after(self, then: impl Fn() + Send + Sync + 'static) {
        if self.are_there() {
            self.deferred.update(|deferred| deferred.push(Callback::new(move |()| then())));
        } else {
            then();
        }
    }

    fn are_there(self) -> bool {
        self.counts.with_untracked(|counts| counts.answered < counts.last_edit)
    }
}
