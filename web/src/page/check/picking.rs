//! The fields by which files are picked for a check.

use btcfake_core::text::words::counted;
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::dropping::picked;
use super::starting::start;
use crate::page::components::{Action, checkbox, handler, markup, shown};
use crate::page::state::PageState;

/// The fields: one for several files, one for a folder.
pub(crate) fn picking_part(page: PageState) -> AnyView {
    let on_pick = move |event: Event| start(page, picked(event_target::<HtmlInputElement>(&event).files()));
    // Emptied first: otherwise the browser reports no change when the same files are picked again.
    let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
    markup! {
        {shown(move || {
            let has_feed = page.history.feeds.held.with(|held| !held.is_empty());
            has_feed.then(|| Action::new("Check the last feed").button(move || page.check_last_feed()))
        })}
        <div class="file main-file">
            <p class="file-title"><label for="check-files">"Files to check"</label></p>
            <div class="drop-zone">
                <input type="file" id="check-files" multiple on:click=handler(on_click) on:change=handler(on_pick)/>
                <span class="hint drop-hint">"or drop files and folders anywhere"</span>
            </div>
            <p class="file-title"><label for="check-folder">"Or a folder of them"</label></p>
            <div class="drop-zone">
                <input
                    type="file"
                    id="check-folder"
                    multiple
                    prop:webkitdirectory=true
                    on:click=handler(on_click)
                    on:change=handler(on_pick)
                />
            </div>
        </div>
        {inputs_choice(page)}
    }
}

/// The checkbox by which the inputs of the run are checked with the files; nothing without inputs.
fn inputs_choice(page: PageState) -> AnyView {
    let with_inputs = page.check.with_inputs;
    shown(move || {
        let names = page.names_of_inputs();
        let label = format!("With the {} picked under Feed", counted(names.len(), "input"));
        (!names.is_empty()).then(|| {
            let choice =
                checkbox("with-inputs", label, move || with_inputs.get(), move |is_ticked| with_inputs.set(is_ticked));
            markup! { <div title=names.join(", ")>{choice}</div> }
        })
    })
}
