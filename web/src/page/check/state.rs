//! The state of the area "Check": the last check, and for each file the page of findings in view.

use leptos::prelude::*;
use std::sync::Arc;

use crate::messages::{CheckAnswer, ExpectedFaults, FileReport, FindingsPage};

/// The state of the area. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Checks {
    /// The state of the last check.
    pub(crate) state: RwSignal<CheckState>,
    /// The faults that a run file among the files lists as made on purpose, and which were found.
    pub(crate) expected: RwSignal<Option<ExpectedFaults>>,
    /// Whether the inputs that are picked under Feed are checked with the files, so that the feed is compared with them.
    pub(crate) with_inputs: RwSignal<bool>,
}

/// The state of the last check.
#[derive(Clone)]
pub(crate) enum CheckState {
    /// There was no check.
    NotYet,
    /// A check is under way: its number, and the number of files.
    Checking(u32, usize),
    /// The check failed; why.
    Failed(String),
    /// The check is done: its number, and its files.
    Done(u32, Arc<Vec<ShownFile>>),
}

/// A checked file, and the part of it in view.
pub(crate) struct ShownFile {
    /// The findings.
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

    /// Applies an answer of the worker; one to an earlier check is ignored.
    pub(crate) fn apply(self, answer: CheckAnswer) {
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
                    .set(CheckState::Failed("The findings are no longer there: check the files again.".to_owned()));
            }
            _ => {}
        }
    }

    /// Fails a check that is under way, because the worker has ended.
    pub(crate) fn interrupted(self) {
        if self.state.with_untracked(|state| matches!(state, CheckState::Checking(..))) {
            let why = "The check was interrupted, because the part of the page that checks has ended. Choose the files again.";
            self.state.set(CheckState::Failed(why.to_owned()));
        }
    }

    /// Fails the check, with a sentence for people.
    pub(crate) fn fail(self, why: String) {
        self.state.set(CheckState::Failed(why));
    }
}
