//! BTC Fake's core as the Python module `btcfake._native`, for runs inside Databricks.
//!
//! The driver gives a `Run` the settings and the files that all employees share. Each task of Spark gives it a slice of
//! the employees, and of their state, as Arrow tables, and gets the bytes of the vendor's files for them. Nothing is decided
//! here: a table becomes the CSV file of its kind (`tables.rs`), and the core reads that as it reads the file of a user.

mod checking;
mod problems;
mod roster;
mod rows;
mod run;
mod settings;
mod tables;

use pyo3::PyErr;
use pyo3::exceptions::PyValueError;

/// A Python exception with a message. The package makes one of its own kinds of it.
fn refusal(message: impl ToString) -> PyErr {
    PyValueError::new_err(message.to_string())
}

#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::checking::check;
    #[pymodule_export]
    use super::roster::Roster;
    #[pymodule_export]
    use super::rows::{assignment_rows, completion_rows};
    #[pymodule_export]
    use super::run::Run;
    #[pymodule_export]
    use super::settings::settings;

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = btcfake_core::VERSION;
}
