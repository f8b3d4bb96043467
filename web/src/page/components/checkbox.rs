//! A checkbox with its label.

use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::reactive::handler;

/// The checkbox. `tick` is called with its new state.
pub(crate) fn checkbox(
    id: &'static str,
    label: String,
    is_ticked: impl Fn() -> bool + Send + Sync + 'static,
    tick: impl Fn(bool) + 'static,
) -> AnyView {
    let on_change = handler(move |event| tick(event_target_checked(&event)));
    markup! {
        <div class="check">
            <input type="checkbox" id=id autocomplete="off" prop:checked=Signal::derive(is_ticked) on:change=on_change/>
            <label for=id>{label}</label>
        </div>
    }
}
