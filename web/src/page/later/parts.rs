//! The list of the parts. The macro makes `parts` the entry of the later part: code that only it reaches is split off.

use leptos::wasm_split::{self, SplitLoaderError};

use crate::page::feed::inputs::dropping::{take_dropped, take_pasted};
use crate::page::feed::inputs::{live_panel, more_settings, problem_list, unplaced_view};
use crate::page::feed::results::leaving::warn_before_leaving;
use crate::page::feed::results::results_part;
use crate::page::later::Parts;
use crate::page::state::PageState;
use crate::page::{check, explanation, history, mix, recipe, remembered, series, session};

/// The parts, once the later part is loaded.
///
/// # Errors
/// The later part cannot be loaded.
#[wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn parts() -> Result<&'static Parts, SplitLoaderError> {
    Ok(&PARTS)
}

/// Sets up what lasts for the visit. Settings and recipe come first, because the rest builds on them.
fn begin(state: PageState) {
    state.toasts.lasting(|| {
        remembered::recall_settings(state);
        state.follow_recipes();
        state.follow_session();
        state.find_helper();
        warn_before_leaving(state);
        state.run_when_awaited_comes();
    });
}

static PARTS: Parts = Parts {
    mix_area: mix::mix_area,
    series_area: series::series_area,
    check_area: check::check_area,
    history_area: history::history_area,
    results: results_part,
    explanation_dialog: explanation::explanation_dialog,
    live_panel,
    more_settings,
    needed: recipe::needed_view,
    begin,
    unplaced: unplaced_view,
    session_line: session::session_line,
    kept_session: session::kept_session,
    problems: problem_list,
    run: PageState::run,
    remember_settings: remembered::keep_settings,
    take_dropped,
    take_pasted,
    apply_message: PageState::apply_message,
};
