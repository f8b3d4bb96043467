//! A row for the file of one role: name, contents and problems, with buttons to choose, replace and remove it.

use std::sync::Arc;

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::words::{counted, grouped};
use leptos::html::Input;
use leptos::prelude::*;
use web_sys::FileList;

use crate::messages::Inspected;
use crate::page::area::Area;
use crate::page::components::{
    FileInput, Tone, alert, focus, icon_button, kind_class, markup, short_kind, shown, status, text,
};
use crate::page::file_slot::{FileState, Picked};
use crate::page::later;
use crate::page::object_url::ObjectUrl;
use crate::page::state::PageState;
use crate::page::words::{ended, file_words};

/// The row, shown while `is_in_view`; `is_in_view_empty` is whether it is also shown without a file.
pub(crate) fn file_row(
    state: PageState,
    role: InputRole,
    is_in_view: Signal<bool>,
    is_in_view_empty: Signal<bool>,
) -> AnyView {
    let words = file_words(role);
    let place = state.slot(role);
    let is_made_up =
        Memo::new(move |_| role == InputRole::Employees && state.settings.population.with(Option::is_some));
    let mark = move || if is_made_up.get() { GOOD } else { place.file.with(mark_of) };
    let name = text(move || match place.file.with(|file| file.picked().map(Picked::shown_name)) {
        _ if is_made_up.get() => "New population".to_owned(),
        Some(name) => name,
        None => words.label.to_owned(),
    });
    let problems = shown(move || {
        place.file.with(|file| match file {
            FileState::Empty | FileState::Reading(_) => None,
            FileState::Read(picked, inspected) => (inspected.errors + inspected.warnings > 0).then(|| {
                let (name, inspected) = (picked.file.name(), Arc::clone(inspected));
                later::view(move |parts| (parts.problems)(state, place, &name, &inspected))
            }),
            FileState::Unreadable(picked, why) => Some(alert(format!("Error: {}: {why}.", picked.file.name()))),
        })
    });
    let is_reading = Memo::new(move |_| place.file.with(|file| matches!(file, FileState::Reading(_))));
    let settled = settled(state, role);
    let line = shown(move || {
        let settled = settled.get();
        let was_out_of_view = is_reading.get() && matches!(settled, Settled::Empty) && !is_in_view_empty.get();
        (!was_out_of_view).then(|| meta(state, role, is_made_up.get(), &settled))
    });
    let reading = move || markup! { <span class="being-read">"being read…"</span> };
    markup! {
        <li class="file-row" hidden=move || !is_in_view.get()>
            <span class=text(move || format!("mark {}", mark().1.class())) aria-hidden="true">{text(move || mark().0.to_owned())}</span>
            <span class="file-name" title=name>{name}</span>
            {actions(state, role, is_made_up)}
            <p id=format!("{}-about", words.id) class="meta" class:reading=is_reading>
                <span class="contents">{line}</span>
                {shown(move || is_reading.get().then(reading))}
            </p>
            {conversion(state, role)}
            {problems}
        </li>
    }
}

/// The conversion that made the file readable, or why it failed.
fn conversion(state: PageState, role: InputRole) -> AnyView {
    let read =
        move || state.slot(role).file.with(|file| file.inspected().and_then(|one| one.converted.clone()).map(Ok));
    status(
        "meta",
        text(move || match state.conversion_note(role).or_else(read) {
            Some(Ok(note)) => ended(format!("Converted: {note}")),
            Some(Err(why)) => ended(format!("Not converted: {why}")),
            None => String::new(),
        }),
    )
}

/// The sign for the state of a file, and its tone.
fn mark_of(file: &FileState) -> (&'static str, Tone) {
    match file {
        FileState::Empty => ("+", Tone::Idle),
        FileState::Reading(_) => ("\u{2026}", Tone::Idle),
        FileState::Unreadable(..) => REFUSED,
        FileState::Read(_, inspected) if inspected.question().is_some() => ("?", Tone::Warn),
        FileState::Read(_, inspected) if inspected.errors > 0 => REFUSED,
        FileState::Read(_, inspected) if inspected.warnings > 0 => ("!", Tone::Warn),
        FileState::Read(..) => GOOD,
    }
}

const GOOD: (&str, Tone) = ("\u{2713}", Tone::Good);
const REFUSED: (&str, Tone) = ("\u{2715}", Tone::Bad);

/// The actions on the file.
fn actions(state: PageState, role: InputRole, is_made_up: Memo<bool>) -> AnyView {
    let words = file_words(role);
    let place = state.slot(role);
    let input = NodeRef::<Input>::new();
    let is_given = Memo::new(move |_| place.is_filled());
    let take = move |files: Option<FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            state.put(vec![(role, Some(file))]);
        }
    };
    let go_back = move || input.get_untracked().iter().for_each(|input| focus(input));
    let remove = move || {
        state.put(vec![(role, None)]);
        go_back();
    };
    let without_population = move || {
        state.settings.without_population();
        state.edited();
        go_back();
    };
    let edit = shown(move || {
        let is_shown = role == InputRole::Employees && (is_given.get() || is_made_up.get());
        is_shown.then(|| markup! { <a class="button bare" href=Area::Mix.address()>"Edit"</a> })
    });
    let save = shown(move || place.file.with(|file| file.picked().and_then(save_link)));
    let remove = shown(move || match place.file.with(|file| file.picked().map(Picked::shown_name)) {
        _ if is_made_up.get() => Some(cross("Remove the new population".to_owned(), without_population)),
        name => name.map(|name| cross(format!("Remove {name}"), remove)),
    });
    let field = FileInput {
        id: words.id.to_owned(),
        name: words.label.to_owned(),
        about: Some(format!("{}-about", words.id)),
        accept: words.accept,
        node: input,
        ..FileInput::default()
    };
    markup! {
        <span class="file-actions">
            {edit}
            {save}
            {field.view(take)}
            <label for=words.id class="button bare" class:repeated=is_given>
                {text(move || if is_given.get() { "Replace" } else { "Choose" }.to_owned())}
            </label>
            {remove}
        </span>
    }
}

fn cross(name: String, act: impl Fn() + 'static) -> AnyView {
    icon_button("bare icon repeated", name, "\u{2715}", act)
}

/// A link that saves a file that only the page has. Run files and links name that file, so people need a copy of it.
fn save_link(picked: &Picked) -> Option<AnyView> {
    let url = picked.is_in_the_page_alone().then(|| ObjectUrl::of(&picked.file).ok())??;
    let address = url.text();
    on_cleanup(move || drop(url));
    let name = picked.file.name();
    let label = format!("Save {name}");
    Some(markup! {
        <a class="button bare icon repeated" href=address download=name aria-label=label.clone() title=label>
            <span aria-hidden="true">"\u{2193}"</span>
        </a>
    })
}

/// What is known of the file of a role.
#[derive(Clone)]
enum Settled {
    /// There is no file.
    Empty,
    /// The file was refused: its readable rows are not used.
    Refused,
    /// The file was read; the number of its edits, and its contents.
    Read(usize, Arc<Inspected>),
}

/// What is known of the file of a role. While a new file is read, that is what was known of the one before: the line keeps its
/// height, so that nothing below moves.
fn settled(state: PageState, role: InputRole) -> Memo<Settled> {
    Memo::new_owning(move |before: Option<Settled>| {
        state.slot(role).file.with(|file| match file {
            FileState::Reading(_) => (before.unwrap_or(Settled::Empty), false),
            FileState::Empty => (Settled::Empty, true),
            FileState::Unreadable(..) => (Settled::Refused, true),
            FileState::Read(_, inspected) if inspected.errors > 0 => (Settled::Refused, true),
            FileState::Read(picked, inspected) => (Settled::Read(picked.edits, Arc::clone(inspected)), true),
        })
    })
}

/// The contents of the file in one line; without a file, the purpose of the role.
fn meta(state: PageState, role: InputRole, is_made_up: bool, settled: &Settled) -> AnyView {
    let words = file_words(role);
    if let Some(population) = state.settings.population.get().filter(|_| is_made_up) {
        return population.to_string().into_any();
    }
    match settled {
        Settled::Empty => markup! { {words.what}" "{words.without} },
        Settled::Refused => ().into_any(),
        Settled::Read(edits, inspected) => contents(*edits, inspected),
    }
}

fn contents(edits: usize, inspected: &Inspected) -> AnyView {
    let dot = |(kind, count): (EmployeeType, usize)| {
        let class = format!("dot {}", kind_class(kind));
        markup! {
            <span class="kind">
                <span class=class></span>
                {grouped(count)}
                " "
                <span class="visually-hidden">"completes "</span>
                {short_kind(kind)}
            </span>
        }
    };
    let kinds = inspected.types.map(|types| EmployeeType::ALL.into_iter().zip(types).map(dot).collect_view());
    let edits = (edits > 0).then(|| format!("edited ({})", counted(edits, "change")));
    // The types follow the number of employees, which comes first in the contents.
    let (first, rest) = match inspected.contents.split_once(", ") {
        Some((first, rest)) if kinds.is_some() => (first, Some(rest.to_owned())),
        _ => (inspected.contents.as_str(), None),
    };
    let rest: Vec<String> = rest.into_iter().chain(edits).collect();
    markup! { <span>{first.to_owned()}</span>{kinds}{rest.join(", ")} }
}
