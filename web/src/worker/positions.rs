//! Who has something in which table: the positions of employees in employees.csv.

use btcfake_core::run::tally::Tally;

use crate::messages::Table;

/// The positions of the employees who have something in a table, in order.
#[derive(Default)]
pub(super) struct Positions([Vec<u32>; Table::ALL.len()]);

impl Positions {
    /// Notes one employee by what was counted of that employee alone.
    pub(super) fn note(&mut self, position: usize, tally: &Tally) {
        let Ok(position) = u32::try_from(position) else { return };
        for (table, positions) in Table::ALL.iter().copied().zip(&mut self.0) {
            if has_rows(table, tally) {
                positions.push(position);
            }
        }
    }

    /// How many employees each table has; tables without any are left out.
    pub(super) fn counts(&self) -> Vec<(Table, usize)> {
        let counts = Table::ALL.iter().copied().zip(self.0.iter().map(Vec::len));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// The positions of a table, in order.
    pub(super) fn of(&self, table: Table) -> &[u32] {
        &self.0[table as usize]
    }
}

fn has_rows(table: Table, tally: &Tally) -> bool {
    let count = match table {
        Table::Completed => tally.completions_manager.total() + tally.completions_ai.total(),
        Table::SkippedForDailyDose => tally.skipped_completed_this_week + tally.skipped_open_this_week,
        Table::DosesLeftOut => tally.doses_left_out_open + tally.doses_left_out_completed,
        Table::WithoutRandomContent => tally.without_random_content,
        Table::DroppedRecommendations => tally.dropped_already_on_list + tally.dropped_completed_recently,
        Table::FailedCalls => tally.failed_calls,
    };
    count > 0
}
