//! The strict spelling of the values in a vendor file: employees in plain digits, contents with thousands separators,
//! instants as `2025-12-22T10:43:05Z`; and what to say of a value that is spelled otherwise.

use chrono::{DateTime, NaiveDate};

use crate::format::identifier::{content_id_text, meant_id, parse_content_id, parse_plain_id};
use crate::format::instant::{instant_text, parse_instant};
use crate::visible::quoted;

/// The id of an employee: plain digits without leading zeros.
pub(super) fn employee_id(value: &[u8]) -> Option<u64> {
    if value.first() == Some(&b'0') { None } else { parse_plain_id(value) }
}

/// What to say of a value that is no employee's id.
pub(super) fn employee_fault(column: &str, value: &str) -> String {
    match meant_id(value) {
        Some(meant) => format!("{column} {} is not in plain digits; write {meant}", quoted(value)),
        None => format!("{column} {} is no employee's id: digits only, from 1 to {}", quoted(value), i64::MAX),
    }
}

/// The id of a content, and whether it is spelled with the vendor's thousands separators.
pub(super) fn content_id(value: &[u8]) -> Option<(u64, bool)> {
    let id = parse_content_id(value)?;
    Some((id, is_spelled_right(value)))
}

/// Whether an id has no leading zero, and its separators in place: a comma after each third digit from the end.
fn is_spelled_right(value: &[u8]) -> bool {
    let in_place =
        |(from_end, byte): (usize, &u8)| if from_end % 4 == 3 { *byte == b',' } else { byte.is_ascii_digit() };
    value.first() != Some(&b'0') && value.iter().rev().enumerate().all(in_place)
}

/// What to say of a value that is no content's id, or is not spelled as the vendor does.
pub(super) fn content_fault(column: &str, value: &str) -> String {
    let meant = parse_content_id(value.as_bytes())
        .or_else(|| meant_id(value).and_then(|digits| parse_plain_id(digits.as_bytes())))
        .map(content_id_text);
    match meant {
        Some(meant) if meant.contains(',') => {
            format!("{column} {} does not have its thousands separators in place; write {meant}", quoted(value))
        }
        Some(meant) => format!("{column} {} is not in plain digits; write {meant}", quoted(value)),
        None => format!("{column} {} is no content's id; write it like 1,915,085", quoted(value)),
    }
}

/// An instant spelled exactly as `2025-12-22T10:43:05Z`, in seconds since 1970-01-01T00:00:00Z.
pub(super) fn instant(value: &[u8]) -> Option<i64> {
    if !has_shape_of_instant(value) {
        return None;
    }
    let number = |from: usize, to: usize| value[from..to].iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    let year = i32::try_from(number(0, 4)).ok().filter(|year| *year > 0)?;
    let date = NaiveDate::from_ymd_opt(year, number(5, 7), number(8, 10))?;
    Some(date.and_hms_opt(number(11, 13), number(14, 16), number(17, 19))?.and_utc().timestamp())
}

/// What to say of a value that is not spelled as an instant.
pub(super) fn instant_fault(column: &str, value: &str) -> String {
    let found = quoted(value);
    if has_shape_of_instant(value.as_bytes()) {
        return format!("{column} {found} does not exist; check the day of the month and the time of day");
    }
    match parse_instant(value) {
        Some(meant) => format!("{column} {found} is not written as the vendor does; write {}", instant_text(meant)),
        None => format!("{column} {found} is no instant; write it like 2025-12-22T10:43:05Z"),
    }
}

/// What to say of an instant that is as late as `future` or later.
pub(super) fn future_fault(column: &str, seconds: i64, future: i64) -> String {
    format!(
        "{column} {} lies in the future, seen from the date in the file's name; at the latest it is {}",
        spelled(seconds),
        spelled(future - 1)
    )
}

/// An instant as the vendor writes it.
pub(super) fn spelled(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map(instant_text).unwrap_or_default()
}

fn has_shape_of_instant(value: &[u8]) -> bool {
    const SHAPE: &[u8; 20] = b"0000-00-00T00:00:00Z";
    value.len() == SHAPE.len()
        && value.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == shape,
        })
}
