//! The core's check of files, for Python.

use btcfake_core::check::{GivenFile, check as check_files};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::refusal;

/// Checks files, each a name and its bytes. Returns JSON: for each file its name, kind, rows and findings, which have the
/// fields of `btcfake check --json`.
#[pyfunction]
pub(crate) fn check(py: Python<'_>, files: Vec<(String, Vec<u8>)>) -> PyResult<String> {
    let report = py.detach(|| {
        let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
        check_files(&given)
    });
    let with_findings = report.files.iter().zip(report.by_file());
    let files: Vec<Value> = with_findings
        .map(|(file, findings)| json!({"name": file.name, "kind": file.kind, "rows": file.rows, "findings": findings}))
        .collect();
    serde_json::to_string(&files).map_err(refusal)
}
