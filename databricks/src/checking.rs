//! The core's check of files.

use btcfake_core::check::{CheckedFile, Finding, GivenFile, check as check_files};
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
    let files: Vec<Value> =
        report.files.iter().zip(report.by_file()).map(|(file, findings)| file_json(file, &findings)).collect();
    serde_json::to_string(&files).map_err(refusal)
}

fn file_json(file: &CheckedFile, findings: &[&Finding]) -> Value {
    let finding = |one: &&Finding| {
        json!({
            "kind": one.kind, "severity": one.severity, "line": one.place.line, "column": one.place.column,
            "field": one.field, "data": one.data, "message": one.text, "count": one.count,
        })
    };
    json!({
        "name": file.name, "kind": file.kind, "rows": file.rows,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    })
}
