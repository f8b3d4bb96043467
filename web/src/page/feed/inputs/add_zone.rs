//! The one place to add files of all kinds: dropped, chosen, pasted, or made up as a sample.

use leptos::prelude::*;

use crate::page::components::{Action, FileButton, Rank, markup, status, text_while};
use crate::page::feed::inputs::sorting::files_of;
use crate::page::state::PageState;

/// The place.
pub(crate) fn add_zone(state: PageState) -> AnyView {
    let choose = FileButton { id: "add-files".to_owned(), label: "Choose files", ..FileButton::default() };
    let is_going = move || state.sorting.is_going();
    let waits = text_while(is_going, "Looking at the files…");
    let sample = Action::new("Use sample files").ranked(Rank::Bare);
    markup! {
        <div class="add-zone">
            <p><b>"Drop files anywhere"</b>", or paste a table"</p>
            <div class="row">
                {choose.view(move |files| state.take_files(files_of(files)))}
                {sample.button_unless(is_going, move || state.add_sample())}
            </div>
            {status("hint", waits)}
        </div>
    }
}
