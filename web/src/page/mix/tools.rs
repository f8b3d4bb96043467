//! The tools of the table: find, set types, switch on and off, add, remove, undo, save.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::roster::{Filter, Show};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::state::{Population, type_words};
use crate::messages::population::{Act, PopulationView};
use crate::page::components::{Action, handler, markup, text};
use crate::page::words::ended;

/// The filters, with their words in the list.
const SHOWN: [(&str, Show); 7] = [
    ("All rows", Show::All),
    ("Completes all (a)", Show::Type(EmployeeType::A)),
    ("Completes one (b)", Show::Type(EmployeeType::B)),
    ("Completes none (f)", Show::Type(EmployeeType::F)),
    ("Switched off", Show::Off),
    ("With problems", Show::Problems),
    ("Edited", Show::Edited),
];

/// The fields that find rows by their text and by their state.
pub(crate) fn finder(population: Population) -> AnyView {
    let on_text = move |event| {
        population.find(Filter { text: event_target_value(&event), ..population.filter.get_untracked() });
    };
    let on_shown = move |event| {
        let wanted = event_target_value(&event);
        let show = SHOWN.iter().find(|(words, _)| *words == wanted).map_or(Show::All, |(_, show)| *show);
        population.find(Filter { show, ..population.filter.get_untracked() });
    };
    let is_shown = move |show| population.filter.with(|filter| filter.show == show);
    let options = SHOWN.map(|(words, show)| view! { <option selected=move || is_shown(show)>{words}</option> });
    markup! {
        <div class="field">
            <label for="roster-find">"Find"</label>
            <input
                type="text"
                id="roster-find"
                autocomplete="off"
                prop:value=move || population.filter.with(|filter| filter.text.clone())
                on:input=handler(on_text)
            />
        </div>
        <div class="field">
            <label for="roster-shown">"Show"</label>
            <select id="roster-shown" autocomplete="off" on:change=handler(on_shown)>{options.into_iter().collect_view()}</select>
        </div>
    }
}

/// The buttons for the selected rows, and for the whole file.
pub(crate) fn toolbar(population: Population) -> AnyView {
    let is_none = move |counts: fn(&PopulationView) -> bool| {
        move || population.view.with(|view| view.as_ref().is_none_or(|view| !counts(view)))
    };
    let button = |label, act: Act, counts: fn(&PopulationView) -> bool| {
        let is_disabled = is_none(counts);
        Action::new(label).button_unless(is_disabled, move || {
            if !untrack(is_disabled) {
                population.act(act.clone());
            }
        })
    };
    let selected: fn(&PopulationView) -> bool = |view| view.selected > 0;
    let types = [
        ("Set to completes all", EmployeeType::A),
        ("Set to completes one", EmployeeType::B),
        ("Set to completes none", EmployeeType::F),
    ]
    .map(|(label, kind)| button(label, Act::SetType(kind), selected));
    markup! {
        <div class="buttons" role="group" aria-label="Selected rows">
            {button("Select all", Act::SelectAll, |view| view.found > 0)}
            {button("Select none", Act::SelectNone, selected)}
            {types.into_iter().collect_view()}
            {button("Switch off", Act::SwitchOff, selected)}
            {button("Switch on", Act::SwitchOn, selected)}
            {button("Remove", Act::Remove, selected)}
        </div>
        <div class="buttons" role="group" aria-label="Edits">
            {button("Undo", Act::Undo, |view| view.undo.is_some())}
            {button("Redo", Act::Redo, |view| view.redo.is_some())}
            {Action::new("Write the mix into the file").button(move || population.write_mix())}
            {Action::new("Save the file").button(move || population.save())}
        </div>
    }
}

/// The form that adds employees.
pub(crate) fn adder(population: Population) -> AnyView {
    let ids = RwSignal::new(String::new());
    let kind = RwSignal::new(EmployeeType::A);
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        population.act(Act::Add(ids.get_untracked(), kind.get_untracked()));
    };
    let on_kind = move |event| {
        let letter = event_target_value(&event);
        kind.set(EmployeeType::parse(letter.as_bytes()).unwrap_or(EmployeeType::A));
    };
    let options =
        EmployeeType::ALL.map(|kind| view! { <option value=kind.letter().to_string()>{type_words(kind)}</option> });
    markup! {
        <details>
            <summary>"Add employees"</summary>
            <form class="field-grid" on:submit=handler(add)>
                <div class="field">
                    <label for="add-ids">"Ids of new employees"</label>
                    <input type="text" id="add-ids" autocomplete="off" aria-describedby="add-about" bind:value=ids/>
                    <p class="hint" id="add-about">"One, several with commas between, or a range such as 300001-300010."</p>
                </div>
                <div class="field">
                    <label for="add-type">"Type of new employees"</label>
                    <div class="with-button">
                        <select id="add-type" autocomplete="off" on:change=handler(on_kind)>{options.into_iter().collect_view()}</select>
                        <button type="submit">"Add"</button>
                    </div>
                </div>
            </form>
        </details>
    }
}

/// The result of the last edit, as a sentence.
pub(crate) fn message(population: Population) -> Signal<String> {
    text(move || {
        population.view.with(|view| {
            let Some(view) = view else { return String::new() };
            let mut message = view.message.clone();
            if let Some(first) = message.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            ended(message)
        })
    })
}
