//! The SQL statements that this program sends: these and no others.
//!
//! No value is pasted into them. The names of catalog and schema are checked by the configuration and stand in back
//! quotes; the employees' ids come as one parameter, a JSON list, which the statement takes apart. Timestamps are read as
//! microseconds since 1970 (`unix_micros`), because their text would depend on the session's time zone. The order is
//! fixed, so that the same state gives the same bytes.

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

    /// What is read from it, for people.
    pub(crate) fn contents(self) -> &'static str {
        match self {
            Self::Assignments => "open assignments",
            Self::Completions => "completions",
        }
    }
}

/// The parameter that holds the employees' ids.
pub(crate) const IDS: &str = "ids";

/// Reads a table for the employees of `:ids`: of the assignments those without a completion, all completions.
pub(crate) fn read(table: StateTable, catalog: &str, schema: &str) -> String {
    let place = format!("{}.{}", quoted(catalog), quoted(schema));
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

/// Reads no row of a table, but needs all its columns and the right to read it.
pub(crate) fn probe(table: StateTable, catalog: &str, schema: &str) -> String {
    let columns = match table {
        StateTable::Assignments => btcfake_core::format::assignments_table::COLUMNS.join(", "),
        StateTable::Completions => btcfake_core::format::completions_table::COLUMNS.join(", "),
    };
    format!("SELECT {columns} FROM {}.{}.`{}` LIMIT 0", quoted(catalog), quoted(schema), table.name())
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
