//! What a run is made from: files, live sources, settings; and the bar that starts it.

pub(crate) mod break_fields;
pub(crate) mod file_field;
pub(crate) mod job_view;
mod live_panel;
pub(crate) mod problem_list;
mod run_panel;
pub(crate) mod settings_fields;

use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;

use crate::page::feed::inputs::file_field::file_field;
use crate::page::feed::inputs::live_panel::live_panel;
use crate::page::feed::inputs::run_panel::run_panel;
use crate::page::feed::inputs::settings_fields::settings_fields;
use crate::page::recipe;
use crate::page::state::PageState;

/// The pane's sections, the run bar last.
pub(crate) fn inputs_pane(state: PageState) -> AnyView {
    view! {
        {recipe::needed_view(state)}
        {files_section(state)}
        {live_panel(state)}
        <section aria-labelledby="settings-heading">
            <h2 id="settings-heading">"Run"</h2>
            {settings_fields(state)}
        </section>
        {run_panel(state)}
    }
    .into_any()
}

fn files_section(state: PageState) -> AnyView {
    let context = [
        InputRole::StandaloneContent,
        InputRole::CourseCatalog,
        InputRole::Assignments,
        InputRole::Completions,
        InputRole::Recommendations,
    ];
    let fields = context.into_iter().map(|role| file_field(state, role)).collect_view();
    view! {
        <section aria-labelledby="files-heading">
            <h2 id="files-heading" tabindex="-1">"Files"</h2>
            {file_field(state, InputRole::Employees)}
            <h3 id="more-files-heading">"More files, if you have them"</h3>
            <div class="file-grid">{fields}</div>
        </section>
    }
    .into_any()
}
