//! Problems of files and tables as JSON, for the exceptions of the package.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::problem::{Problem, ProblemKind};
use serde::Serialize;

/// A problem of a file, or of a row of a table.
#[derive(Debug, Serialize)]
pub(crate) struct FoundProblem {
    /// What the file or table is used as.
    role: InputRole,
    /// The name of the file; `None` for a table.
    name: Option<String>,
    /// The line of a file, from 1.
    line: Option<u32>,
    /// The column of a file, from 1, in characters.
    column: Option<u32>,
    /// The row of a table: the employee's id and, in a state table, the content's.
    row: Option<(Option<i64>, Option<i64>)>,
    /// The id, if the problem is that two rows have the same id.
    repeated_id: Option<u64>,
    /// Whether the problem refuses the run.
    is_error: bool,
    /// What was found and what is right.
    message: String,
}

impl FoundProblem {
    /// A problem of a file.
    pub(crate) fn of_file(role: InputRole, name: &str, problem: &Problem) -> FoundProblem {
        let (line, column) = (Some(problem.place.line), Some(problem.place.column));
        let message = problem.kind.to_string();
        FoundProblem { name: Some(name.to_owned()), line, column, message, ..FoundProblem::of(role, problem) }
    }

    /// A problem of a row of a table.
    pub(crate) fn of_row(role: InputRole, row: (Option<i64>, Option<i64>), problem: &Problem) -> FoundProblem {
        // Users do not see a table's CSV file, so its line numbers must not be in the message.
        let message = match &problem.kind {
            ProblemKind::RepeatedId { column, id, .. } => {
                format!("{column} {id} stands in another row already; keep one of the two rows")
            }
            kind => kind.to_string(),
        };
        FoundProblem { row: Some(row), message, ..FoundProblem::of(role, problem) }
    }

    /// Whether the problem refuses the run.
    pub(crate) fn is_error(&self) -> bool {
        self.is_error
    }

    fn of(role: InputRole, problem: &Problem) -> FoundProblem {
        let repeated_id = if let ProblemKind::RepeatedId { id, .. } = problem.kind { Some(id) } else { None };
        let (name, line, column, row, message) = (None, None, None, None, String::new());
        FoundProblem { role, name, line, column, row, repeated_id, is_error: problem.is_error(), message }
    }
}
