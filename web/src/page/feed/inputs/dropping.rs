//! What was dropped or pasted anywhere on the page, taken in.

use btcfake_core::record::recipe::read_recipe;
use leptos::task::spawn_local;
use web_sys::FileSystemEntry;

use crate::page::check::dropping::files_of;
use crate::page::recipe::state::BEGINNING;
use crate::page::state::PageState;

/// Takes in all files of what was dropped.
pub(crate) fn take_dropped(state: PageState, entries: Vec<FileSystemEntry>) {
    spawn_local(async move {
        match files_of(entries).await {
            Ok(files) => state.take_files(files.into_iter().map(|(_, file)| file).collect()),
            Err(why) => state.toasts.say(why),
        }
    });
}

/// A pasted table becomes a file, a pasted recipe sets the page up; anything else is left alone.
pub(crate) fn take_pasted(state: PageState, text: &str) {
    if text.contains(BEGINNING) || read_recipe(text).recipe.is_some() {
        state.open_recipe(text);
    } else {
        state.take_pasted(text);
    }
}
