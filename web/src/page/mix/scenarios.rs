//! The section of the scenarios: chips to use one, and forms to keep the sliders' mix under a name, rename it, delete it.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::previews::AreaPreviews;
use super::scenario::{LONGEST_NAME, Scenario, THE_SLIDERS, good_name, ready_made, store};
use super::state::Population;
use crate::page::components::{Action, Rank, follow, go_to, handler, markup, shown, text};
use crate::page::storage::NOT_KEPT;

/// The id of their heading.
pub(crate) const HEADING: &str = "scenarios-heading";

/// The open form: for the name of a new scenario, or for a new name of an own one by its index.
#[derive(Clone, Copy, PartialEq)]
enum NameForm {
    Nothing,
    Name,
    NewName(usize),
}

/// A name for an own scenario, or why it cannot be used.
fn own_name(population: Population, text: &str) -> Result<String, String> {
    let name = good_name(text).ok_or_else(|| "Error: write a name first.".to_owned())?;
    let mut taken = ready_made().into_iter().map(|one| one.name);
    if name == THE_SLIDERS || name == population.origin_title() || taken.any(|one| one == name) {
        return Err(format!("Error: '{name}' is the name of a scenario that cannot be changed; write another name."));
    }
    Ok(name)
}

/// The section of the scenarios.
pub(crate) fn scenario_section(previews: AreaPreviews) -> AnyView {
    let population = previews.population;
    let fault = RwSignal::new(String::new());
    let asked = RwSignal::new(NameForm::Nothing);
    let chips = shown(move || {
        let own = population.scenarios.get();
        let as_it_is =
            chip(population.origin_title().to_owned(), move || population.is_as_it_is(), move || population.reset());
        let one = |Scenario { name, mix }| {
            chip(
                name,
                move || !population.is_as_it_is() && population.mix.get() == mix,
                move || population.set_mix(mix),
            )
        };
        let all = ready_made().into_iter().chain(own).map(one);
        Some(std::iter::once(as_it_is).chain(all).collect_view().into_any())
    });
    let keep = Action::new("Keep this one").ranked(Rank::Bare).button(move || asked.set(NameForm::Name));
    let compare = Action::new("Compare two")
        .ranked(Rank::Bare)
        .button(move || previews.is_comparing.update(|is_comparing| *is_comparing = !*is_comparing));
    let form = shown(move || match asked.get() {
        NameForm::Nothing => None,
        NameForm::Name => Some(name_form(population, asked, fault, None)),
        NameForm::NewName(at) => Some(name_form(population, asked, fault, Some(at))),
    });
    follow(move || {
        if asked.get() != NameForm::Nothing {
            go_to("scenario-name");
        }
    });
    markup! {
        <section aria-labelledby=HEADING>
            <div class="row">
                <h3 id=HEADING tabindex="-1">"Scenarios"</h3>
                <span class="push">{keep}</span>
            </div>
            <ul class="chips" aria-labelledby=HEADING>{chips}<li class="push">{compare}</li></ul>
            {shown(move || own_in_use(population, asked, fault))}
            {form}
            <p class="fault" role="alert">{fault}</p>
        </section>
    }
}

fn chip(name: String, is_used: impl Fn() -> bool + Send + Sync + 'static, act: impl Fn() + 'static) -> AnyView {
    let is_used = Memo::new(move |_| is_used());
    let pressed = text(move || is_used.get().to_string());
    markup! {
        <li>
            <button type="button" class="chip" class:accent=is_used aria-pressed=pressed on:click=handler(move |_| act())>
                {name}
            </button>
        </li>
    }
}

/// The actions on own scenarios whose mix the sliders show.
fn own_in_use(population: Population, asked: RwSignal<NameForm>, fault: RwSignal<String>) -> Option<AnyView> {
    let mix = population.mix.get();
    let own = population.scenarios.get().into_iter().enumerate().filter(|(_, one)| one.mix == mix);
    let rows: Vec<AnyView> = own
        .map(|(at, one)| {
            let button = |label| Action { hidden_label: one.name.clone(), ..Action::new(label).ranked(Rank::Bare) };
            let rename = button("Rename").button(move || asked.set(NameForm::NewName(at)));
            let delete = button("Delete").button(move || {
                go_to(HEADING);
                asked.set(NameForm::Nothing);
                delete(population, fault, at);
            });
            markup! { <div class="row own-scenario"><span class="hint">{one.name.clone()}</span>{rename}{delete}</div> }
        })
        .collect();
    (!rows.is_empty()).then(|| rows.into_any())
}

/// The form for the name of the sliders' mix, or for a new name of the own scenario at index `at`.
fn name_form(population: Population, asked: RwSignal<NameForm>, fault: RwSignal<String>, at: Option<usize>) -> AnyView {
    let old = at.and_then(|at| population.scenarios.with_untracked(|own| Some(own.get(at)?.name.clone())));
    let name = RwSignal::new(old.unwrap_or_default());
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let own = population.scenarios.get_untracked();
        let wanted = name.with_untracked(|name| own_name(population, name)).and_then(|name| {
            let other = own.iter().position(|one| one.name == name).filter(|other| Some(*other) != at);
            match at.and(other) {
                Some(_) => Err(format!("Error: there is a scenario '{name}' already; write another name.")),
                None => Ok((name, other)),
            }
        });
        fault.set(wanted.as_ref().err().cloned().unwrap_or_default());
        let Ok((name, other)) = wanted else { return };
        go_to(HEADING);
        let mix = population.mix.get_untracked();
        change(population, fault, |own| match (at.and_then(|at| own.get_mut(at)), other) {
            (Some(one), _) => one.name = name,
            (None, Some(other)) => own[other].mix = mix,
            (None, None) => own.push(Scenario { name, mix }),
        });
        asked.set(NameForm::Nothing);
    };
    let cancel = move || {
        fault.set(String::new());
        go_to(HEADING);
        asked.set(NameForm::Nothing);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            cancel();
        }
    };
    let label = if at.is_some() { "New name of the scenario" } else { "Name of the scenario" };
    let submit = if at.is_some() { "Save the name" } else { "Keep" };
    markup! {
        <form class="field" on:submit=handler(save) on:keydown=handler(on_key)>
            <label for="scenario-name">{label}</label>
            <div class="with-button">
                <input
                    type="text"
                    id="scenario-name"
                    autocomplete="off"
                    maxlength=LONGEST_NAME.to_string()
                    bind:value=name
                />
                <button type="submit">{submit}</button>
                {Action::new("Cancel").ranked(Rank::Bare).button(cancel)}
            </div>
            <p class="hint">"Kept by this browser."</p>
        </form>
    }
}

/// Deletes the own scenario at an index. A toast offers to undo that.
fn delete(population: Population, fault: RwSignal<String>, at: usize) {
    let mut deleted = None;
    change(population, fault, |own| deleted = (at < own.len()).then(|| own.remove(at)));
    let Some(deleted) = deleted else { return };
    let text = format!("The scenario '{}' is deleted.", deleted.name);
    let put_back = move || {
        change(population, fault, |own| {
            own.retain(|one| one.name != deleted.name);
            own.insert(at.min(own.len()), deleted.clone());
        });
    };
    population.page.toasts.show_with_undo(text, put_back);
}

fn change(population: Population, fault: RwSignal<String>, change: impl FnOnce(&mut Vec<Scenario>)) {
    population.scenarios.update(change);
    let is_kept = population.scenarios.with_untracked(|own| store(own));
    let unkept = || format!("Error: your scenarios are not kept: {NOT_KEPT}. They are lost when the page is closed.");
    fault.set(if is_kept { String::new() } else { unkept() });
}
