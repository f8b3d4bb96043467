//! The choice of the two scenarios to compare.

use btcfake_core::plan::mix::Mix;
use leptos::prelude::*;

use super::scenario::{THE_SLIDERS, ready_made};
use super::state::Population;

/// The names of the two chosen scenarios. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Choices(pub(crate) [RwSignal<String>; 2]);

/// A scenario that can be compared: its name, and its mix; `None` for the types of the file.
type Choice = (String, Option<Mix>);

impl Choices {
    /// The scenarios at the start: the sliders, and everyone engaged.
    pub(crate) fn new() -> Choices {
        Choices([THE_SLIDERS, "Everyone engaged"].map(|name| RwSignal::new(name.to_owned())))
    }

    /// The first (0) or the second (1) scenario; the sliders if that was deleted or renamed.
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
