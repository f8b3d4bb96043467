//! The dates of a sample as seconds since 1970-01-01T00:00:00Z, and their text form in the state tables.

use chrono::{Datelike, NaiveDate, NaiveTime};

use crate::format::instant::push_instant;
use crate::plan::draw::Draw;

/// The seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// The UTC midnights from which the times of a sample are computed.
#[derive(Clone, Copy)]
pub(super) struct Days {
    /// 00:00 of today.
    pub(super) today: i64,
    /// 00:00 of this week's Monday.
    pub(super) monday: i64,
}

impl Days {
    /// The days around `today`, which is clamped to the years 10 to 9990 so that every time near it can be written.
    pub(super) fn around(today: NaiveDate) -> Days {
        let earliest = NaiveDate::from_ymd_opt(10, 1, 1).unwrap_or_default();
        let latest = NaiveDate::from_ymd_opt(9990, 12, 31).unwrap_or_default();
        let date = today.clamp(earliest, latest);
        let today = date.and_time(NaiveTime::MIN).and_utc().timestamp();
        Days { today, monday: today - i64::from(date.weekday().num_days_from_monday()) * DAY }
    }
}

/// A uniformly drawn number below `bound`; 0 if `bound` is 0 or negative.
pub(super) fn some_of(draw: &mut Draw, bound: i64) -> i64 {
    draw.below(bound.max(0).cast_unsigned()).cast_signed()
}

/// Appends a timestamp in the format of the state tables: `2026-01-26 00:01:00`.
pub(super) fn push_timestamp(out: &mut Vec<u8>, seconds: i64) {
    push_instant(out, seconds);
    out.pop();
    let at = out.len().saturating_sub(9);
    if let Some(letter_t) = out.get_mut(at) {
        *letter_t = b' ';
    }
}

/// Appends a date: `2026-01-26`.
pub(super) fn push_date(out: &mut Vec<u8>, seconds: i64) {
    push_instant(out, seconds);
    out.truncate(out.len().saturating_sub(10));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(today: &str, expected: &str) {
        let days = Days::around(today.parse().unwrap_or_default());
        let mut found = Vec::new();
        push_date(&mut found, days.today);
        found.push(b' ');
        push_timestamp(&mut found, days.monday + 60);
        assert_eq!(String::from_utf8_lossy(&found), expected, "{today}");
    }

    #[test]
    fn a_week_begins_on_monday() {
        check("2026-01-29", "2026-01-29 2026-01-26 00:01:00");
        check("2026-01-26", "2026-01-26 2026-01-26 00:01:00");
        check("2026-02-01", "2026-02-01 2026-01-26 00:01:00");
    }

    #[test]
    fn a_day_beyond_what_can_be_written_is_brought_back() {
        check("0001-01-01", "0010-01-01 0009-12-28 00:01:00");
        check("9999-12-31", "9990-12-31 9990-12-31 00:01:00");
    }
}
