//! Messages about values that are not in the vendor's spelling.

use crate::format::identifier::{content_id_text, meant_id, parse_content_id, parse_plain_id};
use crate::format::instant::{instant_text, parse_instant, seconds_text};
use crate::format::spelling::has_shape_of_instant;
use crate::text::visible::quoted;

/// The message about a value that is not a valid employee id.
pub(super) fn employee_fault(column: &str, value: &str) -> String {
    match meant_id(value) {
        Some(meant) => format!("{column} {} is not in plain digits; write {meant}", quoted(value)),
        None => format!("{column} {} is no employee's id: digits only, from 1 to {}", quoted(value), i64::MAX),
    }
}

/// The message about a value that is not a valid content id, or is not in the vendor's spelling.
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

/// The message about a value that is not in the vendor's spelling of an instant.
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

/// The message about an instant at or after `future`; both in seconds since 1970-01-01T00:00:00Z.
pub(super) fn future_fault(column: &str, seconds: i64, future: i64) -> String {
    format!(
        "{column} {} lies in the future, seen from the date in the file's name; at the latest it is {}",
        seconds_text(seconds),
        seconds_text(future - 1)
    )
}
