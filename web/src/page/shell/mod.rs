//! The frame of the page: header, areas, footer. Each area brings its own panes.

pub(crate) mod area;
mod header;
pub(crate) mod offline;
pub(crate) mod panes;

use leptos::prelude::*;

use crate::page::components::toasts_view;
use crate::page::feed::inputs::drop_anywhere::drop_anywhere;
use crate::page::feed::inputs::unplaced_view::unplaced_view;
use crate::page::shell::area::{Area, area_in_view, area_place};
use crate::page::shell::header::header;
use crate::page::state::PageState;
use crate::page::{check, feed, history, mix, remembered, series, why};

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = PageState::new();
    state.start_worker();
    state.find_helper();
    remembered::recall_settings(state.settings);
    state.follow_recipes();
    state.follow_session();
    let kept = offline::keep_page();
    let in_view = area_in_view();
    view! {
        {header(state, in_view, kept)}
        <main>
            {unplaced_view(state)}
            {area_place(in_view, Area::Feed, move || feed::feed_area(state))}
            {area_place(in_view, Area::Mix, move || mix::mix_area(state))}
            {area_place(in_view, Area::Series, move || series::series_area(state))}
            {area_place(in_view, Area::Check, move || check::check_area(state))}
            {area_place(in_view, Area::History, move || history::history_area(state))}
        </main>
        {why::why_dialog(state.why)}
        {toasts_view(state.toasts)}
        {drop_anywhere(state, in_view)}
        <footer>
            <p>{format!("BTC Fake {}", btcfake_core::VERSION)}</p>
            {kept.note()}
        </footer>
    }
}
