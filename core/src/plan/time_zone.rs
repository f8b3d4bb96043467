//! Business time zones, known by IANA name: conversion between instants and local wall clock time.
//!
//! The zones are those of chrono-tz, which `build.rs` packs into a table a tenth as large. A local time in the gap of a
//! clock change is read as the first instant after the gap; an ambiguous local time as the earlier instant.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::text::visible::quoted;

/// A business time zone, known by its IANA name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BusinessZone(Zone);

/// What a zone holds. A type of its own: on [`BusinessZone`] itself, serde would ask for input that lives as long as `name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Zone {
    name: &'static str,
    /// Byte offset of its clock changes in [`CLOCKS`].
    clock: usize,
}

/// The error for an unknown time zone name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown time zone {}; an IANA name such as UTC or America/New_York is allowed{}",
    quoted(.name), .similar.map_or_else(String::new, |similar| format!(". Did you mean '{similar}'?"))
)]
pub struct UnknownZone {
    /// The given name.
    pub name: String,
    /// The zone with the most similar name, if any is similar enough.
    pub similar: Option<&'static str>,
}

/// One zone per line: its name, and the byte offset of its clock changes in [`CLOCKS`].
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/time_zone_names.txt"));

/// The clock changes of all zones, packed by `build.rs`.
const CLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/time_zone_clocks.bin"));

/// 1969-12-01T00:00:00Z, when the packed clocks begin.
const CLOCKS_BEGIN: i64 = -31 * 86_400;

impl BusinessZone {
    /// Coordinated Universal Time, the default. Its clock offset is past the end of the packed table, which reads as a
    /// clock without changes.
    pub const UTC: BusinessZone = BusinessZone(Zone { name: "UTC", clock: CLOCKS.len() });

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The names of all zones.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        zones().map(BusinessZone::name)
    }

    /// The local date of an instant.
    #[must_use]
    pub fn date_of(self, instant: DateTime<Utc>) -> NaiveDate {
        self.wall_clock(instant).date()
    }

    /// The local date and time of an instant. Instants before 1970 use the UTC offset that was in force at the start of
    /// 1970.
    #[must_use]
    pub fn wall_clock(self, instant: DateTime<Utc>) -> NaiveDateTime {
        let offset = self.offset_at(instant.timestamp());
        let local = instant.naive_utc();
        local.checked_add_signed(TimeDelta::seconds(offset)).unwrap_or(local)
    }

    /// The instant of a local date and time; see the module documentation for gaps and ambiguous times.
    #[must_use]
    pub fn instant_of(self, local: NaiveDateTime) -> DateTime<Utc> {
        let seconds = local.and_utc().timestamp();
        let mut clock = ClockSpans::of(self);
        let mut instant = seconds;
        while let Some(span) = clock.next() {
            // A local time in a gap falls after the change by the old offset and before it by the new one, so the
            // maximum is the instant of the change.
            instant = (seconds - span.offset).max(span.begins);
            if clock.next_change().is_none_or(|change| instant < change) {
                break;
            }
        }
        let nanoseconds =
            if instant == seconds - self.offset_at(instant) { local.and_utc().timestamp_subsec_nanos() } else { 0 };
        DateTime::from_timestamp(instant, nanoseconds).unwrap_or_else(|| local.and_utc())
    }

    /// The UTC offset at an instant (seconds since 1970-01-01T00:00:00Z), in seconds east of UTC.
    fn offset_at(self, instant: i64) -> i64 {
        let mut offset = 0;
        for (index, span) in ClockSpans::of(self).enumerate() {
            if index > 0 && span.begins > instant {
                break;
            }
            offset = span.offset;
        }
        offset
    }
}

impl FromStr for BusinessZone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<BusinessZone, UnknownZone> {
        let name = name.trim();
        let exactly = zones().find(|zone| zone.name() == name);
        let zone = exactly.or_else(|| zones().find(|zone| zone.name().eq_ignore_ascii_case(name)));
        zone.ok_or_else(|| UnknownZone { name: name.to_owned(), similar: similar_zone(name) })
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

/// A span of a zone's clock with constant UTC offset: its first second, and the offset in seconds east of UTC.
#[derive(Clone, Copy)]
struct ClockSpan {
    begins: i64,
    offset: i64,
}

/// Iterator over the spans of a zone's clock, unpacked one by one. The beginning of the first span has no meaning.
struct ClockSpans {
    packed: &'static [u8],
    spans_left: u64,
    at: i64,
}

impl ClockSpans {
    fn of(zone: BusinessZone) -> ClockSpans {
        let mut clock =
            ClockSpans { packed: CLOCKS.get(zone.0.clock..).unwrap_or_default(), spans_left: 0, at: CLOCKS_BEGIN };
        clock.spans_left = clock.number();
        clock
    }

    /// The first second of the next span; `None` after the last.
    fn next_change(&self) -> Option<i64> {
        ClockSpans { packed: self.packed, ..*self }.next().map(|span| span.begins)
    }

    /// Reads a packed number: LEB128, seven bits a byte, lowest first.
    fn number(&mut self) -> u64 {
        let mut number = 0;
        let mut shift = 0;
        while let Some((byte, rest)) = self.packed.split_first() {
            self.packed = rest;
            number |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }
}

impl Iterator for ClockSpans {
    type Item = ClockSpan;

    fn next(&mut self) -> Option<ClockSpan> {
        self.spans_left = self.spans_left.checked_sub(1)?;
        self.at = self.at.saturating_add_unsigned(self.number());
        let offset = self.number();
        let seconds = i64::try_from(offset >> 1).unwrap_or_default();
        Some(ClockSpan { begins: self.at, offset: if offset & 1 == 0 { seconds } else { -seconds } })
    }
}

fn zones() -> impl Iterator<Item = BusinessZone> {
    NAMES.lines().filter_map(|line| {
        let (name, clock) = line.split_once(' ')?;
        let zone = BusinessZone(Zone { name, clock: clock.parse().ok()? });
        Some(if name == BusinessZone::UTC.name() { BusinessZone::UTC } else { zone })
    })
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
    use chrono::{LocalResult, TimeZone};
    use chrono_tz::{TZ_VARIANTS, Tz};

    const WEEK: i64 = 7 * 86_400;

    fn instant(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// The answer of chrono-tz, in seconds since 1970 as if the wall clock were that of UTC.
    fn wall_clock_by_chrono_tz(zone: Tz, seconds: i64) -> i64 {
        instant(seconds).with_timezone(&zone).naive_local().and_utc().timestamp()
    }

    /// The answer of chrono-tz; clocks are changed at whole half minutes, so that is where gaps end.
    fn instant_by_chrono_tz(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
        let half_minute = local - TimeDelta::seconds(local.and_utc().timestamp().rem_euclid(30));
        std::iter::once(local)
            .chain((1..).map(|half_minutes| half_minute + TimeDelta::seconds(30 * half_minutes)))
            .find_map(|local| match zone.from_local_datetime(&local) {
                LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.to_utc()),
                LocalResult::None => None,
            })
            .unwrap()
    }

    #[test]
    fn all_zones_of_chrono_tz_are_there() {
        let names: Vec<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
        assert_eq!(BusinessZone::all_names().collect::<Vec<_>>(), names);
    }

    /// The first second of a week at which the clock is changed, if it is.
    fn change_in_week(zone: Tz, begins: i64) -> Option<i64> {
        let offset = |seconds| wall_clock_by_chrono_tz(zone, seconds) - seconds;
        let is_changed = |seconds: &i64| offset(begins) != offset(*seconds);
        is_changed(&(begins + WEEK)).then_some(())?;
        let (mut before, mut after) = (begins, begins + WEEK);
        while after - before > 1 {
            let middle = i64::midpoint(before, after);
            if is_changed(&middle) { after = middle } else { before = middle }
        }
        Some(after)
    }

    #[test]
    fn every_clock_shows_what_chrono_tz_says() {
        for zone in TZ_VARIANTS {
            let ours: BusinessZone = zone.name().parse().unwrap();
            let changes = (0..4_260_000_000).step_by(7 * 86_400).filter_map(|week| change_in_week(zone, week));
            for change in changes.chain([0, 1_800_000_000, 4_260_000_000, 253_000_000_000]) {
                for seconds in [change - 1, change + 1_799] {
                    let local = wall_clock_by_chrono_tz(zone, seconds);
                    assert_eq!(ours.wall_clock(instant(seconds)).and_utc().timestamp(), local, "{zone} {seconds}");
                    // A second before a change the next second is in a gap, or comes twice.
                    for local in [local, local + 1] {
                        let local = instant(local).naive_utc();
                        assert_eq!(ours.instant_of(local), instant_by_chrono_tz(zone, local), "{zone} {local}");
                    }
                }
            }
        }
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
    fn a_wall_clock_time_that_comes_twice_is_the_earlier_one() {
        let zone: BusinessZone = "America/New_York".parse().unwrap();
        assert_eq!(instant_text(zone.instant_of("2026-11-01T01:30:00".parse().unwrap())), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn instants_out_of_reach_are_still_told() {
        let zone: BusinessZone = "Asia/Tokyo".parse().unwrap();
        assert_eq!(zone.wall_clock(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC.naive_utc());
        assert_eq!(zone.date_of(parse_instant("9998-12-31T16:00:00Z").unwrap()).to_string(), "9999-01-01");
    }

    #[test]
    fn unknown_zones_are_refused_with_a_guess() {
        let error = "Europe/Pariss".parse::<BusinessZone>().unwrap_err();
        assert_eq!(error.similar, Some("Europe/Paris"));
        assert_eq!("europe/paris".parse::<BusinessZone>().unwrap().name(), "Europe/Paris");
        assert_eq!("utc".parse::<BusinessZone>().unwrap().name(), "UTC");
    }
}
