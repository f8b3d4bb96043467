//! The list of employee ids in a request, read from JSON.
//!
//! In JSON, `7`, `7.0` and `7e0` are the same whole number, and programs write all of these forms. Each number is
//! parsed from its digits, because floating-point numbers cannot represent all 63-bit ids: `9007199254740993.0` would
//! become its neighbour, another employee.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

use crate::format::identifier::{HIGHEST_ID, parse_plain_id};
use crate::text::visible::shown;
use crate::text::words::{counted, grouped};

/// The maximum number of ids in a request.
pub const MOST_EMPLOYEES: usize = 1_000_000;

/// Deserialises 1 to [`MOST_EMPLOYEES`] ids.
///
/// # Errors
/// If the value is not a list, the list is empty or longer, or an entry is not an [`EmployeeId`].
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let ids: Vec<EmployeeId> = Deserialize::deserialize(deserializer)?;
    match ids.len() {
        0 => Err(Error::custom("employee_ids is empty; name at least one employee")),
        1..=MOST_EMPLOYEES => Ok(ids.into_iter().map(|id| id.0).collect()),
        count => {
            let (found, most) = (counted(count, "employee"), grouped(MOST_EMPLOYEES));
            Err(Error::custom(format!("employee_ids names {found}; at most {most} are allowed")))
        }
    }
}

/// The id of an employee: a whole number from 1 to 2^63 - 1.
#[derive(utoipa::ToSchema)]
#[schema(minimum = 1, maximum = 9_223_372_036_854_775_807_i64)]
pub(super) struct EmployeeId(u64);

impl<'de> Deserialize<'de> for EmployeeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        employee_id(json).map(EmployeeId).ok_or_else(|| {
            let found = shown(json);
            Error::custom(format!("{found} is no id of an employee; a whole number from 1 to {HIGHEST_ID} is"))
        })
    }
}

/// The id in a JSON value; `None` for anything but a whole number from 1 to [`HIGHEST_ID`].
fn employee_id(json: &str) -> Option<u64> {
    let (mantissa, exponent) = json.split_once(['e', 'E']).unwrap_or((json, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    // The id is `significant` followed by this many zeros; a negative number of zeros means that the value is not
    // whole.
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(dropped)?;
    let id = parse_plain_id(significant.as_bytes())?.checked_mul(10_u64.checked_pow(u32::try_from(zeros).ok()?)?)?;
    (id <= HIGHEST_ID).then_some(id)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_whole_number_is_an_id_however_it_is_written() {
        for (json, expected) in [
            ("1", Some(1)),
            ("1.0", Some(1)),
            ("1.000", Some(1)),
            ("1e0", Some(1)),
            ("1E+5", Some(100_000)),
            ("1.5e1", Some(15)),
            ("10.0e-1", Some(1)),
            ("1200e-2", Some(12)),
            ("0.7e1", Some(7)),
            ("9007199254740993.0", Some(9_007_199_254_740_993)),
            ("9223372036854775807", Some(HIGHEST_ID)),
            ("9223372036854775807.0", Some(HIGHEST_ID)),
            ("9.223372036854775807e18", Some(HIGHEST_ID)),
            ("9223372036854775808", None),
            ("9223372036854775808.0", None),
            ("1e19", None),
            ("1e999999999999999999999999", None),
            ("1e-999999999999999999999999", None),
            ("0e9223372036854775807", None),
            ("0", None),
            ("-0.0", None),
            ("0.0e3", None),
            ("-1", None),
            ("1.5", None),
            ("15e-1", None),
            ("true", None),
            ("null", None),
            ("\"1\"", None),
            ("\"1e5\"", None),
            ("[1]", None),
            ("{}", None),
        ] {
            assert_eq!(employee_id(json), expected, "{json}");
        }
    }

    proptest! {
        #[test]
        fn the_place_of_the_point_changes_nothing(id in 1..=HIGHEST_ID, shift in 0..30_usize, zeros in 0..30_usize) {
            let digits = format!("{}{id}{}", "0".repeat(shift), "0".repeat(zeros));
            let (whole, fraction) = digits.split_at(digits.len() - shift);
            let whole = if whole.is_empty() { "0" } else { whole };
            let exponent = i64::try_from(shift).unwrap() - i64::try_from(zeros).unwrap();
            let point = if fraction.is_empty() { "" } else { "." };
            prop_assert_eq!(employee_id(&format!("{whole}{point}{fraction}e{exponent}")), Some(id));
        }
    }
}
