//! Instants as text: `2025-12-22T10:43:05Z` as the vendor writes them, and the accepted variants in input.
//!
//! All instants are UTC. Parsing keeps fractions of a second; writing cuts them off.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// Examples of accepted instants, for error messages.
pub const INSTANT_EXAMPLE: &str = "2026-01-26T00:01:00Z or 2026-01-26 00:01:00";

/// An example of an accepted date, for error messages.
pub const DATE_EXAMPLE: &str = "2026-01-26";

/// Parses an instant: a date, `T` or a space, a time with seconds, an optional fraction, and an optional `Z` or offset
/// such as `+01:00`. Without an offset it is UTC. Years 1 to 9999.
#[must_use]
pub fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let date = parse_date(date)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let (nanosecond, rest) = parse_fraction(rest)?;
    let local = NaiveDateTime::new(date, parse_clock(clock, nanosecond)?);
    match parse_offset(rest)? {
        0 => Some(local.and_utc()),
        minutes => {
            let instant = local.checked_sub_signed(TimeDelta::minutes(minutes))?.and_utc();
            (1..=9999).contains(&instant.year()).then_some(instant)
        }
    }
}

/// Parses a date such as `2026-01-26`. Years 1 to 9999.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digits(&bytes[..4])?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, digits(&bytes[5..7])?, digits(&bytes[8..])?)?;
    (date.year() >= 1).then_some(date)
}

/// Writer of instants in the vendor's format, `2025-12-22T10:43:05Z`. Most instants of a feed are the one before, or lie on its
/// day, so it keeps both.
#[derive(Clone, Debug)]
pub struct InstantWriter {
    /// The instant that the text has.
    seconds: i64,
    /// The first second of the day whose date the text has.
    midnight: i64,
    text: [u8; 20],
}

impl Default for InstantWriter {
    fn default() -> InstantWriter {
        InstantWriter { seconds: 0, midnight: 0, text: *b"1970-01-01T00:00:00Z" }
    }
}

impl InstantWriter {
    /// Appends an instant. `seconds` counts from 1970-01-01T00:00:00Z and must be in the years 0 to 9999.
    pub fn push(&mut self, out: &mut Vec<u8>, seconds: i64) {
        if seconds != self.seconds {
            self.go_to(seconds);
        }
        out.extend_from_slice(&self.text);
    }

    #[allow(clippy::cast_possible_truncation, reason = "a second of a day, and a day of the years 0 to 9999")]
    fn go_to(&mut self, seconds: i64) {
        self.seconds = seconds;
        let text = &mut self.text;
        if !(0..86_400).contains(&(seconds - self.midnight)) {
            let days = seconds.div_euclid(86_400);
            self.midnight = days * 86_400;
            let date = NaiveDate::from_epoch_days(days as i32).unwrap_or_default();
            let year = date.year().unsigned_abs();
            put_two_digits(&mut text[0..2], year / 100);
            put_two_digits(&mut text[2..4], year % 100);
            put_two_digits(&mut text[5..7], date.month());
            put_two_digits(&mut text[8..10], date.day());
        }
        // WebAssembly divides 32 bits faster.
        let second = (seconds - self.midnight) as u32;
        put_two_digits(&mut text[11..13], second / 3_600);
        put_two_digits(&mut text[14..16], second / 60 % 60);
        put_two_digits(&mut text[17..19], second % 60);
    }
}

/// Appends an instant in the vendor's format, as an [`InstantWriter`] does.
pub fn push_instant(out: &mut Vec<u8>, seconds: i64) {
    InstantWriter::default().push(out, seconds);
}

/// Appends an instant with its fraction of a second, if it has one: `2025-12-22T10:43:05.000001Z`.
pub fn push_exact_instant(out: &mut Vec<u8>, instant: DateTime<Utc>) {
    push_instant(out, instant.timestamp());
    let nanoseconds = instant.timestamp_subsec_nanos();
    if nanoseconds > 0 {
        out.pop();
        out.extend_from_slice(format!(".{nanoseconds:09}Z").as_bytes());
    }
}

/// An instant in the vendor's format, cut to the second.
#[must_use]
pub fn instant_text(instant: DateTime<Utc>) -> String {
    seconds_text(instant.timestamp())
}

/// An instant in the vendor's format; `seconds` counts from 1970-01-01T00:00:00Z.
#[must_use]
pub fn seconds_text(seconds: i64) -> String {
    let mut text = Vec::with_capacity(20);
    push_instant(&mut text, seconds);
    String::from_utf8_lossy(&text).into_owned()
}

fn put_two_digits(place: &mut [u8], number: u32) {
    place[0] = b'0' + (number / 10 % 10) as u8;
    place[1] = b'0' + (number % 10) as u8;
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

fn parse_clock(text: &str, nanosecond: u32) -> Option<NaiveTime> {
    let bytes = text.as_bytes();
    if bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let [hour, minute, second] = [digits(&bytes[..2])?, digits(&bytes[3..5])?, digits(&bytes[6..])?];
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)
}

/// The nanoseconds of an optional fraction at the start of `text` (finer digits are cut off), and the rest of the text.
fn parse_fraction(text: &str) -> Option<(u32, &str)> {
    let Some(fraction) = text.strip_prefix('.') else { return Some((0, text)) };
    let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return None;
    }
    let (fraction, rest) = fraction.split_at(length);
    let nanoseconds = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some((nanoseconds.fold(0, |number, digit| number * 10 + u32::from(digit - b'0')), rest))
}

/// The minutes of an optional offset: nothing, `Z`, `UTC`, `+01:00`, `+0100` or `+01`.
fn parse_offset(text: &str) -> Option<i64> {
    let text = text.trim_start();
    if text.is_empty() || text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let rest = rest.as_bytes();
    let (hours, minutes) = match rest.len() {
        2 => (digits(rest)?, 0),
        4 => (digits(&rest[..2])?, digits(&rest[2..])?),
        5 if rest[2] == b':' => (digits(&rest[..2])?, digits(&rest[3..])?),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then(|| sign * (i64::from(hours) * 60 + i64::from(minutes)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_every_spelling() {
        for (text, expected) in [
            ("2026-01-26 00:01:00", Some("2026-01-26T00:01:00Z")),
            ("2026-01-26T00:01:00Z", Some("2026-01-26T00:01:00Z")),
            ("2026-01-26t00:01:00z", Some("2026-01-26T00:01:00Z")),
            (" 2026-01-26T00:01:00.999999Z ", Some("2026-01-26T00:01:00Z")),
            ("2026-01-26 00:01:00.5+01:00", Some("2026-01-25T23:01:00Z")),
            ("2026-01-26T00:01:00-0530", Some("2026-01-26T05:31:00Z")),
            ("2026-01-26 00:01:00 +02", Some("2026-01-25T22:01:00Z")),
            ("2024-02-29T23:59:59Z", Some("2024-02-29T23:59:59Z")),
            ("9999-12-31 23:59:59", Some("9999-12-31T23:59:59Z")),
            ("2026-02-29T00:00:00Z", None),
            ("2026-01-26", None),
            ("2026-01-26 00:01", None),
            ("2026-01-26 24:00:00", None),
            ("2026-01-26 00:01:60", None),
            ("2026-01-26 00:01:00.", None),
            ("2026-01-26 00:01:00+1", None),
            ("26/01/2026 00:01:00", None),
            ("0001-01-01T00:00:00+01:00", None),
            ("é026-01-26 00:01:00", None),
            ("", None),
        ] {
            assert_eq!(parse_instant(text).map(instant_text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn written_instants_are_those_of_chrono() {
        for step in 0..40_000_i64 {
            let seconds = -62_000_000_000 + step * 7_654_321;
            let expected = DateTime::from_timestamp(seconds, 0).unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string();
            let mut text = Vec::new();
            push_instant(&mut text, seconds);
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }

    #[test]
    fn dates_are_strict() {
        for (text, valid) in [
            ("2026-01-26", true),
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("2026-1-26", false),
            ("0000-01-01", false),
        ] {
            assert_eq!(parse_date(text).is_some(), valid, "{text}");
        }
    }
}
