//! The inputs for the run of the next day, made without a helper.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::run::later_days::LaterDays;
use btcfake_core::run::state_after::{StateTables, tables_after};
use btcfake_core::sample::TABLE_NAMES;
use wasm_bindgen::JsValue;

use super::output::file_of;
use super::running::FinishedRun;

/// If a run's catalog is that of a sample: the sample's catalogs and recommendations of the next day. Before them, with
/// `with_state`, the tables content_assignments and content_completion after the run.
///
/// # Errors
/// The browser's message if it cannot hold the files.
pub(super) fn files(finished: &FinishedRun, with_state: bool) -> Result<Vec<(InputRole, JsValue)>, String> {
    let run = &finished.simulation;
    let mut files = Vec::new();
    if with_state {
        let [_, assignments_name, completions_name, _] = TABLE_NAMES;
        let StateTables { assignments, completions } = tables_after(run);
        files.push((InputRole::Assignments, file_of(assignments_name, &assignments)?));
        files.push((InputRole::Completions, file_of(completions_name, &completions)?));
    }
    let today = run.calendar().today;
    if let Some((later_days, next)) = LaterDays::of(run.inputs(), today).zip(today.succ_opt()) {
        for (role, file) in later_days.files(run.inputs(), next) {
            files.push((role, file_of(&file.name, &file.bytes)?));
        }
    }
    Ok(files)
}
