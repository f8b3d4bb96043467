//! Databricks: what the employees of a run have open and have completed, by the SQL Statement Execution API 2.0.
//!
//! The result is the two state tables as CSV, in the formats that the core reads, so that a live run uses the same way
//! as one from files and can be repeated. State must be right: anything that keeps it from being complete is an error.

mod explain;
mod protocol;
mod refusal;
pub(crate) mod statements;
mod storage;
mod warehouse;

use std::collections::BTreeSet;

use btcfake_core::format::quoted::push_field;
use btcfake_core::format::{assignments_table, completions_table};
use chrono::{DateTime, Datelike};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::configuration::DatabricksSettings;
use crate::terminal::failure::Failure;
use statements::StateTable;
use warehouse::{Patience, Waiting, Warehouse};

/// How many employees one statement is about.
const EMPLOYEES_A_STATEMENT: usize = 10_000;

/// The most that is kept of one state table, in bytes.
const LONGEST_TABLE: usize = 8 << 30;

/// The state tables of a run's employees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateTables {
    /// Open assignments, as the CSV file `content_assignments`.
    pub(crate) assignments: Vec<u8>,
    /// How many they are.
    pub(crate) assignment_rows: usize,
    /// Completions of any day, as the CSV file `content_completion`.
    pub(crate) completions: Vec<u8>,
    /// How many they are.
    pub(crate) completion_rows: usize,
}

/// Reads the state of employees. The listener is told, in a line for people, what is waited for.
///
/// # Errors
/// Anything that keeps the state from being complete, in plain words, or a cancelled run.
pub(crate) async fn read_state(
    settings: &DatabricksSettings,
    employee_ids: &[u64],
    listener: &mut (dyn FnMut(&str) + Send),
    cancel: &CancellationToken,
) -> Result<StateTables, Failure> {
    read_state_patiently(settings, employee_ids, listener, cancel, Patience::USUAL).await
}

async fn read_state_patiently(
    settings: &DatabricksSettings,
    employee_ids: &[u64],
    listener: &mut (dyn FnMut(&str) + Send),
    cancel: &CancellationToken,
    patience: Patience,
) -> Result<StateTables, Failure> {
    let warehouse = Warehouse::new(settings, patience, cancel)?;
    let mut assignments = Table::new(StateTable::Assignments, &assignments_table::COLUMNS);
    let mut completions = Table::new(StateTable::Completions, &completions_table::COLUMNS);
    // In order and each once: an id that is there twice would give its rows twice.
    let employee_ids: Vec<u64> = BTreeSet::from_iter(employee_ids.iter().copied()).into_iter().collect();
    for batch in employee_ids.chunks(EMPLOYEES_A_STATEMENT) {
        // A list of whole numbers is the same in Rust and in JSON.
        let ids = format!("{batch:?}");
        for table in [&mut assignments, &mut completions] {
            let statement = statements::read(table.table, &settings.catalog, &settings.schema);
            let before = table.rows;
            let what = table.table.contents();
            let mut waiting = |waiting| listener(&describe(what, waiting));
            let mut rows = |rows| table.add(rows);
            warehouse.run(&statement, &[(statements::IDS, &ids)], &mut waiting, &mut rows).await?;
            listener(&format!("{what}: {}", btcfake_core::text::words::counted(table.rows - before, "row")));
        }
    }
    Ok(StateTables {
        assignments: assignments.bytes,
        assignment_rows: assignments.rows,
        completions: completions.bytes,
        completion_rows: completions.rows,
    })
}

/// Tries the connection: token, warehouse, and whether both state tables can be read. What is returned says what was
/// found.
///
/// # Errors
/// What does not work, with its mend, or a cancelled test.
pub(crate) async fn test_connection(
    settings: &DatabricksSettings,
    listener: &mut (dyn FnMut(&str) + Send),
    cancel: &CancellationToken,
) -> Result<String, Failure> {
    let warehouse = Warehouse::new(settings, Patience::USUAL, cancel)?;
    for table in StateTable::BOTH {
        let statement = statements::probe(table, &settings.catalog, &settings.schema);
        let mut waiting = |waiting| listener(&describe(table.name(), waiting));
        warehouse.run(&statement, &[], &mut waiting, &mut |_| Ok(())).await?;
    }
    Ok(format!("both state tables in {}.{} can be read", settings.catalog, settings.schema))
}

fn describe(what: &str, waiting: Waiting) -> String {
    match waiting {
        Waiting::ForWarehouse(since) if since.as_secs() > 0 => {
            format!("{what}: the SQL warehouse starts or is busy ({} s)", since.as_secs())
        }
        Waiting::ForResult(since) if since.as_secs() > 0 => {
            format!("{what}: the statement runs ({} s)", since.as_secs())
        }
        _ => format!("{what}: asked"),
    }
}

/// A state table as CSV, growing.
struct Table {
    table: StateTable,
    width: usize,
    bytes: Vec<u8>,
    rows: usize,
    /// The most that is kept, in bytes.
    longest: usize,
}

impl Table {
    fn new(table: StateTable, columns: &[&str]) -> Table {
        Table {
            table,
            width: columns.len(),
            bytes: format!("{}\n", columns.join(",")).into_bytes(),
            rows: 0,
            longest: LONGEST_TABLE,
        }
    }

    fn add(&mut self, rows: Vec<Vec<Value>>) -> Result<(), Failure> {
        for row in rows {
            if row.len() != self.width {
                let (found, wanted) = (row.len(), self.width);
                return Err(self.unusable(&format!("a row has {found} values in place of {wanted}")));
            }
            for (column, value) in row.into_iter().enumerate() {
                if column > 0 {
                    self.bytes.push(b',');
                }
                let text = match value {
                    Value::Null => continue,
                    Value::String(text) => text,
                    Value::Number(number) => number.to_string(),
                    _ => return Err(self.unusable("a value is neither text nor a number")),
                };
                let is_timestamp = self.table == StateTable::Assignments && matches!(column, 2 | 4 | 5);
                let text = if is_timestamp { self.timestamp(&text)? } else { text };
                push_csv(&mut self.bytes, &text);
            }
            self.bytes.push(b'\n');
            self.rows += 1;
            if self.bytes.len() > self.longest {
                let limit = self.longest >> 20;
                let name = self.table.name();
                return Err(Failure::Other(format!(
                    "Databricks: {name} holds more than {limit} MiB about these employees; run for fewer of them"
                )));
            }
        }
        Ok(())
    }

    /// A timestamp as UTC; it comes as microseconds since 1970.
    fn timestamp(&self, micros: &str) -> Result<String, Failure> {
        let instant = micros.parse().ok().and_then(DateTime::from_timestamp_micros);
        match instant.filter(|instant| (1..=9999).contains(&instant.year())) {
            Some(instant) => Ok(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()),
            None => Err(self.unusable(&format!("'{micros}' is no point in time"))),
        }
    }

    fn unusable(&self, said: &str) -> Failure {
        let name = self.table.name();
        Failure::Other(format!("Databricks: row {} of {name} cannot be used: {said}", self.rows + 1))
    }
}

/// A field, in quotes where it needs them.
fn push_csv(out: &mut Vec<u8>, text: &str) {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'.' | b'_'));
    if is_plain { out.extend_from_slice(text.as_bytes()) } else { push_field(out, text.as_bytes()) }
}

#[cfg(test)]
mod tests;
