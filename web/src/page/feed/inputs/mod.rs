//! The inputs of a run: files, live sources, settings, and the bar that starts it.

mod add_zone;
mod adding;
pub(crate) mod break_fields;
mod chips;
mod converting;
pub(crate) mod drop_anywhere;
pub(crate) mod dropping;
mod field;
mod file_row;
mod files_section;
pub(crate) mod job_view;
mod live_panel;
mod mends_view;
mod more_settings;
pub(crate) mod problem_list;
mod run_bar;
mod run_time;
pub(crate) mod settings_fields;
mod sorting;
pub(crate) mod sorting_state;
mod source_row;
pub(crate) mod unplaced_view;

use leptos::prelude::*;

use crate::page::components::markup;

pub(crate) use live_panel::live_panel;
pub(crate) use mends_view::open_question;
pub(crate) use more_settings::more_settings;
pub(crate) use problem_list::problem_list;
pub(crate) use unplaced_view::unplaced_view;

use crate::page::feed::inputs::files_section::files_section;
use crate::page::feed::inputs::run_bar::run_bar;
use crate::page::feed::inputs::settings_fields::settings_fields;
use crate::page::later;
use crate::page::state::PageState;

/// The pane's sections, with the run bar last. The live sources arrive late, so they stand where they shift nothing.
pub(crate) fn inputs_pane(state: PageState) -> AnyView {
    markup! {
        {later::view(move |parts| (parts.needed)(state))}
        {files_section(state)}
        <section aria-labelledby="settings-heading">
            {settings_fields(state)}
        </section>
        {later::view(move |parts| (parts.live_panel)(state))}
        {run_bar(state)}
    }
}
