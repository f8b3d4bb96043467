//! The table of the employees, with its tools.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::file_question::file_question;
use super::state::Population;
use super::{grid, tools};
use crate::messages::population::RosterAction;
use crate::page::components::{Action, Rank, alert, follow, go_to, handler, markup, shown, status, text};

/// The id of its heading.
pub(crate) const HEADING: &str = "employees-heading";

/// The table, which takes the focus when it opens.
pub(crate) fn roster_section(population: Population, is_open: RwSignal<bool>) -> AnyView {
    let close = Action::new("Close the table").ranked(Rank::Bare).button(move || {
        is_open.set(false);
        go_to("single-heading");
    });
    follow(|| go_to(HEADING));
    stay_in_view(population);
    markup! {
        <section
            class="panel panel-body"
            aria-labelledby=HEADING
            on:keydown=handler(move |event| pressed(population, &event))
        >
            <div class="row">
                <h2 id=HEADING tabindex="-1">"Employees"</h2>
                <span class="push">{close}</span>
            </div>
            {editor(population)}
        </section>
    }
}

/// Brings the table into view again after the answer to a question, because the figures of a run then appear above it.
fn stay_in_view(population: Population) {
    let mut was_asked = false;
    follow(move || {
        let is_open = population.view.with(Option::is_some) && !population.is_being_inspected();
        was_asked |= population.is_asked();
        if was_asked && is_open {
            was_asked = false;
            request_animation_frame(|| go_to(HEADING));
        }
    });
}

/// The rows and their tools, or why there are none.
fn editor(population: Population) -> AnyView {
    let is_open = Memo::new(move |_| population.view.with(Option::is_some));
    let counts = text(move || {
        let mix = population.page.settings.mix.get();
        population.view.with(|view| view.as_ref().map_or_else(String::new, |view| grid::counts_text(view, mix)))
    });
    let rows = shown(move || {
        is_open.get().then(|| {
            markup! {
                <div class="field-grid">{tools::finder(population)}</div>
                {tools::file_tools(population)}
                {tools::selection_tools(population)}
                {tools::adder(population)}
                {status("roster-message", tools::message(population))}
                <p>{counts}</p>
                {grid::grid(population)}
            }
        })
    });
    // What refuses a file may be what a question asks, which is known once the file is inspected.
    let is_refusal_final = Memo::new(move |_| !population.is_asked() && !population.is_being_inspected());
    let why = shown(move || population.refused.get().filter(|_| is_refusal_final.get()).map(alert));
    let nothing = shown(move || {
        let is_refused = population.refused.with(Option::is_some) && is_refusal_final.get();
        let is_nothing = !is_open.get() && !is_refused && !population.is_asked();
        let hint = match population.is_opening() {
            true => "The employees are being read …",
            false => "Pick an employees.csv under \"Feed\", or make up a population: its employees are shown here.",
        };
        is_nothing.then(|| markup! { <p>{hint}</p> })
    });
    markup! {
        {file_question(population)}
        {why}
        {nothing}
        {rows}
    }
}

/// Undo and redo by the keyboard anywhere in the section, except in text fields, which have their own.
fn pressed(population: Population, event: &KeyboardEvent) {
    let is_text = event_target::<web_sys::Element>(event).tag_name() == "INPUT";
    if !(event.ctrl_key() || event.meta_key()) || is_text {
        return;
    }
    let act = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        ("z", false) => RosterAction::Undo,
        ("z", true) | ("y", false) => RosterAction::Redo,
        _ => return,
    };
    event.prevent_default();
    population.act(act);
}
