//! Actions on the run: start, cancel, and the changes that make its results stale.

use btcfake_core::api::Connection;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::messages::{Pick, Stage, ToWorker};
use crate::page::later;
use crate::page::live::JobState;
use crate::page::recipe::state::LinkState;
use crate::page::run_state::{ArchiveState, RunStart, RunState, TableState};
use crate::page::state::PageState;

impl PageState {
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

    /// Cancels the run: its worker is ended, and a new one is started.
    pub(crate) fn cancel_run(self) {
        self.end_without_results(RunState::Cancelled, ArchiveState::Gone);
        self.start_worker();
    }

    /// Ends the run without results. The results of the run before come back; `archive` says whether the worker still has that
    /// run.
    pub(crate) fn end_without_results(self, state: RunState, archive: ArchiveState) {
        if let Some(before) = self.previous_results.try_update_value(Option::take).flatten() {
            self.results.set(Some(before));
            self.archive.set(archive);
        }
        self.run.set(state);
    }
}
