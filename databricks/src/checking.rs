//! The core's check of files.

use btcfake_core::check::{GivenFile, check as check_files};
use pyo3::prelude::*;

use crate::refusal;

/// Checks files, each a name and its bytes, and returns the findings as JSON: for each file its name, kind, rows and findings,
/// as `btcfake check --json` prints them.
#[pyfunction]
pub(crate) fn check(py: Python<'_>, files: Vec<(String, Vec<u8>)>) -> PyResult<String> {
    let report = py.detach(|| {
        let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
        check_files(&given)
    });
    let findings = report.by_file();
    let files: Vec<serde_json::Value> = report.files.iter().zip(findings).map(file_json).collect();
    serde_json::to_string(&files).map_err(refusal)
}

fn file_json(
    (file, findings): (&btcfake_core::check::CheckedFile, Vec<btcfake_core::check::FileFinding>),
) -> serde_json::Value {
    let finding = |one: &btcfake_core::check::FileFinding| {
        serde_json::json!({
            "line": one.place.line, "column": one.place.column, "is_warning": one.is_warning,
            "message": one.said, "count": one.count,
        })
    };
    serde_json::json!({
        "name": file.name, "kind": file.kind, "rows": file.rows,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    })
}
