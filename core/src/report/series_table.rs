//! The table of a series, one row of counts per day, with the same columns on the command line and in the page.

use crate::run::tally::Tally;

/// The column headings.
pub const COLUMNS: [&str; 7] =
    ["Employees", "Open before", "New", "Done: manager", "Done: AI", "No Daily Dose", "Left"];

/// True for columns whose counts can be summed over days; the others are the state of one day.
const ADD_UP: [bool; 7] = [false, false, true, true, true, true, false];

/// The counts of a day, by column. "No Daily Dose" counts employees who completed one or have one open this week.
#[must_use]
pub fn cells(tally: &Tally) -> [u64; 7] {
    [
        tally.employees.total(),
        tally.open_assignments,
        tally.new_daily_doses + tally.new_random_contents,
        tally.completions_manager.total(),
        tally.completions_ai.total(),
        tally.skipped_completed_this_week + tally.skipped_open_this_week,
        tally.open_left + tally.new_left,
    ]
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
