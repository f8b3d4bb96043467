//! Reading of run files.

use btcfake_core::record::run_record::RunRecord;
use pyo3::prelude::*;

use crate::refusal;

/// Reads a run file. Returns the business time zone and the files of the feed, each as name, bytes and SHA-256.
#[pyfunction]
pub(crate) fn read_run_file(bytes: &[u8]) -> PyResult<(String, Vec<(String, u64, String)>)> {
    let record = RunRecord::from_bytes(bytes).map_err(refusal)?;
    let outputs = record.outputs.into_iter().map(|output| (output.name, output.bytes, output.sha256)).collect();
    Ok((record.settings.time_zone.to_string(), outputs))
}
