//! The error of a field, below it.

use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::reactive::text;

/// The place of a field's error. The element is always there, so that screen readers announce a change.
pub(crate) fn fault_place(id: &'static str, fault: Signal<String>) -> AnyView {
    markup! { <p id=format!("{id}-fault") class="fault" aria-live="polite">{fault}</p> }
}

/// An error as a sentence; empty for `None`.
pub(crate) fn fault_text(fault: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<String> {
    text(move || fault().map(|why| format!("Error: {why}.")).unwrap_or_default())
}
