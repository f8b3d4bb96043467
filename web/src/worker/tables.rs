//! The rows of the tables, made on demand. A table keeps only the positions of its employees; their days are simulated again
//! when people look at them. The same inputs give the same days.

use btcfake_core::report::figures::{Bar, ShiftParts};
use btcfake_core::run::detail::{Detail, details};

use super::rows::{cells, table_of};
use super::running::FinishedRun;
use crate::messages::{EMPLOYEES_ON_A_PAGE, Found, Table, TableRows, WantedRows};

impl FinishedRun {
    /// The rows of a page of a table, only those that a bar counts if one is given; or all rows of one employee.
    pub(super) fn rows(&mut self, table: Table, wanted: WantedRows, behind: Option<Bar>) -> TableRows {
        let (found, rows) = match wanted {
            WantedRows::Page(page) => {
                let positions = self.positions_behind(table, behind);
                let shown = positions.chunks(EMPLOYEES_ON_A_PAGE).nth(page).unwrap_or_default();
                let rows = shown.iter().flat_map(|position| self.day(table, *position as usize, behind)).collect();
                (Found::Page { page, employees: positions.len() }, rows)
            }
            WantedRows::Employee(id) => match self.simulation.inputs().index.position(id) {
                Some(position) => {
                    let position = position as usize;
                    let kind = self.simulation.inputs().employees[position].kind;
                    (Found::Employee { id, kind }, self.day(table, position, None).collect())
                }
                None => (Found::Nobody { id }, Vec::new()),
            },
        };
        TableRows { found, rows }
    }

    /// The positions of a table's employees, only those whom a bar counts if one is given.
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
        (0..).take(self.simulation.employee_count()).filter(is_behind).collect()
    }

    fn parts(&self) -> ShiftParts {
        ShiftParts::of(&self.simulation.calendar().shift)
    }

    fn day(&self, table: Table, position: usize, behind: Option<Bar>) -> impl Iterator<Item = Vec<String>> {
        let (parts, now) = (self.parts(), self.simulation.settings().now);
        let day = self.simulation.employee_day(position);
        let details = details(&day, &self.simulation.inputs().catalog).into_iter();
        let is_counted = move |detail: &Detail| behind.is_none_or(|bar| bar.includes(detail, &parts));
        details
            .filter(move |detail| table_of(detail) == table)
            .filter(is_counted)
            .map(move |detail| cells(&detail, now))
    }
}
