//! Two scenarios side by side: their shares, and how many employees that is.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::percent;
use btcfake_core::text::words::grouped;
use leptos::prelude::*;

use super::scenario::{Scenario, ready_made};
use super::scenarios::THE_SLIDERS;
use super::state::{Population, type_words};
use crate::page::components::{handler, shown};
use crate::page::preview::{Preview, Shown, preview_view};

/// The two choices, and the table of what they are.
pub(crate) fn comparing_panel(population: Population, preview: Preview) -> AnyView {
    let names = [RwSignal::new("Everyone engaged".to_owned()), RwSignal::new("A usual store".to_owned())];
    let scenarios = names.map(|name| move || scenario(population, &name.get()));
    let table = shown(move || Some(table(scenarios.map(|scenario| scenario()), population.counts().iter().sum())));
    let was_opened = RwSignal::new(false);
    let charts = shown(move || {
        was_opened.get().then(|| {
            let charts = scenarios.map(|one| Shown::new(preview, Memo::new(move |_| one().mix).into()));
            let side = |which: usize, id| {
                let name = move || scenarios[which]().name;
                let view = preview_view(charts[which], id, Some(charts[1 - which]));
                view! { <div class="side"><h4>{name}</h4>{view}</div> }.into_any()
            };
            view! { <div class="sides">{side(0, "first")}{side(1, "second")}</div> }.into_any()
        })
    });
    view! {
        <details on:toggle=handler(move |_| was_opened.set(true))>
            <summary>"Two scenarios side by side"</summary>
            <div class="field-grid">
                {choice(population, "first-scenario", "First scenario", names[0], scenarios[0])}
                {choice(population, "second-scenario", "Second scenario", names[1], scenarios[1])}
            </div>
            {table}
            {charts}
        </details>
    }
    .into_any()
}

fn all(population: Population) -> Vec<Scenario> {
    let own = population.scenarios.get();
    std::iter::once(sliders(population)).chain(ready_made()).chain(own).collect()
}

fn sliders(population: Population) -> Scenario {
    Scenario { name: THE_SLIDERS.to_owned(), mix: population.mix.get() }
}

/// The scenario of a name; what the sliders show, where it was deleted or renamed.
fn scenario(population: Population, name: &str) -> Scenario {
    all(population).into_iter().find(|one| one.name == name).unwrap_or_else(|| sliders(population))
}

fn choice(
    population: Population,
    id: &'static str,
    label: &'static str,
    chosen: RwSignal<String>,
    scenario: impl Fn() -> Scenario + Send + Copy + 'static,
) -> AnyView {
    let options = shown(move || {
        let chosen = scenario().name;
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

fn table(scenarios: [Scenario; 2], employees: usize) -> AnyView {
    let mixes = scenarios.each_ref().map(|scenario| scenario.mix);
    let heads = scenarios.map(|scenario| view! { <th scope="col">{scenario.name}</th> }).into_iter().collect_view();
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
