//! The rows of the tables, made on demand: a table keeps only the positions of its employees, whose days are simulated
//! again when they are looked at. The same inputs give the same day.

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::{Bar, ShiftParts};
use btcfake_core::run::detail::Detail;
use btcfake_core::run::tally::Tally;

use super::rows::{cells, table_of};
use super::running::FinishedRun;
use crate::messages::{EMPLOYEES_ON_A_PAGE, Found, Table, Wanted};

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

    fn of(&self, table: Table) -> &[u32] {
        &self.0[table as usize]
    }
}

impl FinishedRun {
    /// The rows of a page of a table, as far as a bar counts them; or all of one employee.
    pub(super) fn rows(&mut self, table: Table, wanted: Wanted, behind: Option<Bar>) -> (Found, Vec<Vec<String>>) {
        match wanted {
            Wanted::Page(page) => {
                let positions = self.positions_behind(table, behind);
                let shown = positions.chunks(EMPLOYEES_ON_A_PAGE).nth(page).unwrap_or_default();
                let rows = shown.iter().flat_map(|position| self.day(table, *position as usize, behind)).collect();
                (Found::Page { page, employees: positions.len() }, rows)
            }
            Wanted::Employee(id) => match self.simulation.inputs().index.position(id) {
                Some(position) => {
                    let position = position as usize;
                    let kind = self.simulation.inputs().employees[position].kind;
                    (Found::Employee { id, kind }, self.day(table, position, None).collect())
                }
                None => (Found::Nobody { id }, Vec::new()),
            },
        }
    }

    /// Those of a table's employees who stand behind a bar.
    fn positions_behind(&mut self, table: Table, bar: Option<Bar>) -> Vec<u32> {
        let positions = self.positions.of(table);
        let Some(bar) = bar else { return positions.to_vec() };
        if self.behind.as_ref().is_none_or(|(one, _)| *one != bar) {
            self.behind = Some((bar, self.employees_behind(bar)));
        }
        let behind = self.behind.as_ref().map_or(&[][..], |(_, behind)| behind);
        self.positions.of(table).iter().copied().filter(|position| behind.binary_search(position).is_ok()).collect()
    }

    fn employees_behind(&self, bar: Bar) -> Vec<u32> {
        let parts = self.parts();
        let is_behind = |position: &u32| bar.count(&self.simulation.employee_day(*position as usize), &parts) > 0;
        (0..).take(self.simulation.employees()).filter(is_behind).collect()
    }

    fn parts(&self) -> ShiftParts {
        ShiftParts::of(&self.simulation.calendar().shift)
    }

    fn day(&self, table: Table, position: usize, behind: Option<Bar>) -> impl Iterator<Item = Vec<String>> {
        let parts = self.parts();
        let details = self.simulation.simulate(position..position + 1, true).details.into_iter();
        let is_told = move |detail: &Detail| behind.is_none_or(|bar| bar.tells_of(detail, &parts));
        details.filter(move |detail| table_of(detail) == table).filter(is_told).map(|detail| cells(&detail))
    }
}

/// A content by id and name.
pub(super) fn content_text(content_id: u64, name: Option<&str>) -> String {
    let id = content_id_text(content_id);
    match name {
        Some(name) => format!("{id} {name}"),
        None => id,
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
