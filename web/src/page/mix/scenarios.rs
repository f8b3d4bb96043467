//! The panel of scenarios: use one, keep the mix of the sliders under a name, rename, delete.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::scenario::{Scenario, good_name, ready_made, store};
use super::state::Population;
use crate::page::components::{go_to, handler, shown};
use crate::page::storage::NOT_KEPT;

/// What the mix of the sliders is called among the scenarios.
pub(crate) const THE_SLIDERS: &str = "The sliders";

/// The id of their heading.
const HEADING: &str = "scenarios-heading";

/// A name for an own scenario, or why it is none.
fn own_name(text: &str) -> Result<String, String> {
    let name = good_name(text).ok_or_else(|| "Error: write a name first.".to_owned())?;
    if name == THE_SLIDERS || ready_made().iter().any(|one| one.name == name) {
        return Err(format!("Error: '{name}' is always there as it is; write another name."));
    }
    Ok(name)
}

/// The list of scenarios.
pub(crate) fn scenario_panel(population: Population) -> AnyView {
    let name = RwSignal::new(String::new());
    let fault = RwSignal::new(String::new());
    let renaming = RwSignal::new(None::<usize>);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = name.with_untracked(|name| own_name(name));
        fault.set(wanted.as_ref().err().cloned().unwrap_or_default());
        if let Ok(wanted) = wanted {
            let mix = population.mix.get_untracked();
            change(population, fault, |own| match own.iter_mut().find(|one| one.name == wanted) {
                Some(one) => one.mix = mix,
                None => own.push(Scenario { name: wanted, mix }),
            });
            name.set(String::new());
        }
    };
    let ready =
        ready_made().map(|scenario| item(population, scenario, None, renaming, fault)).into_iter().collect_view();
    let own = shown(move || {
        let own = population.scenarios.get().into_iter().enumerate();
        Some(own.map(|(at, one)| item(population, one, Some(at), renaming, fault)).collect_view().into_any())
    });
    view! {
        <h3 id=HEADING tabindex="-1">"Scenarios"</h3>
        <ul class="scenarios" aria-labelledby=HEADING>{ready}{own}</ul>
        <form class="field" on:submit=handler(save)>
            <label for="scenario-name">"Keep the mix of the sliders as"</label>
            <div class="with-button">
                <input type="text" id="scenario-name" autocomplete="off" bind:value=name/>
                <button type="submit">"Keep"</button>
            </div>
            <p class="fault" role="alert">{fault}</p>
            <p class="hint">"Kept by this browser. The name of an own scenario gives it the new mix."</p>
        </form>
    }
    .into_any()
}

fn item(
    population: Population,
    scenario: Scenario,
    own: Option<usize>,
    renaming: RwSignal<Option<usize>>,
    fault: RwSignal<String>,
) -> AnyView {
    let mix = scenario.mix;
    let name = scenario.name.clone();
    let buttons = own.map(|at| {
        let rename = button("Rename", &name, move || renaming.set(Some(at)));
        let delete = button("Delete", &name, move || {
            go_to(HEADING);
            change(population, fault, |own| drop(own.remove(at)));
        });
        view! { {rename}{delete} }
    });
    let field = shown(move || {
        let at = own.filter(|at| renaming.get() == Some(*at))?;
        Some(rename_form(population, at, scenario.name.clone(), renaming, fault))
    });
    view! {
        <li>
            <strong>{name.clone()}</strong>
            " "
            <span class="hint">{mix.text()}</span>
            <span class="buttons">
                {button("Use", &name, move || population.set_mix(mix))}
                {buttons}
            </span>
            {field}
        </li>
    }
    .into_any()
}

/// A button that says which scenario it is for to those who do not see where it is.
fn button(label: &'static str, name: &str, act: impl Fn() + 'static) -> AnyView {
    let heard = format!(" {name}");
    view! { <button type="button" on:click=handler(move |_| act())>{label}<span class="visually-hidden">{heard}</span></button> }
        .into_any()
}

fn rename_form(
    population: Population,
    at: usize,
    name: String,
    renaming: RwSignal<Option<usize>>,
    fault: RwSignal<String>,
) -> AnyView {
    let new_name = RwSignal::new(name);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let own = population.scenarios.get_untracked();
        let wanted = new_name.with_untracked(|name| own_name(name)).and_then(|name| {
            match own.iter().position(|one| one.name == name).is_some_and(|other| other != at) {
                true => Err(format!("Error: there is a scenario '{name}' already; write another name.")),
                false => Ok(name),
            }
        });
        fault.set(wanted.as_ref().err().cloned().unwrap_or_default());
        if let Ok(name) = wanted {
            go_to(HEADING);
            change(population, fault, |own| own.get_mut(at).into_iter().for_each(|one| one.name.clone_from(&name)));
            renaming.set(None);
        }
    };
    view! {
        <form class="with-button" on:submit=handler(save)>
            <input type="text" aria-label="New name of the scenario" autocomplete="off" bind:value=new_name/>
            <button type="submit">"Save the name"</button>
        </form>
    }
    .into_any()
}

fn change(population: Population, fault: RwSignal<String>, change: impl FnOnce(&mut Vec<Scenario>)) {
    population.scenarios.update(change);
    let is_kept = population.scenarios.with_untracked(|own| store(own));
    let unkept = || format!("Error: your scenarios are not kept: {NOT_KEPT}. They go with the page.");
    fault.set(if is_kept { String::new() } else { unkept() });
}
