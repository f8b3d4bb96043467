//! Starting a check: the files that were found go to the worker.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::dropping::FoundFile;
use super::state::CheckState;
use crate::messages::{CheckQuestion, ToWorker};
use crate::page::state::PageState;

/// Checks the files that were found; with none, or without access to them, the area shows why.
pub(in super::super) fn start(page: PageState, found: Result<Vec<FoundFile>, String>) {
    let checks = page.check;
    let (paths, files): (Vec<String>, Vec<JsValue>) = match found {
        Ok(found) if !found.is_empty() => found.into_iter().map(|(path, file)| (path, file.into())).unzip(),
        Ok(_) => return checks.fail("There is no .csv, .json or .jsonl file or workbook in this folder.".to_owned()),
        Err(why) => return checks.fail(why),
    };
    page.revive_worker();
    let check = page.next_number();
    checks.state.set(CheckState::Checking(check, files.len()));
    page.send(&ToWorker::Check(CheckQuestion::Check { check, paths }), files);
}
