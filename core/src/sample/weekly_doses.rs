//! The three Daily Doses that the made-up vendor publishes every Monday, as the real vendor does.
//!
//! A Daily Dose depends only on the seed and on its number, so the catalog of a later day contains all Daily Doses of
//! an earlier day.

use chrono::{Datelike, Days as DayCount, NaiveDate};

use super::contents::Contents;
use super::days::{DAY, Days};

/// The number of Daily Doses of a Monday.
pub(super) const PER_WEEK: usize = 3;

/// The time of day at which the vendor creates them, in seconds after 00:00 UTC.
const CREATED_AT: i64 = 6 * 3_600;

/// The number of Mondays after `from`, up to and including `day`; 0 if `day` is not later.
pub(super) fn mondays(from: NaiveDate, day: NaiveDate) -> u64 {
    let monday = |date: NaiveDate| date.checked_sub_days(DayCount::new(date.weekday().num_days_from_monday().into()));
    let days = monday(day).zip(monday(from)).map_or(0, |(day, from)| (day - from).num_days());
    u64::try_from(days / 7).unwrap_or_default()
}

/// Adds the Daily Doses of all Mondays after `from` up to `day`, in the order of their creation. None is created before
/// another content.
pub(super) fn add(contents: &mut Contents, from: NaiveDate, day: NaiveDate) {
    let (earliest, from_days) = (contents.end_of_creations(), Days::around(from));
    for week in 1..=mondays(from, day) {
        let monday = from_days.monday + week.cast_signed() * 7 * DAY;
        for number in 0..PER_WEEK as u64 {
            let order = (week * PER_WEEK as u64 + number).cast_signed();
            contents.add_dose((monday + CREATED_AT).max(earliest) + order);
        }
    }
}
