//! What the fields of settings share: a change of one, and what is wrong with it.

use leptos::prelude::*;

use crate::page::components::{markup, text};
use crate::page::remembered::remember_settings;
use crate::page::state::PageState;

/// What is wrong with a field; its place is always there, so that a change is announced.
pub(crate) fn fault_place(id: &'static str, fault: Signal<String>) -> AnyView {
    markup! { <p id=format!("{id}-fault") class="fault" aria-live="polite">{fault}</p> }
}

/// What is wrong, as a sentence; nothing where nothing is.
pub(crate) fn fault_text(fault: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<String> {
    text(move || fault().map(|why| format!("Error: {why}.")).unwrap_or_default())
}

/// Sets a setting that people changed.
pub(crate) fn change<T: Send + Sync + 'static>(state: PageState, setting: RwSignal<T>, value: T) {
    setting.set(value);
    changed(state);
}

/// A setting was changed: results are stale, and the browser remembers it.
pub(crate) fn changed(state: PageState) {
    state.edited();
    remember_settings(state);
}
