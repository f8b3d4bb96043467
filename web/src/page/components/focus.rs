//! Where the keyboard's focus is, and how it is moved.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Brings the element with an id into view, and goes there.
pub(crate) fn go_to(id: &str) {
    if let Some(place) = document().get_element_by_id(id) {
        place.scroll_into_view();
        focus(&place);
    }
}

/// What focuses is the same for all elements.
pub(crate) fn focus(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Whether the focus is nowhere: nothing had it yet, or what had it is gone.
pub(crate) fn is_focus_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}
