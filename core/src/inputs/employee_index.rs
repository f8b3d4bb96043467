//! Lookup of employees by id, and storage of rows grouped by employee.

use crate::format::employees::Employee;

/// Index from employee id to the position in employees.csv, from 0.
#[derive(Clone, Debug, Default)]
pub struct EmployeeIndex {
    by_id: Vec<(u64, u32)>,
}

impl EmployeeIndex {
    /// Builds the index. Ids must be unique.
    #[must_use]
    pub fn new(employees: &[Employee]) -> EmployeeIndex {
        let mut by_id: Vec<(u64, u32)> =
            (0..).zip(employees).map(|(position, employee)| (employee.id, position)).collect();
        by_id.sort();
        EmployeeIndex { by_id }
    }

    /// The position of an employee, from 0; `None` if the run has no such employee.
    #[must_use]
    pub fn position(&self, id: u64) -> Option<u32> {
        self.by_id.binary_search_by_key(&id, |entry| entry.0).ok().map(|found| self.by_id[found].1)
    }

    /// The positions of all employees, by ascending id.
    pub fn positions_by_id(&self) -> impl Iterator<Item = usize> {
        self.by_id.iter().map(|entry| entry.1 as usize)
    }
}

/// Rows grouped by the position of their employee.
#[derive(Clone, Debug)]
pub struct PerEmployee<T> {
    ends: Vec<u32>,
    rows: Vec<T>,
}

impl<T> Default for PerEmployee<T> {
    fn default() -> PerEmployee<T> {
        PerEmployee { ends: Vec::new(), rows: Vec::new() }
    }
}

impl<T> PerEmployee<T> {
    /// Groups rows, each with the position of its employee. They must be sorted by position; every position must be
    /// below `employees`.
    #[must_use]
    pub fn from_sorted(rows: Vec<(u32, T)>, employees: usize) -> PerEmployee<T> {
        if rows.is_empty() {
            return PerEmployee::default();
        }
        let mut ends = vec![0; employees];
        for (position, _) in &rows {
            ends[*position as usize] += 1;
        }
        let mut end = 0;
        for slot in &mut ends {
            end += *slot;
            *slot = end;
        }
        PerEmployee { ends, rows: rows.into_iter().map(|(_, row)| row).collect() }
    }

    /// The rows of the employee at a position; empty if there are none.
    #[must_use]
    pub fn of(&self, position: usize) -> &[T] {
        let Some(end) = self.ends.get(position) else { return &[] };
        let start = if position == 0 { 0 } else { self.ends[position - 1] };
        &self.rows[start as usize..*end as usize]
    }

    /// The number of rows of all employees.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if no employee has a row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
