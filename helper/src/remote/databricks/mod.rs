//! Databricks client: reads open assignments and completions of a run's employees, through the SQL Statement Execution
//! API 2.0.
//!
//! The result is both state tables as CSV in the core's formats, so a live run is simulated like one from files and can
//! be repeated. With incomplete state a feed would be wrong, so anything that prevents a complete result is an error.

mod failure_text;
mod patience;
mod protocol;
mod refusal;
mod result;
mod statement_api;
pub(crate) mod statements;
mod storage;
mod warehouse;

use std::borrow::Cow;
use std::collections::BTreeSet;

use btcfake_core::format::quoted::push_field;
use btcfake_core::text::words::{counted, grouped};
use chrono::{DateTime, Datelike};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::configuration::DatabricksSettings;
use crate::feed::table_rows::RowName;
use crate::terminal::failure::Failure;
use crate::terminal::pace::Pace;
use patience::Patience;
use statements::StateTable;
use warehouse::Warehouse;

/// Number of employees per statement.
const EMPLOYEES_A_STATEMENT: usize = 10_000;

/// Columns whose values are timestamps, which Databricks may write in several forms.
const TIMESTAMPS: [&str; 3] = ["assignment_date", "assignment_begin_date", "assignment_due_date"];

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
            let mut waiting = |words: &str| listener(&format!("{what}: {words}"));
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
        let mut waiting = |words: &str| listener(&format!("{}: {words}", table.name()));
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
            self.add_row(&row).map_err(|why| self.unusable(&row, &why))?;
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

    fn add_row(&mut self, row: &[Value]) -> Result<(), String> {
        let (found, columns) = (row.len(), self.table.columns());
        if found != columns.len() {
            return Err(format!("a row has {found} values in place of {}", columns.len()));
        }
        for (column, value) in row.iter().enumerate() {
            if column > 0 {
                self.bytes.push(b',');
            }
            let Some(text) = text_of(value)? else { continue };
            if text.contains('\0') {
                return Err(format!("its {} holds the character NUL; remove it in the table", columns[column]));
            }
            push_csv(
                &mut self.bytes,
                &if TIMESTAMPS.contains(&columns[column]) { timestamp(&text)?.into() } else { text },
            );
        }
        self.bytes.push(b'\n');
        Ok(())
    }

    fn unusable(&self, row: &[Value], why: &str) -> Failure {
        let text = |column: usize| row.get(column).and_then(|value| text_of(value).ok()?).unwrap_or_default();
        let of = RowName { number: self.rows + 1, employee: &text(0), content: &text(1) };
        Failure::at("Databricks", format!("{of} of {} cannot be used: {why}", self.table.name()))
    }
}

/// Text of a value; `None` for NULL.
fn text_of(value: &Value) -> Result<Option<Cow<'_, str>>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.into())),
        Value::Number(number) => Ok(Some(number.to_string().into())),
        _ => Err("a value is neither text nor a number; try again".to_owned()),
    }
}

/// Converts microseconds since 1970 to an ISO 8601 timestamp in UTC. Fails outside the years 1 to 9999.
fn timestamp(micros: &str) -> Result<String, String> {
    let instant = micros.parse().ok().and_then(DateTime::from_timestamp_micros);
    match instant.filter(|instant| (1..=9999).contains(&instant.year())) {
        Some(instant) => Ok(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()),
        None => Err(format!("'{micros}' is no point in time; mend it in the table")),
    }
}

/// Appends a CSV field, quoted where necessary.
fn push_csv(out: &mut Vec<u8>, text: &str) {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'.' | b'_'));
    if is_plain { out.extend_from_slice(text.as_bytes()) } else { push_field(out, text.as_bytes()) }
}

#[cfg(test)]
mod tests;
