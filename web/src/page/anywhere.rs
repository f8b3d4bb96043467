//! What is dropped or pasted anywhere on the page, outside of the places that take it themselves.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::sorting::files_of;
use super::state::PageState;

/// Takes files that are dropped and rows that are pasted. A file that is dropped would make the browser leave the page.
pub(super) fn take_anywhere(state: PageState) {
    let _ = window_event_listener(ev::dragover, |event| event.prevent_default());
    let _ = window_event_listener(ev::drop, move |event| {
        // A place that took it has kept the browser from opening it.
        if !event.default_prevented() {
            event.prevent_default();
            state.take_files(files_of(event.data_transfer().and_then(|data| data.files())));
        }
    });
    let _ = window_event_listener(ev::paste, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let is_field = target.is_some_and(|target| ["INPUT", "TEXTAREA"].contains(&target.tag_name().as_str()));
        let Some(data) = event.clipboard_data().filter(|_| !is_field) else { return };
        let files = files_of(data.files());
        match files.is_empty() {
            false => state.take_files(files),
            true => state.take_pasted(&data.get_data("text").unwrap_or_default()),
        }
    });
}
