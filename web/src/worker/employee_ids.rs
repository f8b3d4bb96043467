//! The ids of all employees, as the helper is asked about them. They never pass through the page's own memory.

use btcfake_core::api::EmployeeIds;
use btcfake_core::format::employees::BadRows;
use btcfake_core::inputs::reading::read_employees;
use btcfake_core::text::problem::Problem;
use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use super::output::blob;
use super::picked_files::{PickedFile, PickedFiles};

/// How many employees there are, and their ids as JSON.
///
/// # Errors
/// Why they cannot be had, in plain words.
pub(super) async fn of(picked: &PickedFile, bad_rows: BadRows, kept: &PickedFiles) -> Result<(usize, Blob), String> {
    picked.still_there().await?;
    let reading = read_employees(&kept.get(picked).await?.bytes, bad_rows);
    if let Some(error) = reading.problems.iter().find(|problem| Problem::is_error(problem)) {
        return Err(format!("{}:{error}", picked.file.name()));
    }
    let employee_ids: Vec<u64> = reading.value.rows.iter().map(|employee| employee.id).collect();
    let count = employee_ids.len();
    let json = serde_json::to_vec(&EmployeeIds { employee_ids }).map_err(|error| error.to_string())?;
    Ok((count, blob(&Array::of1(&Uint8Array::from(json.as_slice())), "application/json")?))
}
