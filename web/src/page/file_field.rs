//! A place for a file: pick it or drop it, see what is in it and what is wrong with it, take it away.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::words::counted;
use leptos::ev::{DragEvent, Event, MouseEvent};
use leptos::html::Input;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::components::{Action, go_to, handler, shown, status, text};
use super::object_url::ObjectUrl;
use super::problem_list::problem_list;
use super::state::{Brought, FileSlot, FileState, PageState};
use super::words::{file_words, size_text};

/// The place.
pub(super) fn file_field(state: PageState, role: InputRole) -> AnyView {
    let words = file_words(role);
    let place = state.slot(role);
    let input = NodeRef::<Input>::new();
    let (dragged_over, set_dragged_over) = signal(false);
    let is_made_up = move || role == InputRole::Employees && state.settings.population.with(Option::is_some);
    let tag = move || match role {
        InputRole::Employees if is_made_up() => "not needed",
        InputRole::Employees => "required",
        _ => "optional",
    };
    let without = move || if is_made_up() { "A new population takes its place." } else { words.without };
    // The pick of a file that was dropped with others, and how many they were.
    let dropped = RwSignal::new((0, 0));
    let left_out = move || {
        let (pick, files) = dropped.get();
        let name = place.file.with(|file| file.picked().filter(|one| one.pick == pick).map(|one| one.file.name()));
        name.map_or_else(String::new, |name| {
            format!("{files} files were dropped, but only one belongs here: {name} was taken.")
        })
    };
    let about = format!("{}-about", words.id);
    let on_change = move |event: Event| {
        let file = event_target::<HtmlInputElement>(&event).files().and_then(|files| files.get(0));
        if let Some(file) = file.filter(|_| state.may_go(role)) {
            state.pick(role, file);
        }
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        set_dragged_over.set(false);
        let files = event.data_transfer().and_then(|data| data.files());
        let first = files.and_then(|files| Some((files.get(0)?, files.length())));
        if let Some((file, files)) = first.filter(|_| state.may_go(role)) {
            state.pick(role, file);
            if files > 1 {
                let pick = place.file.with_untracked(|file| file.picked().map(|picked| picked.pick));
                dropped.set((pick.unwrap_or_default(), files));
            }
        }
    };
    // Emptied first, so that the browser reports it when the same file is picked again.
    let on_click = move |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
    view! {
        <div
            class="file"
            class:dragged-over=dragged_over
            class:main-file=role == InputRole::Employees
            on:dragover=handler(move |event: DragEvent| {
                event.prevent_default();
                set_dragged_over.set(true);
            })
            on:dragleave=handler(move |_| set_dragged_over.set(false))
            on:drop=handler(on_drop)
        >
            <p class="file-title"><label for=words.id>{words.label}</label><span class="tag">{text(move || tag().to_owned())}</span></p>
            <p id=about.clone() class="hint">{words.what}" "{text(move || without().to_owned())}</p>
            <div class="drop-zone">
                <input
                    type="file"
                    id=words.id
                    node_ref=input
                    accept=words.accept
                    aria-describedby=about
                    on:click=handler(on_click)
                    on:change=handler(on_change)
                />
                {picked_file(state, place, input)}
            </div>
            {status("fault", text(left_out))}
            {file_fault(state, place)}
            {conversion(state, role)}
            {(role == InputRole::Employees).then(|| wishes(state))}
        </div>
    }
    .into_any()
}

/// Name, size and content of the file that was picked.
fn picked_file(state: PageState, place: FileSlot, input: NodeRef<Input>) -> AnyView {
    let remove = move |_| {
        if !state.may_go(place.role) {
            return;
        }
        state.remove(place.role);
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            let _ = input.focus();
        }
    };
    let line = shown(move || {
        Some(place.file.with(|file| {
            let Some(picked) = file.picked() else {
                return view! { <span class="hint drop-hint">"or drop it here"</span> }.into_any();
            };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is a whole number")]
            let size = size_text(picked.file.size() as u64);
            let name = picked.file.name();
            view! {
                <span class="picked">
                    <strong>{name.clone()}</strong>
                    {edits_text(picked.edits)}
                    " "
                    <span class="hint">{size}", "{contents_text(file)}</span>
                </span>
                {(picked.brought != Brought::Not).then(|| save_link(&picked.file))}
                <button type="button" class="quiet" on:click=handler(remove)>
                    "Remove"<span class="visually-hidden">" "{name}</span>
                </button>
            }
            .into_any()
        }))
    });
    let has_file = move || place.file.with(|file| file.picked().is_some());
    view! { <div class="picked-line" class:has-file=has_file>{line}</div> }.into_any()
}

/// Nobody but the page has what a live source brought, and run files and links ask for it.
fn save_link(file: &web_sys::File) -> Option<AnyView> {
    let url = ObjectUrl::of(file).ok()?;
    let address = url.text();
    on_cleanup(move || drop(url));
    let name = file.name();
    let link = view! {
        <a href=address download=name.clone()>"Save"<span class="visually-hidden">" "{name.clone()}</span></a>
    };
    Some(link.into_any())
}

fn edits_text(edits: usize) -> Option<String> {
    (edits > 0).then(|| format!(", edited ({})", counted(edits, "change")))
}

/// What the Population area wishes for: a made-up population in the place of the file, a mix in the place of its types.
fn wishes(state: PageState) -> AnyView {
    let settings = state.settings;
    let made_up = text(move || {
        settings.population.get().map_or_else(String::new, |population| format!("New population: {population}."))
    });
    let is_made_up = move || settings.population.with(Option::is_some);
    let mixed = text(move || match settings.mix.get() {
        None => String::new(),
        Some(mix) if is_made_up() => format!("Its mix: {}.", mix.text()),
        Some(mix) => format!("The mix {} takes the place of the types in the file.", mix.text()),
    });
    let without_population = move || {
        go_to(file_words(InputRole::Employees).id);
        settings.without_population();
        state.edited();
    };
    let without_mix = move || {
        go_to(file_words(InputRole::Employees).id);
        settings.mix.set(None);
        state.edited();
    };
    view! {
        <p class="hint">{made_up}</p>
        <p class="hint">{mixed}</p>
        {shown(move || is_made_up().then(|| Action::new("Without the new population").button(|| false, without_population)))}
        {shown(move || {
            let is_shown = !is_made_up() && settings.mix.with(Option::is_some);
            is_shown.then(|| Action::new("Without the mix").button(|| false, without_mix))
        })}
    }
    .into_any()
}

fn contents_text(file: &FileState) -> String {
    match file {
        FileState::Empty => String::new(),
        FileState::Reading(_) => "being read…".to_owned(),
        FileState::Read(_, inspected) => inspected.contents.clone(),
        FileState::Unreadable(..) => "unreadable".to_owned(),
    }
}

/// What came of an answer to the file's question.
fn conversion(state: PageState, role: InputRole) -> AnyView {
    shown(move || {
        let line = match state.conversion_note(role)? {
            Ok(note) => format!("Converted: {note}."),
            Err(why) => format!("Not converted: {why}."),
        };
        Some(view! { <p class="hint" role="status">{line}</p> }.into_any())
    })
}

/// What is wrong with the file.
fn file_fault(state: PageState, place: FileSlot) -> AnyView {
    shown(move || {
        place.file.with(|file| match file {
            FileState::Empty | FileState::Reading(_) => None,
            FileState::Read(picked, inspected) => (inspected.errors + inspected.warnings > 0)
                .then(|| problem_list(state, place, &picked.file.name(), inspected)),
            FileState::Unreadable(picked, why) => {
                let text = format!("Error: {}: {why}.", picked.file.name());
                Some(view! { <p class="problems refused" role="alert">{text}</p> }.into_any())
            }
        })
    })
}
