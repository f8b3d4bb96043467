//! The fields that choose the two compared scenarios, with their shares.

use leptos::prelude::*;

use super::choices::all;
use super::previews::AreaPreviews;
use crate::page::components::{Action, Rank, go_to, handler, markup, shown, text};
use crate::page::words::mix_words;

/// The two fields, which are the legend of the charts, too.
pub(crate) fn comparing_head(previews: AreaPreviews) -> AnyView {
    let close = Action::new("Close the comparison").ranked(Rank::Bare).button(move || {
        previews.is_comparing.set(false);
        go_to(super::scenarios::HEADING);
    });
    markup! {
        <div class="compared">
            {scenario_field(previews, "first-scenario", "First scenario", 0)}
            {scenario_field(previews, "second-scenario", "Second scenario", 1)}
            {close}
        </div>
    }
}

fn scenario_field(previews: AreaPreviews, id: &'static str, label: &'static str, which: usize) -> AnyView {
    let (population, chosen) = (previews.population, previews.choices.0[which]);
    let scenario = move || previews.choices.scenario(population, which);
    let options = shown(move || {
        let chosen = scenario().0;
        let option = |(name, _): (String, _)| view! { <option selected={name == chosen}>{name.clone()}</option> };
        Some(all(population).into_iter().map(option).collect_view().into_any())
    });
    let shares = text(move || mix_words(scenario().1.unwrap_or_else(|| population.own.get())));
    markup! {
        <div class="field">
            <label for=id><span class=format!("swatch side-{which}")></span>{label}</label>
            <select id=id autocomplete="off" on:change=handler(move |event| chosen.set(event_target_value(&event)))>
                {options}
            </select>
            <p class="hint">{shares}</p>
        </div>
    }
}
