//! The settings of the run: date, time, seed, mix and faults in view, the rest on demand.

use btcfake_core::format::input_role::InputRole;
use leptos::html::Div;
use leptos::prelude::*;

use crate::page::components::{fault_place, fault_text, follow, handler, markup, show_in_pane, text};
use crate::page::feed::inputs::chips::{breaks_chip, mix_chip, seed_chip};
use crate::page::feed::inputs::run_time::run_time;
use crate::page::later;
use crate::page::state::PageState;

/// All settings of the run.
pub(crate) fn settings_fields(state: PageState) -> AnyView {
    let form = state.settings;
    let fault = fault_text(move || form.parsed_seed().err());
    let template = state.slot(InputRole::UserCompletionTemplate);
    let is_open = RwSignal::new(false);
    // Unusual settings are never hidden.
    follow(move || {
        if form.has_other_habits() || form.breaks_something() || template.is_filled() {
            is_open.set(true);
        }
    });
    let more = NodeRef::<Div>::new();
    let toggle = move |_| {
        is_open.update(|is_open| *is_open = !*is_open);
        request_animation_frame(move || {
            if let Some(more) = more.get_untracked().filter(|_| is_open.get_untracked()) {
                show_in_pane(&more);
            }
        });
    };
    markup! {
        {run_time(state)}
        <div class="row">
            {seed_chip(state, fault)}
            {mix_chip(state)}
            {breaks_chip(state)}
            <button
                type="button"
                class="bare push"
                aria-expanded=text(move || is_open.get().to_string())
                aria-controls="more-settings"
                on:click=handler(toggle)
            >
                {text(move || if is_open.get() { "Less" } else { "More" }.to_owned())}
            </button>
        </div>
        {fault_place("seed", fault)}
        <div id="more-settings" class="more" node_ref=more hidden=move || !is_open.get()>
            {later::view(move |parts| (parts.more_settings)(state))}
        </div>
    }
}
