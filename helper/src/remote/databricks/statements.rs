//! The SQL statements that this program sends: these and no others.
//!
//! Values are never pasted in. Names of catalog and schema are checked by the configuration and put in back quotes.
//! Employee ids are one parameter: a JSON list that the statement unpacks. Timestamps are read as microseconds since
//! 1970 (`unix_micros`), because their text would depend on the session's time zone. Rows are ordered, so the same
//! state gives the same bytes.

use btcfake_core::format::{assignments_table, completions_table};

/// One of the two state tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateTable {
    /// `content_assignments`.
    Assignments,
    /// `content_completion`.
    Completions,
}

impl StateTable {
    /// Both, in the order in which they are read.
    pub(crate) const BOTH: [StateTable; 2] = [Self::Assignments, Self::Completions];

    /// The table's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Assignments => "content_assignments",
            Self::Completions => "content_completion",
        }
    }

    /// The table's columns, in order.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Assignments => &assignments_table::COLUMNS,
            Self::Completions => &completions_table::COLUMNS,
        }
    }

    /// Contents of the table, for people.
    pub(crate) fn contents(self) -> &'static str {
        match self {
            Self::Assignments => "open assignments",
            Self::Completions => "completions",
        }
    }
}

/// Name of the parameter with the employee ids, a JSON list.
pub(crate) const IDS: &str = "ids";

/// Statement that reads a table for the employees in `:ids`: assignments without a completion, or all completions.
pub(crate) fn read(table: StateTable, catalog: &str, schema: &str) -> String {
    let place = format!("{}.{}", sql_quoted(catalog), sql_quoted(schema));
    let wanted = "(SELECT explode(from_json(:ids, 'ARRAY<BIGINT>')) AS id)";
    match table {
        StateTable::Assignments => format!(
            "SELECT a.ba_id, a.content_id, unix_micros(a.assignment_date), CAST(a.update_date AS STRING), \
             unix_micros(a.assignment_begin_date), unix_micros(a.assignment_due_date), a.content_type \
             FROM {place}.`content_assignments` AS a JOIN {wanted} AS wanted ON a.ba_id = wanted.id \
             WHERE NOT EXISTS (SELECT 1 FROM {place}.`content_completion` AS c \
             WHERE c.ba_id = a.ba_id AND c.content_id = a.content_id) \
             ORDER BY a.ba_id, a.content_id, a.assignment_date, a.update_date, a.assignment_begin_date, \
             a.assignment_due_date, a.content_type"
        ),
        StateTable::Completions => format!(
            "SELECT c.ba_id, c.content_id, CAST(c.completion_date AS STRING) \
             FROM {place}.`content_completion` AS c JOIN {wanted} AS wanted ON c.ba_id = wanted.id \
             ORDER BY c.ba_id, c.content_id, c.completion_date"
        ),
    }
}

/// Statement that reads no row, but fails if a column is missing or reading is not permitted.
pub(crate) fn probe(table: StateTable, catalog: &str, schema: &str) -> String {
    let columns = table.columns().join(", ");
    format!("SELECT {columns} FROM {}.{}.`{}` LIMIT 0", sql_quoted(catalog), sql_quoted(schema), table.name())
}

fn sql_quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
