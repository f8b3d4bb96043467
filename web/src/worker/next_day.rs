//! The inputs of the day after a run, from which the next run goes on without a helper.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::run::state_after::{StateTables, tables_after};
use btcfake_core::sample::{TABLE_NAMES, catalogs_on};
use wasm_bindgen::JsValue;

use super::output::file_of;
use super::running::FinishedRun;
use super::sample::recipe_of;

/// The tables content_assignments and content_completion after a run; and, for the catalogs of the sample of a day, those
/// that its vendor publishes on the next.
///
/// # Errors
/// The browser's message, if it cannot hold the files.
pub(super) fn files(finished: &FinishedRun, sample: Option<i32>) -> Result<Vec<(InputRole, JsValue)>, String> {
    let [_, assignments_name, completions_name, _] = TABLE_NAMES;
    let StateTables { assignments, completions } = tables_after(&finished.simulation);
    let mut files = vec![
        (InputRole::Assignments, file_of(assignments_name, &assignments)?),
        (InputRole::Completions, file_of(completions_name, &completions)?),
    ];
    if let Some((day, next)) = sample.zip(finished.simulation.calendar().today.succ_opt()) {
        let roles = [InputRole::StandaloneContent, InputRole::CourseCatalog];
        for (role, file) in roles.into_iter().zip(catalogs_on(&recipe_of(day), next)) {
            files.push((role, file_of(&file.name, &file.bytes)?));
        }
    }
    Ok(files)
}
