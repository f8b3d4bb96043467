//! The columns of the tables that a run reads: the same names as in the files of the same kinds.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::{assignments_table, completions_table, employees};
use pyo3::prelude::*;

use crate::role_of;

/// The columns of a table of recommendations that a run reads; the API's items have the same fields.
const RECOMMENDATIONS: [&str; 3] = ["ba_id", "recommended_content_id", "recommended_content"];

/// The columns of the table of a role that a run reads, the employee's id first.
#[pyfunction]
pub(crate) fn columns(role: &str) -> PyResult<Vec<&'static str>> {
    Ok(columns_of(role_of(role)?).to_vec())
}

/// As [`columns`]; empty for the roles that only files can have.
pub(crate) fn columns_of(role: InputRole) -> &'static [&'static str] {
    match role {
        InputRole::Employees => &employees::COLUMNS,
        InputRole::Assignments => &assignments_table::COLUMNS,
        InputRole::Completions => &completions_table::COLUMNS,
        InputRole::Recommendations => &RECOMMENDATIONS,
        _ => &[],
    }
}
