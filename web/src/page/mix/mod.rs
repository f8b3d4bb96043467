//! The area "Mix": the employees, edited, mixed or made up.

mod comparing;
mod grid;
mod making_up;
mod scenario;
mod scenarios;
mod scrolling;
mod sliders;
mod state;
mod tools;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::messages::population::Act;
use crate::page::components::{handler, shown, status, text};
use crate::page::preview::{Preview, Shown, preview_view};
use crate::page::shell::panes::panes;
use crate::page::state::PageState;
pub(crate) use state::Population;

/// The area.
pub(crate) fn mix_area(state: PageState) -> AnyView {
    let population = Population::new(state);
    let preview = Preview::new(state);
    let left = view! {
        <section aria-labelledby="mix-heading">
            <h2 id="mix-heading">"What if …"</h2>
            {sliders::mix_panel(population)}
            {scenarios::scenario_panel(population)}
        </section>
    };
    let right = view! {
        <section class="panel panel-body" aria-labelledby="gives-heading">
            <h2 id="gives-heading">"What it would give"</h2>
            {preview_view(Shown::new(preview, Signal::derive(move || population.mix.get())), "sliders", None)}
            {comparing::comparing_panel(population, preview)}
        </section>
        <section class="panel panel-body" aria-labelledby="employees-heading" on:keydown=handler(move |event| pressed(population, &event))>
            <h2 id="employees-heading">"Employees"</h2>
            {making_up::new_population_panel(population)}
            {editor(population)}
        </section>
    };
    panes(left.into_any(), right.into_any())
}

/// The rows and what is done with them, or why there are none.
fn editor(population: Population) -> AnyView {
    let is_open = Memo::new(move |_| population.view.with(Option::is_some));
    let counts = text(move || {
        let mix = population.page.settings.mix.get();
        population.view.with(|view| view.as_ref().map_or_else(String::new, |view| grid::counts_text(view, mix)))
    });
    let rows = shown(move || {
        is_open.get().then(|| {
            view! {
                <div class="field-grid">{tools::finder(population)}</div>
                {tools::toolbar(population)}
                {tools::adder(population)}
                {status("job-status", tools::message(population))}
                <p>{counts}</p>
                {grid::grid(population)}
            }
            .into_any()
        })
    });
    let why = shown(move || {
        population.refused.get().map(|why| view! { <p class="problems refused" role="alert">{why}</p> }.into_any())
    });
    let nothing = shown(move || {
        let is_nothing = !is_open.get() && population.refused.with(Option::is_none);
        let hint = match population.is_opening() {
            true => "The employees are being read …",
            false => "Pick an employees.csv under \"Feed\", or make up a new population: its employees are shown here.",
        };
        is_nothing.then(|| view! { <p>{hint}</p> }.into_any())
    });
    view! {
        {why}
        {nothing}
        {rows}
    }
    .into_any()
}

/// Undo and redo by the keyboard, wherever in the area; in a text field they are the field's own.
fn pressed(population: Population, event: &KeyboardEvent) {
    let is_text = event_target::<web_sys::Element>(event).tag_name() == "INPUT";
    if !(event.ctrl_key() || event.meta_key()) || is_text {
        return;
    }
    let act = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        ("z", false) => Act::Undo,
        ("z", true) | ("y", false) => Act::Redo,
        _ => return,
    };
    event.prevent_default();
    population.act(act);
}
