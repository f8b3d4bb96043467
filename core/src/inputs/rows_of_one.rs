//! The rows of one employee as they stand in the input files, for an explanation. A run does not keep them: it drops
//! their lines, the rows that have no effect, and the type before a mix.

use crate::format::assignments_table::{self, Assignment};
use crate::format::completions_table::{self, PastCompletion};
use crate::format::employees::{self, BadRows, Employee, EmployeeType};
use crate::format::input_role::InputRole;
use crate::sheet::as_csv;

/// The rows of one employee, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct RowsOfOne {
    /// The type in employees.csv; `None` without that file.
    pub kind: Option<EmployeeType>,
    /// The rows of `content_assignments`.
    pub assignments: Vec<Assignment>,
    /// The rows of `content_completion`.
    pub completions: Vec<PastCompletion>,
}

impl RowsOfOne {
    /// Reads the rows of an employee from the bytes of employees.csv and of the two state tables. A file that is `None`
    /// has no rows.
    #[must_use]
    pub fn read(
        id: u64,
        (employees, bad_rows): (Option<&[u8]>, BadRows),
        assignments: Option<&[u8]>,
        completions: Option<&[u8]>,
    ) -> RowsOfOne {
        let of_all = |bytes| employees::read(&as_csv(InputRole::Employees, bytes), bad_rows).value.rows;
        let employees = employees.map(of_all).unwrap_or_default();
        let assigned = |bytes| assignments_table::read(&as_csv(InputRole::Assignments, bytes), |one| one == id).value;
        let completed = |bytes| completions_table::read(&as_csv(InputRole::Completions, bytes), |one| one == id).value;
        RowsOfOne {
            kind: kind_of(id, &employees),
            assignments: assignments.map(assigned).unwrap_or_default(),
            completions: completions.map(completed).unwrap_or_default(),
        }
    }

    /// The rows of one employee among the rows of all employees.
    pub(super) fn among(
        id: u64,
        employees: &[Employee],
        assignments: &[Assignment],
        completions: &[PastCompletion],
    ) -> RowsOfOne {
        RowsOfOne {
            kind: kind_of(id, employees),
            assignments: assignments.iter().filter(|row| row.ba_id == id).cloned().collect(),
            completions: completions.iter().filter(|row| row.ba_id == id).copied().collect(),
        }
    }
}

fn kind_of(id: u64, employees: &[Employee]) -> Option<EmployeeType> {
    employees.iter().find(|employee| employee.id == id).map(|employee| employee.kind)
}
