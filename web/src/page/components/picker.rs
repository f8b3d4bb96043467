//! A field of the browser's own pickers of days and times. What stands in it is written as people write it, until it is edited.

use leptos::prelude::*;

use crate::page::components::markup::markup;

/// The field, and how people write what stands in it.
pub(crate) fn picker(input: AnyView, people: Signal<String>) -> AnyView {
    markup! { <span class="picker">{input}<span class="picker-text" aria-hidden="true">{people}</span></span> }
}
