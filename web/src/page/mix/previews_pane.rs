//! The pane of the previews: the mix against the employees as they are, or two scenarios against each other.

use leptos::prelude::*;

use super::comparing::comparing_head;
use super::previews::AreaPreviews;
use crate::page::charts::ComparisonStyle;
use crate::page::components::{follow, go_to, markup, shown, text};
use crate::page::preview::{Comparison, comparison_view, inputs_status};

/// The pane.
pub(crate) fn previews_pane(previews: AreaPreviews) -> AnyView {
    let population = previews.population;
    let against = Comparison {
        ids: ["mix", "mix-own"],
        sides: [previews.with_mix, previews.as_they_are],
        how: ComparisonStyle::Outline,
        names: Signal::derive(move || ["this mix".to_owned(), population.origin_words().to_owned()]),
        scale: previews.most,
    };
    let pair = Comparison {
        ids: ["first", "second"],
        sides: previews.compared,
        how: ComparisonStyle::Pair,
        names: Signal::derive(move || [0, 1].map(|which| previews.choices.scenario(population, which).0)),
        scale: previews.most,
    };
    follow(move || {
        if previews.is_comparing.get() {
            go_to("first-scenario");
        }
    });
    let content = shown(move || {
        Some(match previews.is_comparing.get() {
            true => {
                let figures = comparison_view(pair, ().into_any());
                markup! { <div class="panel panel-body">{comparing_head(previews)}</div>{figures} }
            }
            false => {
                let words = text(move || {
                    format!("Dashed outlines and the thin line show the figures of {}.", population.origin_words())
                });
                comparison_view(against, markup! { <p class="hint">{words}</p> })
            }
        })
    });
    markup! {
        <section class="previews" aria-labelledby="gives-heading">
            <h2 id="gives-heading" class="visually-hidden">"What a run would give"</h2>
            {inputs_status(previews.preview, move || population.is_asked())}
            {content}
        </section>
    }
}
