//! The previews of the area: with the mix of the run, without a mix, and with two scenarios.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::Mix;
use leptos::prelude::*;

use super::choices::Choices;
use super::state::Population;
use crate::page::components::follow;
use crate::page::preview::{MixPreview, PreviewInputs, Previews};

/// The previews of the area. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct AreaPreviews {
    /// The employees and their mix.
    pub(crate) population: Population,
    pub(crate) preview: Previews,
    /// The preview with the mix of the run.
    pub(crate) with_mix: MixPreview,
    /// The preview without a mix.
    pub(crate) as_they_are: MixPreview,
    /// The preview with everybody completing all. No mix gives more, so it fixes the scales.
    pub(crate) most: MixPreview,
    /// Whether two scenarios are compared.
    pub(crate) is_comparing: RwSignal<bool>,
    /// The two scenarios.
    pub(crate) choices: Choices,
    /// The previews with the two scenarios.
    pub(crate) compared: [MixPreview; 2],
}

impl AreaPreviews {
    /// The previews of a population.
    pub(crate) fn new(population: Population, preview: Previews) -> AreaPreviews {
        let everybody = Some(Mix::USUAL.with_share(EmployeeType::A, Mix::WHOLE));
        let (is_comparing, choices) = (RwSignal::new(false), Choices::new());
        // Without a comparison, the mix stays as it was, so that nothing is counted.
        let of_choice = |which: usize| {
            let mix = move |last: Option<&Option<Mix>>| match (is_comparing.get(), last) {
                (false, last) => last.copied().flatten(),
                (true, _) => choices.scenario(population, which).1,
            };
            MixPreview::new(preview, Memo::new(mix).into())
        };
        let compared = [of_choice(0), of_choice(1)];
        follow(move || {
            if !is_comparing.get() {
                compared.iter().for_each(|side| side.choose(None));
            }
        });
        AreaPreviews {
            population,
            preview,
            most: MixPreview::new(preview, Signal::stored(everybody)),
            as_they_are: MixPreview::new(preview, Memo::new(move |_| population.made_up_mix()).into()),
            with_mix: MixPreview::new(preview, population.page.settings.mix.into()),
            is_comparing,
            choices,
            compared,
        }
    }

    /// The number of employees whose type the mix changes, and the number of all; `None` while they are unknown.
    pub(crate) fn changed(self) -> Option<(usize, usize)> {
        match self.preview.inputs() {
            PreviewInputs::Open(employees) => Some((self.with_mix.changed.get(), employees)),
            _ => None,
        }
    }
}
