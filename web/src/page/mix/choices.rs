//! Which two scenarios are compared, of those that can be.

use btcfake_core::plan::mix::Mix;
use leptos::prelude::*;

use super::scenario::{THE_SLIDERS, ready_made};
use super::state::Population;

/// The names of the scenarios that are chosen. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Choices(pub(crate) [RwSignal<String>; 2]);

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

/// All scenarios that can be compared.
pub(crate) fn all(population: Population) -> Vec<Choice> {
    let own = population.scenarios.get();
    let named = ready_made().into_iter().chain(own).map(|one| (one.name, Some(one.mix)));
    let sliders = (THE_SLIDERS.to_owned(), population.page.settings.mix.get());
    let as_it_is = (population.origin_title().to_owned(), population.made_up_mix());
    [sliders, as_it_is].into_iter().chain(named).collect()
}
