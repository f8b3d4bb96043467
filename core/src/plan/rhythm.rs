//! The dates and the time of day at which the feeds of a series are made.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc, Weekday};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::format::instant::{DATE_EXAMPLE, parse_date};
use crate::plan::calendar::{BusinessZone, Calendar};
use crate::text::visible::quoted;
use crate::text::words::grouped;

/// The first date, the time of day and the kind of days of a series, and what continues over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The first date (business time zone).
    pub from: NaiveDate,
    /// The time of day (business time zone, whole seconds).
    pub at: NaiveTime,
    /// True if Saturdays and Sundays are skipped.
    pub weekdays: bool,
    /// True if the catalog and the recommendations of a sample continue over the days. The built-in catalog always does.
    pub continues_sample: bool,
}

impl Rhythm {
    /// The default time of day: 18:00.
    pub const USUAL_TIME: NaiveTime = match NaiveTime::from_hms_opt(18, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    };

    /// The instants (UTC) of the feeds, in order, up to the last year that a run can have. A date that the zone skipped
    /// is left out.
    pub fn instants(self, zone: BusinessZone) -> impl Iterator<Item = DateTime<Utc>> {
        let is_passed_over =
            move |date: &NaiveDate| self.weekdays && matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        self.from
            .iter_days()
            .filter(move |date| !is_passed_over(date))
            .map(move |date| (date, zone.instant_of(date.and_time(self.at))))
            .filter(move |(date, instant)| zone.date_of(*instant) == *date)
            .map(|(_, instant)| instant)
            .take_while(|instant| Calendar::YEARS.contains(&instant.year()))
    }
}

/// A day of a series as the run file records it. Together with the inputs it suffices to simulate the earlier days,
/// too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RecordedDay")]
pub struct SeriesDay {
    /// The days of the series.
    pub rhythm: Rhythm,
    /// The number of the day within the series, from 1.
    pub day: u32,
}

/// The same as stored in the run file.
#[derive(Deserialize)]
struct RecordedDay {
    from: String,
    at: String,
    weekdays: bool,
    #[serde(default)]
    continues_sample: bool,
    day: u32,
}

/// The run file has `continues_sample` only if it is true. A message of the page has no names of fields, so it has all of them.
impl Serialize for SeriesDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Rhythm { from, at, weekdays, continues_sample } = self.rhythm;
        let is_written = continues_sample || !serializer.is_human_readable();
        let mut fields = serializer.serialize_struct("SeriesDay", if is_written { 5 } else { 4 })?;
        fields.serialize_field("from", &from.to_string())?;
        fields.serialize_field("at", &time_text(at))?;
        fields.serialize_field("weekdays", &weekdays)?;
        match is_written {
            true => fields.serialize_field("continues_sample", &continues_sample)?,
            false => fields.skip_field("continues_sample")?,
        }
        fields.serialize_field("day", &self.day)?;
        fields.end()
    }
}

impl TryFrom<RecordedDay> for SeriesDay {
    type Error = NoTime;

    fn try_from(recorded: RecordedDay) -> Result<SeriesDay, NoTime> {
        let RecordedDay { from, at, weekdays, continues_sample, day } = recorded;
        Ok(SeriesDay {
            rhythm: Rhythm { from: parse_day(&from)?, at: parse_time(&at)?, weekdays, continues_sample },
            day,
        })
    }
}

/// The planned feeds of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesPlan {
    rhythm: Rhythm,
    instants: Vec<DateTime<Utc>>,
}

/// The reason why a series cannot be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// A number of feeds that is 0, or more than [`SeriesPlan::MOST_DAYS`].
    #[error("{} days: a series has from 1 to {max} of them", grouped(*.0 as usize), max = SeriesPlan::MOST_DAYS)]
    DayCount(u32),
    /// The first or the last feed is outside the years that a run can have.
    #[error(
        "a day of the series is out of reach; runs can be set from {} to {}",
        Calendar::YEARS.start(), Calendar::YEARS.end()
    )]
    OutOfReach,
}

impl SeriesPlan {
    /// The maximum number of feeds of a series.
    pub const MOST_DAYS: u32 = 366;

    /// Plans `days` feeds.
    ///
    /// # Errors
    /// [`PlanProblem::DayCount`] for 0 or more than [`SeriesPlan::MOST_DAYS`] days, [`PlanProblem::OutOfReach`] if a
    /// feed is outside the years that a run can have.
    pub fn new(rhythm: Rhythm, days: u32, zone: BusinessZone) -> Result<SeriesPlan, PlanProblem> {
        if !(1..=Self::MOST_DAYS).contains(&days) {
            return Err(PlanProblem::DayCount(days));
        }
        let instants: Vec<DateTime<Utc>> = rhythm.instants(zone).take(days as usize).collect();
        if instants.len() < days as usize {
            return Err(PlanProblem::OutOfReach);
        }
        Ok(SeriesPlan { rhythm, instants })
    }

    /// The dates and the time of day of the feeds.
    #[must_use]
    pub fn rhythm(&self) -> Rhythm {
        self.rhythm
    }

    /// The instants of the feeds (UTC), in order; never empty.
    #[must_use]
    pub fn instants(&self) -> &[DateTime<Utc>] {
        &self.instants
    }
}

/// A text that is not a date or not a time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTime {
    /// A text that is not a date.
    #[error("{} is no date; write it like {}", quoted(.0), DATE_EXAMPLE)]
    Day(String),
    /// A text that is not a time of day.
    #[error("{} is no time of day; write it like 18:00, from 00:00 to 23:59", quoted(.0))]
    TimeOfDay(String),
}

/// Parses a date such as `2026-01-29`.
///
/// # Errors
/// [`NoTime::Day`] for any other text.
pub fn parse_day(text: &str) -> Result<NaiveDate, NoTime> {
    parse_date(text.trim()).ok_or_else(|| NoTime::Day(text.to_owned()))
}

/// Parses a time of day such as `18:00` or `18:00:30`.
///
/// # Errors
/// [`NoTime::TimeOfDay`] for any other text.
pub fn parse_time(text: &str) -> Result<NaiveTime, NoTime> {
    let mut parts = text.trim().split(':').map(|part| {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_number)
    });
    let time = match (parts.next(), parts.next(), parts.next().unwrap_or(Some(0)), parts.next()) {
        (Some(Some(hour)), Some(Some(minute)), Some(second), None) => NaiveTime::from_hms_opt(hour, minute, second),
        _ => None,
    };
    time.ok_or_else(|| NoTime::TimeOfDay(text.to_owned()))
}

/// A time of day in the form that [`parse_time`] reads; seconds are omitted if they are 0.
#[must_use]
pub fn time_text(time: NaiveTime) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::instant::instant_text;

    fn rhythm(from: &str, at: &str, weekdays: bool) -> Rhythm {
        Rhythm { from: parse_day(from).unwrap(), at: parse_time(at).unwrap(), weekdays, continues_sample: false }
    }

    fn check(rhythm: Rhythm, zone: &str, expected: &[&str]) {
        let plan = SeriesPlan::new(rhythm, u32::try_from(expected.len()).unwrap(), zone.parse().unwrap()).unwrap();
        let found: Vec<String> = plan.instants().iter().copied().map(instant_text).collect();
        assert_eq!(found, expected, "{rhythm:?} {zone}");
    }

    #[test]
    fn there_is_a_feed_a_day_at_the_same_time() {
        let days = ["2026-01-30T18:00:00Z", "2026-01-31T18:00:00Z", "2026-02-01T18:00:00Z"];
        check(rhythm("2026-01-30", "18:00", false), "UTC", &days);
        check(rhythm("2024-02-28", "00:00:01", false), "UTC", &["2024-02-28T00:00:01Z", "2024-02-29T00:00:01Z"]);
    }

    #[test]
    fn weekends_are_passed_over_if_asked_and_do_not_count() {
        let days = ["2026-01-30T18:00:00Z", "2026-02-02T18:00:00Z"];
        check(rhythm("2026-01-30", "18:00", true), "UTC", &days);
        check(rhythm("2026-01-31", "18:00", true), "UTC", &["2026-02-02T18:00:00Z"]);
    }

    #[test]
    fn the_time_of_day_is_that_of_the_wall_clock() {
        let days = ["2026-03-07T23:00:00Z", "2026-03-08T22:00:00Z"];
        check(rhythm("2026-03-07", "18:00", false), "America/New_York", &days);
        // 02:30 does not exist on the day on which the clock goes forward, and exists twice when it goes back.
        let days = ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"];
        check(rhythm("2026-03-07", "02:30", false), "America/New_York", &days);
        check(rhythm("2026-11-01", "01:30", false), "America/New_York", &["2026-11-01T05:30:00Z"]);
    }

    #[test]
    fn a_date_that_the_calendar_left_out_has_no_feed() {
        let days = ["2011-12-30T04:00:00Z", "2011-12-31T04:00:00Z"];
        check(rhythm("2011-12-29", "18:00", false), "Pacific/Apia", &days);
    }

    #[test]
    fn a_series_has_1_to_366_days_in_reach() {
        let plan = |from, days| SeriesPlan::new(rhythm(from, "18:00", false), days, BusinessZone::UTC);
        assert_eq!(plan("2026-01-29", 366).unwrap().instants().len(), 366);
        for (from, days, message) in [
            ("2026-01-29", 0, "0 days: a series has from 1 to 366 of them"),
            ("2026-01-29", 367, "367 days: a series has from 1 to 366 of them"),
            ("1969-12-31", 1, "a day of the series is out of reach; runs can be set from 1970 to 9998"),
            ("9998-12-31", 2, "a day of the series is out of reach; runs can be set from 1970 to 9998"),
        ] {
            assert_eq!(plan(from, days).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn times_of_day_are_read_as_people_write_them() {
        for (text, expected) in [
            ("18:00", Some("18:00")),
            (" 8:5 ", Some("08:05")),
            ("23:59:59", Some("23:59:59")),
            ("24:00", None),
            ("18", None),
            ("18:00:00:00", None),
            ("+8:00", None),
            ("", None),
        ] {
            assert_eq!(parse_time(text).map(time_text).ok().as_deref(), expected, "{text}");
        }
        let error = parse_time("6pm").unwrap_err().to_string();
        assert_eq!(error, "'6pm' is no time of day; write it like 18:00, from 00:00 to 23:59");
    }

    #[test]
    fn a_run_file_says_which_day_of_which_series() {
        let day = SeriesDay { rhythm: rhythm("2026-01-26", "18:00", true), day: 4 };
        let text = serde_json::to_string(&day).unwrap();
        assert_eq!(text, r#"{"from":"2026-01-26","at":"18:00","weekdays":true,"day":4}"#);
        assert_eq!(serde_json::from_str::<SeriesDay>(&text).unwrap(), day);
        let day = SeriesDay { rhythm: Rhythm { continues_sample: true, ..day.rhythm }, ..day };
        let continued = serde_json::to_string(&day).unwrap();
        assert_eq!(continued, text.replace("\"day\"", "\"continues_sample\":true,\"day\""));
        assert_eq!(serde_json::from_str::<SeriesDay>(&continued).unwrap(), day);
        assert!(serde_json::from_str::<SeriesDay>(&text.replace("18:00", "noon")).is_err());
    }
}
