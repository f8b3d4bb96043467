//! The actions of people on the page: pick and remove files, change settings, run, cancel, turn pages of tables, download.

use std::rc::Rc;
use std::sync::Arc;

use btcfake_core::api::Connection;
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::report::figures::Bar;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::client::Client;
use crate::messages::{ArchivePurpose, Pick, Stage, Table, ToWorker, WantedRows};
use crate::page::later;
use crate::page::live::JobState;
use crate::page::recipe::state::LinkState;
use crate::page::state::{
    ArchiveState, FileOrigin, FileSlot, FileState, MoreProblems, PageState, Picked, RunStart, RunState, TableState,
    WorkerState,
};

/// The message when the worker no longer has the run of the results.
pub(crate) const RESULTS_GONE: &str = "The part of the page that simulates does not have this run any more. Run again.";

impl PageState {
    /// Starts a worker in place of the one before. The new one inspects all files and repeats the open requests.
    pub(crate) fn start_worker(self) {
        self.client.set_value(None);
        later::fetch_again();
        self.check.interrupted();
        self.worker.set(WorkerState::Starting);
        match Client::start_unread(Rc::new(move |arrival| self.receive(arrival))) {
            Ok(client) => {
                self.client.set_value(Some(client));
                self.slots.iter().for_each(|slot| self.inspect(slot));
                self.sort_anew();
                Connection::ALL.iter().copied().for_each(|connection| self.ask_for_ids(connection));
            }
            Err(why) => self.worker.set(WorkerState::NotStarted(why)),
        }
    }

    /// Uses a picked file in a role.
    pub(crate) fn pick(self, role: InputRole, file: web_sys::File) {
        self.take_over(role, file, FileOrigin::Picked);
    }

    /// Uses a file in a role, with its origin.
    pub(crate) fn take_over(self, role: InputRole, file: web_sys::File, origin: FileOrigin) {
        self.take_file(role, Picked { file, pick: self.next_number(), edits: 0, origin });
    }

    /// Uses the edited employees.csv of the area Mix.
    pub(crate) fn pick_edited(self, file: web_sys::File, edits: usize) {
        self.take_file(
            InputRole::Employees,
            Picked { file, pick: self.next_number(), edits, origin: FileOrigin::Picked },
        );
    }

    pub(crate) fn take_file(self, role: InputRole, picked: Picked) {
        let slot = self.slot(role);
        slot.more_problems.set(MoreProblems::default());
        slot.file.set(FileState::Reading(picked));
        if role == InputRole::Employees {
            self.settings.without_population();
        }
        if !self.revive_worker() {
            self.inspect(&slot);
        }
        self.edited();
    }

    /// Removes the file of a role.
    pub(crate) fn remove(self, role: InputRole) {
        let slot = self.slot(role);
        slot.more_problems.set(MoreProblems::default());
        slot.file.set(FileState::Empty);
        self.send(&ToWorker::Forget { role }, []);
        self.edited();
    }

    /// Sets what happens to bad rows. employees.csv is inspected again, because that turns errors into warnings, or back.
    pub(crate) fn set_bad_rows(self, bad_rows: BadRows) {
        self.settings.bad_rows.set(bad_rows);
        let slot = self.slot(InputRole::Employees);
        match slot.file.with_untracked(|file| file.picked().cloned()) {
            Some(picked) => self.take_file(InputRole::Employees, Picked { pick: self.next_number(), ..picked }),
            None => self.edited(),
        }
    }

    /// Records a change of an input or a setting: results become stale.
    pub(crate) fn edited(self) {
        self.edits.update(|edits| *edits = edits.wrapping_add(1));
        self.recipe.link.set(LinkState::NotYet);
        self.unblock();
    }

    /// Removes the refusal to run if its reasons are gone.
    pub(crate) fn unblock(self) {
        if self.run.with_untracked(|run| matches!(run, RunState::Blocked)) && untrack(|| self.missing().is_empty()) {
            self.run.set(RunState::NotYet);
        }
    }

    /// Asks for the next problems of a file. Each answer asks for the following ones, until all are there.
    pub(crate) fn ask_for_more_problems(self, slot: FileSlot) {
        let pick = slot.file.with_untracked(|file| file.picked().map(|picked| picked.pick));
        let listed = slot.file.with_untracked(|file| file.inspected().map_or(0, |inspected| inspected.first.len()));
        let more = slot.more_problems.with_untracked(|more| more.count);
        if let Some(pick) = pick {
            self.send(&ToWorker::MoreProblems { role: slot.role, pick, known: listed + more }, []);
        }
    }

    /// Runs the simulation once the later part of the page has set the remembered settings.
    pub(crate) fn start_run(self) {
        later::then(move |parts| (parts.run)(self));
    }

    /// Runs the simulation, or shows what is missing.
    pub(crate) fn run(self) {
        let settings = match untrack(|| self.settings.settings()) {
            Ok(settings) if untrack(|| self.missing().is_empty()) => settings,
            _ => return self.run.set(RunState::Blocked),
        };
        let break_list = untrack(|| self.settings.break_list()).unwrap_or_default();
        self.revive_worker();
        let run = self.next_number();
        let edits = self.edits.get_untracked();
        self.progress.set(Stage::Reading);
        self.tables.iter().for_each(|table| table.set(TableState::Empty));
        self.bar.set(None);
        self.archive.set(ArchiveState::Idle);
        self.live.job(Connection::SftpOutbound).end(JobState::Idle);
        self.remember_figures();
        self.previous_results.set_value(self.results.get_untracked());
        self.results.set(None);
        self.run.set(RunState::Running(RunStart { run, edits, at: js_sys::Date::now() }));
        let (picks, files): (Vec<Pick>, Vec<JsValue>) = self.picked_files().into_iter().unzip();
        self.send(&ToWorker::Run { run, settings, break_list, picks }, files);
    }

    /// The picked files of all roles.
    pub(crate) fn picked_files(self) -> Vec<(Pick, JsValue)> {
        self.slots.iter().filter_map(FileSlot::pick).collect()
    }

    /// Cancels the run: its worker is ended, and a new one is started.
    pub(crate) fn cancel_run(self) {
        self.end_without_results(RunState::Cancelled);
        self.start_worker();
    }

    /// Ends the run without results. The results of the run before come back, but the worker no longer has that run.
    pub(crate) fn end_without_results(self, state: RunState) {
        if let Some(before) = self.previous_results.try_update_value(Option::take).flatten() {
            self.results.set(Some(before));
            self.archive.set(ArchiveState::Gone);
        }
        self.run.set(state);
    }

    /// Asks the worker for rows of a table.
    pub(crate) fn ask_for_rows(self, table: Table, wanted: WantedRows) {
        let Some(results) = self.results.get_untracked() else { return };
        let request = self.next_number();
        self.table(table).update(|state| {
            let shown = state.rows().map(Arc::clone);
            *state = TableState::Waiting(request, shown);
        });
        let behind = self.bar.get_untracked();
        self.ask_about_results(&ToWorker::Rows { run: results.start.run, request, table, wanted, behind });
    }

    /// Narrows the tables to what a bar counts, or shows all rows again.
    pub(crate) fn narrow_tables(self, bar: Option<Bar>) {
        self.bar.set(bar);
        for table in Table::ALL {
            if self.table(table).with_untracked(|table| !matches!(table, TableState::Empty)) {
                self.ask_for_rows(table, WantedRows::Page(0));
            }
        }
    }

    /// Asks for the explanation of an employee's rows.
    pub(crate) fn explain(self, employee: u64) {
        let Some(results) = self.results.get_untracked() else { return };
        let request = self.next_number();
        self.explanation.wait_for(request, employee);
        self.ask_about_results(&ToWorker::Explain { run: results.start.run, request, employee });
    }

    /// Asks for the ZIP of the results.
    pub(crate) fn ask_for_archive(self) {
        let Some(results) = self.results.get_untracked() else { return };
        if self.archive.get_untracked() != ArchiveState::Packing {
            self.archive.set(ArchiveState::Packing);
            let (run, purpose) = (results.start.run, ArchivePurpose::Download);
            self.ask_about_results(&ToWorker::Archive { run, purpose });
        }
    }

    fn inspect(self, slot: &FileSlot) {
        if let Some((pick, file)) = slot.pick() {
            let bad_rows = self.settings.bad_rows.get_untracked();
            self.send(&ToWorker::Inspect { pick, bad_rows }, [file]);
        }
    }

    /// Replaces a worker that broke down. Returns whether it did; the new one inspects all files.
    pub(crate) fn revive_worker(self) -> bool {
        let is_dead = self.worker_is_dead();
        if is_dead {
            self.start_worker();
        }
        is_dead
    }

    /// Sends a request about the results, or reports that they are gone if the worker is dead.
    pub(crate) fn ask_about_results(self, question: &ToWorker) {
        if self.worker_is_dead() {
            self.archive.set(ArchiveState::Gone);
            self.explanation.fail(RESULTS_GONE);
        } else {
            self.send(question, []);
        }
    }

    /// Whether the worker broke down, or never listened.
    pub(crate) fn worker_is_dead(self) -> bool {
        self.worker.with_untracked(|worker| matches!(worker, WorkerState::NotStarted(_) | WorkerState::Dead(_)))
    }

    /// Sends a message to the worker.
    pub(crate) fn send(self, message: &ToWorker, attached: impl IntoIterator<Item = JsValue>) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.send(message, attached);
            }
        });
    }
}
