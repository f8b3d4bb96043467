//! The state tables after a run, from which the next day's run goes on without a helper.

use btcfake_core::run::state_after::{StateTables, tables_after};
use btcfake_core::sample::TABLE_NAMES;
use wasm_bindgen::JsValue;

use super::output::file_of;
use super::running::FinishedRun;

/// The tables content_assignments and content_completion after a run, as files.
///
/// # Errors
/// The browser's message, if it cannot hold the files.
pub(super) fn tables(finished: &FinishedRun) -> Result<[JsValue; 2], String> {
    let [_, assignments_name, completions_name, _] = TABLE_NAMES;
    let StateTables { assignments, completions } = tables_after(&finished.simulation);
    Ok([file_of(assignments_name, &assignments)?, file_of(completions_name, &completions)?])
}
