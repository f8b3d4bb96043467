//! The pane before the first run and while a run is under way: placeholder cards of the files to come.

use btcfake_core::api::Connection;
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;

use super::cards::icon;
use crate::page::components::{Action, follow, markup, shown, text};
use crate::page::file_slot::{FileSlot, FileState};
use crate::page::run_state::RunState;
use crate::page::state::PageState;
use crate::page::words::purpose;

/// The cards, with the steps to a feed.
pub(crate) fn empty_pane(state: PageState) -> AnyView {
    let is_running = Memo::new(move |_| state.run.with(|run| matches!(run, RunState::Running(_))));
    let heading =
        text(move || if is_running.get() { "The feed is being made …" } else { "Your feed will be here" }.to_owned());
    let sample = sample_feed(state);
    let has_employees = Memo::new(move |_| {
        state.slot(InputRole::Employees).is_filled() || state.settings.population.with(Option::is_some)
    });
    let how = shown(move || match (is_running.get(), has_employees.get()) {
        (true, _) => Some(markup! { <p class="hint">"These files appear here."</p> }),
        (false, true) => Some(markup! { <p class="hint">{readiness(state)}</p> }),
        (false, false) => {
            let words = "Add employees and run: these files come within a second. Or, for a first look:";
            let button = Action::new("Run with sample files").button(move || sample.run(()));
            Some(markup! { <div class="notice-row"><p class="hint">{words}</p>{button}</div> })
        }
    });
    let card = |file: FeedFile| {
        let (title, purpose) = purpose(file);
        markup! {
            <li class="panel file-card">
                <div class="row">{icon(file)}<strong>{title}</strong></div>
                <span class="skeleton"></span>
                <p class="hint">{purpose}</p>
            </li>
        }
    };
    markup! {
        <section class="awaited" aria-labelledby="awaited-heading">
            <h2 id="awaited-heading">{heading}</h2>
            {how}
            <ul class="file-cards">{FeedFile::ALL.map(card).into_iter().collect_view()}</ul>
        </section>
    }
}

/// Whether a run can start, and if not, where people find out why.
fn readiness(state: PageState) -> &'static str {
    let is_fetching = Connection::ALL.into_iter().any(|connection| state.live.job(connection).is_going());
    match (state.missing_of_inputs().is_empty(), is_fetching, state.live.missing().is_empty()) {
        (false, ..) => "Not ready to run: mend or answer what is marked at the files and settings.",
        (true, true, _) => "Not ready to run yet: live sources are still being fetched.",
        (true, false, false) => {
            "Not ready to run: a live source could not be fetched. Try again under \"Live sources\", or go on without it."
        }
        (true, false, true) => "Run the simulation: these files come within a second.",
    }
}

/// Adds sample files, and starts a run as soon as they are read.
fn sample_feed(state: PageState) -> Callback<()> {
    let is_wanted = RwSignal::new(false);
    follow(move || {
        let is_read = |slot: &FileSlot| slot.file.with(|file| !matches!(file, FileState::Reading(_)));
        let is_added = !state.sorting.is_going() && state.slots.iter().all(is_read);
        if is_wanted.get() && is_added {
            is_wanted.set(false);
            untrack(|| state.start_run());
        }
    });
    Callback::new(move |()| {
        state.add_sample();
        is_wanted.set(true);
    })
}
