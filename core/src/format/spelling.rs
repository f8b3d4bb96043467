//! Strict parsing of values in vendor files: employee ids in plain digits without leading zeros, content ids with
//! thousands separators, instants as `2025-12-22T10:43:05Z`.

use chrono::{DateTime, NaiveDate};

use crate::format::identifier::{parse_content_id, parse_digits, parse_plain_id};
use crate::format::instant::instant_text;

/// Parses an employee id of plain digits without leading zeros.
pub(crate) fn employee_id(value: &[u8]) -> Option<u64> {
    if value.first() == Some(&b'0') { None } else { parse_plain_id(value) }
}

/// Parses a content id leniently; the second value is true if it has the vendor's thousands separators.
pub(crate) fn content_id(value: &[u8]) -> Option<(u64, bool)> {
    match is_spelled_right(value) {
        true => Some((parse_digits(value.iter().filter(|byte| **byte != b','))?, true)),
        false => Some((parse_content_id(value)?, false)),
    }
}

/// True if an id begins with a digit other than zero and has a comma after each third digit from the end.
fn is_spelled_right(value: &[u8]) -> bool {
    let in_place =
        |(from_end, byte): (usize, &u8)| if from_end % 4 == 3 { *byte == b',' } else { byte.is_ascii_digit() };
    matches!(value.first(), Some(b'1'..=b'9')) && value.iter().rev().enumerate().all(in_place)
}

/// Parses an instant of exactly the form `2025-12-22T10:43:05Z` to seconds since 1970-01-01T00:00:00Z.
pub(crate) fn instant(value: &[u8]) -> Option<i64> {
    if !has_shape_of_instant(value) {
        return None;
    }
    let number = |from: usize, to: usize| value[from..to].iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    let year = i32::try_from(number(0, 4)).ok().filter(|year| *year > 0)?;
    let date = NaiveDate::from_ymd_opt(year, number(5, 7), number(8, 10))?;
    Some(date.and_hms_opt(number(11, 13), number(14, 16), number(17, 19))?.and_utc().timestamp())
}

/// An instant in the vendor's format; empty if it is out of range.
pub(crate) fn spelled(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map(instant_text).unwrap_or_default()
}

pub(crate) fn has_shape_of_instant(value: &[u8]) -> bool {
    const SHAPE: &[u8; 20] = b"0000-00-00T00:00:00Z";
    value.len() == SHAPE.len()
        && value.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == shape,
        })
}
