//! The state of the area "History": the runs that this browser keeps, and those chosen for a comparison.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::entry::HistoryEntry;
use super::feeds::Feeds;
use super::store;
use crate::messages::Outcome;
use crate::page::components::{Toasts, go_to};

/// The earlier runs. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct History {
    pub(crate) runs: RwSignal<Arc<Vec<KeptRun>>>,
    pub(crate) chosen: RwSignal<Vec<u32>>,
    pub(crate) notice: RwSignal<String>,
    pub(crate) fault: RwSignal<Option<String>>,
    /// The feeds that can be compared row by row.
    pub(crate) feeds: Feeds,
    /// Whether the browser could keep the settings after their last change.
    pub(crate) settings_are_kept: RwSignal<bool>,
    toasts: Toasts,
}

/// A run and the number that it is stored under.
#[derive(Clone)]
pub(crate) struct KeptRun {
    /// The number.
    pub(crate) number: u32,
    /// The stored data.
    pub(crate) entry: Arc<HistoryEntry>,
}

impl History {
    /// Nothing was read yet.
    pub(crate) fn new(toasts: Toasts) -> History {
        History {
            runs: RwSignal::new(Arc::default()),
            chosen: RwSignal::new(Vec::new()),
            notice: RwSignal::new(String::new()),
            fault: RwSignal::new(None),
            feeds: Feeds::new(),
            settings_are_kept: RwSignal::new(true),
            toasts,
        }
    }

    /// Keeps a run that was just made.
    pub(crate) fn keep(self, outcome: &Outcome) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number")]
        let text = HistoryEntry::new(js_sys::Date::now() as u64, outcome).text();
        spawn_local(async move {
            let kept = store::keep(&text).await;
            self.show(kept.map_err(|why| format!("The last run is not kept: {why}."))).await;
        });
    }

    /// Shows the stored runs, and the error of an action before, if any.
    async fn show(self, done: Result<(), String>) {
        let runs = store::all().await.map(|texts| {
            let run =
                |(number, text): (u32, String)| Some(KeptRun { number, entry: Arc::new(HistoryEntry::read(&text)?) });
            texts.into_iter().rev().filter_map(run).collect::<Vec<_>>()
        });
        match runs {
            Ok(runs) => {
                self.chosen.update(|chosen| chosen.retain(|number| runs.iter().any(|run| run.number == *number)));
                self.runs.set(Arc::new(runs));
                self.fault.set(done.err());
            }
            Err(why) => self.fault.set(Some(format!("There is no history: {why}."))),
        }
    }

    /// Shows the stored runs.
    pub(crate) fn look_up(self) {
        // An error from before the area was opened stays in view.
        spawn_local(self.show(self.fault.get_untracked().map_or(Ok(()), Err)));
    }

    /// Deletes a run; the focus goes to the next one.
    pub(crate) fn delete(self, number: u32) {
        self.delete_runs(Some(number), || {});
    }

    /// Deletes all runs. `undo` restores what was deleted together with them.
    pub(crate) fn delete_all(self, undo: impl Fn() + 'static) {
        self.delete_runs(None, undo);
    }

    /// Deletes one run, or all for `None`. A toast offers to undo that.
    fn delete_runs(self, number: Option<u32>, undo: impl Fn() + 'static) {
        spawn_local(async move {
            let mut texts = store::all().await.unwrap_or_default();
            texts.retain(|(one, _)| number.is_none_or(|number| number == *one));
            let chosen = self.chosen.get_untracked();
            let deleted = store::delete(number).await;
            if deleted.is_ok() {
                let text = if number.is_some() { "The run is deleted." } else { "All runs are deleted." };
                let put_back = move || {
                    undo();
                    let (texts, chosen) = (texts.clone(), chosen.clone());
                    spawn_local(async move {
                        let put = store::put_back(&texts).await;
                        chosen.into_iter().for_each(|number| self.choose(number, true));
                        self.show(put.map_err(|why| format!("It could not be brought back: {why}."))).await;
                    });
                };
                self.toasts.show_with_undo(text.to_owned(), put_back);
            }
            self.show(deleted.map_err(|why| format!("Nothing is deleted: {why}."))).await;
            // The runs were rendered anew, the newest first; the focus goes to the next older one.
            let next = self.runs.with_untracked(|runs| {
                let next = number.and_then(|number| runs.iter().find(|run| run.number <= number).or(runs.last()));
                next.map_or_else(|| "history-heading".to_owned(), |run| heading_of(run.number))
            });
            request_animation_frame(move || go_to(&next));
        });
    }

    /// Adds a run to the comparison, or removes it. A third run replaces the one that was chosen first.
    pub(crate) fn choose(self, number: u32, is_chosen: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|one| *one != number);
            if is_chosen {
                chosen.push(number);
                chosen.drain(..chosen.len().saturating_sub(2));
            }
        });
    }
}

/// The last stored run.
pub(crate) async fn last_run() -> Option<HistoryEntry> {
    let (_, text) = store::all().await.ok()?.pop()?;
    HistoryEntry::read(&text)
}

/// The id of the heading of the comparison.
pub(crate) const COMPARISON_HEADING: &str = "comparison-heading";

/// The id of a run's heading.
pub(crate) fn heading_of(number: u32) -> String {
    format!("run-{number}")
}
