//! Databricks client: reads open assignments and completions of a run's employees, through the SQL Statement Execution
//! API 2.0.
//!
//! The result is both state tables as CSV in the core's formats, so a live run is simulated like one from files and can
//! be repeated. With incomplete state a feed would be wrong, so anything that prevents a complete result is an error.

mod explain;
mod protocol;
mod refusal;
pub(crate) mod statements;
mod storage;
mod warehouse;

use std::collections::BTreeSet;

use btcfake_core::format::quoted::push_field;
use btcfake_core::text::words::{counted, grouped};
use chrono::{DateTime, Datelike};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::configuration::DatabricksSettings;
use crate::terminal::failure::Failure;
use crate::terminal::pace::Pace;
use statements::StateTable;
use warehouse::{Patience, Waiting, Warehouse};

/// Number of employees per statement.
const EMPLOYEES_A_STATEMENT: usize = 10_000;

/// Maximum size of one state table, in bytes.
const LONGEST_TABLE: usize = 8 << 30;

/// The state tables of a run's employees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FetchedTables {
    /// Open assignments, as the CSV file `content_assignments`.
    pub(crate) assignments: Vec<u8>,
    /// Number of open assignments.
    pub(crate) assignment_rows: usize,
    /// Completions of any day, as the CSV file `content_completion`.
    pub(crate) completions: Vec<u8>,
    /// Number of completions.
    pub(crate) completion_rows: usize,
}

/// Reads open assignments and completions of employees; repeated ids count once. `listener` receives progress lines for
/// people.
///
/// # Errors
/// Settings from which no client can be built, any failure that leaves the state incomplete, or `Interrupted` on
/// cancellation.
pub(crate) async fn read_state(
    settings: &DatabricksSettings,
    employee_ids: &[u64],
    listener: &mut (dyn FnMut(&str) + Send),
    cancel: &CancellationToken,
) -> Result<FetchedTables, Failure> {
    read_state_patiently(settings, employee_ids, listener, cancel, Patience::USUAL).await
}

async fn read_state_patiently(
    settings: &DatabricksSettings,
    employee_ids: &[u64],
    listener: &mut (dyn FnMut(&str) + Send),
    cancel: &CancellationToken,
    patience: Patience,
) -> Result<FetchedTables, Failure> {
    let warehouse = Warehouse::new(settings, patience, cancel)?;
    let mut assignments = TableCsv::new(StateTable::Assignments);
    let mut completions = TableCsv::new(StateTable::Completions);
    // Sorted and deduplicated: a repeated id would give its rows twice.
    let employee_ids: Vec<u64> = BTreeSet::from_iter(employee_ids.iter().copied()).into_iter().collect();
    let pace = Pace::new(0);
    for (number, batch) in employee_ids.chunks(EMPLOYEES_A_STATEMENT).enumerate() {
        let how_far = how_far(&pace, number * EMPLOYEES_A_STATEMENT, employee_ids.len());
        // The `Debug` output of a list of whole numbers is valid JSON.
        let ids = format!("{batch:?}");
        for table in [&mut assignments, &mut completions] {
            let statement = statements::read(table.table, &settings.catalog, &settings.schema);
            let before = table.rows;
            let what = format!("{}{how_far}", table.table.contents());
            let mut waiting = |waiting| listener(&describe(&what, waiting));
            let mut rows = |rows| table.add(rows);
            warehouse.run(&statement, &[(statements::IDS, &ids)], &mut waiting, &mut rows).await?;
            listener(&format!("{what}: {}", counted(table.rows - before, "row")));
        }
    }
    Ok(FetchedTables {
        assignments: assignments.bytes,
        assignment_rows: assignments.rows,
        completions: completions.bytes,
        completion_rows: completions.rows,
    })
}

/// Tests token, warehouse, and read access to both state tables; reads no rows. Returns a line for people.
///
/// # Errors
/// The first failure, with its mend, or `Interrupted` on cancellation.
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

/// Progress for people: number of employees whose state was read, of all employees, with rate and time left; empty if
/// one statement reads all employees.
fn how_far(pace: &Pace, done: usize, all: usize) -> String {
    if all <= EMPLOYEES_A_STATEMENT {
        return String::new();
    }
    format!(" ({} of {}{})", grouped(done), counted(all, "employee"), pace.words(done, all))
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

/// State table as CSV, to which rows are appended.
struct TableCsv {
    table: StateTable,
    bytes: Vec<u8>,
    rows: usize,
    /// Maximum size in bytes.
    longest: usize,
}

impl TableCsv {
    fn new(table: StateTable) -> TableCsv {
        TableCsv {
            table,
            bytes: format!("{}\n", table.columns().join(",")).into_bytes(),
            rows: 0,
            longest: LONGEST_TABLE,
        }
    }

    fn add(&mut self, rows: Vec<Vec<Value>>) -> Result<(), Failure> {
        for row in rows {
            let (found, wanted) = (row.len(), self.table.columns().len());
            if found != wanted {
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
                let (name, limit) = (self.table.name(), self.longest >> 20);
                let message =
                    format!("{name} holds more than {limit} MiB about these employees; run for fewer of them");
                return Err(Failure::at("Databricks", message));
            }
        }
        Ok(())
    }

    /// Converts microseconds since 1970 to an ISO 8601 timestamp in UTC. Fails outside the years 1 to 9999.
    fn timestamp(&self, micros: &str) -> Result<String, Failure> {
        let instant = micros.parse().ok().and_then(DateTime::from_timestamp_micros);
        match instant.filter(|instant| (1..=9999).contains(&instant.year())) {
            Some(instant) => Ok(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()),
            None => Err(self.unusable(&format!("'{micros}' is no point in time"))),
        }
    }

    fn unusable(&self, message: &str) -> Failure {
        let (row, name) = (self.rows + 1, self.table.name());
        Failure::at("Databricks", format!("row {row} of {name} cannot be used: {message}"))
    }
}

/// Appends a CSV field, quoted where necessary.
fn push_csv(out: &mut Vec<u8>, text: &str) {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'.' | b'_'));
    if is_plain { out.extend_from_slice(text.as_bytes()) } else { push_field(out, text.as_bytes()) }
}

#[cfg(test)]
mod tests;
