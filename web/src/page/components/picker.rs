//! A field with the browser's own picker of a day or a time. Until it is edited, it shows its value as the locale writes it.

use leptos::prelude::*;

use crate::page::components::markup::markup;

/// The field. `people` is its value as the locale writes it.
pub(crate) fn picker(input: AnyView, people: Signal<String>) -> AnyView {
    markup! { <span class="picker">{input}<span class="picker-text" aria-hidden="true">{people}</span></span> }
}
