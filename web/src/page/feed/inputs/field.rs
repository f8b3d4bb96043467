//! Shared by the fields of settings: the change of a setting, and its error.

use leptos::prelude::*;

use crate::page::components::{markup, text};
use crate::page::remembered::remember_settings;
use crate::page::state::PageState;

/// The error of a field. The element is always there, so that screen readers announce a change.
pub(crate) fn fault_place(id: &'static str, fault: Signal<String>) -> AnyView {
    markup! { <p id=format!("{id}-fault") class="fault" aria-live="polite">{fault}</p> }
}

/// An error as a sentence; empty for `None`.
pub(crate) fn fault_text(fault: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<String> {
    text(move || fault().map(|why| format!("Error: {why}.")).unwrap_or_default())
}

/// Applies a change that people made to a setting.
pub(crate) fn change<T: Send + Sync + 'static>(state: PageState, setting: RwSignal<T>, value: T) {
    setting.set(value);
    changed(state);
}

/// Marks the results as stale after a change of a setting, and keeps the settings in the browser.
pub(crate) fn changed(state: PageState) {
    state.edited();
    remember_settings(state);
}
