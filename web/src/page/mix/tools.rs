//! The tools of the table: find, save, undo, add; and for selected rows set the type, switch on and off, remove.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::roster::{Filter, Show};
use btcfake_core::text::words::{counted, grouped};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::state::{Population, type_words};
use crate::messages::population::{PopulationView, RosterAction};
use crate::page::components::{Action, Presses, Rank, handler, kind_class, markup, short_kind, shown, status, text};
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
    let is_chosen = move |show| population.filter.with(|filter| filter.show == show);
    let options = SHOWN.map(|(words, show)| view! { <option selected=move || is_chosen(show)>{words}</option> });
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

/// The buttons for the whole file, of which only those that can be used now are shown, except "Undo" and "Redo".
pub(crate) fn file_tools(population: Population) -> AnyView {
    let select_all = Action::new("Select all").button(move || {
        population.act(RosterAction::SelectAll);
        population.focus_grid();
    });
    let write_mix = move || {
        population.write_mix();
        population.focus_grid();
    };
    let is_mixed = Memo::new(move |_| !population.is_as_it_is());
    let write_mix = shown(move || is_mixed.get().then(|| Action::new("Write the mix into the file").button(write_mix)));
    let step = |label, action: RosterAction, edit: fn(&PopulationView) -> &Option<String>| {
        let is_impossible = move || population.view.with(|view| view.as_ref().is_none_or(|view| edit(view).is_none()));
        let button = Action { presses: Presses::Each, ..Action::new(label).ranked(Rank::Bare) };
        button.button_unless(is_impossible, move || {
            if !untrack(is_impossible) {
                population.act(action.clone());
            }
        })
    };
    let save = Action { presses: Presses::Download, ..Action::new("Save the file") }.button(move || population.save());
    markup! {
        <div class="row" role="group" aria-label="File">
            {select_all}
            {save}
            {write_mix}
            <span class="row push">
                {step("Undo", RosterAction::Undo, |view| &view.undo)}
                {step("Redo", RosterAction::Redo, |view| &view.redo)}
            </span>
        </div>
    }
}

/// The buttons for the selected rows; without a selection, how to select some. The line is always as high, so that rows stay in
/// place when one is clicked.
pub(crate) fn selection_tools(population: Population) -> AnyView {
    let selected = Memo::new(move |_| population.view.with(|view| view.as_ref().map_or(0, |view| view.selected)));
    let is_any = Memo::new(move |_| selected.get() > 0);
    let content = shown(move || {
        Some(match is_any.get() {
            true => selection_buttons(population, selected),
            false => {
                markup! { <p class="hint">"Select rows to change, switch off or remove them."</p> }
            }
        })
    });
    let spoken = text(move || match selected.get() {
        0 => String::new(),
        selected => format!("{} selected", counted(selected, "row")),
    });
    markup! {
        <div class="selected-rows" role="group" aria-label="Selected rows">{content}</div>
        {status("visually-hidden", spoken)}
    }
}

fn selection_buttons(population: Population, selected: Memo<usize>) -> AnyView {
    let count = text(move || format!("{} selected", grouped(selected.get())));
    let types = EmployeeType::ALL.map(|kind| type_button(population, kind)).into_iter().collect_view();
    let button = |label, action: RosterAction| Action::new(label).button(move || population.act(action.clone()));
    // These end the selection, and with it these buttons.
    let last_button = |label, action: RosterAction| {
        Action::new(label).button(move || {
            population.act(action.clone());
            population.focus_grid();
        })
    };
    markup! {
        <span class="chip accent">{count}</span>
        <span class="hint">"Set to"</span>
        {types}
        {button("Switch off", RosterAction::SwitchOff)}
        {button("Switch on", RosterAction::SwitchOn)}
        {last_button("Remove", RosterAction::Remove)}
        {last_button("Select none", RosterAction::SelectNone)}
    }
}

/// The button that gives the selected rows a type: its dot and its short name.
fn type_button(population: Population, kind: EmployeeType) -> AnyView {
    let name = format!("Set to {}", kind.describe());
    let press = move |_| population.act(RosterAction::SetType(kind));
    markup! {
        <button type="button" aria-label=name.clone() title=name on:click=handler(press)>
            <span class=format!("dot {}", kind_class(kind))></span>
            {short_kind(kind)}
        </button>
    }
}

/// The form that adds employees.
pub(crate) fn adder(population: Population) -> AnyView {
    let ids = RwSignal::new(String::new());
    let kind = RwSignal::new(EmployeeType::A);
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        population.act(RosterAction::Add(ids.get_untracked(), kind.get_untracked()));
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
