//! The table of a series, one row of counts per day, with the same columns on the command line and in the page; and the
//! employees without a Daily Dose by reason, as a second table of the same days.

use chrono::{DateTime, Utc, Weekday};

use crate::rules::manager::WithoutDose;
use crate::run::series::Series;
use crate::run::tally::Tally;

/// The column headings.
pub const COLUMNS: [&str; 7] =
    ["Employees", "Open before", "New", "Done: manager", "Done: recommended", "No Daily Dose", "Still open"];

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

/// The note on what changes in the given files over the days, or that a given catalog brings no Daily Doses in later weeks;
/// `None` for a series of one day, or with the built-in catalog.
#[must_use]
pub fn catalog_note(series: &Series) -> Option<String> {
    let run = series.simulation();
    if run.inputs().catalog_is_built_in {
        return None;
    }
    if series.goes_on() {
        return Some(
            "the StandAloneContent file is that of a sample, so the sample continues: it has three new Daily Doses each \
             Monday, and new recommendations each day"
                .to_owned(),
        );
    }
    let week = |now: Option<&DateTime<Utc>>| now.map(|now| run.calendar().zone.date_of(*now).week(Weekday::Mon));
    let (first, last) = (week(series.instants().first())?, week(series.instants().last())?);
    (first != last).then(|| {
        "the StandAloneContent file stays the same on all days, so a later week has no new Daily Doses; without that \
         file, the built-in contents get three each Monday"
            .to_owned()
    })
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::employees::BadRows;
    use crate::format::input_role::InputRole;
    use crate::inputs::input_file::InputFile;
    use crate::inputs::reading::read_inputs;
    use crate::plan::rhythm::{Rhythm, SeriesPlan, parse_day, parse_time};
    use crate::plan::settings::Settings;
    use crate::sample;

    #[test]
    fn a_given_catalog_is_noted_if_the_series_reaches_a_later_week() {
        let sample = sample::built_in_standalone_content();
        let changed = String::from_utf8(sample.clone()).unwrap().replacen("2025-", "2024-", 1).into_bytes();
        let (stays, continues) = (Some("stays the same on all days"), Some("the sample continues"));
        // 2026-02-02 is a Monday.
        for (catalog, from, days, expected) in [
            (Some(&changed), "2026-02-01", 2, stays),
            (Some(&changed), "2026-02-01", 1, None),
            (Some(&changed), "2026-02-02", 7, None),
            (Some(&changed), "2026-02-02", 8, stays),
            (Some(&sample), "2026-02-02", 1, None),
            (Some(&sample), "2026-02-02", 2, continues),
            (None, "2026-02-02", 30, None),
        ] {
            let given = |bytes: &Vec<u8>| InputFile::given(InputRole::StandaloneContent, "c.csv", bytes.clone());
            let inputs = read_inputs(&catalog.map(given).into_iter().collect::<Vec<_>>(), BadRows::Refuse).0;
            let rhythm = Rhythm {
                from: parse_day(from).unwrap(),
                at: parse_time("18:00").unwrap(),
                weekdays: false,
                continues_sample: true,
            };
            let settings = Settings::new(DateTime::UNIX_EPOCH, 1);
            let plan = SeriesPlan::new(rhythm, days, settings.time_zone).unwrap();
            let found = catalog_note(&Series::new(plan, inputs, settings));
            assert_eq!(found.is_some(), expected.is_some(), "{from} {days}");
            assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()), "{from} {days}");
        }
    }
}
