//! A warning before the page is left with unsaved work.

use btcfake_core::format::input_role::InputRole;
use leptos::ev;
use leptos::prelude::*;

use crate::page::state::PageState;

/// Makes the browser ask before the page is left with a feed that was not saved, or with edited employees.
pub(crate) fn warn_before_leaving(state: PageState) {
    let listener = window_event_listener(ev::beforeunload, move |event| {
        if is_anything_unsaved(state) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn is_anything_unsaved(state: PageState) -> bool {
    let saved = state.results_view.saved.get_untracked();
    let is_feed_unsaved =
        state.results.with_untracked(|results| results.as_ref().is_some_and(|results| results.start.run != saved));
    let employees = state.slot(InputRole::Employees).picked();
    let saved = state.saved_edits.get_untracked();
    let are_edits_unsaved = employees.is_some_and(|picked| picked.edits > 0 && picked.pick != saved);
    is_feed_unsaved || are_edits_unsaved && !state.session.is_kept_here()
}
