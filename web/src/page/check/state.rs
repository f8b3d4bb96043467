//! The state of the Check area: what became of the last check, and the page of findings in view for each file.

use leptos::prelude::*;
use std::sync::Arc;

use crate::messages::{CheckAnswer, ExpectedFaults, FileReport, FindingsPage};

/// What is known about files that are checked. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Checks {
    /// What became of the last check.
    pub(crate) state: RwSignal<CheckState>,
    /// The faults that a run file among the files lists as made on purpose, against what was found.
    pub(crate) expected: RwSignal<Option<ExpectedFaults>>,
    /// Whether the inputs that are picked under Feed are checked, too: what they say is expected of the feed.
    pub(crate) with_inputs: RwSignal<bool>,
}

/// What became of the last check.
#[derive(Clone)]
pub(crate) enum CheckState {
    /// There was none.
    NotYet,
    /// So many files are being checked.
    Checking(u32, usize),
    /// It came to nothing, and why.
    Failed(String),
    /// The files.
    Done(u32, Arc<Vec<ShownFile>>),
}

/// A file that was checked, and what of it is shown.
pub(crate) struct ShownFile {
    /// What was found.
    pub(crate) checked: FileReport,
    /// The page of its findings that is in view.
    pub(crate) page: RwSignal<FindingsPage>,
}

impl Checks {
    /// Nothing was checked yet.
    pub(crate) fn new() -> Checks {
        Checks {
            state: RwSignal::new(CheckState::NotYet),
            expected: RwSignal::new(None),
            with_inputs: RwSignal::new(true),
        }
    }

    /// Takes in what the worker says.
    pub(crate) fn hear(self, answer: CheckAnswer) {
        let asked = self.state.with_untracked(|state| match state {
            CheckState::Checking(check, _) | CheckState::Done(check, _) => Some(*check),
            _ => None,
        });
        match answer {
            CheckAnswer::Done { check, files, broken } if asked == Some(check) => {
                self.expected.set(broken);
                self.state.set(match files {
                    Ok(files) => {
                        let shown =
                            |checked: FileReport| ShownFile { page: RwSignal::new(checked.first.clone()), checked };
                        CheckState::Done(check, Arc::new(files.into_iter().map(shown).collect()))
                    }
                    Err(why) => CheckState::Failed(format!("{why}.")),
                });
            }
            CheckAnswer::Findings { check, file, page } if asked == Some(check) => {
                let shown = self.state.with_untracked(|state| match state {
                    CheckState::Done(_, files) => files.get(file).map(|file| file.page),
                    _ => None,
                });
                shown.into_iter().for_each(|shown| shown.set(page.clone()));
            }
            CheckAnswer::Gone { check } if asked == Some(check) => {
                self.state
                    .set(CheckState::Failed("What was found is not there any more: check the files again.".to_owned()));
            }
            _ => {}
        }
    }

    /// The worker is ended: a check that goes on comes to nothing.
    pub(crate) fn interrupted(self) {
        if self.state.with_untracked(|state| matches!(state, CheckState::Checking(..))) {
            let why =
                "The check was interrupted, because the part of the page that does it ended. Pick the files again.";
            self.state.set(CheckState::Failed(why.to_owned()));
        }
    }

    /// The check comes to nothing.
    pub(crate) fn fail(self, why: String) {
        self.state.set(CheckState::Failed(why));
    }
}
