//! State tables in an SQLite file, and their update from a published feed.
//!
//! As in the real tables, the same pair may occur twice, so there are no unique keys. Timestamps are stored as
//! microseconds since 1970 (UTC), days as text.
//!
//! Both tables are a history: rows are added, never changed or removed. A completion adds a row to content_completion,
//! with the day of DateCompleted in the business time zone, unless the pair (employee, content) has one for that day:
//! content that is recommended and completed again weeks later gets its new day, too. An assignment of a new pair adds
//! a row to content_assignments, with its own dates and the day of its CreateDate as update_date. Completing an
//! assignment does not change its row: the completion closes it. Content assigned and completed within one feed appears
//! only in the completions, because the vendor's files have no assignment for it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use btcfake_core::format::identifier::{parse_content_id, parse_plain_id};
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::table::{Row, TableReader};
use btcfake_core::format::{assignments_table, completions, completions_table, non_completed};
use btcfake_core::plan::calendar::BusinessZone;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Transaction, params};

use crate::remote::databricks::statements::StateTable;
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// State tables.
#[derive(Clone, Debug)]
pub(crate) struct StateStore(Arc<Mutex<Connection>>);

/// Rows that a feed added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoadedRows {
    /// New rows of content_assignments.
    pub(crate) assignments: usize,
    /// New rows of content_completion.
    pub(crate) completions: usize,
}

/// Content that an employee has open or completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownContent {
    /// Its id.
    pub(crate) content_id: u64,
    /// True if it was completed, on any day.
    pub(crate) is_completed: bool,
}

/// Row of a statement's result: text or null values.
pub(super) type TextRow = Vec<Option<String>>;

impl StateStore {
    /// Opens the file, or creates it if missing.
    ///
    /// # Errors
    /// A file that is no SQLite database or cannot be written.
    pub(crate) fn open(path: &Path) -> Result<StateStore, Failure> {
        const TABLES: &str = "
            CREATE TABLE IF NOT EXISTS content_assignments (
                ba_id INTEGER, content_id INTEGER, assignment_date INTEGER, update_date TEXT,
                assignment_begin_date INTEGER, assignment_due_date INTEGER, content_type TEXT);
            CREATE INDEX IF NOT EXISTS assignments_by_pair ON content_assignments (ba_id, content_id);
            CREATE TABLE IF NOT EXISTS content_completion (ba_id INTEGER, content_id INTEGER, completion_date TEXT);
            CREATE INDEX IF NOT EXISTS completions_by_pair ON content_completion (ba_id, content_id);";
        let opened = Connection::open(path).and_then(|connection| {
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            connection.execute_batch(TABLES)?;
            Ok(connection)
        });
        match opened {
            Ok(connection) => Ok(StateStore(Arc::new(Mutex::new(connection)))),
            Err(error) => {
                Err(Failure::at(shown_path(path), format!("cannot keep the sandbox's tables there: {error}")))
            }
        }
    }

    /// Number of rows of a table.
    ///
    /// # Errors
    /// A file that cannot be read.
    #[cfg(test)]
    pub(crate) fn rows(&self, table: StateTable) -> Result<usize, Failure> {
        let count = format!("SELECT count(*) FROM {}", table.name());
        let rows: i64 =
            self.connection().query_row(&count, [], |row| row.get(0)).map_err(|message| broken(&message))?;
        Ok(usize::try_from(rows).unwrap_or_default())
    }

    /// Adds the rows of two state tables, given as CSV.
    ///
    /// # Errors
    /// A row that cannot be read; no row is added then.
    pub(crate) fn add_tables(&self, assignments: &[u8], completions: &[u8]) -> Result<(), Failure> {
        let assignments = assignments_table::read(assignments, |_| true);
        let completions = completions_table::read(completions, |_| true);
        let problems = assignments.problems.iter().chain(&completions.problems);
        if let Some(problem) = problems.into_iter().find(|problem| problem.is_error()) {
            return Err(Failure::Other(format!("a state table for the sandbox cannot be read: {problem}")));
        }
        self.in_one_go(|transaction| {
            for row in &assignments.value {
                let row = StoredAssignment {
                    ba_id: row.ba_id,
                    content_id: row.content_id,
                    assigned: row.assigned,
                    updated: row.assigned.date_naive(),
                    begin: row.begin,
                    due: row.due,
                    content_type: Arc::clone(&row.content_type),
                };
                add_assignment(transaction, &row, "")?;
            }
            for row in &completions.value {
                add_completion(transaction, (row.ba_id, row.content_id, row.day), "")?;
            }
            Ok(())
        })
    }

    /// Loads a published feed by the rules in the module documentation.
    ///
    /// # Errors
    /// A row that cannot be read; no row is added then.
    pub(crate) fn load_feed(
        &self,
        completions: &[u8],
        assignments: &[u8],
        zone: BusinessZone,
    ) -> Result<LoadedRows, Failure> {
        let completions = read_completions(completions, zone)?;
        let assignments = read_assignments(assignments, zone)?;
        self.in_one_go(|transaction| {
            let mut loaded = LoadedRows { assignments: 0, completions: 0 };
            for row in &completions {
                loaded.completions += add_completion(transaction, *row, NEW_COMPLETION)?;
            }
            for row in &assignments {
                loaded.assignments += add_assignment(transaction, row, NEW_ASSIGNMENT)?;
            }
            Ok(loaded)
        })
    }

    /// Contents that an employee has open or completed, by id.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn known_contents(&self, ba_id: u64) -> Result<Vec<KnownContent>, Failure> {
        const KNOWN: &str = "SELECT content_id, max(is_completed) FROM (
            SELECT content_id, 1 AS is_completed FROM content_completion WHERE ba_id = ?1
            UNION ALL SELECT content_id, 0 FROM content_assignments WHERE ba_id = ?1) GROUP BY 1 ORDER BY 1";
        let read = || -> rusqlite::Result<Vec<KnownContent>> {
            let connection = self.connection();
            let mut prepared = connection.prepare_cached(KNOWN)?;
            let rows = prepared.query_map([ba_id.cast_signed()], |row| {
                let id: i64 = row.get(0)?;
                Ok(KnownContent { content_id: id.cast_unsigned(), is_completed: row.get(1)? })
            })?;
            rows.collect()
        };
        read().map_err(|message| broken(&message))
    }

    /// Rows of the statement that reads a table, for employees given as a JSON list of ids.
    pub(super) fn read(&self, table: StateTable, ids: &str) -> rusqlite::Result<Vec<TextRow>> {
        let statement = match table {
            StateTable::Assignments => {
                "SELECT ba_id, content_id, assignment_date, update_date, assignment_begin_date, assignment_due_date,
                 content_type FROM content_assignments AS a WHERE ba_id IN (SELECT value FROM json_each(?1))
                 AND NOT EXISTS (SELECT 1 FROM content_completion AS c
                 WHERE c.ba_id = a.ba_id AND c.content_id = a.content_id) ORDER BY 1, 2, 3, 4, 5, 6, 7"
            }
            StateTable::Completions => {
                "SELECT ba_id, content_id, completion_date FROM content_completion
                 WHERE ba_id IN (SELECT value FROM json_each(?1)) ORDER BY 1, 2, 3"
            }
        };
        let connection = self.connection();
        let mut prepared = connection.prepare_cached(statement)?;
        let text = |row: &rusqlite::Row<'_>, column| -> rusqlite::Result<Option<String>> {
            Ok(match row.get_ref(column)? {
                rusqlite::types::ValueRef::Null => None,
                rusqlite::types::ValueRef::Integer(number) => Some(number.to_string()),
                other => Some(String::from_utf8_lossy(other.as_bytes()?).into_owned()),
            })
        };
        let rows =
            prepared.query_map([ids], |row| (0..table.columns().len()).map(|column| text(row, column)).collect())?;
        rows.collect()
    }

    fn in_one_go<T>(&self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Failure> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(|message| broken(&message))?;
        let result = work(&transaction).map_err(|message| broken(&message))?;
        transaction.commit().map_err(|message| broken(&message))?;
        Ok(result)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Row of content_assignments.
struct StoredAssignment {
    ba_id: u64,
    content_id: u64,
    assigned: DateTime<Utc>,
    updated: NaiveDate,
    begin: DateTime<Utc>,
    due: DateTime<Utc>,
    content_type: Arc<str>,
}

/// Condition under which an assignment of a feed is new.
const NEW_ASSIGNMENT: &str =
    "WHERE NOT EXISTS (SELECT 1 FROM content_assignments WHERE ba_id = ?1 AND content_id = ?2)";

/// Condition under which a completion of a feed is new.
const NEW_COMPLETION: &str = "WHERE NOT EXISTS (SELECT 1 FROM content_completion
    WHERE ba_id = ?1 AND content_id = ?2 AND completion_date = ?3)";

/// Adds an assignment under a condition, which may be empty. Returns the number of added rows.
fn add_assignment(transaction: &Transaction<'_>, row: &StoredAssignment, condition: &str) -> rusqlite::Result<usize> {
    let statement = format!("INSERT INTO content_assignments SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 {condition}");
    transaction.prepare_cached(&statement)?.execute(params![
        row.ba_id.cast_signed(),
        row.content_id.cast_signed(),
        row.assigned.timestamp_micros(),
        row.updated.to_string(),
        row.begin.timestamp_micros(),
        row.due.timestamp_micros(),
        &*row.content_type,
    ])
}

/// Adds a completion under a condition, which may be empty. Returns the number of added rows.
fn add_completion(
    transaction: &Transaction<'_>,
    (ba_id, content_id, day): (u64, u64, NaiveDate),
    condition: &str,
) -> rusqlite::Result<usize> {
    let statement = format!("INSERT INTO content_completion SELECT ?1, ?2, ?3 {condition}");
    let values = params![ba_id.cast_signed(), content_id.cast_signed(), day.to_string()];
    transaction.prepare_cached(&statement)?.execute(values)
}

fn read_completions(bytes: &[u8], zone: BusinessZone) -> Result<Vec<(u64, u64, NaiveDate)>, Failure> {
    const USER: usize = 0;
    const CONTENT: usize = 1;
    const COMPLETED: usize = 3;
    read_feed_file(bytes, completions::COLUMNS, |row| {
        let completed = parse_instant(&row.text(COMPLETED))?;
        Some((parse_plain_id(row.value(USER))?, parse_content_id(row.value(CONTENT))?, zone.date_of(completed)))
    })
}

fn read_assignments(bytes: &[u8], zone: BusinessZone) -> Result<Vec<StoredAssignment>, Failure> {
    const USER: usize = 0;
    const CREATED: usize = 1;
    const CONTENT: usize = 3;
    const START: usize = 4;
    const DUE: usize = 5;
    const CONTENT_TYPE: usize = 6;
    read_feed_file(bytes, non_completed::COLUMNS, |row| {
        let created = parse_instant(&row.text(CREATED))?;
        Some(StoredAssignment {
            ba_id: parse_plain_id(row.value(USER))?,
            content_id: parse_content_id(row.value(CONTENT))?,
            assigned: created,
            updated: zone.date_of(created),
            begin: parse_instant(&row.text(START))?,
            due: parse_instant(&row.text(DUE))?,
            content_type: row.text(CONTENT_TYPE).into(),
        })
    })
}

fn read_feed_file<T, const WIDTH: usize>(
    bytes: &[u8],
    columns: [&'static str; WIDTH],
    read: impl Fn(&Row<'_, WIDTH>) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let unreadable = |message: String| Failure::Other(format!("the sandbox cannot take in the feed: {message}"));
    let mut table = TableReader::open(bytes, columns, false)
        .map_err(|problems| unreadable(problems.first().map(ToString::to_string).unwrap_or_default()))?;
    let mut rows = Vec::new();
    while let Some(row) = table.next_row() {
        if let Some(fault) = row.fault() {
            return Err(unreadable(fault.to_string()));
        }
        rows.push(read(&row).ok_or_else(|| unreadable(format!("line {} has an unreadable value", row.line())))?);
    }
    Ok(rows)
}

fn broken(message: &rusqlite::Error) -> Failure {
    Failure::Other(format!("the sandbox's tables cannot be used: {message}"))
}
