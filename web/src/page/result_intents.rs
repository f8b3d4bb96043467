//! What people do with the results of a run: look through its files, check them, keep them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::helper_client::file_of;
use crate::messages::{RowsQuestion, ToWorker};
use crate::page::check;
use crate::page::feed::results::view_state::{Headline, RowsState};
use crate::page::history::state::last_run;
use crate::page::shell::area::Area;
use crate::page::state::PageState;

impl PageState {
    /// Rows of the file in view are wanted.
    pub(crate) fn ask_for_feed_rows(self) {
        let Some(results) = self.results.get_untracked() else { return };
        let (request, view) = (self.next_number(), self.results_view);
        view.rows.update(|state| state.waiting = Some(request));
        let (file, search) = (view.file.get_untracked(), view.search.get_untracked());
        let question = RowsQuestion { request, file, search };
        self.ask_about_results(&ToWorker::FeedRows { run: results.start.run, question });
    }

    /// The feed was downloaded or published: leaving the page loses nothing of it.
    pub(crate) fn keep_as_saved(self) {
        if let Some(results) = self.results.get_untracked() {
            self.results_view.saved.set(results.start.run);
        }
    }

    /// A new run begins. The figures of the results become those of the run before; before the first run of a visit, they are
    /// those of the history.
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

    /// The feed is to be checked, with the files that it was made from.
    pub(crate) fn check_results(self) {
        let Some(results) = self.results.get_untracked() else { return };
        let made = self.result_files.with_value(|blobs| {
            let files = results.outcome.files.iter().zip(blobs);
            files.map(|(file, blob)| Some((file.name.clone(), file_of(blob.clone(), &file.name).ok()?))).collect()
        });
        let picked = self.slots.iter().filter_map(|slot| {
            slot.file.with_untracked(|file| file.picked().map(|picked| (picked.file.name(), picked.file.clone())))
        });
        let made: Option<Vec<_>> = made;
        let all = made.map(|made| made.into_iter().chain(picked).collect());
        check::start(self, all.ok_or_else(|| "The browser does not hold the files of the feed any more.".to_owned()));
        let _ = window().location().set_hash(Area::Check.address());
    }
}
