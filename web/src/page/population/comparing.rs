//! Two scenarios side by side: their shares, and how many employees that is.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::input::grouped;
use btcfake_core::mix::{Mix, percent};
use leptos::prelude::*;

use super::super::parts::{handler, shown};
use super::super::preview::{Preview, preview_view};
use super::scenarios::{Scenario, ready_made};
use super::state::{Population, type_words};

/// The two choices, and the table of what they are.
pub(super) fn comparing_panel(population: Population, preview: Preview) -> AnyView {
    let names = [RwSignal::new("Everyone engaged".to_owned()), RwSignal::new("A usual store".to_owned())];
    let table = shown(move || {
        let mixes = names.map(|name| mix_of(population, &name.get()));
        Some(table(names.map(|name| name.get()), mixes, population.counts().iter().sum()))
    });
    let was_opened = RwSignal::new(false);
    let charts = shown(move || {
        was_opened.get().then(|| {
            let ids = ["first", "second"];
            let side = |which: usize| side(population, preview, ids[which], names[which]);
            view! { <div class="sides">{side(0)}{side(1)}</div> }.into_any()
        })
    });
    view! {
        <details on:toggle=handler(move |_| was_opened.set(true))>
            <summary>"Two scenarios side by side"</summary>
            <div class="field-grid">
                {choice(population, "first-scenario", "First scenario", names[0])}
                {choice(population, "second-scenario", "Second scenario", names[1])}
            </div>
            {table}
            {charts}
        </details>
    }
    .into_any()
}

/// The charts of one scenario.
fn side(population: Population, preview: Preview, id: &'static str, name: RwSignal<String>) -> AnyView {
    let mix = Memo::new(move |_| mix_of(population, &name.get()));
    view! { <div class="side"><h4>{name}</h4>{preview_view(preview, id, mix.into())}</div> }.into_any()
}

fn all(population: Population) -> Vec<Scenario> {
    let now = Scenario { name: "The sliders".to_owned(), mix: population.mix.get() };
    let own = population.scenarios.get();
    std::iter::once(now).chain(ready_made()).chain(own).collect()
}

fn mix_of(population: Population, name: &str) -> Mix {
    all(population).into_iter().find(|one| one.name == name).map_or(Mix::USUAL, |one| one.mix)
}

fn choice(population: Population, id: &'static str, label: &'static str, chosen: RwSignal<String>) -> AnyView {
    let options = shown(move || {
        let chosen = chosen.get();
        let option = |one: Scenario| view! { <option selected={one.name == chosen}>{one.name.clone()}</option> };
        Some(all(population).into_iter().map(option).collect_view().into_any())
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id autocomplete="off" on:change=handler(move |event| chosen.set(event_target_value(&event)))>{options}</select>
        </div>
    }
    .into_any()
}

fn table(names: [String; 2], mixes: [Mix; 2], employees: usize) -> AnyView {
    let heads = names.map(|name| view! { <th scope="col">{name}</th> }).into_iter().collect_view();
    let counts = mixes.map(|mix| mix.counts(employees));
    let row = |kind: EmployeeType| {
        let cells = [0, 1].map(|which| {
            let share = percent(mixes[which].share(kind).into());
            let text = match employees {
                0 => format!("{share} %"),
                _ => format!("{share} %, {}", grouped(counts[which][kind as usize])),
            };
            view! { <td>{text}</td> }
        });
        view! { <tr><th scope="row">{type_words(kind)}</th>{cells.into_iter().collect_view()}</tr> }
    };
    view! {
        <table class="compared">
            <caption class="visually-hidden">"The two scenarios: share and number of employees of each type"</caption>
            <thead><tr><th scope="col">"Type"</th>{heads}</tr></thead>
            <tbody>{EmployeeType::ALL.map(row).into_iter().collect_view()}</tbody>
        </table>
    }
    .into_any()
}
