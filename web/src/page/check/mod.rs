//! The area "Check": files of the vendor held to the format and the rules, as `btcfake check` does. They are read in the
//! worker; here are their verdicts, and what was found with its line, a page at a time.

mod dropping;
mod findings;
mod picking;

use std::sync::Arc;

use btcfake_core::text::words::counted;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::parts::{shown, status, text};
use super::state::PageState;
use crate::messages::{CheckAnswer, CheckQuestion, CheckedFile, FindingsPage, ToWorker};
use crate::page::held::Held;
use dropping::Found;
use findings::file_part;
use picking::picking_part;

/// What is known about files that are checked. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(super) struct Checks {
    state: Held<CheckState>,
}

/// What became of the last check.
#[derive(Clone)]
enum CheckState {
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
struct ShownFile {
    checked: CheckedFile,
    page: Held<FindingsPage>,
}

impl Checks {
    /// Nothing was checked yet.
    pub(super) fn new() -> Checks {
        Checks { state: Held::new(CheckState::NotYet) }
    }

    /// Takes in what the worker says.
    pub(super) fn hear(self, answer: CheckAnswer) {
        let asked = self.state.with_untracked(|state| match state {
            CheckState::Checking(check, _) | CheckState::Done(check, _) => Some(*check),
            _ => None,
        });
        match answer {
            CheckAnswer::Done { check, files } if asked == Some(check) => self.state.set(match files {
                Ok(files) => {
                    let shown = |checked: CheckedFile| ShownFile { page: Held::new(checked.first.clone()), checked };
                    CheckState::Done(check, Arc::new(files.into_iter().map(shown).collect()))
                }
                Err(why) => CheckState::Failed(format!("{why}.")),
            }),
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
    pub(super) fn interrupted(self) {
        if self.state.with_untracked(|state| matches!(state, CheckState::Checking(..))) {
            let why =
                "The check was interrupted, because the part of the page that does it ended. Pick the files again.";
            self.state.set(CheckState::Failed(why.to_owned()));
        }
    }

    fn start(self, page: PageState, found: Result<Vec<Found>, String>) {
        let (paths, files): (Vec<String>, Vec<JsValue>) = match found {
            Ok(found) if !found.is_empty() => found.into_iter().map(|(path, file)| (path, file.into())).unzip(),
            Ok(_) => return self.fail("There is no .csv, .json or .jsonl file in this folder.".to_owned()),
            Err(why) => return self.fail(why),
        };
        page.revive_worker();
        let check = page.next_number();
        self.state.set(CheckState::Checking(check, files.len()));
        page.tell(&ToWorker::Check(CheckQuestion::Check { check, paths }), files);
    }

    fn fail(self, why: String) {
        self.state.set(CheckState::Failed(why));
    }
}

/// The area.
pub(super) fn check_area(page: PageState) -> AnyView {
    let checks = page.check;
    let verdict = text(move || checks.state.with(verdict));
    let files = shown(move || match checks.state.get() {
        CheckState::Done(check, files) => {
            let parts = (0..files.len()).map(|index| file_part(page, check, Arc::clone(&files), index));
            Some(view! { <div class="checked">{parts.collect_view()}</div> }.into_any())
        }
        _ => None,
    });
    view! {
        <section aria-labelledby="check-heading">
            <h2 id="check-heading">"Check"</h2>
            <p class="hint">
                "Finds what is wrong in files of a feed, made by this page or not: every breach of the format and of the \
                 rules, by line. Several files are compared with each other too; the inputs of a run help to find more."
            </p>
            {picking_part(page)}
            {status("verdict", verdict)}
            {files}
        </section>
    }
    .into_any()
}

fn verdict(state: &CheckState) -> String {
    match state {
        CheckState::NotYet => String::new(),
        CheckState::Checking(_, files) => format!("Checking {}…", counted(*files, "file")),
        CheckState::Failed(why) => why.clone(),
        CheckState::Done(_, files) => {
            let all = counted(files.len(), "file");
            let sum = |count: fn(&CheckedFile) -> usize| files.iter().map(|file| count(&file.checked)).sum::<usize>();
            let (problems, warnings) = (sum(|file| file.problems), sum(|file| file.warnings));
            let wrong = files.iter().filter(|file| file.checked.problems > 0).count();
            let told = match problems {
                0 => format!("No problem in {all}."),
                _ => format!("{} in {wrong} of {all}.", counted(problems, "problem")),
            };
            if warnings > 0 { format!("{told} {}.", counted(warnings, "warning")) } else { told }
        }
    }
}
