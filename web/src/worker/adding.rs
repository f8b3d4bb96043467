//! Files that are added without a role: what each of them is, and files of a sample.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::role_of;
use btcfake_core::sample::{SampleRecipe, files};
use chrono::NaiveDate;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::output::file_of;
use super::reading::read;
use crate::messages::{AddAnswer, AddQuestion};

/// A role is recognised by so many bytes, except in workbooks.
const BEGINNING: i32 = 64 * 1024;

/// The seed of all samples.
const SEED: u64 = 1;

/// Answers a question about files that are added.
pub(super) async fn answer(question: AddQuestion, files: Vec<File>) -> (AddAnswer, Vec<JsValue>) {
    match question {
        AddQuestion::Roles => {
            let mut roles = Vec::new();
            for file in files {
                roles.push(role(&file).await);
            }
            (AddAnswer::Roles(roles), Vec::new())
        }
        AddQuestion::Sample(day) => {
            let (roles, files) = sample(day).into_iter().unzip();
            (AddAnswer::Sample(roles), files)
        }
    }
}

async fn role(file: &File) -> Result<InputRole, String> {
    let beginning = match file.slice_with_i32_and_i32(0, BEGINNING) {
        Ok(beginning) => read(&beginning).await?,
        Err(_) => read(file).await?,
    };
    let is_workbook = beginning.starts_with(b"PK");
    role_of(&file.name(), &if is_workbook { read(file).await? } else { beginning })
}

fn sample(day: i32) -> Vec<(InputRole, JsValue)> {
    let today = NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default();
    let (employees, contents) = (SampleRecipe::EMPLOYEES, SampleRecipe::CONTENTS);
    let made = files(&SampleRecipe { seed: SEED, today, employees, contents });
    InputRole::ALL
        .into_iter()
        .zip(made)
        .filter_map(|(role, file)| Some((role, file_of(&file.name, &file.bytes).ok()?)))
        .collect()
}
