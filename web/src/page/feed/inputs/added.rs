//! Files that were added without a role: those that the worker looks at, and those that were left out.

use leptos::prelude::*;
use web_sys::File;

/// What is being added. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Added {
    /// What the worker was asked, under a number.
    pub(crate) waiting: RwSignal<Option<(u32, Waiting)>, LocalStorage>,
    /// The files of the last time that no run uses, each with the reason.
    pub(crate) left_out: RwSignal<Vec<String>>,
}

/// What the worker was asked.
#[derive(Clone)]
pub(crate) enum Waiting {
    /// The roles of these files.
    Files(Vec<File>),
    /// Files of a sample.
    Sample,
}

impl Added {
    /// Nothing was added yet.
    pub(crate) fn new() -> Added {
        Added { waiting: RwSignal::new_local(None), left_out: RwSignal::new(Vec::new()) }
    }

    /// What an answer of this number is for; it waits no more.
    pub(crate) fn answered(self, request: u32) -> Option<Waiting> {
        let waiting = self.waiting.get_untracked().filter(|(number, _)| *number == request);
        waiting.map(|(_, waiting)| {
            self.waiting.set(None);
            waiting
        })
    }
}
