//! "Break on purpose": the faults that the feed is to have, each with its file and its number of rows.

use btcfake_core::breakage::{Fault, FeedFile, MOST_ROWS};
use leptos::prelude::*;

use super::parts::{handler, status, text};
use super::settings_form::FaultChoice;
use super::state::PageState;
use crate::page::held::Held;

/// All faults to choose from.
pub(super) fn break_fields(state: PageState) -> AnyView {
    let form = state.settings;
    let chosen = text(move || match form.break_list() {
        Ok(list) if list.is_empty() => String::new(),
        Ok(list) => format!("The feed will be broken: {}.", list.text()),
        Err(why) => format!("Error: {why}."),
    });
    let fields = Fault::ALL.iter().copied().zip(form.faults).map(|(fault, choice)| fault_field(state, fault, choice));
    view! {
        <details class="more-settings">
            <summary>"Break on purpose"</summary>
            <p class="hint">
                "For testing that the batch job notices: the feed gets the faults that you choose, in rows that are drawn \
                 from the seed. Results and run file say what was broken and where."
            </p>
            {status("fault", chosen)}
            <ul class="faults" aria-label="Faults">{fields.collect_view()}</ul>
        </details>
    }
    .into_any()
}

fn fault_field(state: PageState, fault: Fault, choice: Held<FaultChoice>) -> AnyView {
    let change = move |change: &dyn Fn(&mut FaultChoice)| {
        choice.update(change);
        state.edited();
    };
    let id = format!("fault-{}", fault.name());
    let is_chosen = Signal::derive(move || choice.with(|choice| choice.chosen));
    let details = super::parts::shown(move || {
        is_chosen.get().then(|| {
            let file = (fault.files().len() > 1).then(|| file_select(state, fault, choice));
            let rows = fault.is_of_rows().then(|| rows_input(state, fault, choice));
            view! { <span class="fault-details">{file}{rows}</span> }.into_any()
        })
    });
    view! {
        <li class="check">
            <input
                type="checkbox"
                id=id.clone()
                autocomplete="off"
                prop:checked=is_chosen
                on:change=handler(move |event| {
                    let chosen = event_target_checked(&event);
                    change(&|choice| choice.chosen = chosen);
                })
            />
            <label for=id><b>{fault.name()}</b>" "{fault.sentence()}</label>
            {details}
        </li>
    }
    .into_any()
}

fn file_select(state: PageState, fault: Fault, choice: Held<FaultChoice>) -> AnyView {
    let options = fault.files().iter().map(|file| {
        let selected = choice.with_untracked(|choice| choice.file == *file);
        view! { <option value=file.name() selected=selected>{file.name()}</option> }.into_any()
    });
    let on_change = move |event| {
        let name = event_target_value(&event);
        let file = FeedFile::ALL.iter().copied().find(|file| file.name() == name);
        choice.update(|choice| choice.file = file.unwrap_or(choice.file));
        state.edited();
    };
    view! {
        <select autocomplete="off" aria-label=format!("File of {}", fault.name()) on:change=handler(on_change)>
            {options.collect_view()}
        </select>
    }
    .into_any()
}

fn rows_input(state: PageState, fault: Fault, choice: Held<FaultChoice>) -> AnyView {
    let value = text(move || choice.with(|choice| choice.rows.clone()));
    let on_input = move |event| {
        let rows = event_target_value(&event);
        choice.update(|choice| choice.rows = rows);
        state.edited();
    };
    view! {
        <input
            type="number"
            min="1"
            max=MOST_ROWS.to_string()
            autocomplete="off"
            aria-label=format!("Rows of {}", fault.name())
            prop:value=value
            on:input=handler(on_input)
        />
    }
    .into_any()
}
