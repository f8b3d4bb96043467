//! The inputs of a run, read and joined.

use crate::format::employees::Employee;
use crate::format::recommendations::{Answer, Recommendation};
use crate::inputs::catalog::Catalog;
use crate::inputs::employee_index::{EmployeeIndex, PerEmployee};
use crate::inputs::state::{GivenTables, State};

/// All inputs of a run, read and joined.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The employees, in the order of employees.csv.
    pub employees: Vec<Employee>,
    /// The number of comment rows of employees.csv.
    pub comment_rows: usize,
    /// The number of bad rows of employees.csv that were left out, if that was requested.
    pub skipped_rows: usize,
    /// The assignable contents, and names of contents.
    pub catalog: Catalog,
    /// True if the catalog is the built-in sample.
    pub catalog_is_built_in: bool,
    /// Open assignments and past completions.
    pub state: State,
    /// The state tables that were given.
    pub given_tables: GivenTables,
    /// The recommender's answers; at most one for each employee.
    pub answers: PerEmployee<Answer>,
    /// True if a recommendations file was given.
    pub recommendations_given: bool,
    /// The content of the dummy file.
    pub template: Vec<u8>,
    /// Index of the employees by id.
    pub index: EmployeeIndex,
}

impl Inputs {
    /// The name of a content: from the catalogs, else from any employee's recommendation; `None` if it is unknown.
    #[must_use]
    pub fn content_name(&self, content_id: u64) -> Option<&str> {
        self.catalog.name(content_id).or_else(|| {
            let answers = (0..self.employees.len()).flat_map(|position| self.answers.of(position));
            let recommended = answers.filter_map(|answer| match answer {
                Answer::Recommendations(recommendations) => Some(recommendations),
                Answer::Failed(_) => None,
            });
            let named = |one: &&Recommendation| one.content_id == content_id && !one.name.is_empty();
            recommended.flatten().find(named).map(|one| &*one.name)
        })
    }
}
