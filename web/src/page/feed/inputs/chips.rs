//! The seed, the mix and the faults of the run as chips, in which they can be changed or reset.

use btcfake_core::breakage::BreakList;
use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::{Mix, share_text};
use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::page::area::Area;
use crate::page::components::{focus_in_place, handler, icon_button, markup, short_kind, shown, text};
use crate::page::feed::inputs::field::change;
use crate::page::settings_form::drawn_seed;
use crate::page::state::PageState;

/// The seed: a field, and a button that draws a new one.
pub(crate) fn seed_chip(state: PageState, fault: Signal<String>) -> AnyView {
    let seed = state.settings.seed;
    markup! {
        <span class="chip seed" title="Decides everything random: the same seed gives the same feed again.">
            <label for="seed">"Seed"</label>
            <input
                type="text"
                id="seed"
                inputmode="numeric"
                autocomplete="off"
                spellcheck="false"
                size=text(move || seed.with(|seed| seed.chars().count().clamp(2, 20)).to_string())
                aria-describedby="seed-fault"
                aria-invalid=text(move || (!fault.with(String::is_empty)).to_string())
                prop:value=seed
                on:input=handler(move |event| change(state, seed, event_target_value(&event)))
            />
            {icon_button("bare icon", "New seed".to_owned(), "\u{21BB}", move || change(state, seed, drawn_seed()))}
        </span>
    }
}

/// The mix, if one overrides the types of the employees' file.
pub(crate) fn mix_chip(state: PageState) -> AnyView {
    let form = state.settings;
    shown(move || {
        let mix = form.mix.get()?;
        let reset = form.population.with(Option::is_none).then(|| {
            let reset = move || {
                focus_neighbour();
                change(state, form.mix, None);
            };
            icon_button("bare icon", "Remove the mix".to_owned(), "\u{2715}", reset)
        });
        Some(markup! {
            <span class="chip accent">
                <a href=Area::Mix.address() title=format!("Mix: {}", mix.text())>{shares(mix)}</a>
                {reset}
            </span>
        })
    })
}

/// The number of faults that the feed will be given on purpose, if any.
pub(crate) fn breaks_chip(state: PageState) -> AnyView {
    shown(move || {
        let faults = state.settings.chosen_faults();
        let reset = move || {
            focus_neighbour();
            state.settings.set_breaks(&BreakList::default());
            state.edited();
        };
        (faults > 0).then(|| {
            markup! {
                <span class="chip warn">
                    {format!("Broken on purpose: {}", counted(faults, "fault"))}
                    {icon_button("bare icon", "Break nothing".to_owned(), "\u{2715}", reset)}
                </span>
            }
        })
    })
}

/// Moves the focus to the button of the seed, beside a chip that is about to go.
fn focus_neighbour() {
    document().query_selector(".chip.seed button").ok().flatten().iter().for_each(focus_in_place);
}

/// `Mix: all 60, one 30, none 10`, in percent.
fn shares(mix: Mix) -> String {
    let share = |kind: EmployeeType| format!("{} {}", short_kind(kind), share_text(mix.share(kind)));
    format!("Mix: {}", EmployeeType::ALL.map(share).join(", "))
}
