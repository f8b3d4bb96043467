//! The files of a run: the employees first, then their context. Missing files of the context are shown on demand, and so are
//! those of a whole context without problems.

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
    let is_whole = Memo::new(move |_| CONTEXT.into_iter().all(|role| is_given(state, role)));
    let is_folded = Memo::new(move |_| is_whole.get() && !CONTEXT.into_iter().any(|role| is_remarkable(state, role)));
    let row = |role| {
        let is_given = Memo::new(move |_| is_given(state, role));
        let is_in_view = Signal::derive(move || is_open.get() || is_given.get() && !is_folded.get());
        file_row(state, role, is_in_view, is_open.into())
    };
    let context = CONTEXT.into_iter().map(row).collect_view();
    markup! {
        <section aria-labelledby="files-heading">
            <h2 id="files-heading" class="visually-hidden" tabindex="-1">"Files"</h2>
            {add_zone(state)}
            <ul class="file-rows" aria-label="Files of the run">
                {file_row(state, InputRole::Employees, Signal::stored(true), Signal::stored(true))}
                {context_line(state, is_open, is_whole, is_folded)}
                {context}
            </ul>
            <div class="session-line">{later::view(move |parts| (parts.session_line)(state))}</div>
        </section>
    }
}

fn is_given(state: PageState, role: InputRole) -> bool {
    state.slot(role).file.with(|file| !matches!(file, FileState::Empty))
}

/// Whether the row of a file says more than its contents: a problem, a question, a conversion, or other employees.
fn is_remarkable(state: PageState, role: InputRole) -> bool {
    let is_as_it_should_be = state.slot(role).file.with(|file| match file {
        FileState::Empty | FileState::Reading(_) => true,
        FileState::Read(_, inspected) => {
            inspected.errors + inspected.warnings == 0 && inspected.mends.is_empty() && inspected.converted.is_none()
        }
        FileState::Unreadable(..) => false,
    });
    let is_for_others = !state.employee_set().is_empty() && state.is_for_others(role);
    !is_as_it_should_be || state.conversion_note(role).is_some() || is_for_others
}

/// The number of files given of the context, and what a run does without the first missing one.
fn context_line(state: PageState, is_open: RwSignal<bool>, is_whole: Memo<bool>, is_folded: Memo<bool>) -> AnyView {
    let given = Memo::new(move |_| CONTEXT.into_iter().filter(|role| is_given(state, *role)).count());
    let without = text(move || {
        let missing = CONTEXT.into_iter().find(|role| !is_given(state, *role)).filter(|_| !is_open.get());
        missing.map_or_else(String::new, |role| file_words(role).without.to_owned())
    });
    let button = shown(move || {
        (!is_whole.get() || is_folded.get()).then(|| {
            let label = text(move || {
                let label = match (is_open.get(), is_whole.get()) {
                    (true, _) => "Less",
                    (false, true) => "Show files",
                    (false, false) => "Add context",
                };
                label.to_owned()
            });
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
            <span class=text(move || if is_whole.get() { "mark good" } else { "mark" }.to_owned()) aria-hidden="true">
                {text(move || if is_whole.get() { "\u{2713}" } else { "+" }.to_owned())}
            </span>
            <span class="file-name">{text(move || format!("Context: {} of {} given", given.get(), CONTEXT.len()))}</span>
            <span class="file-actions">{button}</span>
            <p class="meta">{without}</p>
        </li>
    }
}
