//! Reading and moving the keyboard's focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Scrolls the element with an id into view, and focuses it.
pub(crate) fn go_to(id: &str) {
    if let Some(place) = document().get_element_by_id(id) {
        place.scroll_into_view();
        focus(&place);
    }
}

/// Focuses an element of any type.
pub(crate) fn focus(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Focuses an element without scrolling the page.
pub(crate) fn focus_in_place(element: &Element) {
    let (x, y) = (window().scroll_x().unwrap_or(0.0), window().scroll_y().unwrap_or(0.0));
    focus(element);
    window().scroll_to_with_x_and_y(x, y);
}

/// Focuses the link of the area in view if what had the focus is gone, or in an area that is hidden now.
pub(crate) fn keep_focus_in_view() {
    let focused = document().active_element();
    let is_hidden = focused.and_then(|focused| focused.closest(".area[hidden]").ok()?).is_some();
    if is_hidden || is_focus_nowhere() {
        document().query_selector("nav.areas [aria-current='page']").ok().flatten().iter().for_each(focus_in_place);
    }
}

/// Scrolls as little as is needed to show an opened element.
pub(crate) fn show_in_pane(opened: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    opened.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether no element has the focus: none had it yet, or the one that had it is gone.
pub(crate) fn is_focus_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}
