//! Parsing of dates and times in the forms that spreadsheets and programs write, if they are unambiguous.
//!
//! A date is read if its year has four digits and day and month cannot be confused: `2026-1-28`, `28.1.2026` (with
//! points the day always comes first), `1/28/2026`, `28/01/2026`, `Jan 28, 2026`. A date such as `1/2/2026` is refused,
//! since either number may be the month. Nothing is inferred from other rows.

use chrono::{DateTime, Datelike, Month, NaiveDate, NaiveTime, Utc, Weekday};

use super::blank::is_blank_character;
use super::foreign_value::hint_of;
use super::instant::{parse_date, parse_instant};
use crate::text::problem::Hint;

/// A point in time with the precision of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrittenTime {
    /// With seconds, or finer.
    Exact(DateTime<Utc>),
    /// With minutes, without seconds.
    Minute(DateTime<Utc>),
    /// A date alone.
    Day(NaiveDate),
}

impl WrittenTime {
    /// The instant, if the text has seconds.
    #[must_use]
    pub(crate) fn exact(self) -> Option<DateTime<Utc>> {
        if let Self::Exact(instant) = self { Some(instant) } else { None }
    }

    /// The earliest matching instant: missing parts are zero.
    #[must_use]
    pub(crate) fn earliest(self) -> DateTime<Utc> {
        match self {
            Self::Exact(instant) | Self::Minute(instant) => instant,
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
        }
    }

    /// The date, if the text has no time of day.
    #[must_use]
    pub(crate) fn day(self) -> Option<NaiveDate> {
        if let Self::Day(day) = self { Some(day) } else { None }
    }
}

/// Parses a date with an optional time. Without an offset it is UTC.
///
/// # Errors
/// The reason why it cannot be read, or `None` if the reason is not recognised.
pub(crate) fn read_time(text: &str, may_be_null: bool) -> Result<WrittenTime, Option<Hint>> {
    let text = text.trim_matches(is_blank_character);
    if let Some(day) = parse_date(text) {
        return Ok(WrittenTime::Day(day));
    }
    if let Some(instant) = parse_instant(text) {
        return Ok(WrittenTime::Exact(instant));
    }
    let text = text.strip_prefix('\'').unwrap_or(text);
    let text = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let (date, clock) = text.split_at(start_of_clock(text));
    let is_before_clock = |c| is_blank_character(c) || !clock.is_empty() && matches!(c, 'T' | 't' | ',');
    let day = match read_date(date.trim_end_matches(is_before_clock)) {
        Ok(day) => day,
        Err(hint) => return Err(hint.or_else(|| hint_of(text, may_be_null)).or_else(|| number_hint(text))),
    };
    if clock.is_empty() {
        return Ok(WrittenTime::Day(day));
    }
    read_clock(day, clock).ok_or_else(|| hint_of(text, may_be_null))
}

/// The offset at which the time of day begins: at the digits before the first colon, or after the blank before a time
/// without colons, `8.24.06`; the end of the text if there is no time.
fn start_of_clock(text: &str) -> usize {
    if let Some(colon) = text.find(':') {
        return colon - text[..colon].bytes().rev().take_while(u8::is_ascii_digit).count();
    }
    let is_clock = |start: &usize| {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let hour = digits(&text[*start..]);
        let minute = text[*start + hour..].strip_prefix('.').filter(|_| (1..=2).contains(&hour));
        minute.is_some_and(|minute| digits(minute) == 2 && !minute[2..].starts_with(['/', '-']))
    };
    let blanks = text.char_indices().filter(|(_, character)| is_blank_character(*character));
    let is_after_date = |start: &usize| text[..*start].bytes().filter(u8::is_ascii_digit).count() > 4;
    let starts = blanks.map(|(at, blank)| at + blank.len_utf8());
    starts.filter(is_after_date).rfind(is_clock).unwrap_or(text.len())
}

/// Parses a date without time.
fn read_date(text: &str) -> Result<NaiveDate, Option<Hint>> {
    let is_separator = |c: char| matches!(c, '/' | '.' | '-' | ',') || is_blank_character(c);
    // A minus sign before a year belongs to the year. Some languages end a date with a point.
    if text.starts_with(is_separator) || text.ends_with(['/', '-', ',']) {
        return Err(None);
    }
    let parts: Vec<&str> = text.split(is_separator).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [first, second, third] => date_of_parts(text, [first, second, third]),
        [weekday, first, second, third] => {
            let Ok(weekday) = weekday.parse::<Weekday>() else { return Err(None) };
            let day = date_of_parts(text, [first, second, third])?;
            (day.weekday() == weekday).then_some(day).ok_or(None)
        }
        _ => Err(None),
    }
}

/// The date of the three parts of a text.
fn date_of_parts(text: &str, [first, second, third]: [&str; 3]) -> Result<NaiveDate, Option<Hint>> {
    if let Some(month) = month_of(first) {
        return date_of(third, Some(month), number(second));
    }
    if let Some(month) = month_of(second) {
        let (year, day) = if first.len() == 4 { (first, third) } else { (third, first) };
        return date_of(year, Some(month), number(day));
    }
    let Some(mark) = mark_between(text, [first, second, third]) else { return Err(None) };
    match (number(first), number(second)) {
        (Some(_), month) if first.len() == 4 => date_of(first, month, number(third)),
        (day, month) if mark == "." => date_of(third, month, day),
        (Some(one @ 1..=12), Some(other @ 1..=12)) if one != other => {
            Err(date_of(third, Some(one), Some(other)).map_or_else(|hint| hint, |_| Some(Hint::DayOrMonth)))
        }
        (Some(day @ 13..), month) => date_of(third, month, Some(day)),
        (month, day) => date_of(third, month, day),
    }
}

/// The separator between the three numbers of a date, with optional blanks around it; empty if only blanks separate
/// them. `None` if the two separators differ.
fn mark_between<'t>(text: &'t str, [first, second, third]: [&str; 3]) -> Option<&'t str> {
    let rest = &text[text.find(first)? + first.len()..];
    let (one, rest) = rest.split_at(rest.find(second)?);
    let rest = &rest[second.len()..];
    let other = &rest[..rest.find(third)?];
    let mark = one.trim_matches(is_blank_character);
    (mark.len() <= 1 && mark == other.trim_matches(is_blank_character)).then_some(mark)
}

/// The date of these parts. A year of two digits is refused, as it may be of any century, or a day.
fn date_of(year: &str, month: Option<u32>, day: Option<u32>) -> Result<NaiveDate, Option<Hint>> {
    let (Some(month), Some(day), Some(number)) = (month, day, number(year)) else { return Err(None) };
    match year.len() {
        4 => {
            let date = i32::try_from(number).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
            date.filter(|date| date.year() >= 1).ok_or(None)
        }
        2 => Err(Some(Hint::ShortYear)),
        _ => Err(None),
    }
}

/// Parses a time of day: `8:24`, `08:24:06.5`, `8.24.06`, `8:24 PM`, `8:24 p. m.`, with an optional offset.
fn read_clock(day: NaiveDate, text: &str) -> Option<WrittenTime> {
    let mark = text.chars().find(|c| !c.is_ascii_digit())?;
    let (hour, rest) = text.split_once(mark)?;
    let (minute, rest) = rest.split_at_checked(2)?;
    let (second, rest) = match rest.strip_prefix(mark) {
        Some(rest) => {
            let (second, rest) = rest.split_at_checked(2)?;
            (Some(second), rest)
        }
        None => (None, rest),
    };
    let (fraction, rest) = match rest.strip_prefix(['.', ',']).filter(|_| second.is_some()) {
        Some(digits) => digits.split_at(digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())),
        None => ("0", rest),
    };
    let (half, rest) = half_of_day(rest.trim_matches(is_blank_character));
    let rest = rest.trim_matches(is_blank_character);
    let offset = match rest.split_at_checked(3).filter(|(zone, _)| zone.eq_ignore_ascii_case("gmt")) {
        Some((_, "")) => "Z",
        Some((_, offset)) => offset,
        None => rest,
    };
    let hour = match (half, number(hour)?) {
        (None, hour) => hour,
        (Some(Half::Afternoon), hour @ 1..=12) => hour % 12 + 12,
        (Some(Half::Morning), hour @ 1..=12) => hour % 12,
        _ => return None,
    };
    let seconds = second.unwrap_or("00");
    let instant = parse_instant(&format!("{day} {hour:02}:{minute}:{seconds}.{fraction}{offset}"))?;
    Some(if second.is_some() { WrittenTime::Exact(instant) } else { WrittenTime::Minute(instant) })
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// The half of the day at the start of a text, such as `AM`, `a.m.` or `a. m.`, and the rest of the text.
fn half_of_day(text: &str) -> (Option<Half>, &str) {
    let half = match text.chars().next() {
        Some('a' | 'A') => Half::Morning,
        Some('p' | 'P') => Half::Afternoon,
        _ => return (None, text),
    };
    let rest = text[1..].strip_prefix('.').unwrap_or(&text[1..]).trim_start_matches(is_blank_character);
    match rest.strip_prefix(['m', 'M']) {
        Some(rest) => (Some(half), rest.strip_prefix('.').unwrap_or(rest)),
        None => (None, text),
    }
}

/// The number of a month, from 1, by its name, the first three letters of that, or `Sept`.
fn month_of(text: &str) -> Option<u32> {
    let month = if text.eq_ignore_ascii_case("sept") { Month::September } else { text.parse().ok()? };
    Some(month.number_from_month())
}

/// Parses a whole number of one to four digits.
fn number(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The hint for a bare number: a spreadsheet's count of days since 1900 or 1904, or a program's count of seconds since
/// 1970.
fn number_hint(text: &str) -> Option<Hint> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(whole) && is_number(fraction)).then_some(Hint::BareNumber)
}

#[cfg(test)]
mod tests {
    use super::super::instant::instant_text;
    use super::*;

    #[test]
    fn only_the_marks_between_the_numbers_of_a_date_decide() {
        for text in [
            "-0001-11-30",
            "-2026-11-05",
            "/28/1/2026",
            "28/1.2026",
            "28.1/2026",
            "2026-01/28",
            "28//1//2026",
            "2026-01-28-",
            "28/1/2026/",
            "2026-01-28,",
            "2026-01-28T",
            "2026-01-28 -08:24:06",
            "2026-01-28-08:24:06",
            "2026-01-28/ 08:24",
        ] {
            assert_eq!(read_time(text, true), Err(None), "{text}");
        }
        for text in ["11/5/2026.", "11/5/2026. 00:01:00", "11-5-2026."] {
            assert_eq!(read_time(text, true), Err(Some(Hint::DayOrMonth)), "{text}");
        }
        let day = NaiveDate::from_ymd_opt(2026, 9, 28);
        for text in ["28. 9. 2026", "28.9.2026.", "2026. 09. 28.", "28 9 2026", "28 Sept 2026", "28/9/2026."] {
            assert_eq!(read_time(text, true).ok().and_then(WrittenTime::day), day, "{text}");
        }
    }

    fn check(text: &str, expected: &str) {
        let found = match read_time(text, true) {
            Ok(WrittenTime::Exact(instant)) => instant_text(instant),
            Ok(WrittenTime::Minute(instant)) => format!("minute {}", instant_text(instant)),
            Ok(WrittenTime::Day(day)) => day.to_string(),
            Err(Some(hint)) => format!("{hint:?}"),
            Err(None) => "no".to_owned(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_has_one_reading_is_read() {
        for (text, expected) in [
            ("2026-01-28T08:24:06Z", "2026-01-28T08:24:06Z"),
            ("2026-01-28", "2026-01-28"),
            ("'2026-01-28", "2026-01-28"),
            ("=\"2026-01-28T08:24:06Z\"", "2026-01-28T08:24:06Z"),
            ("2026-01-28 08:24", "minute 2026-01-28T08:24:00Z"),
            ("2026-01-28T08:24Z", "minute 2026-01-28T08:24:00Z"),
            ("2026-01-28 8:24:06 +02:00", "2026-01-28T06:24:06Z"),
            ("2026-1-28", "2026-01-28"),
            ("2026/01/28 08:24:06", "2026-01-28T08:24:06Z"),
            ("2026.01.28", "2026-01-28"),
            ("1/28/2026 8:24", "minute 2026-01-28T08:24:00Z"),
            ("1/28/2026 8:24:06 PM", "2026-01-28T20:24:06Z"),
            ("1/28/2026 12:24:06\u{202f}AM", "2026-01-28T00:24:06Z"),
            ("1/28/2026, 12:24:06 pm", "2026-01-28T12:24:06Z"),
            ("28/01/2026 8:24 a.m.", "minute 2026-01-28T08:24:00Z"),
            ("28/01/2026 8:24:06 P.M.", "2026-01-28T20:24:06Z"),
            ("28/01/2026 8:24:06\u{a0}p.\u{a0}m.", "2026-01-28T20:24:06Z"),
            ("28/01/2026 12:24:06 a. m.", "2026-01-28T00:24:06Z"),
            ("2026-01-28, 8:24:06 pm.", "2026-01-28T20:24:06Z"),
            ("28.1.2026 8.24", "minute 2026-01-28T08:24:00Z"),
            ("28.1.2026 8.24.06", "2026-01-28T08:24:06Z"),
            ("28. 1. 2026 08.24.06", "2026-01-28T08:24:06Z"),
            ("2026-01-28 08.24.06", "2026-01-28T08:24:06Z"),
            ("28/01/2026 08.24.06 p.m.", "2026-01-28T20:24:06Z"),
            ("2026-01-28 08:24:06,123", "2026-01-28T08:24:06Z"),
            ("Wed Jan 28 2026 08:24:06 GMT+0100", "2026-01-28T07:24:06Z"),
            ("28/01/2026", "2026-01-28"),
            ("28-01-2026", "2026-01-28"),
            ("01-28-2026", "2026-01-28"),
            ("2/2/2026", "2026-02-02"),
            ("28.01.2026 08:24:06", "2026-01-28T08:24:06Z"),
            ("1.2.2026", "2026-02-01"),
            ("1. 2. 2026", "2026-02-01"),
            ("Jan 28, 2026", "2026-01-28"),
            ("January 28, 2026 8:24:06 AM", "2026-01-28T08:24:06Z"),
            ("28-Jan-2026", "2026-01-28"),
            ("28 JAN 2026 08:24", "minute 2026-01-28T08:24:00Z"),
            ("2026-Jan-28", "2026-01-28"),
            ("Wed, 28 Jan 2026 08:24:06 GMT", "2026-01-28T08:24:06Z"),
            ("Wednesday, 28 January 2026", "2026-01-28"),
            ("2026-01-28T8:24:06Z", "2026-01-28T08:24:06Z"),
            ("2026-01-28 08:24:06.123456", "2026-01-28T08:24:06Z"),
            ("1/28/2026 08:24:06.5", "2026-01-28T08:24:06Z"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_not_read() {
        for (text, expected) in [
            ("1/2/2026", "DayOrMonth"),
            ("01-02-2026 08:24", "DayOrMonth"),
            ("28-Jan-26", "ShortYear"),
            ("1/28/26", "ShortYear"),
            ("28.01.26", "ShortYear"),
            ("28. 01.26", "ShortYear"),
            ("26-01-28", "ShortYear"),
            ("46050.35", "BareNumber"),
            ("46050", "BareNumber"),
            ("1769588646000", "BareNumber"),
            ("20260128", "BareNumber"),
            ("NaT", "EmptyIsNull"),
            ("########", "TooNarrow"),
            ("#VALUE!", "ErrorValue"),
            ("4.6050E+04", "ExponentForm"),
            ("32/01/2026", "no"),
            ("28/13/2026", "no"),
            ("30.2.2026", "no"),
            ("2026-02-30", "no"),
            ("0000-01-01", "no"),
            ("Jan 2026", "no"),
            ("Janus 28, 2026", "no"),
            ("28. Januar 2026", "no"),
            ("1/28/2026 25:00", "no"),
            ("1/28/2026 13:24 PM", "no"),
            ("1/28/2026 8:2", "no"),
            ("1/28/2026 8:24 uhr", "no"),
            ("1/28/2026 8:24 p", "no"),
            ("1/28/2026 8:24 p.", "no"),
            ("1/28/2026 8:24 a.m.m.", "no"),
            ("1/28/2026 13:24 p.m.", "no"),
            ("28.1.2026 8.2", "no"),
            ("28.1.2026 25.24", "no"),
            ("28.1.2026 8.24:06", "no"),
            ("1/28/2026 8:24.", "no"),
            ("1/28/2026 8:24.5", "no"),
            ("1/28/2026 8:24,06", "no"),
            ("Mon, 28 Jan 2026", "no"),
            ("Sunday, 28 January 2026 08:24:06", "no"),
            ("Wed, 1/2/2026", "DayOrMonth"),
            ("8:24:06", "no"),
            ("soon", "no"),
            ("é:é", "no"),
        ] {
            check(text, expected);
        }
    }
}
