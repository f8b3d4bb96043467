//! Two scenarios that are compared: which, and what their shares are.

use btcfake_core::plan::mix::Mix;
use leptos::prelude::*;

use super::outlook::Outlook;
use super::scenario::{THE_SLIDERS, ready_made};
use super::state::Population;
use crate::page::components::{Action, Rank, go_to, handler, shown, text};

/// The names of the scenarios that are chosen. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Choices([RwSignal<String>; 2]);

/// A scenario that can be compared: its name, and its mix where it has one.
type Choice = (String, Option<Mix>);

impl Choices {
    /// What the sliders show, and everyone engaged.
    pub(crate) fn new() -> Choices {
        Choices([THE_SLIDERS, "Everyone engaged"].map(|name| RwSignal::new(name.to_owned())))
    }

    /// The first or the second scenario; what the sliders show, where it was deleted or renamed.
    pub(crate) fn scenario(self, population: Population, which: usize) -> Choice {
        let name = self.0[which].get();
        let sliders = || (THE_SLIDERS.to_owned(), population.page.settings.mix.get());
        all(population).into_iter().find(|(one, _)| *one == name).unwrap_or_else(sliders)
    }
}

/// The two choices, which are the legend of the charts too.
pub(crate) fn comparing_head(outlook: Outlook) -> AnyView {
    let close = Action::new("Close the comparison").ranked(Rank::Bare).button(
        || false,
        move || {
            outlook.is_comparing.set(false);
            go_to(super::scenarios::HEADING);
        },
    );
    view! {
        <div class="compared">
            {choice(outlook, "first-scenario", "First scenario", 0)}
            {choice(outlook, "second-scenario", "Second scenario", 1)}
            {close}
        </div>
    }
    .into_any()
}

fn all(population: Population) -> Vec<Choice> {
    let own = population.scenarios.get();
    let named = ready_made().into_iter().chain(own).map(|one| (one.name, Some(one.mix)));
    let sliders = (THE_SLIDERS.to_owned(), population.page.settings.mix.get());
    let as_it_is = (population.origin_title().to_owned(), population.made_up_mix());
    [sliders, as_it_is].into_iter().chain(named).collect()
}

fn choice(outlook: Outlook, id: &'static str, label: &'static str, which: usize) -> AnyView {
    let (population, chosen) = (outlook.population, outlook.choices.0[which]);
    let scenario = move || outlook.choices.scenario(population, which);
    let options = shown(move || {
        let chosen = scenario().0;
        let option = |(name, _): Choice| view! { <option selected={name == chosen}>{name.clone()}</option> };
        Some(all(population).into_iter().map(option).collect_view().into_any())
    });
    let shares = text(move || scenario().1.unwrap_or_else(|| population.own.get()).text());
    view! {
        <div class="field">
            <label for=id><span class=format!("swatch side-{which}")></span>{label}</label>
            <select id=id autocomplete="off" on:change=handler(move |event| chosen.set(event_target_value(&event)))>
                {options}
            </select>
            <p class="hint">{shares}</p>
        </div>
    }
    .into_any()
}
