//! Drops and pastes anywhere on the page, taken in.

use btcfake_core::record::recipe::read_recipe;
use leptos::task::spawn_local;
use web_sys::{File, FileSystemEntry};

use crate::page::area::Area;
use crate::page::check::dropping::files_of;
use crate::page::check::start;
use crate::page::recipe::state::BEGINNING;
use crate::page::state::PageState;

/// Takes in all files of a drop. The area in view decides: the files are checked, compared as a feed, or sorted into the inputs
/// of a run.
pub(crate) fn take_dropped(state: PageState, area: Area, entries: Vec<FileSystemEntry>, files: Vec<File>) {
    spawn_local(async move {
        // The browser gives no entries for files that are not from a folder.
        let found = match entries.is_empty() {
            true => Ok(files.into_iter().map(|file| (file.name(), file)).collect()),
            false => files_of(entries).await,
        };
        match (area, found) {
            (Area::Check, found) => start(state, found),
            (_, Err(why)) => state.toasts.show(why),
            (Area::History, Ok(files)) => state.history.feeds.drop(files.into_iter().map(|(_, file)| file).collect()),
            (Area::Feed | Area::Mix | Area::Series, Ok(files)) => {
                state.take_files(files.into_iter().map(|(_, file)| file).collect());
            }
        }
    });
}

/// Takes in pasted text: a recipe sets the page up, a table becomes a file. Other text gets a message.
pub(crate) fn take_pasted(state: PageState, text: &str) {
    if text.contains(BEGINNING) || read_recipe(text).recipe.is_some() {
        state.open_recipe(text);
    } else {
        state.take_pasted(text);
    }
}
