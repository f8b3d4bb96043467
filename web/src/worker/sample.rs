//! The files of a sample.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::sample::{SampleRecipe, files};
use chrono::NaiveDate;
use wasm_bindgen::JsValue;

use super::output::file_of;

/// The seed of all samples.
const SEED: u64 = 1;

/// The recipe of the sample whose state ends with a day, where 1 is January 1 of year 1.
pub(super) fn recipe_of(day: i32) -> SampleRecipe {
    let today = NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default();
    SampleRecipe { seed: SEED, today, employees: SampleRecipe::EMPLOYEES, contents: SampleRecipe::CONTENTS }
}

/// The files of the sample of a day, as for [`recipe_of`]. A file that the browser cannot hold is left out.
pub(super) fn files_of(day: i32) -> Vec<(InputRole, JsValue)> {
    let made = InputRole::ALL.into_iter().zip(files(&recipe_of(day)));
    made.filter_map(|(role, file)| Some((role, file_of(&file.name, &file.bytes).ok()?))).collect()
}
