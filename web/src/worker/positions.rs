//! The employees in each table, by their positions in employees.csv.

use btcfake_core::rules::day::EmployeeDay;

use crate::messages::Table;

/// For each table, the positions of the employees who have rows in it, ascending.
#[derive(Default)]
pub(super) struct Positions([Vec<u32>; Table::ALL.len()]);

impl Positions {
    /// Adds one employee to the tables in which the day has rows.
    pub(super) fn note(&mut self, position: usize, day: &EmployeeDay<'_>) {
        let Ok(position) = u32::try_from(position) else { return };
        for (table, positions) in Table::ALL.iter().copied().zip(&mut self.0) {
            if has_rows(table, day) {
                positions.push(position);
            }
        }
    }

    /// The number of employees in each table; empty tables are left out.
    pub(super) fn counts(&self) -> Vec<(Table, usize)> {
        let counts = Table::ALL.iter().copied().zip(self.0.iter().map(Vec::len));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// The positions of a table, ascending.
    pub(super) fn of(&self, table: Table) -> &[u32] {
        &self.0[table as usize]
    }
}

fn has_rows(table: Table, day: &EmployeeDay<'_>) -> bool {
    match table {
        Table::Completed => !day.trainings.is_empty(),
        Table::SkippedForDailyDose => day.new.conflict.is_some(),
        Table::DosesLeftOut => !day.new.left_out.is_empty(),
        Table::WithoutRandomContent => day.new.random.is_none(),
        Table::DroppedRecommendations => !day.list.dropped.is_empty(),
        Table::FailedCalls => day.failed_call.is_some(),
    }
}
