//! The one place to add files of all kinds: dropped, chosen, pasted, or made up as a sample.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::page::components::{Action, Rank, handler, markup, status, text_while};
use crate::page::feed::inputs::sorting::files_of;
use crate::page::state::PageState;

/// The place.
pub(crate) fn add_zone(state: PageState) -> AnyView {
    // Emptied first: otherwise the browser reports no change when the same files are picked again.
    let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
    let on_change = move |event: Event| state.take_files(files_of(event_target::<HtmlInputElement>(&event).files()));
    let is_going = move || state.sorting.is_going();
    let waits = text_while(is_going, "Looking at the files…");
    let sample = Action::new("Try with sample data").ranked(Rank::Bare);
    markup! {
        <div class="add-zone">
            <p><b>"Drop files anywhere"</b>", or paste a table"</p>
            <div class="row">
                <input
                    type="file"
                    id="add-files"
                    class="visually-hidden"
                    multiple
                    aria-label="Choose files"
                    on:click=handler(on_click)
                    on:change=handler(on_change)
                />
                <label for="add-files" class="button">"Choose files"</label>
                {sample.button_unless(is_going, move || state.add_sample())}
            </div>
            {status("hint", waits)}
        </div>
    }
}
