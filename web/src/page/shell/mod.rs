//! The frame of the page: header, areas, footer. Each area has its own panes.

mod areas;
mod header;
pub(crate) mod offline;

use leptos::prelude::*;

use crate::page::area::Area;
use crate::page::components::{drop_accidental_presses, toasts_view};
use crate::page::feed::inputs::drop_anywhere::drop_anywhere;
use crate::page::later::parts::parts;
use crate::page::shell::areas::{area_in_view, area_place};
use crate::page::shell::header::header;
use crate::page::state::PageState;
use crate::page::{feed, later};

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    drop_accidental_presses();
    let state = PageState::new();
    later::fetch(|| Box::pin(async { parts().await.map_err(|error| error.to_string()) }));
    state.start_worker();
    later::then(move |parts| (parts.begin)(state));
    let kept = offline::keep_page();
    let in_view = area_in_view();
    view! {
        {header(state, in_view, kept)}
        {later::fault()}
        <main>
            {later::view(move |parts| (parts.unplaced)(state))}
            {area_place(in_view, Area::Feed, move || feed::feed_area(state))}
            {area_place(in_view, Area::Mix, move || later::area(move |parts| (parts.mix_area)(state)))}
            {area_place(in_view, Area::Series, move || later::area(move |parts| (parts.series_area)(state)))}
            {area_place(in_view, Area::Check, move || later::area(move |parts| (parts.check_area)(state)))}
            {area_place(in_view, Area::History, move || later::area(move |parts| (parts.history_area)(state)))}
        </main>
        {later::view(move |parts| (parts.explanation_dialog)(state.explanation))}
        {toasts_view(state.toasts)}
        {drop_anywhere(state, in_view)}
        <footer>
            <p>{format!("BTC Fake {}", btcfake_core::VERSION)}</p>
            {kept.note()}
        </footer>
    }
}
