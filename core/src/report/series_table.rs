//! The table of a series, one row of counts per day, with the same columns on the command line and in the page; and the
//! employees without a Daily Dose by reason, as a second table of the same days.

use crate::rules::manager::WithoutDose;
use crate::run::tally::Tally;

/// The column headings.
pub const COLUMNS: [&str; 7] =
    ["Employees", "Open before", "New", "Done: manager", "Done: AI", "No Daily Dose", "Left"];

/// The title of the table of employees without a Daily Dose.
pub const REASONS_TITLE: &str = "Employees without a Daily Dose, by reason";

/// The column headings of the table of employees without a Daily Dose, in the order of [`WithoutDose::ALL`].
pub const REASONS: [&str; 5] =
    ["Done this week", "Open this week", "All done before", "All open or done", "None in catalog"];

/// True for columns whose counts can be summed over days; the others are the state of one day.
const ADD_UP: [bool; 7] = [false, false, true, true, true, true, false];

/// The counts of a day, by column. "No Daily Dose" is the sum of [`reasons`].
#[must_use]
pub fn cells(tally: &Tally) -> [u64; 7] {
    [
        tally.employees.total(),
        tally.open_assignments,
        tally.new_daily_doses + tally.new_random_contents,
        tally.completions_manager.total(),
        tally.completions_ai.total(),
        reasons(tally).iter().sum(),
        tally.open_left + tally.new_left,
    ]
}

/// The number of employees of a day without a Daily Dose, by the columns of [`REASONS`].
#[must_use]
pub fn reasons(tally: &Tally) -> [u64; 5] {
    WithoutDose::ALL.map(|why| tally.without_dose(why))
}

/// The column totals over all days; `None` for columns that are not summed.
#[must_use]
pub fn totals<'a>(days: impl Iterator<Item = &'a Tally>) -> [Option<u64>; 7] {
    let mut totals = ADD_UP.map(|adds_up| adds_up.then_some(0));
    for tally in days {
        for (total, cell) in totals.iter_mut().zip(cells(tally)) {
            *total = total.map(|total| total + cell);
        }
    }
    totals
}
