//! The inputs for the run of the next day, made without a helper.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::run::state_after::{StateTables, tables_after};
use btcfake_core::sample::{TABLE_NAMES, catalogs_on, recommendations_on};
use wasm_bindgen::JsValue;

use super::output::file_of;
use super::running::FinishedRun;
use super::sample::recipe_of;

/// The tables content_assignments and content_completion after a run; with `sample`, the day of a sample, also its catalogs and
/// recommendations of the next day.
///
/// # Errors
/// The browser's message if it cannot hold the files.
pub(super) fn files(finished: &FinishedRun, sample: Option<i32>) -> Result<Vec<(InputRole, JsValue)>, String> {
    let [_, assignments_name, completions_name, _] = TABLE_NAMES;
    let StateTables { assignments, completions } = tables_after(&finished.simulation);
    let mut files = vec![
        (InputRole::Assignments, file_of(assignments_name, &assignments)?),
        (InputRole::Completions, file_of(completions_name, &completions)?),
    ];
    if let Some((day, next)) = sample.zip(finished.simulation.calendar().today.succ_opt()) {
        let recipe = recipe_of(day);
        let [standalone_content, course_catalog] = catalogs_on(&recipe, next);
        for (role, file) in [
            (InputRole::StandaloneContent, standalone_content),
            (InputRole::CourseCatalog, course_catalog),
            (InputRole::Recommendations, recommendations_on(&recipe, next)),
        ] {
            files.push((role, file_of(&file.name, &file.bytes)?));
        }
    }
    Ok(files)
}
