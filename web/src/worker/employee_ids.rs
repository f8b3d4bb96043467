//! The ids of all employees, for requests to the helper. They are never copied into the page's memory.

use btcfake_core::api::EmployeeIds;
use btcfake_core::format::employees::BadRows;
use btcfake_core::inputs::single_file::read_employees;
use btcfake_core::sheet::Choices;
use btcfake_core::text::problem::Problem;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::output::blob;
use super::picked_files::{PickedFile, PickedFiles};
use crate::messages::ToPage;

/// The answer to a request for the ids, with the ids attached if they can be had.
pub(super) async fn answer(
    request: u32,
    picked: &PickedFile,
    bad_rows: BadRows,
    kept: &PickedFiles,
) -> (ToPage, Vec<JsValue>) {
    match ids_of(picked, bad_rows, kept).await {
        Ok((count, json)) => (ToPage::EmployeeIds { request, found: Ok(count) }, vec![json.into()]),
        Err(why) => (ToPage::EmployeeIds { request, found: Err(why) }, Vec::new()),
    }
}

/// The number of employees, and their ids as JSON.
///
/// # Errors
/// In plain words: the file cannot be read any more, or its first error.
async fn ids_of(picked: &PickedFile, bad_rows: BadRows, kept: &PickedFiles) -> Result<(usize, Blob), String> {
    picked.still_there().await?;
    let reading = read_employees(&kept.get(picked).await?.bytes, &Choices::NONE, bad_rows);
    if let Some(error) = reading.problems.iter().find(|problem| Problem::is_error(problem)) {
        return Err(format!("{}:{error}", picked.file.name()));
    }
    let employee_ids: Vec<u64> = reading.value.rows.iter().map(|employee| employee.id).collect();
    let count = employee_ids.len();
    let json = serde_json::to_vec(&EmployeeIds { employee_ids }).map_err(|error| error.to_string())?;
    Ok((count, blob(&Array::of1(&Uint8Array::from(json.as_slice())), "application/json")?))
}
