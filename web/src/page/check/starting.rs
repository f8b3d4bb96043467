//! The start of a check: the files go to the worker, with the inputs of the run if people ticked that.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::dropping::FoundFile;
use super::state::CheckState;
use crate::messages::{CheckQuestion, ToWorker};
use crate::page::area::Area;
use crate::page::file_slot::FileSlot;
use crate::page::state::PageState;

/// Checks the files that were found. If there are none or they cannot be read, the area shows why.
pub(crate) fn start(page: PageState, found: Result<Vec<FoundFile>, String>) {
    match found {
        Ok(found) if !found.is_empty() => {
            check(page, found.into_iter().map(|(path, file)| (path, file.into())).collect());
        }
        Ok(_) => page.check.fail("There is no .csv, .json or .jsonl file or workbook in this folder.".to_owned()),
        Err(why) => page.check.fail(why),
    }
}

impl PageState {
    /// Checks the feed of the last run, in the area Check.
    pub(crate) fn check_last_feed(self) {
        let feed = self.history.feeds.recent.with_untracked(|recent| recent.first().map(|feed| feed.files.clone()));
        if let Some(files) = feed {
            let _ = window().location().set_hash(Area::Check.address());
            check(self, files);
        }
    }

    /// The names of the inputs that are picked under Feed.
    pub(crate) fn names_of_inputs(self) -> Vec<String> {
        self.slots.iter().filter_map(|slot| self.name_of(slot.role)).collect()
    }
}

fn check(page: PageState, mut files: Vec<(String, JsValue)>) {
    if page.check.with_inputs.get_untracked() {
        let inputs = page.slots.iter().filter_map(FileSlot::picked);
        for input in
            inputs.filter(|input| !files.iter().any(|(name, _)| *name == input.file.name())).collect::<Vec<_>>()
        {
            files.push((input.file.name(), input.file.into()));
        }
    }
    let (paths, files): (Vec<String>, Vec<JsValue>) = files.into_iter().unzip();
    page.revive_worker();
    let check = page.next_number();
    page.check.state.set(CheckState::Checking(check, files.len()));
    page.send(&ToWorker::Check(CheckQuestion::Check { check, paths }), files);
}
