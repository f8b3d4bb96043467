//! The files of a sample.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::sample::{SampleRecipe, files};
use chrono::NaiveDate;
use wasm_bindgen::JsValue;

use super::output::file_of;

/// The seed of all samples.
const SEED: u64 = 1;

/// The files of the sample whose state ends with a day, where 1 is January 1 of year 1. A file that the browser cannot hold
/// is left out.
pub(super) fn files_of(day: i32) -> Vec<(InputRole, JsValue)> {
    let today = NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default();
    let recipe =
        SampleRecipe { seed: SEED, today, employees: SampleRecipe::EMPLOYEES, contents: SampleRecipe::CONTENTS };
    let made = InputRole::ALL.into_iter().zip(files(&recipe));
    made.filter_map(|(role, file)| Some((role, file_of(&file.name, &file.bytes).ok()?))).collect()
}
