//! The previews of the area: with the mix of the run, with the types as they are, with two scenarios.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::Mix;
use leptos::prelude::*;

use super::choices::Choices;
use super::state::Population;
use crate::page::preview::{Preview, PreviewInputs, Shown};

/// The previews of the area. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Outlook {
    /// The employees and their mix.
    pub(crate) population: Population,
    pub(crate) preview: Preview,
    /// With the mix of the run.
    pub(crate) with_mix: Shown,
    /// With the types as they are.
    pub(crate) as_they_are: Shown,
    /// With everybody completing all: the most that any mix can give, which fixes the scales.
    pub(crate) most: Shown,
    /// Whether two scenarios are compared.
    pub(crate) is_comparing: RwSignal<bool>,
    /// Which.
    pub(crate) choices: Choices,
    /// With the two scenarios.
    pub(crate) compared: [Shown; 2],
}

impl Outlook {
    /// The previews of a population.
    pub(crate) fn new(population: Population, preview: Preview) -> Outlook {
        let everybody = Some(Mix::USUAL.with_share(EmployeeType::A, Mix::WHOLE));
        let (is_comparing, choices) = (RwSignal::new(false), Choices::new());
        // Scenarios that nobody looks at are not counted.
        let of_choice = |which: usize| {
            let mix = move |last: Option<&Option<Mix>>| match (is_comparing.get(), last) {
                (false, last) => last.copied().flatten(),
                (true, _) => choices.scenario(population, which).1,
            };
            Shown::new(preview, Memo::new(mix).into())
        };
        Outlook {
            population,
            preview,
            most: Shown::new(preview, Signal::stored(everybody)),
            as_they_are: Shown::new(preview, Memo::new(move |_| population.made_up_mix()).into()),
            with_mix: Shown::new(preview, population.page.settings.mix.into()),
            is_comparing,
            choices,
            compared: [of_choice(0), of_choice(1)],
        }
    }

    /// How many employees have another type by the mix, and how many there are; nothing while that is not known.
    pub(crate) fn changed(self) -> Option<(usize, usize)> {
        match self.preview.inputs() {
            PreviewInputs::Open(employees) => Some((self.with_mix.changed.get(), employees)),
            _ => None,
        }
    }
}
