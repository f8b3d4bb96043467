//! The printed summary of a run on one page: figures, settings, files with digests, charts.

use std::sync::Arc;

use btcfake_core::record::recipe::Recipe;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::cards::title;
use super::details_tab::{digests, group_view, notes_view};
use super::view_state::Headline;
use crate::page::charts::{Charts, charts_view};
use crate::page::components::{markup, shown};
use crate::page::run_state::Results;

/// Prints the sheet. The sheet is put into the page a frame earlier, because the browser's dialog stops all drawing.
pub(crate) fn print(is_printing: RwSignal<bool>) {
    is_printing.set(true);
    request_animation_frame(|| {
        let _ = window().print();
    });
}

/// The sheet, which is in the page only while it is printed, from here or by the browser's own menu.
pub(crate) fn print_sheet(results: &Arc<Results>, recipe: Option<Recipe>, is_printing: RwSignal<bool>) -> AnyView {
    let listeners = [
        window_event_listener_untyped("beforeprint", move |_| is_printing.set(true)),
        window_event_listener_untyped("afterprint", move |_| is_printing.set(false)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    let results = Arc::clone(results);
    shown(move || is_printing.get().then(|| sheet(&results, recipe.as_ref())))
}

fn sheet(results: &Results, recipe: Option<&Recipe>) -> AnyView {
    let outcome = &results.outcome;
    let Headline { completed, still_open, doses, recommended } = Headline::of(&outcome.tally);
    let figures = [
        ("Employees", outcome.employees as u64),
        ("Completed", completed),
        ("Still open", still_open),
        ("Daily Doses given", doses),
        ("From recommendations", recommended),
    ];
    let figures = figures.map(|(name, figure)| {
        view! { <div class="tile"><span>{name}</span><strong>{number_text(figure)}</strong></div> }
    });
    let charts = charts_view(Charts {
        id: "print",
        charts: RwSignal::new(Arc::new(outcome.charts.iter().take(4).cloned().collect())),
        against: None,
        scale: None,
        chosen: RwSignal::new(None),
        choose: Callback::new(|_| {}),
    });
    let broken =
        (!outcome.broken.is_empty()).then(|| view! { <p class="verdict">"This feed is broken on purpose."</p> });
    let command = recipe.map(|recipe| view! { <p class="mono">{recipe.command_line()}</p> });
    markup! {
        <section class="print-sheet">
            <h2>{title(recipe)}</h2>
            {broken}
            <div class="tiles">{figures.into_iter().collect_view()}</div>
            {charts}
            <div class="summary-grid">{outcome.groups.iter().map(group_view).collect_view()}</div>
            {digests(&outcome.files)}
            {notes_view(&outcome.notes)}
            {command}
            <p>{format!("BTC Fake {}", btcfake_core::VERSION)}</p>
        </section>
    }
}
