//! The bar below the sliders: a button to run with this mix, and one to reset it.

use leptos::prelude::*;

use super::state::Population;
use crate::page::area::Area;
use crate::page::components::{Action, Rank, focus, markup, shown};

/// The bar.
pub(crate) fn run_bar(population: Population) -> AnyView {
    let run = Action::new("Run with this mix").ranked(Rank::Primary).button(move || run(population));
    let reset = Action { hidden_label: "the mix".to_owned(), ..Action::new("Reset").ranked(Rank::Bare) }
        .button_unless(move || population.is_as_it_is(), move || population.reset());
    let applies = shown(move || {
        (!population.is_as_it_is()).then(|| markup! { <span class="hint push">"for the next run"</span> })
    });
    markup! {
        <section class="run-bar" aria-label="Run">
            <div class="row">
                {run}
                {reset}
                {applies}
            </div>
        </section>
    }
}

/// Goes to the area of the feed, where the run is seen, and starts it.
fn run(population: Population) {
    let page = population.page;
    // If the address cannot be set, the run is started anyway.
    let _ = window().location().set_hash(Area::Feed.address());
    let link = format!(".areas a[href='{}']", Area::Feed.address());
    document().query_selector(&link).ok().flatten().iter().for_each(focus);
    page.edits_under_way.after(move || page.start_run());
}
