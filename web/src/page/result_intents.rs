//! The actions of people on the results of a run: look through its files, keep them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::messages::{RowsQuestion, ToWorker};
use crate::page::feed::results::view_state::{Headline, RowsState};
use crate::page::history::state::last_run;
use crate::page::state::PageState;

impl PageState {
    /// Asks for rows of the file in view, by its search.
    pub(crate) fn ask_for_feed_rows(self) {
        let Some(results) = self.results.get_untracked() else { return };
        let (request, view) = (self.next_number(), self.results_view);
        view.rows.update(|state| state.waiting = Some(request));
        let (file, search) = (view.file.get_untracked(), view.search.get_untracked());
        let question = RowsQuestion { request, file, search };
        self.ask_about_results(&ToWorker::FeedRows { run: results.start.run, question });
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
