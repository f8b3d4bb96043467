//! The bar that starts a run. It stays in view, with the run's progress and the reasons against starting one.

use std::sync::Arc;

use btcfake_core::text::words::{grouped, tenths_text};
use leptos::ev::{self, KeyboardEvent};
use leptos::html::Button;
use leptos::prelude::*;

use crate::messages::Stage;
use crate::page::components::{alert, focus, handler, markup, refusal, shown, status, text};
use crate::page::recipe::link_warning;
use crate::page::run_state::{Results, RunState, WorkerState};
use crate::page::state::PageState;
use crate::page::words::blocked_file_advice;

/// The bar.
pub(crate) fn run_bar(state: PageState) -> AnyView {
    let run_button = NodeRef::<Button>::new();
    let is_running = Memo::new(move |_| state.run.with(|run| matches!(run, RunState::Running(_))));
    let start = move || {
        if !is_running.get_untracked() {
            state.start_run();
        }
    };
    let run = move || state.edits_under_way.after(start);
    let on_key = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let is_in_view = run_button.get_untracked().is_some_and(|button| button.offset_width() > 0);
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && is_in_view {
            event.prevent_default();
            // A key that is held down orders one run.
            if !event.repeat() {
                run();
            }
        }
    });
    on_cleanup(move || on_key.remove());
    let cancel = move |_| {
        state.cancel_run();
        run_button.get_untracked().iter().for_each(|button| focus(button));
    };
    let aside = shown(move || match is_running.get() {
        true => {
            let cancel = view! { <button type="button" on:click=handler(cancel)>"Cancel"</button> };
            Some(markup! { {run_progress(state)} {cancel} })
        }
        false => Some(markup! { <small class="keys"><kbd>"Ctrl"</kbd>" + "<kbd>"Enter"</kbd></small> }),
    });
    markup! {
        <section class="run-bar" aria-label="Run simulation">
            {dead_worker(state)}
            {status("stale-notice", text(move || link_warning(state)))}
            {no_result(state)}
            <div class="run-line">
                <button
                    type="button"
                    class="primary"
                    node_ref=run_button
                    aria-disabled=text(move || is_running.get().to_string())
                    aria-keyshortcuts="Control+Enter"
                    on:click=handler(move |_| run())
                >
                    "Run simulation"
                </button>
                {aside}
                {status("run-status", text(move || status_text(state)))}
            </div>
        </section>
    }
}

/// The progress of the run.
fn run_progress(state: PageState) -> AnyView {
    let max = text(move || match state.progress.get() {
        Stage::Reading => "1".to_owned(),
        Stage::Simulating { of, .. } => of.max(1).to_string(),
    });
    let value = Signal::derive(move || match state.progress.get() {
        Stage::Reading => None,
        Stage::Simulating { done, .. } => Some(done.to_string()),
    });
    let far = text(move || match state.progress.get() {
        Stage::Reading => "Reading the files…".to_owned(),
        Stage::Simulating { done, of } => {
            let percent = done as u64 * 100 / of.max(1) as u64;
            format!("{percent}\u{a0}% of {}", grouped(of))
        }
    });
    markup! {
        <div class="progress">
            <progress aria-label="Progress of the simulation" max=max value=value></progress>
            <small>{far}</small>
        </div>
    }
}

/// Why there is no run, or no result.
fn no_result(state: PageState) -> AnyView {
    shown(move || match state.run.get() {
        RunState::Blocked => Some(refusal("Not run yet:", move || state.missing())),
        RunState::Failed(why) => Some(alert(format!("The run failed: {why}."))),
        RunState::NotYet | RunState::Running(_) | RunState::Cancelled | RunState::Done => None,
    })
}

/// Advice if the worker does not start, or broke down.
fn dead_worker(state: PageState) -> AnyView {
    shown(move || {
        let (problem, advice, why) = match state.worker.get() {
            WorkerState::Starting | WorkerState::Ready => return None,
            WorkerState::NotStarted(why) => (
                "The part of the page that reads files and simulates cannot start.",
                blocked_file_advice(".js and .wasm") + " Then start anew. Files and settings stay as they are.",
                why,
            ),
            WorkerState::Dead(why) => (
                "The part of the page that reads files and simulates has stopped working.",
                "A file may be too large for this browser's memory. Remove it, or close other tabs, and start anew. \
                 Files and settings stay as they are."
                    .to_owned(),
                why,
            ),
        };
        Some(markup! {
            <div class="problems refused" role="alert">
                <p class="verdict">{problem}</p>
                <p>{advice}</p>
                <p class="hint">"The browser says: "{why}</p>
                <button type="button" on:click=handler(move |_| state.start_worker())>"Start anew"</button>
            </div>
        })
    })
}

/// The outcome of the last run in a few words.
fn status_text(state: PageState) -> String {
    let done = |results: &Arc<Results>| match results.milliseconds / 100 {
        0 => format!("Done in < {} s", tenths_text(1)),
        tenths => format!("Done in {} s", tenths_text(tenths)),
    };
    state.run.with(|run| match run {
        RunState::NotYet | RunState::Blocked | RunState::Failed(_) | RunState::Running(_) => String::new(),
        RunState::Cancelled => "Cancelled.".to_owned(),
        RunState::Done => state.results.get().as_ref().map(done).unwrap_or_default(),
    })
}
