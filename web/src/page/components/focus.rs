//! Where the keyboard's focus is, and how it is moved.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

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

/// The same, and the page stays where it is scrolled to.
pub(crate) fn focus_in_place(element: &Element) {
    let (x, y) = (window().scroll_x().unwrap_or(0.0), window().scroll_y().unwrap_or(0.0));
    focus(element);
    window().scroll_to_with_x_and_y(x, y);
}

/// Scrolls as little as is needed to show what was opened.
pub(crate) fn show_in_pane(opened: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    opened.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether the focus is nowhere: nothing had it yet, or what had it is gone.
pub(crate) fn is_focus_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}
