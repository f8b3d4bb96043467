//! Edits of employees.csv that were asked for and are not done yet. They are made in a worker, so what uses the file
//! waits for them: who changes a type and starts a run at once, runs what was changed.

use std::collections::VecDeque;

use leptos::prelude::*;

type Deferred = Box<dyn FnOnce()>;

/// What the population's worker was asked and has not answered. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(super) struct EditsUnderWay {
    /// Whether each question is an edit, in the order in which they are answered.
    asked: StoredValue<VecDeque<bool>>,
    deferred: StoredValue<Vec<Deferred>, LocalStorage>,
}

impl EditsUnderWay {
    /// None.
    pub(super) fn new() -> EditsUnderWay {
        EditsUnderWay { asked: StoredValue::new(VecDeque::new()), deferred: StoredValue::new_local(Vec::new()) }
    }

    /// The worker is asked something.
    pub(super) fn ask(self, is_edit: bool) {
        self.asked.update_value(|asked| asked.push_back(is_edit));
    }

    /// It answered, and the page has taken the answer over.
    pub(super) fn answered(self) {
        self.asked.update_value(|asked| {
            let _ = asked.pop_front();
        });
        if !self.are_there() {
            let deferred = self.deferred.try_update_value(std::mem::take).unwrap_or_default();
            deferred.into_iter().for_each(|then| then());
        }
    }

    /// It answers no more; what waited for it is not done.
    pub(super) fn give_up(self) {
        self.asked.set_value(VecDeque::new());
        self.deferred.set_value(Vec::new());
    }

    /// Does something now, or as soon as all edits are done.
    pub(super) fn after(self, then: impl FnOnce() + 'static) {
        if self.are_there() {
            self.deferred.update_value(|deferred| deferred.push(Box::new(then)));
        } else {
            then();
        }
    }

    fn are_there(self) -> bool {
        self.asked.with_value(|asked| asked.contains(&true))
    }
}
