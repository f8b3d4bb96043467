//! The pane of the previews: the mix against the employees as they are, or two scenarios against each other.

use leptos::prelude::*;

use super::comparing::comparing_head;
use super::outlook::Outlook;
use crate::page::charts::How;
use crate::page::components::{follow, go_to, markup, shown, text};
use crate::page::preview::{Comparison, comparison_view, inputs_status};

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
                markup! { <div class="panel panel-body">{comparing_head(outlook)}</div>{figures} }
            }
            false => {
                let words =
                    text(move || format!("Outlines, and the line over the shift: {}.", population.origin_words()));
                comparison_view(against, markup! { <p class="hint">{words}</p> })
            }
        })
    });
    markup! {
        <section class="outlook" aria-labelledby="gives-heading">
            <h2 id="gives-heading" class="visually-hidden">"What a run would give"</h2>
            {inputs_status(outlook.preview)}
            {content}
        </section>
    }
}
