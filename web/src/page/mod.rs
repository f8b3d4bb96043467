//! The page: files, settings, run, results. State goes down in signals, what people do goes up in intents.

#![allow(unreachable_pub, reason = "Leptos's component macro makes each component's properties public")]

mod answers;
mod anywhere;
mod area;
mod break_fields;
mod charts;
mod check;
mod components;
mod detail_table;
mod downloads;
mod edits_under_way;
mod file_field;
mod history;
mod intents;
mod job_view;
mod live;
mod live_intents;
mod live_panel;
mod mends_view;
mod object_url;
mod offline;
mod population;
mod preview;
mod problem_list;
mod publish;
mod recipe;
mod remembered;
mod results;
mod run_panel;
mod series;
mod settings_fields;
mod settings_form;
mod sorting;
mod state;
mod storage;
mod unplaced;
mod unplaced_view;
mod why;
mod words;

use btcfake_core::format::input_role::InputRole;
use leptos::mount::mount_to_body;
use leptos::prelude::*;

use area::{Area, area_in_view, area_links, area_place};
use file_field::file_field;
use live::HelperState;
use live_panel::live_panel;
use results::results_place;
use run_panel::run_panel;
use settings_fields::settings_fields;
use state::PageState;
use why::why_dialog;

/// Shows the page.
pub fn start() {
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let state = PageState::new();
    state.start_worker();
    state.find_helper();
    remembered::recall_settings(state.settings);
    state.follow_recipes();
    let kept = offline::keep_page();
    anywhere::take_anywhere(state);
    let in_view = area_in_view();
    view! {
        <header>
            <h1>"BTC Fake"</h1>
            <p>
                "Makes one day of training files as the vendor BTC would send them: give it your employees.csv, run the "
                "simulation, and download the CSV files."
            </p>
            <p class="privacy">{components::text(move || privacy_text(state).to_owned())}</p>
            {remembered::theme_switch()}
            {kept.news()}
            {area_links(in_view)}
        </header>
        <main>
            {area_place(in_view, Area::Run, move || run_area(state))}
            {area_place(in_view, Area::Population, move || population::population_area(state))}
            {area_place(in_view, Area::Series, move || series::series_area(state))}
            {area_place(in_view, Area::Check, move || check::check_area(state))}
            {area_place(in_view, Area::History, move || history::history_area(state.history))}
        </main>
        {why_dialog(state.why)}
        <footer>
            <p>{format!("BTC Fake {}", btcfake_core::VERSION)}</p>
            {kept.note()}
        </footer>
    }
}

/// One day's feed: files, live sources, settings, the run and its results.
fn run_area(state: PageState) -> AnyView {
    view! {
        {recipe::needed_view(state)}
        {files_part(state)}
        {live_panel(state)}
        <section aria-labelledby="settings-heading">
            <h2 id="settings-heading">"Settings"</h2>
            {settings_fields(state)}
        </section>
        {run_panel(state)}
        {results_place(state)}
    }
    .into_any()
}

fn privacy_text(state: PageState) -> &'static str {
    if state.live.helper.with(|helper| matches!(helper, HelperState::Found(_))) {
        "Your files stay in this browser: they are read, and the results are made, on this computer. What live sources \
         and publishing send is said with them."
    } else {
        "Nothing leaves this browser: your files are read, and the results are made, on this computer."
    }
}

fn files_part(state: PageState) -> AnyView {
    let optional = [
        InputRole::StandaloneContent,
        InputRole::CourseCatalog,
        InputRole::Assignments,
        InputRole::Completions,
        InputRole::Recommendations,
    ];
    let fields = optional.into_iter().map(|role| file_field(state, role)).collect_view();
    view! {
        <section aria-labelledby="files-heading">
            <h2 id="files-heading" tabindex="-1">"Files"</h2>
            <p class="hint">"Files that are dropped anywhere on this page, and rows that are pasted, go to their places."</p>
            {unplaced_view::unplaced_view(state)}
            {file_field(state, InputRole::Employees)}
            <h3 id="more-files-heading">"More files, if you have them"</h3>
            <div class="file-grid">{fields}</div>
        </section>
    }
    .into_any()
}
