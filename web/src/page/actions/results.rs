//! Actions on the results of a run: look through tables and files, download, keep the figures.

use std::sync::Arc;

use btcfake_core::report::figures::Bar;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::messages::{ArchivePurpose, RunQuestion, Table, ToWorker, WantedRows};
use crate::page::feed::results::view_state::{Headline, RowsState};
use crate::page::history::state::last_run;
use crate::page::run_state::{ArchiveState, TableState};
use crate::page::state::PageState;

/// The message when the worker no longer has the run of the results.
pub(crate) const RESULTS_GONE: &str = "The part of the page that simulates does not have this run any more. Run again.";

impl PageState {
    /// Asks for rows of a table.
    pub(crate) fn ask_for_rows(self, table: Table, wanted: WantedRows) {
        let request = self.next_number();
        self.table(table).update(|state| {
            let shown = state.rows().map(Arc::clone);
            *state = TableState::Waiting(request, shown);
        });
        let behind = self.bar.get_untracked();
        self.ask_about_results(RunQuestion::Rows { request, table, wanted, behind });
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

    /// Asks for rows of the file in view, by its search.
    pub(crate) fn ask_for_feed_rows(self) {
        let (request, view) = (self.next_number(), self.results_view);
        view.rows.update(|state| state.waiting = Some(request));
        let (file, search) = (view.file.get_untracked(), view.search.get_untracked());
        self.ask_about_results(RunQuestion::FeedRows { request, file, search });
    }

    /// Asks for the explanation of an employee's rows.
    pub(crate) fn explain(self, employee: u64) {
        let request = self.next_number();
        self.explanation.wait_for(request, employee);
        self.ask_about_results(RunQuestion::Explain { request, employee });
    }

    /// Asks for the ZIP of the results.
    pub(crate) fn ask_for_archive(self) {
        if self.archive.get_untracked() != ArchiveState::Packing {
            self.archive.set(ArchiveState::Packing);
            self.ask_about_results(RunQuestion::Archive(ArchivePurpose::Download));
        }
    }

    /// Sends a request about the results, or reports that they are gone if the worker is dead. Without results, it does nothing.
    pub(crate) fn ask_about_results(self, question: RunQuestion) {
        let Some(results) = self.results.get_untracked() else { return };
        if self.worker_is_dead() {
            self.archive.set(ArchiveState::Gone);
            self.explanation.fail(RESULTS_GONE);
        } else {
            self.send(&ToWorker::RunQuestion { run: results.start.run, question }, []);
        }
    }

    /// Records that the feed was downloaded or published, so that leaving the page needs no warning.
    pub(crate) fn keep_as_saved(self) {
        if let Some(results) = self.results.get_untracked() {
            self.results_view.saved.set(results.start.run);
        }
    }

    /// Keeps the figures of the results as those of the run before, when a new run begins. For the first run of a visit, they
    /// come from the history.
    pub(crate) fn remember_figures(self) {
        let before = self.results_view.before;
        self.results_view.rows.set(RowsState::default());
        match self.results.get_untracked() {
            Some(results) => before.set(Some(Headline::of(&results.outcome.tally))),
            None if before.with_untracked(Option::is_none) => spawn_local(async move {
                if let Some(entry) = last_run().await {
                    let lines = entry.lines.iter().map(|line| (line.label.as_str(), line.value.as_str()));
                    before.set(Headline::of_summary(lines));
                }
            }),
            None => {}
        }
    }
}
