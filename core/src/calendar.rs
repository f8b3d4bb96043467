//! The calendar of a run: today, the week, the window of new assignments, the shift.
//!
//! Everything follows from `now` and the business time zone. Wall clock times that a clock change leaves out count as
//! the first instant after the gap; those that it gives twice, as the earlier one.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

/// A business time zone, known by its IANA name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BusinessZone(Tz);

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone {
    /// What was given.
    pub name: String,
    /// The zone that was probably meant.
    pub similar: Option<&'static str>,
}

/// The instants that a run's rules speak of. All are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The instant of the run, to the second.
    pub now: DateTime<Utc>,
    /// The business time zone.
    pub zone: BusinessZone,
    /// The date of `now` in the business time zone.
    pub today: NaiveDate,
    /// From when to when new assignments are to be done.
    pub window: Window,
    /// The seven days that conflicts are looked for in.
    pub week: Week,
    /// When the employees train.
    pub shift: Shift,
}

/// The window of new assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// `Start_Date`: the latest Monday 00:01:00 that is not after `now`.
    pub start: DateTime<Utc>,
    /// DueDate: the earliest Saturday 13:13:59 that is after `now`.
    pub due: DateTime<Utc>,
}

/// The seven days from 00:00 of the window's Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// The Monday.
    pub monday: NaiveDate,
    /// The Sunday: the last day.
    pub sunday: NaiveDate,
    /// 00:00 of the Monday.
    pub begins: DateTime<Utc>,
    /// 00:00 of the next Monday.
    pub ends: DateTime<Utc>,
}

/// When the employees train.
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

impl BusinessZone {
    /// Coordinated Universal Time: the zone of a run that names none.
    pub const UTC: BusinessZone = BusinessZone(Tz::UTC);

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The names of all zones.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// The date of an instant on the zone's wall calendar.
    #[must_use]
    pub fn date_of(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0).date_naive()
    }

    /// An instant on the zone's wall clock, to the second.
    #[must_use]
    pub fn wall_clock(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// The instant of a wall clock time.
    #[must_use]
    pub fn instant_of(self, local: NaiveDateTime) -> DateTime<Utc> {
        // The longest gap is a whole day, where a zone changed sides of the date line.
        const MINUTES_TO_TRY: i64 = 25 * 60;
        let whole_minute = local - TimeDelta::seconds(i64::from(chrono::Timelike::second(&local)));
        let after_gap = (1..MINUTES_TO_TRY).map(|minutes| whole_minute + TimeDelta::minutes(minutes));
        std::iter::once(local)
            .chain(after_gap)
            .find_map(|local| match self.0.from_local_datetime(&local) {
                LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.to_utc()),
                LocalResult::None => None,
            })
            .unwrap_or_else(|| local.and_utc())
    }
}

impl FromStr for BusinessZone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<BusinessZone, UnknownZone> {
        let name = name.trim();
        let zone = Tz::from_str(name).ok();
        let zone = zone.or_else(|| TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(name)));
        zone.map(BusinessZone).ok_or_else(|| UnknownZone { name: name.to_owned(), similar: similar_zone(name) })
    }
}

impl TryFrom<String> for BusinessZone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<BusinessZone, UnknownZone> {
        name.parse()
    }
}

impl From<BusinessZone> for String {
    fn from(zone: BusinessZone) -> String {
        zone.name().to_owned()
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = crate::problem::shown(&self.name);
        write!(f, "unknown time zone '{found}'; an IANA name such as UTC or America/New_York is allowed")?;
        match self.similar {
            Some(similar) => write!(f, ". Did you mean '{similar}'?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownZone {}

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

fn similar_zone(name: &str) -> Option<&'static str> {
    let nearness = |zone: &str| {
        let city = zone.rsplit('/').next().unwrap_or(zone);
        let whole = strsim::jaro_winkler(&zone.to_ascii_lowercase(), &name.to_ascii_lowercase());
        whole.max(strsim::jaro_winkler(&city.to_ascii_lowercase(), &name.to_ascii_lowercase()))
    };
    BusinessZone::all_names()
        .map(|zone| (nearness(zone), zone))
        .filter(|(nearness, _)| *nearness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, zone)| zone)
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
    fn a_wall_clock_time_that_is_left_out_counts_as_the_end_of_the_gap() {
        let zone: BusinessZone = "America/New_York".parse().unwrap();
        let instant = zone.instant_of("2026-03-08T02:30:15".parse().unwrap());
        assert_eq!(instant_text(instant), "2026-03-08T07:00:00Z");
        let samoa: BusinessZone = "Pacific/Apia".parse().unwrap();
        let skipped_day = samoa.instant_of("2011-12-30T00:01:00".parse().unwrap());
        assert_eq!(instant_text(skipped_day), "2011-12-30T10:00:00Z");
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

    #[test]
    fn unknown_zones_are_refused_with_a_guess() {
        let error = "Europe/Pariss".parse::<BusinessZone>().unwrap_err();
        assert_eq!(error.similar, Some("Europe/Paris"));
        assert_eq!("europe/paris".parse::<BusinessZone>().unwrap().name(), "Europe/Paris");
    }
}
