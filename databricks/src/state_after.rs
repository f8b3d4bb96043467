//! The state tables after a run, as Arrow data.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, StringArray};
use btcfake_core::inputs::state::OpenAssignment;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::state_after::state_after;
use chrono::{DateTime, Utc};
use pyo3::PyResult;
use pyo3_arrow::PyRecordBatch;

use crate::rows::{days, instants, record_batch};

/// The rows of content_assignments (only open ones) and of content_completion after a run.
pub(crate) fn tables_after(run: &Simulation) -> PyResult<(PyRecordBatch, PyRecordBatch)> {
    let state = state_after(run);
    let employees = run.inputs().employees.iter().map(|employee| employee.id).enumerate();
    let open = employees.clone().flat_map(|(at, id)| state.open.of(at).iter().map(move |row| (id, row)));
    let done = employees.flat_map(|(at, id)| state.completed.of(at).iter().map(move |row| (id, row)));
    let (open, done): (Vec<_>, Vec<_>) = (open.collect(), done.collect());
    let moments = |moment: fn(&OpenAssignment) -> DateTime<Utc>| {
        instants(open.iter().map(|(_, row)| moment(row).timestamp_micros()).collect())
    };
    let types = open.iter().map(|(_, row)| &*row.content_type);
    let assignments: [(&str, ArrayRef); 6] = [
        ("ba_id", ids(open.iter().map(|row| row.0))),
        ("content_id", ids(open.iter().map(|(_, row)| row.content_id))),
        ("assignment_date", moments(|row| row.assigned)),
        ("assignment_begin_date", moments(|row| row.begin)),
        ("assignment_due_date", moments(|row| row.due)),
        ("content_type", Arc::new(StringArray::from_iter_values(types))),
    ];
    let completions: [(&str, ArrayRef); 3] = [
        ("ba_id", ids(done.iter().map(|row| row.0))),
        ("content_id", ids(done.iter().map(|(_, row)| row.content_id))),
        ("completion_date", days(done.iter().map(|(_, row)| row.day))),
    ];
    Ok((record_batch(assignments.into_iter())?, record_batch(completions.into_iter())?))
}

fn ids(ids: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(ids.map(u64::cast_signed)))
}
