//! The worker's messages, applied to the state of the page. An answer to an outdated request is dropped by its number.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File};

use crate::client::Arrival;
use crate::messages::{ArchivePurpose, FromSorting, Outcome, ReportedProblem, RunAnswer, ToPage, unpack};
use crate::page::actions::results::RESULTS_GONE;
use crate::page::file_slot::{FileSlot, FileState, MoreProblems};
use crate::page::later;
use crate::page::live::publishing::ARCHIVE_GONE;
use crate::page::object_url::{ObjectUrl, download};
use crate::page::run_state::{ArchiveState, Results, RunStart, RunState, TableState, WorkerState};
use crate::page::state::PageState;

impl PageState {
    /// Applies an event of the worker.
    pub(crate) fn receive(self, arrival: Arrival) {
        match arrival {
            Arrival::Message(message) => {
                // A worker's first message reports that it listens.
                let starts = |worker: &_| matches!(worker, WorkerState::Starting | WorkerState::NotStarted(_));
                if self.worker.with_untracked(starts) {
                    self.worker.set(WorkerState::Ready);
                }
                later::then(move |parts| (parts.apply_message)(self, &message));
            }
            Arrival::Death(why) => self.worker_died(why),
        }
    }

    /// Fails everything that waits for the worker, which broke down or never listened.
    fn worker_died(self, why: String) {
        if self.running().is_some() {
            let why = "The part of the page that simulates has broken down".to_owned();
            self.end_without_results(RunState::Failed(why), ArchiveState::Gone);
        }
        self.archive.set(ArchiveState::Idle);
        self.explanation.fail(RESULTS_GONE);
        self.fail_jobs_of_worker();
        self.check.interrupted();
        // A worker whose server has gone is reported dead twice: for its script, and for its program.
        let has_listened =
            self.worker.with_untracked(|worker| matches!(worker, WorkerState::Ready | WorkerState::Dead(_)));
        self.worker.set(if has_listened { WorkerState::Dead(why) } else { WorkerState::NotStarted(why) });
    }

    /// Applies a message of the worker. Data that is no message is ignored.
    pub(crate) fn apply_message(self, message: &JsValue) {
        let Some((message, attached)) = unpack(message) else { return };
        let attached = attached.as_slice();
        match message {
            ToPage::Inspected { role, pick, inspected } => {
                self.slot(role).set_inspected(pick, |picked| FileState::Read(picked, Arc::new(*inspected)));
                self.unblock();
                self.add_header_of_pasted(role);
                self.answer_as_recorded(role);
            }
            ToPage::Unreadable { role, pick, why } => {
                self.slot(role).set_inspected(pick, |picked| FileState::Unreadable(picked, why));
            }
            ToPage::MoreProblems { role, pick, problems, .. } => self.add_problems(self.slot(role), pick, problems),
            ToPage::Progress { run, stage } => {
                if self.running_run(run).is_some() {
                    self.progress.set(stage);
                }
            }
            ToPage::Failed { run, why } => {
                if self.running_run(run).is_some() {
                    self.end_without_results(RunState::Failed(why), ArchiveState::Idle);
                }
            }
            ToPage::Done { run, outcome } => {
                if let Some(start) = self.running_run(run) {
                    self.show_results(start, *outcome, attached);
                }
            }
            ToPage::RunAnswer { run, answer } => self.apply_run_answer(run, answer, attached),
            ToPage::Checked(answer) => self.check.apply(answer),
            ToPage::Sample { request, roles } => self.use_sample(request, roles, attached),
            ToPage::Sorted(FromSorting::Places { request, places }) => self.take_places(request, places),
            ToPage::Sorted(FromSorting::Converted { request, outcome }) => {
                let file = attached.first().and_then(|file| file.dyn_ref::<File>()).cloned();
                self.take_conversion(request, outcome, file);
            }
            ToPage::EmployeeIds { request, found } => self.send_ids(request, found, blob_of(attached)),
            // `Ready` was handled on arrival; the others go to the workers of the areas Mix, Series and History.
            ToPage::Ready
            | ToPage::Population(_)
            | ToPage::Preview(_)
            | ToPage::Series(_)
            | ToPage::Compared(_)
            | ToPage::Writer(_) => {}
        }
    }

    /// Applies the answer to a request about a run.
    fn apply_run_answer(self, run: u32, answer: RunAnswer, attached: &[JsValue]) {
        match answer {
            RunAnswer::Rows { request, table, rows } => self.table(table).update(|state| {
                if matches!(state, TableState::Waiting(wanted, _) if *wanted == request) {
                    *state = TableState::Filled(Arc::new(rows));
                }
            }),
            RunAnswer::FeedRows { request, rows } => self.results_view.take_rows(request, rows),
            RunAnswer::Explained { request, explained } => self.explanation.take(request, explained),
            RunAnswer::Archive { purpose: ArchivePurpose::Download, name } => {
                self.download_archive(run, name, blob_of(attached));
            }
            RunAnswer::Archive { purpose: ArchivePurpose::Publish(number), name } => match (name, blob_of(attached)) {
                (Ok(_), Some(archive)) => self.publish_archive(number, archive),
                (Ok(_), None) => self.archive_failed_to_publish(Some(number), "the worker sent no file"),
                (Err(why), _) => self.archive_failed_to_publish(Some(number), &why),
            },
            RunAnswer::NextDay(roles) => self.take_next_day(run, roles, attached),
            RunAnswer::Gone => {
                self.end_packing(run, || ArchiveState::Gone);
                self.explanation.fail(RESULTS_GONE);
                self.archive_failed_to_publish(None, ARCHIVE_GONE);
            }
        }
    }

    /// Downloads the ZIP of a run, or shows why there is none.
    fn download_archive(self, run: u32, name: Result<String, String>, archive: Option<Blob>) {
        match name {
            Ok(name) => {
                let archive = JsValue::from(archive);
                self.end_packing(run, || {
                    download(&archive, &name).map_or_else(ArchiveState::Failed, |()| ArchiveState::Idle)
                });
                self.keep_as_saved();
            }
            Err(why) => self.end_packing(run, || ArchiveState::Failed(why)),
        }
    }

    /// Adds problems and requests the next ones. One request at a time lets the browser draw in between.
    fn add_problems(self, slot: FileSlot, pick: u32, problems: Vec<ReportedProblem>) {
        if slot.is_pick(pick) && !problems.is_empty() {
            let count = slot.more_problems.with_untracked(|more| more.count) + problems.len();
            slot.more_problems.set(MoreProblems { count, last: Arc::new(problems) });
            self.ask_for_more_problems(slot);
        }
    }

    fn show_results(self, start: RunStart, outcome: Outcome, attached: &[JsValue]) {
        match results(start, outcome, attached) {
            Ok(results) => {
                self.history.keep(&results.outcome);
                self.history.feeds.keep(&results.outcome, attached);
                self.previous_results.set_value(None);
                self.results.set(Some(Arc::new(results)));
                self.run.set(RunState::Done);
            }
            Err(why) => self.end_without_results(RunState::Failed(why), ArchiveState::Gone),
        }
    }

    fn end_packing(self, run: u32, state: impl FnOnce() -> ArchiveState) {
        if self.results.get_untracked().is_some_and(|results| results.start.run == run) {
            self.archive.set(state());
        }
    }

    fn running(self) -> Option<RunStart> {
        self.run.with_untracked(|run| match run {
            RunState::Running(start) => Some(*start),
            _ => None,
        })
    }

    fn running_run(self, run: u32) -> Option<RunStart> {
        self.running().filter(|start| start.run == run)
    }
}

fn blob_of(attached: &[JsValue]) -> Option<Blob> {
    attached.first().and_then(|attached| attached.dyn_ref::<Blob>()).cloned()
}

fn results(start: RunStart, outcome: Outcome, attached: &[JsValue]) -> Result<Results, String> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time that passed is a whole number")]
    let milliseconds = (js_sys::Date::now() - start.at) as u64;
    let urls = attached.iter().map(ObjectUrl::of).collect::<Result<_, _>>()?;
    Ok(Results { start, milliseconds, outcome, urls })
}
