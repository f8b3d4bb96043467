//! The fields by which files are picked for a check.

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use super::dropping::picked;
use super::starting::start;
use crate::page::components::{Action, FileButton, checkbox, markup, shown};
use crate::page::state::PageState;

/// The fields: one for several files, one for a folder.
pub(crate) fn picking_part(page: PageState) -> AnyView {
    let button = |id: &str, label, of_folder| {
        FileButton { id: id.to_owned(), label, purpose: "to check".to_owned(), of_folder, ..FileButton::default() }
            .view(move |files| start(page, picked(files)))
    };
    markup! {
        {shown(move || {
            let has_feed = page.history.feeds.recent.with(|recent| !recent.is_empty());
            has_feed.then(|| Action::new("Check the last feed").button(move || page.check_last_feed()))
        })}
        <div class="add-zone">
            <p><b>"Drop files or a folder anywhere"</b></p>
            <div class="row">
                {button("check-files", "Choose files", false)}
                {button("check-folder", "Choose a folder", true)}
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
