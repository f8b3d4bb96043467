//! The tables of a slice: converted to files, with the facts that a run needs about them before its rows are made.

use std::iter;

use arrow_array::RecordBatch;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::chunks::Workers;
use pyo3::PyResult;
use pyo3_arrow::PyTable;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::problems::FoundProblem;
use crate::role_of;
use crate::tables::TableFile;

/// The tables of a slice, each with its role: the employees, their state and their recommendations.
pub(crate) type Tables = Vec<(String, PyTable)>;

/// Facts about the tables of a slice, with the problems of their rows.
#[derive(Default, Serialize)]
pub(crate) struct FoundSlice {
    pub(crate) employees: usize,
    pub(crate) open: usize,
    /// Rows that were left out.
    pub(crate) skipped: usize,
    /// The lowest and the highest id of the employees; `None` without employees.
    pub(crate) ids: Option<(i64, i64)>,
    /// The lowest and the highest position; `None` without positions.
    positions: Option<(i64, i64)>,
    /// Whether the ids rise with the positions.
    is_in_order: bool,
    /// The first positions that more than one employee has.
    repeated_positions: Vec<i64>,
    /// The sum of the fingerprints of the tables, which wraps around. If the tables are read again, it shows whether the rows
    /// are the same.
    fingerprint: u64,
    nulls: Vec<(InputRole, &'static str, usize)>,
    pub(crate) problems: Vec<FoundProblem>,
}

impl FoundSlice {
    /// The facts that the rows of all tables show before the core reads them.
    pub(crate) fn of(employees: &TableFile, tables: &[TableFile]) -> FoundSlice {
        let repeated_positions = employees.repeated_positions();
        let is_in_order = repeated_positions.is_empty() && employees.ids().is_sorted();
        FoundSlice {
            ids: employees.ids().min().zip(employees.ids().max()),
            positions: employees.positions().next().zip(employees.positions().last()),
            is_in_order,
            repeated_positions,
            fingerprint: tables.iter().map(TableFile::fingerprint).fold(0, u64::wrapping_add),
            nulls: tables.iter().flat_map(|table| table.nulls().map(|(name, rows)| (table.role, name, rows))).collect(),
            ..FoundSlice::default()
        }
    }
}

/// The tables of a slice as the files of their kinds, the employees first. Of the others, rows of further employees are
/// left out.
///
/// # Errors
/// A column that is missing or of another type.
pub(crate) fn files_of(tables: Tables, workers: &impl Workers) -> PyResult<Vec<TableFile>> {
    let tables = tables.into_iter().map(|(role, table)| Ok((role_of(&role)?, table.into_inner().0)));
    let tables: Vec<(InputRole, Vec<RecordBatch>)> = tables.collect::<PyResult<_>>()?;
    let Some(((role, batches), others)) = tables.split_first() else { return Ok(Vec::new()) };
    let employees = TableFile::of(*role, batches, |_| true)?;
    let ids: FxHashSet<i64> = if others.is_empty() { FxHashSet::default() } else { employees.ids().collect() };
    let files = workers.each(others.len(), |number| {
        let (role, batches) = &others[number];
        TableFile::of(*role, batches, |id| id.is_some_and(|id| ids.contains(&id)))
    });
    iter::once(Ok(employees)).chain(files).collect()
}
