//! What the mix would give: against the employees as they are, or two scenarios against each other.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::Mix;
use leptos::prelude::*;

use super::comparing::{Choices, comparing_head};
use super::state::Population;
use crate::page::charts::How;
use crate::page::components::{follow, go_to, shown, text};
use crate::page::preview::{Comparison, Preview, PreviewInputs, Shown, comparison_view, inputs_status};

/// The previews of the area. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Outlook {
    /// The employees and their mix.
    pub(crate) population: Population,
    preview: Preview,
    /// With the mix of the run.
    pub(crate) with_mix: Shown,
    as_they_are: Shown,
    /// With everybody completing all: the most that any mix can give, which fixes the scales.
    most: Shown,
    /// Whether two scenarios are compared.
    pub(crate) is_comparing: RwSignal<bool>,
    /// Which.
    pub(crate) choices: Choices,
    compared: [Shown; 2],
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

/// The pane.
pub(crate) fn outlook_pane(outlook: Outlook) -> AnyView {
    let population = outlook.population;
    let against = Comparison {
        ids: ["mix", "mix-own"],
        sides: [outlook.with_mix, outlook.as_they_are],
        how: How::Outline,
        names: Signal::derive(move || ["this mix".to_owned(), population.origin_words().to_owned()]),
        scale: outlook.most,
    };
    let pair = Comparison {
        ids: ["first", "second"],
        sides: outlook.compared,
        how: How::Pair,
        names: Signal::derive(move || [0, 1].map(|which| outlook.choices.scenario(population, which).0)),
        scale: outlook.most,
    };
    follow(move || {
        if outlook.is_comparing.get() {
            go_to("first-scenario");
        }
    });
    let content = shown(move || {
        Some(match outlook.is_comparing.get() {
            true => {
                let figures = comparison_view(pair, ().into_any());
                view! { <div class="panel panel-body">{comparing_head(outlook)}</div>{figures} }.into_any()
            }
            false => {
                let words =
                    text(move || format!("Outlines, and the line over the shift: {}.", population.origin_words()));
                comparison_view(against, view! { <p class="hint">{words}</p> }.into_any())
            }
        })
    });
    view! {
        <section class="outlook" aria-labelledby="gives-heading">
            <h2 id="gives-heading" class="visually-hidden">"What a run would give"</h2>
            {inputs_status(outlook.preview)}
            {content}
        </section>
    }
    .into_any()
}
