//! Reading of run files.

use btcfake_core::record::run_record::RunRecord;
use pyo3::prelude::*;

use crate::refusal;

/// A file of the feed: name, bytes, SHA-256.
type Output = (String, u64, String);

/// Reads the run file of a feed whose rows go into tables. Returns the business time zone and the files of the feed.
///
/// # Errors
/// `ValueError` for bytes that are no run file, and for a feed that was broken on purpose: its rows fit no table.
#[pyfunction]
pub(crate) fn read_run_file(bytes: &[u8]) -> PyResult<(String, Vec<Output>)> {
    let record = RunRecord::from_bytes(bytes).map_err(refusal)?;
    if !record.broken.is_empty() {
        return Err(refusal("the feed was broken on purpose; append the feed of the same run made without --break"));
    }
    let outputs = record.outputs.into_iter().map(|output| (output.name, output.bytes, output.sha256)).collect();
    Ok((record.settings.time_zone.name().to_owned(), outputs))
}

/// The seed of a series, from the bytes of the run file of its first day; `None` for any other bytes.
#[pyfunction]
pub(crate) fn seed_of_first_day(bytes: &[u8]) -> Option<u64> {
    let record = RunRecord::from_bytes(bytes).ok()?;
    record.series.is_some_and(|series| series.day == 1).then_some(record.settings.seed)
}
