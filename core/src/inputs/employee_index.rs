//! Lookup of employees by id, and storage of rows grouped by employee.

use std::ops::Range;

use crate::format::employees::Employee;

/// Index from employee id to the position in employees.csv, from 0.
#[derive(Clone, Debug, Default)]
pub struct EmployeeIndex {
    by_id: Vec<(u64, u32)>,
    /// For each value of the ids' upper bits, the index in `by_id` at which such ids begin; last, the length of
    /// `by_id`. So only few entries are searched.
    starts: Vec<u32>,
    /// The number of lower bits of an id, which `starts` ignores.
    lower_bits: u32,
}

/// The number of ids with the same upper bits, if ids are spread evenly.
const TOGETHER: u64 = 8;

impl EmployeeIndex {
    /// Builds the index. Ids must be unique.
    #[must_use]
    pub fn new(employees: &[Employee]) -> EmployeeIndex {
        let mut by_id: Vec<(u64, u32)> =
            (0..).zip(employees).map(|(position, employee)| (employee.id, position)).collect();
        by_id.sort();
        let highest = by_id.last().map_or(0, |entry| entry.0);
        let lower_bits = u64::BITS - (highest / (by_id.len() as u64 / TOGETHER + 2)).leading_zeros();
        let upper_bits = |id: u64| usize::try_from(id >> lower_bits).unwrap_or_default();
        let starts = ends(by_id.iter().map(|entry| upper_bits(entry.0) + 1), upper_bits(highest) + 2);
        EmployeeIndex { by_id, starts, lower_bits }
    }

    /// The position of an employee, from 0; `None` if the run has no such employee.
    #[must_use]
    pub fn position(&self, id: u64) -> Option<u32> {
        let upper_bits = usize::try_from(id >> self.lower_bits).ok()?;
        let [start, end, ..] = *self.starts.get(upper_bits..)? else { return None };
        let searched = &self.by_id[start as usize..end as usize];
        searched.binary_search_by_key(&id, |entry| entry.0).ok().map(|found| searched[found].1)
    }

    /// The positions of all employees, by ascending id.
    pub fn positions_by_id(&self) -> impl Iterator<Item = usize> {
        self.by_id.iter().map(|entry| entry.1 as usize)
    }
}

/// The ends of `count` groups that follow each other; `members` names the group of each member, in any order.
fn ends(members: impl Iterator<Item = usize>, count: usize) -> Vec<u32> {
    let mut ends = vec![0; count];
    members.for_each(|group| ends[group] += 1);
    let mut end = 0;
    for slot in &mut ends {
        end += *slot;
        *slot = end;
    }
    ends
}

/// Keeps the last of consecutive rows with the same key.
pub(super) fn keep_last_of_each<T, K: PartialEq>(rows: &mut Vec<T>, key: impl Fn(&T) -> K) {
    rows.dedup_by(|later, earlier| {
        let is_same = key(later) == key(earlier);
        if is_same {
            std::mem::swap(later, earlier);
        }
        is_same
    });
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
        let ends = ends(rows.iter().map(|(position, _)| *position as usize), employees);
        let mut rows: Vec<T> = rows.into_iter().map(|(_, row)| row).collect();
        // The vector has the capacity of all rows that were read, of which many may have been left out.
        rows.shrink_to_fit();
        PerEmployee { ends, rows }
    }

    /// The rows of the employee at a position; empty if there are none.
    #[must_use]
    pub fn of(&self, position: usize) -> &[T] {
        &self.rows[self.range(position)]
    }

    /// As [`PerEmployee::of`], to be changed.
    #[must_use]
    pub fn of_mut(&mut self, position: usize) -> &mut [T] {
        let range = self.range(position);
        &mut self.rows[range]
    }

    fn range(&self, position: usize) -> Range<usize> {
        let Some(end) = self.ends.get(position) else { return 0..0 };
        let start = if position == 0 { 0 } else { self.ends[position - 1] };
        start as usize..*end as usize
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::employees::EmployeeType;

    #[test]
    fn every_id_has_its_position_however_ids_are_spread() {
        for ids in
            [vec![], vec![7], (1..200).rev().collect(), vec![u64::MAX, 1, 2, 3], (1..64).map(|bit| 1 << bit).collect()]
        {
            let employee = |id: &u64| Employee { id: *id, line: 0, kind: EmployeeType::A };
            let index = EmployeeIndex::new(&ids.iter().map(employee).collect::<Vec<_>>());
            for id in ids.iter().flat_map(|id| [id - 1, *id, id.saturating_add(1)]).chain([0, 500, u64::MAX]) {
                let expected = ids.iter().position(|one| *one == id).and_then(|position| u32::try_from(position).ok());
                assert_eq!(index.position(id), expected, "{id} in {ids:?}");
            }
        }
    }
}
