//! The three files of a feed as cards: purpose, exact name and download.

use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::record::recipe::Recipe;
use btcfake_core::text::words::counted;
use leptos::prelude::*;

use super::copying::Copying;
use crate::messages::OutputFile;
use crate::page::components::{handler, markup};
use crate::page::run_state::Results;
use crate::page::state::PageState;
use crate::page::words::{feed_file, full_day_text, purpose, size_text};

/// The cards, in the order of the feed.
pub(crate) fn file_cards(state: PageState, copying: Copying, results: &Results) -> AnyView {
    // A reader may not find all rows of a broken file, so lines are counted.
    let is_broken = !results.outcome.broken.is_empty();
    let size = |file: &OutputFile| {
        let lines = usize::try_from(file.lines).unwrap_or(usize::MAX);
        if is_broken { counted(lines, "line") } else { counted(lines.saturating_sub(1), "row") }
    };
    let card = |file: FeedFile| {
        let found = results.outcome.files.iter().zip(&results.urls).find(|(one, _)| feed_file(&one.name) == Some(file));
        match found {
            Some((one, url)) => card_view(state, copying, file, one.clone(), url.text(), &size(one)),
            None => missing_card(file),
        }
    };
    markup! { <ul class="file-cards">{FeedFile::ALL.map(card).into_iter().collect_view()}</ul> }
}

fn card_view(
    state: PageState,
    copying: Copying,
    file: FeedFile,
    output: OutputFile,
    url: String,
    size: &str,
) -> AnyView {
    let (title, purpose) = purpose(file);
    let OutputFile { name, bytes, .. } = output;
    let about = format!("{size}, {}: {purpose}", size_text(bytes));
    let (copied, label) = (name.clone(), format!("Copy the name {name}"));
    markup! {
        <li class="panel file-card">
            <div class="row">
                {icon(file)}
                <strong>{title}</strong>
                <a
                    class="button bare push"
                    href=url
                    download=name.clone()
                    aria-label=name.clone()
                    on:click=handler(move |_| state.keep_as_saved())
                >
                    "CSV"
                </a>
            </div>
            <button
                type="button"
                class="exact-name"
                aria-label=label
                data-name=name.clone()
                on:click=handler(move |_| copying.copy("Name of the file", copied.clone()))
            >
                <span>{name.clone()}</span>
            </button>
            <p class="hint">{about}</p>
        </li>
    }
}

/// A file that was left out on purpose.
fn missing_card(file: FeedFile) -> AnyView {
    let (title, _) = purpose(file);
    markup! {
        <li class="panel file-card missing">
            <div class="row">{icon(file)}<strong>{title}</strong></div>
            <p class="hint">"Left out on purpose."</p>
        </li>
    }
}

/// The title with the day of the run in its time zone: `Feed of Thursday, January 29, 2026`.
pub(crate) fn title(recipe: Option<&Recipe>) -> String {
    let day = recipe.map(|recipe| recipe.settings.day());
    day.map_or_else(|| "Feed".to_owned(), |day| format!("Feed of {}", full_day_text(day)))
}

/// A sign for a file: a tick, a list, an empty sheet.
pub(crate) fn icon(file: FeedFile) -> AnyView {
    let (class, line) = match file {
        FeedFile::Completions => ("file-icon done", "M4 8.5l3 3 5-6"),
        FeedFile::Assignments => ("file-icon open", "M4 5h8M4 8h8M4 11h5"),
        FeedFile::Dummy => ("file-icon", "M5 3h4l3 3v7H5zM9 3v3h3"),
    };
    markup! { <svg class=class viewBox="0 0 16 16" width="24" height="24" aria-hidden="true"><path d=line></path></svg> }
}
