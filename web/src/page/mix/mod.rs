//! The area "Mix": sliders for the shares of the types, with a preview of a run beside them; scenarios; the employees one by
//! one, or made up. The sliders set the mix of the run.

mod choices;
mod comparing;
mod editing;
mod file_question;
mod grid;
mod making_up;
mod mixing;
mod opening;
mod previews;
mod previews_pane;
mod roster;
mod run_bar;
mod scenario;
mod scenarios;
mod scrolling;
mod sliders;
mod state;
mod tools;

use leptos::prelude::*;

use crate::page::components::panes;
use crate::page::components::{Action, Rank, follow, go_to, markup, shown};
use crate::page::preview::Previews;
use crate::page::state::PageState;
use previews::AreaPreviews;
use previews_pane::previews_pane;
pub(crate) use state::Population;

/// The area.
pub(crate) fn mix_area(state: PageState) -> AnyView {
    let population = Population::new(state);
    let previews = AreaPreviews::new(population, Previews::new(state));
    let is_table_open = RwSignal::new(false);
    let left = markup! {
        {sliders::mix_section(previews)}
        {scenarios::scenario_section(previews)}
        {employees_section(population, is_table_open)}
        {run_bar::run_bar(population)}
    };
    let right = markup! {
        {previews_pane(previews)}
        {shown(move || (!is_table_open.get()).then(|| file_question::file_question(population)))}
        {shown(move || is_table_open.get().then(|| roster::roster_section(population, is_table_open)))}
    };
    panes(left, right)
}

/// The buttons for single employees: their table, and the form of a made-up population.
fn employees_section(population: Population, is_table_open: RwSignal<bool>) -> AnyView {
    let open = Action::new("Open the table").button(move || {
        is_table_open.set(true);
        go_to(roster::HEADING);
    });
    let is_form_open = RwSignal::new(false);
    let make_up = Action::new("Make up a population")
        .ranked(Rank::Bare)
        .button(move || is_form_open.update(|is_open| *is_open = !*is_open));
    let form = shown(move || is_form_open.get().then(|| making_up::new_population_form(population)));
    follow(move || {
        if is_form_open.get() {
            go_to("new-employees");
        }
    });
    markup! {
        <section aria-labelledby="single-heading">
            <h3 id="single-heading" tabindex="-1">"Single employees"</h3>
            <p class="hint">"Search, change types one by one, switch off, add."</p>
            <div class="row">{open}{make_up}</div>
            {form}
        </section>
    }
}
