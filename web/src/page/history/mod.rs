//! The area "History": earlier runs, kept in this browser; opened again, compared, deleted.

mod compare;
mod comparison_view;
mod entry;
mod run_view;
mod store;

use std::sync::Arc;

use btcfake_core::text::words::counted;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::{Action, go_to, is_sure, shown, status, text};
use super::remembered;
use crate::messages::Outcome;
use crate::page::held::Held;
use comparison_view::comparison_view;
use entry::Entry;
use run_view::{heading_of, run_view};

/// The earlier runs. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(super) struct History {
    runs: Held<Arc<Vec<KeptRun>>>,
    chosen: Held<Vec<u32>>,
    told: RwSignal<String>,
    fault: Held<Option<String>>,
    /// Whether the browser kept the settings when they were changed last.
    pub(super) settings_are_kept: RwSignal<bool>,
}

/// A run with the number that it is kept under.
#[derive(Clone)]
struct KeptRun {
    number: u32,
    entry: Arc<Entry>,
}

impl History {
    /// Nothing was looked up yet.
    pub(super) fn new() -> History {
        History {
            runs: Held::new(Arc::default()),
            chosen: Held::new(Vec::new()),
            told: RwSignal::new(String::new()),
            fault: Held::new(None),
            settings_are_kept: RwSignal::new(true),
        }
    }

    /// Keeps a run that was just made.
    pub(super) fn keep(self, outcome: &Outcome) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number")]
        let text = Entry::new(js_sys::Date::now() as u64, outcome).text();
        spawn_local(async move {
            let kept = store::keep(&text).await;
            self.show(kept.map_err(|why| format!("The last run is not kept: {why}."))).await;
        });
    }

    /// Shows what is kept, and what went wrong before.
    async fn show(self, done: Result<(), String>) {
        let runs = store::all().await.map(|texts| {
            let run = |(number, text): (u32, String)| Some(KeptRun { number, entry: Arc::new(Entry::read(&text)?) });
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

    fn look_up(self) {
        // What went wrong before the area was looked at stands.
        spawn_local(self.show(self.fault.get_untracked().map_or(Ok(()), Err)));
    }

    fn delete(self, number: u32) {
        spawn_local(async move {
            let deleted = store::delete(number).await;
            self.told.set(if deleted.is_ok() { "Deleted.".to_owned() } else { String::new() });
            self.show(deleted.map_err(|why| format!("It is not deleted: {why}."))).await;
            // All runs are shown anew, the younger ones first.
            let next = self.runs.with_untracked(|runs| {
                let next = runs.iter().find(|run| run.number <= number).or(runs.last());
                next.map_or_else(|| "history-heading".to_owned(), |run| heading_of(run.number))
            });
            request_animation_frame(move || go_to(&next));
        });
    }

    fn delete_all(self) {
        spawn_local(async move {
            let deleted = store::delete_all().await;
            self.told.set(if deleted.is_ok() { "All runs are deleted.".to_owned() } else { String::new() });
            self.show(deleted.map_err(|why| format!("They are not deleted: {why}."))).await;
        });
    }

    fn forget_everything(self) {
        remembered::forget();
        self.delete_all();
    }

    /// Chooses a run for the comparison, or leaves it out; of three the first is left out.
    fn choose(self, number: u32, is_chosen: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|one| *one != number);
            if is_chosen {
                chosen.push(number);
                chosen.drain(..chosen.len().saturating_sub(2));
            }
        });
    }
}

/// The area.
pub(super) fn history_area(history: History) -> AnyView {
    history.look_up();
    let count = text(move || match history.runs.with(|runs| runs.len()) {
        0 => "There are no runs yet.".to_owned(),
        runs => format!("{}, the last one first.", counted(runs, "run")),
    });
    let fault = move || {
        let why = history.fault.get()?;
        Some(view! { <p class="problems refused" role="alert">{why}</p> }.into_any())
    };
    let runs = move || {
        let runs = history.runs.get();
        let list = runs.iter().map(|run| run_view(history, run)).collect_view();
        (!runs.is_empty()).then(|| view! { <ul class="kept-runs">{list}</ul> }.into_any())
    };
    let delete_all = Action::new("Delete all runs").button(
        move || history.runs.with(|runs| runs.is_empty()),
        move || {
            if !history.runs.with_untracked(|runs| runs.is_empty()) && is_sure("Delete all runs of the history?") {
                history.delete_all();
            }
        },
    );
    let forget = Action { about: "forget-about".to_owned(), ..Action::new("Forget everything") }.button(
        || false,
        move || {
            if is_sure("Forget the history, the remembered settings, the theme and whatever else this page keeps?") {
                history.forget_everything();
            }
        },
    );
    let unkept = text(move || match history.settings_are_kept.get() {
        true => String::new(),
        false => format!("Your last settings are not kept: {}.", remembered::NOT_KEPT),
    });
    view! {
        <section aria-labelledby="history-heading">
            <h2 id="history-heading" tabindex="-1">"History"</h2>
            <p>
                {format!("The last {} runs of this page. They are kept in this browser only: ", store::MOST)}
                "the recipe and the summary of each, and no content of a file."
            </p>
            {status("hint", count)}
            {shown(fault)}
            {shown(runs)}
            <div class="buttons">{delete_all}{status("hint", history.told.into())}</div>
        </section>
        {comparison_view(history)}
        <section aria-labelledby="forget-heading">
            <h2 id="forget-heading">"What this browser remembers"</h2>
            <p id="forget-about" class="hint">
                "The history, the time zone and other usual settings, the theme, and scenarios of your own."
            </p>
            {status("fault", unkept)}
            <div class="buttons">{forget}</div>
        </section>
    }
    .into_any()
}
