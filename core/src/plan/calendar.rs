//! The calendar of a run: today, the week, the window of new assignments and the shift.
//!
//! Everything is computed from `now` and the business time zone.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

pub use crate::plan::time_zone::{BusinessZone, UnknownZone};

/// The dates and instants that the rules use. Instants are UTC, dates are in the business time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The instant of the run (UTC), in whole seconds.
    pub now: DateTime<Utc>,
    /// The business time zone.
    pub zone: BusinessZone,
    /// The date of `now` in the business time zone.
    pub today: NaiveDate,
    /// The start and due instants of new assignments.
    pub window: Window,
    /// The week in which Daily Dose conflicts are looked for.
    pub week: Week,
    /// The span in which employees train.
    pub shift: Shift,
}

/// The start and due instants of new assignments (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// `Start_Date`: the latest Monday 00:01:00 in the business time zone that is not after `now`.
    pub start: DateTime<Utc>,
    /// `DueDate`: the earliest Saturday 13:13:59 in the business time zone that is after `now`.
    pub due: DateTime<Utc>,
}

/// The seven days from the window's Monday, midnight to midnight in the business time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// The Monday.
    pub monday: NaiveDate,
    /// The Sunday, the last day.
    pub sunday: NaiveDate,
    /// 00:00 of the Monday (UTC instant, inclusive).
    pub begins: DateTime<Utc>,
    /// 00:00 of the next Monday (UTC instant, exclusive).
    pub ends: DateTime<Utc>,
}

/// The span in which employees train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Eight hours before `now`, but not before the window's start, and never later than one hour before `now`. The
    /// manager assigns at this instant.
    pub opens: DateTime<Utc>,
    /// `now`.
    pub ends: DateTime<Utc>,
}

const SHIFT_LENGTH: TimeDelta = TimeDelta::hours(8);
const SHORTEST_SHIFT: TimeDelta = TimeDelta::hours(1);

impl Calendar {
    /// The years in which a run can be set: those whose dates the files can hold.
    pub const YEARS: std::ops::RangeInclusive<i32> = 1970..=9998;

    /// The calendar of `now`, which is cut to the second.
    #[must_use]
    pub fn of(now: DateTime<Utc>, zone: BusinessZone) -> Calendar {
        let now = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
        let today = zone.date_of(now);
        let this_monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        let monday = [this_monday, this_monday - Days::new(7)]
            .into_iter()
            .find(|monday| start_date(zone, *monday) <= now)
            .unwrap_or(this_monday);
        let due = [this_monday, this_monday + Days::new(7)]
            .into_iter()
            .map(|monday| due_date(zone, monday))
            .find(|due| *due > now)
            .unwrap_or_else(|| due_date(zone, this_monday + Days::new(14)));
        let window = Window { start: start_date(zone, monday), due };
        let week = Week {
            monday,
            sunday: monday + Days::new(6),
            begins: zone.instant_of(monday.and_time(NaiveTime::MIN)),
            ends: zone.instant_of((monday + Days::new(7)).and_time(NaiveTime::MIN)),
        };
        let opens = (now - SHIFT_LENGTH).max(window.start).min(now - SHORTEST_SHIFT);
        Calendar { now, zone, today, window, week, shift: Shift { opens, ends: now } }
    }
}

fn start_date(zone: BusinessZone, monday: NaiveDate) -> DateTime<Utc> {
    zone.instant_of(monday.and_time(NaiveTime::MIN) + TimeDelta::minutes(1))
}

fn due_date(zone: BusinessZone, monday: NaiveDate) -> DateTime<Utc> {
    let saturday = monday + Days::new(5);
    let clock = TimeDelta::hours(13) + TimeDelta::minutes(13) + TimeDelta::seconds(59);
    zone.instant_of(saturday.and_time(NaiveTime::MIN) + clock)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::instant::{instant_text, parse_instant};

    fn calendar(now: &str, zone: &str) -> Calendar {
        Calendar::of(parse_instant(now).unwrap(), zone.parse().unwrap())
    }

    fn check_window(now: &str, zone: &str, start: &str, due: &str) {
        let window = calendar(now, zone).window;
        assert_eq!(
            (instant_text(window.start).as_str(), instant_text(window.due).as_str()),
            (start, due),
            "{now} {zone}"
        );
    }

    #[test]
    fn the_window_at_every_edge() {
        for (now, start, due) in [
            ("2026-01-26T00:00:59Z", "2026-01-19T00:01:00Z", "2026-01-31T13:13:59Z"),
            ("2026-01-26T00:01:00Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
            ("2026-01-29T18:00:00Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
            ("2026-01-31T13:13:58Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
            ("2026-01-31T13:13:59Z", "2026-01-26T00:01:00Z", "2026-02-07T13:13:59Z"),
            ("2026-02-01T12:00:00Z", "2026-01-26T00:01:00Z", "2026-02-07T13:13:59Z"),
            ("2025-12-31T23:59:59Z", "2025-12-29T00:01:00Z", "2026-01-03T13:13:59Z"),
            ("2026-01-01T00:00:00Z", "2025-12-29T00:01:00Z", "2026-01-03T13:13:59Z"),
            ("2024-02-29T09:00:00Z", "2024-02-26T00:01:00Z", "2024-03-02T13:13:59Z"),
            ("1970-01-01T00:00:00Z", "1969-12-29T00:01:00Z", "1970-01-03T13:13:59Z"),
        ] {
            check_window(now, "UTC", start, due);
        }
    }

    #[test]
    fn the_window_follows_the_wall_clock() {
        // New York: the clock goes forward on Sunday, 8 March 2026, and back on Sunday, 1 November 2026.
        check_window("2026-03-08T12:00:00Z", "America/New_York", "2026-03-02T05:01:00Z", "2026-03-14T17:13:59Z");
        check_window("2026-11-01T12:00:00Z", "America/New_York", "2026-10-26T04:01:00Z", "2026-11-07T18:13:59Z");
        // In Tokyo it is Monday while it is still Sunday in UTC.
        check_window("2026-01-25T15:00:59Z", "Asia/Tokyo", "2026-01-18T15:01:00Z", "2026-01-31T04:13:59Z");
        check_window("2026-01-25T15:01:00Z", "Asia/Tokyo", "2026-01-25T15:01:00Z", "2026-01-31T04:13:59Z");
    }

    #[test]
    fn a_week_with_a_clock_change_is_an_hour_shorter_or_longer() {
        let hours = |now| {
            let week = calendar(now, "America/New_York").week;
            (week.ends - week.begins).num_hours()
        };
        assert_eq!(
            [hours("2026-03-05T12:00:00Z"), hours("2026-10-29T12:00:00Z"), hours("2026-06-01T12:00:00Z")],
            [167, 169, 168]
        );
    }

    #[test]
    fn the_shift_is_eight_hours_but_not_before_monday_and_at_least_one() {
        for (now, opens) in [
            ("2026-01-29T18:00:00Z", "2026-01-29T10:00:00Z"),
            ("2026-01-26T00:00:59Z", "2026-01-25T16:00:59Z"),
            ("2026-01-26T00:01:00Z", "2026-01-25T23:01:00Z"),
            ("2026-01-26T01:00:59Z", "2026-01-26T00:00:59Z"),
            ("2026-01-26T01:01:00Z", "2026-01-26T00:01:00Z"),
            ("2026-01-26T05:00:00Z", "2026-01-26T00:01:00Z"),
            ("2026-01-26T08:01:01Z", "2026-01-26T00:01:01Z"),
        ] {
            assert_eq!(instant_text(calendar(now, "UTC").shift.opens), opens, "{now}");
        }
    }

    #[test]
    fn the_week_is_that_of_the_windows_monday() {
        let early = calendar("2026-01-26T00:00:30Z", "UTC");
        assert_eq!(
            (early.today.to_string(), early.week.monday.to_string()),
            ("2026-01-26".into(), "2026-01-19".into())
        );
    }

    #[test]
    fn now_is_cut_to_the_second() {
        assert_eq!(instant_text(calendar("2026-01-29T18:00:00.999Z", "UTC").now), "2026-01-29T18:00:00Z");
    }
}
