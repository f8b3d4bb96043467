//! Listeners for files dropped and tables pasted anywhere on the page.

use leptos::ev::{self, ClipboardEvent, DragEvent};
use leptos::prelude::*;
use web_sys::{DataTransfer, Element};

use crate::page::area::Area;
use crate::page::check::dropping::dropped;
use crate::page::components::{markup, shown};
use crate::page::feed::inputs::sorting::files_of;
use crate::page::later;
use crate::page::state::PageState;

/// Takes in drops in all areas, and pastes in the areas that work on the inputs of a run. While files are dragged, an overlay
/// tells what a drop will do.
pub(crate) fn drop_anywhere(state: PageState, in_view: RwSignal<Area>) -> AnyView {
    let is_dragged = RwSignal::new(false);
    let takes = move || matches!(in_view.get_untracked(), Area::Feed | Area::Mix | Area::Series);
    let _ = window_event_listener(ev::dragover, move |event: DragEvent| {
        event.prevent_default();
        is_dragged.set(has_files(event.data_transfer().as_ref()));
    });
    let _ = window_event_listener(ev::dragleave, move |event: DragEvent| {
        // Without a related target, the pointer has left the window, not just an element.
        if event.related_target().is_none() {
            is_dragged.set(false);
        }
    });
    let _ = window_event_listener(ev::drop, move |event: DragEvent| {
        event.prevent_default();
        is_dragged.set(false);
        let data = event.data_transfer();
        let (entries, files) = (dropped(data.clone()), files_of(data.and_then(|data| data.files())));
        later::then(move |parts| (parts.take_dropped)(state, in_view.get_untracked(), entries, files));
    });
    let _ = window_event_listener(ev::paste, move |event: ClipboardEvent| {
        if let Some(data) = event.clipboard_data().filter(|_| takes() && !is_typed_into()) {
            let text = data.get_data("text/plain").unwrap_or_default();
            match files_of(data.files()) {
                files if files.is_empty() => later::then(move |parts| (parts.take_pasted)(state, &text)),
                files => state.take_files(files),
            }
        }
    });
    // The browser sends many drag events a second.
    let is_shown = Memo::new(move |_| is_dragged.get());
    let words = move || match in_view.get() {
        Area::Feed | Area::Mix | Area::Series => "Drop to add",
        Area::Check => "Drop to check",
        Area::History => "Drop to compare, as the feed \"After\"",
    };
    shown(move || is_shown.get().then(|| markup! { <div class="drop-overlay"><p>{words()}</p></div> }))
}

fn has_files(data: Option<&DataTransfer>) -> bool {
    data.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Whether a field has the focus, so that a paste belongs to it.
fn is_typed_into() -> bool {
    document()
        .active_element()
        .is_some_and(|element: Element| element.matches("input, textarea, select").unwrap_or(false))
}
