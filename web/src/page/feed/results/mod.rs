//! The results of a run: the result bar, the files as cards, the headline figures, and tabs.

mod bar;
mod cards;
mod copying;
mod detail_table;
mod details_tab;
mod employees_tab;
mod empty;
mod failed_calls;
mod files_tab;
mod headline;
pub(crate) mod leaving;
mod overview_tab;
mod print_sheet;
mod publish;
pub(crate) mod view_state;

use std::sync::Arc;
use std::time::Duration;

use btcfake_core::api::Connection;
use btcfake_core::record::recipe::read_recipe;
use btcfake_core::text::words::counted;
use leptos::html::Div;
use leptos::prelude::*;

use crate::page::components::{Action, Tab, alert, follow, go_to, markup, shown, status, tabs, text, text_while};
use crate::page::later;
use crate::page::recipe::link_warning;
use crate::page::run_state::{ArchiveState, Results, RunState};
use crate::page::state::PageState;
use bar::{ResultActions, result_bar};
use cards::file_cards;
use copying::Copying;
use details_tab::details_tab;
use employees_tab::employees_tab;
use empty::empty_pane;
use files_tab::files_tab;
use headline::headline;
use overview_tab::overview_tab;
use print_sheet::print_sheet;
use publish::{Publishing, STALE, publish_part};
use view_state::DETAILS;

/// The place of the results; placeholders until there are any.
pub(crate) fn results_place(state: PageState) -> AnyView {
    let place = NodeRef::<Div>::new();
    let is_running = Memo::new(move |_| state.run.with(|run| matches!(run, RunState::Running(_))));
    let content = shown(move || {
        Some(match state.results.get() {
            Some(results) => later::view(move |parts| (parts.results)(state, &results)),
            None => {
                keep_height(place, is_running.get_untracked());
                empty_pane(state)
            }
        })
    });
    follow(move || {
        if !is_running.get() {
            set_timeout(move || keep_height(place, is_running.get_untracked()), ARRIVAL);
        }
    });
    markup! { <div class="results-place" node_ref=place>{content}</div> }
}

/// The time after a run in which the tables of its results arrive from the worker.
const ARRIVAL: Duration = Duration::from_secs(2);

/// Keeps the height of the place while a run has removed the results, so that the rest of the page does not move.
fn keep_height(place: NodeRef<Div>, is_kept: bool) {
    if let Some(place) = place.try_get_untracked().flatten() {
        let height = if is_kept { format!("min-height: {}px", place.offset_height()) } else { String::new() };
        let _ = place.set_attribute("style", &height);
    }
}

/// The results of a run.
pub(crate) fn results_part(state: PageState, results: &Arc<Results>) -> AnyView {
    let recipe = read_recipe(&results.outcome.recipe).recipe;
    let (copying, publishing) = (Copying::new(state.toasts), Publishing::default());
    let steps = ResultActions { copying, publishing, is_printing: RwSignal::new(false) };
    // The changes of a next day are not people's: the run follows by itself.
    let stale = Memo::new(move |_| state.results_are_stale() && state.results_view.awaited.with(Vec::is_empty));
    let tab = |title, content: fn(PageState, &Arc<Results>) -> AnyView| {
        let results = Arc::clone(results);
        Tab::new(title, move || content(state, &results))
    };
    let all = vec![
        tab("Files", files_tab),
        tab("Overview", |state, results| overview_tab(state, &results.outcome)),
        tab("Employees", employees_tab),
        tab("Details", |state, results| details_tab(state, &results.outcome)),
    ];
    markup! {
        <section class="results" class:stale=stale aria-labelledby="results-heading">
            {result_bar(state, steps, results, recipe.clone())}
            {copying.field()}
            {stale_notice(state, stale)}
            {status("stale-notice", text(move || if stale.get() { String::new() } else { link_warning(state) }))}
            {broken_notice(state, results)}
            {archive_notice(state)}
            {publish_part(state, publishing)}
            {file_cards(state, copying, results)}
            {headline(state, &results.outcome)}
            <div class="panel result-tabs">{tabs("result", "Parts of the result", state.results_view.tab, all)}</div>
            {print_sheet(results, recipe, steps.is_printing)}
        </section>
    }
}

/// The notice that inputs or settings changed after the run, with a button to run again.
fn stale_notice(state: PageState, stale: Memo<bool>) -> AnyView {
    let run = move || state.edits_under_way.after(move || state.start_run());
    let again = shown(move || stale.get().then(|| Action::new("Run again").button(run)));
    let words = text(move || match stale.get() {
        false => String::new(),
        true if state.live.configured(Connection::SftpOutbound).is_some() => {
            "This feed is from before your last change, so it cannot be published.".to_owned()
        }
        true => "This feed is from before your last change.".to_owned(),
    });
    markup! { <div class="notice-row"><p id=STALE class="stale-notice" role="status">{words}</p>{again}</div> }
}

/// The notice that the feed is broken on purpose, with a button to the list of what was broken.
fn broken_notice(state: PageState, results: &Results) -> Option<AnyView> {
    let places = results.outcome.broken.len();
    let show = move || {
        state.results_view.tab.set(DETAILS);
        request_animation_frame(|| go_to("broken-heading"));
    };
    let notice = || {
        markup! {
            <div class="notice-row">
                <p class="problems refused">{format!("This feed is broken on purpose, in {}.", counted(places, "place"))}</p>
                {Action::new("Show what is broken").button(show)}
            </div>
        }
    };
    (places > 0).then(notice)
}

/// The state of the ZIP.
fn archive_notice(state: PageState) -> AnyView {
    let fault = move || {
        state.archive.with(|archive| match archive {
            ArchiveState::Idle | ArchiveState::Packing => None,
            ArchiveState::Failed(why) => Some(format!("There is no ZIP: {why}.")),
            ArchiveState::Gone => Some(
                "Tables and ZIP are gone, because the part of the page that makes them was started anew. Run again. The \
                 three files can still be downloaded."
                    .to_owned(),
            ),
        })
    };
    let is_packing = move || state.archive.with(|archive| *archive == ArchiveState::Packing);
    markup! {
        {status("hint", text_while(is_packing, "The ZIP is being made …"))}
        {shown(move || fault().map(alert))}
    }
}
