//! The files of a run: the employees first, then their context. Missing files of the context are shown on demand.

use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;

use crate::page::components::{follow, handler, markup, shown, text};
use crate::page::feed::inputs::add_zone::add_zone;
use crate::page::feed::inputs::file_row::file_row;
use crate::page::file_slot::FileState;
use crate::page::later;
use crate::page::state::PageState;
use crate::page::words::file_words;

/// The files that a run can do without.
const CONTEXT: [InputRole; 5] = [
    InputRole::StandaloneContent,
    InputRole::CourseCatalog,
    InputRole::Assignments,
    InputRole::Completions,
    InputRole::Recommendations,
];

/// The section.
pub(crate) fn files_section(state: PageState) -> AnyView {
    let is_open = RwSignal::new(false);
    // An opened link names the files that it needs, so their rows must be in view.
    follow(move || {
        if state.recipe.opened.with(Option::is_some) {
            is_open.set(true);
        }
    });
    let row = |role| {
        let is_given = Memo::new(move |_| is_given(state, role));
        file_row(state, role, Signal::derive(move || is_open.get() || is_given.get()))
    };
    let context = CONTEXT.into_iter().map(row).collect_view();
    markup! {
        <section aria-labelledby="files-heading">
            <h2 id="files-heading" class="visually-hidden" tabindex="-1">"Files"</h2>
            {add_zone(state)}
            <ul class="file-rows" aria-label="Files of the run">
                {file_row(state, InputRole::Employees, Signal::derive(|| true))}
                {context_line(state, is_open)}
                {context}
            </ul>
            {later::view(move |parts| (parts.session_line)(state))}
        </section>
    }
}

fn is_given(state: PageState, role: InputRole) -> bool {
    state.slot(role).file.with(|file| !matches!(file, FileState::Empty))
}

/// The number of files given of the context, and what a run does without the first missing one.
fn context_line(state: PageState, is_open: RwSignal<bool>) -> AnyView {
    let given = Memo::new(move |_| CONTEXT.into_iter().filter(|role| is_given(state, *role)).count());
    let is_whole = move || given.get() == CONTEXT.len();
    let without = text(move || {
        let missing = CONTEXT.into_iter().find(|role| !is_given(state, *role)).filter(|_| !is_open.get());
        missing.map_or_else(String::new, |role| file_words(role).without.to_owned())
    });
    let button = shown(move || {
        (!is_whole()).then(|| {
            let label = text(move || if is_open.get() { "Less" } else { "Add context" }.to_owned());
            markup! {
                <button
                    type="button"
                    class="bare"
                    aria-expanded=text(move || is_open.get().to_string())
                    on:click=handler(move |_| is_open.update(|is_open| *is_open = !*is_open))
                >
                    {label}
                </button>
            }
        })
    });
    markup! {
        <li class="file-row">
            <span class=text(move || if is_whole() { "mark good" } else { "mark" }.to_owned()) aria-hidden="true">
                {text(move || if is_whole() { "\u{2713}" } else { "+" }.to_owned())}
            </span>
            <span class="file-name">{text(move || format!("Context: {} of {} given", given.get(), CONTEXT.len()))}</span>
            <span class="file-actions">{button}</span>
            <p class="meta">{without}</p>
        </li>
    }
}
