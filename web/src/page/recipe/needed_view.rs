//! The opened recipe: its settings, the files that it needs, and whether the picked files are those.

use btcfake_core::VERSION;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::recipe::{Recipe, RecipeReading};
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::text::words::counted;
use leptos::html::H2;
use leptos::prelude::*;

use super::mark::mark_as_set_up;
use crate::page::area::Area;
use crate::page::components::{Action, follow, go_to, is_focus_nowhere, markup, refusal, shown, status, text};
use crate::page::file_slot::FileState;
use crate::page::state::PageState;
use crate::page::words::{breakage_words, ended, file_words, mix_words, size_text};

/// The section of the opened recipe; nothing without one.
pub(crate) fn needed_view(state: PageState) -> AnyView {
    let heading = NodeRef::<H2>::new();
    follow(move || {
        // A page that opens with the link keeps the focus at its top.
        if heading.get().is_some() && !is_focus_nowhere() {
            go_to("opened-heading");
        }
    });
    shown(move || {
        let reading = state.recipe.opened.get()?;
        // The place of a problem within a link is of no use to people.
        let problems: Vec<String> = reading.problems.iter().map(|problem| ended(problem.kind.to_string())).collect();
        let problems = (!problems.is_empty()).then(|| refusal(verdict(&reading), move || problems.clone()));
        let content = reading.recipe.clone().map(|recipe| recipe_view(state, recipe));
        let forget = move || {
            go_to("files-heading");
            let opened = state.recipe.opened.get_untracked();
            state.recipe.opened.set(None);
            mark_as_set_up(Some(Area::Feed.address()));
            let put_back = move || state.recipe.opened.set(opened.clone());
            state.toasts.show_with_undo("The opened run is forgotten.".to_owned(), put_back);
        };
        let forget = Action::new("Forget it").button(forget);
        Some(markup! {
            <section aria-labelledby="opened-heading">
                <h2 id="opened-heading" tabindex="-1" node_ref=heading>"Opened run"</h2>
                {problems}
                {content}
                <div class="buttons">{forget}</div>
            </section>
        })
    })
}

fn verdict(reading: &RecipeReading) -> &'static str {
    match reading.recipe {
        Some(_) => "A part of the recipe is not known here, so a run would not be the same:",
        None => "The recipe cannot be read, so nothing was set:",
    }
}

fn recipe_view(state: PageState, recipe: Recipe) -> AnyView {
    let other = recipe.version != VERSION;
    let version = other.then(|| {
        let version = btcfake_core::text::visible::shown(&recipe.version);
        view! { <p class="hint">{format!("It comes from version {version} of BTC Fake; this is {VERSION}.")}</p> }
    });
    let needed: Vec<InputRecord> = needed_files(&recipe).cloned().collect();
    let list = needed.iter().map(|file| needed_file(state, file.clone())).collect_view();
    let intro = (!needed.is_empty()).then(|| view! { <p>"Its runs need these files:"</p> });
    let message = text(move || verdict_on_files(state, &needed));
    let mix = recipe.settings.mix.map(|mix| {
        view! { <p>{format!("The mix sets the types of the employees: {}.", mix_words(mix))}</p> }
    });
    let population = recipe.settings.population.map(|new| {
        let text =
            format!("{} are made up, with ids {}.", counted(new.employee_count() as usize, "employee"), new.ids());
        view! { <p>{text}</p> }
    });
    let broken = (!recipe.breaks.is_empty()).then(|| {
        let faults = recipe
            .breaks
            .breakages()
            .iter()
            .map(|one| markup! { <li>{breakage_words(one)}": "{one.fault.sentence()}</li> });
        markup! { <div>"The feed is broken on purpose:"<ul>{faults.collect_view()}</ul></div> }
    });
    let settings_text = text(move || match is_as_set_up(state, &recipe) {
        true => "Seed, time and settings are those of the opened run.".to_owned(),
        false => "Seed, time or settings were changed since the run was opened.".to_owned(),
    });
    markup! {
        {status("hint", settings_text)}
        {version}
        {population}
        {mix}
        {broken}
        {intro}
        <ul class="needed-files">{list}</ul>
        {status("verdict", message)}
    }
}

/// Why a run now would differ from the opened one; empty if it would not, or without an opened run.
pub(crate) fn link_warning(state: PageState) -> String {
    state.recipe.opened.with(|opened| {
        let Some((reading, recipe)) = opened.as_ref().and_then(|one| Some((one, one.recipe.as_ref()?))) else {
            return String::new();
        };
        let needed: Vec<InputRecord> = needed_files(recipe).cloned().collect();
        let (mut missing, mut replaced) = (Vec::new(), Vec::new());
        for file in &needed {
            match file_match(state, file) {
                FileMatch::Missing => missing.push(name_of(file)),
                FileMatch::Other(_) => replaced.push(name_of(file)),
                FileMatch::Reading | FileMatch::Same => {}
            }
        }
        let mut why = files_text(&missing, &replaced);
        if !is_as_set_up(state, recipe) {
            why.push("seed, time or settings were changed".to_owned());
        }
        let surplus = surplus(state, &needed);
        if !surplus.is_empty() {
            why.push(format!("the opened run has no file under {}", surplus.join(", ")));
        }
        if !reading.problems.is_empty() {
            why.push("a part of it is not known here".to_owned());
        }
        if why.is_empty() { String::new() } else { format!("This is not the opened run: {}.", why.join("; ")) }
    })
}

/// Why a run differs by its files: those that are missing, and those in whose place there are others.
fn files_text(missing: &[String], replaced: &[String]) -> Vec<String> {
    let missing = match missing {
        [] => None,
        [one] => Some(format!("{one} is missing")),
        several => Some(format!("{} are missing", several.join(", "))),
    };
    let replaced = match replaced {
        [] => None,
        [one] => Some(format!("another file is picked instead of {one}")),
        several => Some(format!("other files are picked instead of {}", several.join(", "))),
    };
    missing.into_iter().chain(replaced).collect()
}

/// Whether the settings are those of the opened run.
fn is_as_set_up(state: PageState, recipe: &Recipe) -> bool {
    state.settings.settings().as_ref() == Ok(&recipe.settings)
        && state.settings.break_list().as_ref() == Ok(&recipe.breaks)
}

fn needed_files(recipe: &Recipe) -> impl Iterator<Item = &InputRecord> {
    recipe.files.iter().filter(|file| !file.built_in && !file.made_up)
}

/// The name of a file, uncut, so that people can find it.
fn name_of(file: &InputRecord) -> String {
    file.name.chars().filter(|character| !character.is_control()).collect()
}

fn needed_file(state: PageState, needed: InputRecord) -> AnyView {
    let about = format!("{}, {}", name_of(&needed), size_text(needed.bytes));
    let label = file_words(needed.role).label;
    let sha256 = needed.sha256.clone();
    let short = format!("SHA-256 {}…", &sha256[..sha256.len().min(8)]);
    let match_now = move || file_match(state, &needed);
    let class = {
        let match_now = match_now.clone();
        move || match match_now() {
            FileMatch::Same => "tag good",
            FileMatch::Other(_) => "tag bad",
            FileMatch::Missing | FileMatch::Reading => "tag",
        }
    };
    let words = move || match match_now() {
        FileMatch::Missing => format!("still needed: pick it under \"{label}\""),
        FileMatch::Reading => "being read…".to_owned(),
        FileMatch::Same => "the right file".to_owned(),
        FileMatch::Other(sha256) => {
            format!("another file is picked, so the run differs: its SHA-256 begins with {sha256}")
        }
    };
    markup! {
        <li>
            <strong>{about}</strong>
            " "
            <span class=class>{words}</span>
            <details>
                <summary>{short}</summary>
                <code>{sha256}</code>
            </details>
        </li>
    }
}

/// How a picked file compares with the one that is needed.
#[derive(Clone, PartialEq, Eq)]
enum FileMatch {
    Missing,
    Reading,
    Same,
    /// Another file; the beginning of its SHA-256.
    Other(String),
}

fn file_match(state: PageState, needed: &InputRecord) -> FileMatch {
    state.slot(needed.role).file.with(|file| match file {
        FileState::Empty | FileState::Unreadable(..) => FileMatch::Missing,
        FileState::Reading(_) => FileMatch::Reading,
        FileState::Read(picked, inspected) => match picked.original() {
            Some(original) if original.sha256 == needed.sha256 && original.choices == needed.choices => FileMatch::Same,
            None if inspected.sha256 == needed.sha256 => FileMatch::Same,
            Some(original) => FileMatch::Other(original.sha256.chars().take(8).collect()),
            None => FileMatch::Other(inspected.sha256.chars().take(8).collect()),
        },
    })
}

fn verdict_on_files(state: PageState, needed: &[InputRecord]) -> String {
    let wrong = needed.iter().filter(|file| file_match(state, file) != FileMatch::Same).count();
    let surplus = surplus(state, needed);
    let mut message = match (wrong, needed.len()) {
        (0, 0) => "Its runs need no files.".to_owned(),
        (0, _) if surplus.is_empty() => "All files are the right ones.".to_owned(),
        (0, _) => "Its own files are the right ones.".to_owned(),
        (wrong, all) => format!("{wrong} of {all} files still to be picked."),
    };
    if !surplus.is_empty() {
        message.push_str(&format!(" The opened run has no file under {}: remove what is there.", surplus.join(", ")));
    }
    message
}

/// The labels of the roles with a picked file where the opened run has none.
fn surplus(state: PageState, needed: &[InputRecord]) -> Vec<&'static str> {
    let is_needed = |role| needed.iter().any(|file| file.role == role);
    let roles = InputRole::ALL.into_iter().filter(|role| state.slot(*role).is_filled() && !is_needed(*role));
    roles.map(|role| file_words(role).label).collect()
}
