//! Strict parsing of values in vendor files: employee ids in plain digits without leading zeros, content ids with
//! thousands separators, instants as `2025-12-22T10:43:05Z`.

use chrono::NaiveDate;

use crate::format::identifier::{parse_content_id, parse_digits, parse_plain_id};

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
    // A fixed length spares the checks of each byte's place.
    let value: &[u8; 20] = value.try_into().ok()?;
    if !has_shape(value) {
        return None;
    }
    let two = |at: usize| u32::from(value[at] - b'0') * 10 + u32::from(value[at + 1] - b'0');
    let year = i32::try_from(two(0) * 100 + two(2)).ok().filter(|year| *year > 0)?;
    let date = NaiveDate::from_ymd_opt(year, two(5), two(8))?;
    Some(date.and_hms_opt(two(11), two(14), two(17))?.and_utc().timestamp())
}

/// True if a value has digits, letters and signs where `2025-12-22T10:43:05Z` has them. The date need not exist.
pub(crate) fn has_shape_of_instant(value: &[u8]) -> bool {
    value.try_into().is_ok_and(has_shape)
}

fn has_shape(value: &[u8; 20]) -> bool {
    let is_right = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    value.iter().zip(b"0000-00-00T00:00:00Z").fold(true, |are_right, pair| are_right & is_right(pair))
}
