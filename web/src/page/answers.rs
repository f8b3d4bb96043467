//! The worker's messages, applied to the state of the page. An answer to an outdated request is dropped by its number.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::client::Arrival;
use crate::messages::{ArchivePurpose, Outcome, ReportedProblem, ToPage, unpack};
use crate::page::intents::RESULTS_GONE;
use crate::page::later;
use crate::page::live_intents::ARCHIVE_GONE;
use crate::page::object_url::{ObjectUrl, download};
use crate::page::state::{
    ArchiveState, FileSlot, FileState, MoreProblems, PageState, Results, RunStart, RunState, TableRows, TableState,
    WorkerState,
};

impl PageState {
    /// Applies an event from the worker.
    pub(crate) fn receive(self, arrival: Arrival) {
        match arrival {
            Arrival::Message(message) => {
                // A worker's first message reports that it listens.
                let starts = |worker: &_| matches!(worker, WorkerState::Starting | WorkerState::NotStarted(_));
                if self.worker.with_untracked(starts) {
                    self.worker.set(WorkerState::Ready);
                }
                later::then(move |parts| (parts.hear)(self, &message));
            }
            Arrival::Death(why) => {
                if self.running().is_some() {
                    self.end_without_results(RunState::Failed(
                        "The part of the page that simulates has broken down".to_owned(),
                    ));
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
        }
    }

    /// Applies a message of the worker. Data that is no message is ignored.
    pub(crate) fn hear(self, message: &JsValue) {
        let Some((message, attached)) = unpack(message) else { return };
        let attached = attached.as_slice();
        match message {
            ToPage::Inspected { role, pick, inspected } => {
                self.slot(role).inspected(pick, |picked| FileState::Read(picked, Arc::new(*inspected)));
                self.unblock();
                self.add_header_of_pasted(role);
            }
            ToPage::Unreadable { role, pick, why } => {
                self.slot(role).inspected(pick, |picked| FileState::Unreadable(picked, why));
            }
            ToPage::MoreProblems { role, pick, problems, .. } => self.add_problems(self.slot(role), pick, problems),
            ToPage::Progress { run, stage } => {
                if self.running_run(run).is_some() {
                    self.progress.set(stage);
                }
            }
            ToPage::Failed { run, why } => {
                if self.running_run(run).is_some() {
                    self.end_without_results(RunState::Failed(why));
                }
            }
            ToPage::Done { run, outcome } => {
                if let Some(start) = self.running_run(run) {
                    self.take_results(start, *outcome, attached);
                }
            }
            ToPage::Rows { request, table, found, rows, .. } => self.table(table).update(|state| {
                if matches!(state, TableState::Waiting(wanted, _) if *wanted == request) {
                    *state = TableState::Filled(Arc::new(TableRows { found, rows }));
                }
            }),
            ToPage::FeedRows { request, rows } => self.results_view.take_rows(request, rows),
            ToPage::Explained { request, explained } => self.explanation.take(request, explained),
            ToPage::Archive { run, purpose: ArchivePurpose::Download, name } => {
                let archive = JsValue::from(blob_of(attached));
                self.end_packing(run, || {
                    download(&archive, &name).map_or_else(ArchiveState::Failed, |()| ArchiveState::Idle)
                });
                self.keep_as_saved();
            }
            ToPage::Archive { purpose: ArchivePurpose::Publish(number), .. } => match blob_of(attached) {
                Some(archive) => self.publish_archive(number, archive),
                None => self.archive_failed_to_publish(Some(number), "the worker sent no file"),
            },
            ToPage::ArchiveFailed { run, purpose: ArchivePurpose::Download, why } => {
                self.end_packing(run, || ArchiveState::Failed(why));
            }
            ToPage::ArchiveFailed { purpose: ArchivePurpose::Publish(number), why, .. } => {
                self.archive_failed_to_publish(Some(number), &why);
            }
            ToPage::Gone { run } => {
                self.end_packing(run, || ArchiveState::Gone);
                self.explanation.fail(RESULTS_GONE);
                self.archive_failed_to_publish(None, ARCHIVE_GONE);
            }
            // `Ready` was handled on arrival; the others go to the workers of the areas Mix, Series and History.
            ToPage::Ready
            | ToPage::Population(_)
            | ToPage::Preview(_)
            | ToPage::Series(_)
            | ToPage::Compared(_)
            | ToPage::Writer(_) => {}
            ToPage::NextDay { run, roles } => self.take_next_day(run, roles, attached),
            ToPage::Checked(answer) => self.check.hear(answer),
            ToPage::Sample { request, roles } => self.sample_came(request, roles, attached),
            ToPage::Sorted(message) => {
                let file = attached.first().and_then(|file| file.dyn_ref::<web_sys::File>()).cloned();
                self.hear_of_sorting(message, file);
            }
            ToPage::EmployeeIds { request, found } => self.ids_came(request, found, blob_of(attached)),
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

    fn take_results(self, start: RunStart, outcome: Outcome, attached: &[JsValue]) {
        match results(start, outcome, attached) {
            Ok(results) => {
                self.history.keep(&results.outcome);
                self.history.feeds.keep(&results.outcome, attached);
                self.previous_results.set_value(None);
                self.results.set(Some(Arc::new(results)));
                self.run.set(RunState::Done);
            }
            Err(why) => self.end_without_results(RunState::Failed(why)),
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

impl FileSlot {
    /// Whether this pick is in use.
    pub(crate) fn is_pick(&self, pick: u32) -> bool {
        self.file.with_untracked(|file| file.picked().is_some_and(|picked| picked.pick == pick))
    }

    fn inspected(&self, pick: u32, state: impl FnOnce(crate::page::state::Picked) -> FileState) {
        let picked = self.file.with_untracked(|file| file.picked().cloned());
        if let Some(picked) = picked.filter(|picked| picked.pick == pick) {
            self.file.set(state(picked));
        }
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
