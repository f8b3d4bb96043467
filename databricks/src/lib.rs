//! BTC Fake's core as the Python module `btcfake._native`, for runs inside Databricks.
//!
//! The driver makes a `Run` from the settings and the files that all employees share. Each task of Spark passes to the
//! `Run` a slice of the employees and of their state, as Arrow tables, and gets the bytes of the vendor's files for
//! these employees. This module contains no rules of its own: a table is converted to the CSV file of its kind
//! (`tables.rs`), and the core reads that file like a user's file.

mod checking;
mod columns;
mod field;
mod found_slice;
mod given_run;
mod known_employees;
mod problems;
mod rows;
mod run;
mod run_file;
mod settings;
mod split;
mod state_after;
mod tables;
mod threads;

use btcfake_core::format::file_kind;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::production;
use pyo3::exceptions::PyValueError;
use pyo3::{PyErr, PyResult, pyfunction};

/// A Python exception with a message. The Python package converts it to one of its own exceptions.
fn refusal(message: impl ToString) -> PyErr {
    PyValueError::new_err(message.to_string())
}

fn role_of(name: &str) -> PyResult<InputRole> {
    serde_json::from_value(name.into()).map_err(refusal)
}

fn name_of(role: InputRole) -> PyResult<String> {
    serde_json::to_value(role).and_then(serde_json::from_value).map_err(refusal)
}

/// Whether a name, such as a host's, looks like a name of a production system.
#[pyfunction]
fn is_production(name: &str) -> bool {
    production::is_production(name)
}

/// Whether a name has the extension of an input file or of a file of a feed.
#[pyfunction]
fn has_known_extension(name: &str) -> bool {
    file_kind::has_known_extension(name)
}

#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::checking::check;
    #[pymodule_export]
    use super::columns::columns;
    #[pymodule_export]
    use super::known_employees::KnownEmployees;
    #[pymodule_export]
    use super::rows::{file_rows, row_schema, state_rows};
    #[pymodule_export]
    use super::run::Run;
    #[pymodule_export]
    use super::run_file::{read_run_file, seed_of_first_day};
    #[pymodule_export]
    use super::settings::{series_days, settings};
    #[pymodule_export]
    use super::split::FileSplitter;
    #[pymodule_export]
    use super::{has_known_extension, is_production};

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = btcfake_core::VERSION;
}
