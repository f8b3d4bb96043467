//! The settings of a run: everything besides its input files that decides its output. Clock and seed enter the core
//! only here.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::format::employees::BadRows;
use crate::format::instant::{instant_text, parse_instant};
use crate::format::non_completed::RequestIdStyle;
use crate::plan::calendar::{BusinessZone, Calendar};
use crate::plan::mix::Mix;
use crate::plan::new_population::NewPopulation;
use crate::text::visible::quoted;
use crate::text::whole_number::whole_number;

/// The settings of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The instant of the run (UTC), in whole seconds.
    #[serde(with = "instant_as_text")]
    pub now: DateTime<Utc>,
    /// The seed of all random draws.
    pub seed: u64,
    /// The business time zone.
    pub time_zone: BusinessZone,
    /// True if the completions file and the assignments file begin with a byte order mark.
    pub byte_order_mark: bool,
    /// The format of RequestIds.
    pub request_id: RequestIdStyle,
    /// The treatment of bad rows of employees.csv.
    pub bad_rows: BadRows,
    /// The mix to apply to the employees' types; `None` keeps the types of employees.csv.
    #[serde(default)]
    pub mix: Option<Mix>,
    /// The made-up population that replaces employees.csv; `None` if the file is given.
    #[serde(default)]
    pub population: Option<NewPopulation>,
}

impl Settings {
    /// Default settings with this instant and seed.
    #[must_use]
    pub fn new(now: DateTime<Utc>, seed: u64) -> Settings {
        Settings {
            now: DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now),
            seed,
            time_zone: BusinessZone::UTC,
            byte_order_mark: false,
            request_id: RequestIdStyle::default(),
            bad_rows: BadRows::default(),
            mix: None,
            population: None,
        }
    }

    /// The day of the run in its time zone.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.time_zone.date_of(self.now)
    }
}

/// Parses the instant of a run, such as `2026-01-29T18:00:00Z` or `2026-01-29 18:00`. Without an offset it is UTC.
///
/// # Errors
/// [`NowError::NoInstant`] for any other text, [`NowError::OutOfReach`] for a year outside of [`Calendar::YEARS`].
pub fn parse_now(text: &str) -> Result<DateTime<Utc>, NowError> {
    let instant = parse_instant(text).or_else(|| parse_instant(&with_seconds(text)?));
    let instant = instant.ok_or_else(|| NowError::NoInstant(text.to_owned()))?;
    if Calendar::YEARS.contains(&instant.year()) {
        Ok(DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant))
    } else {
        Err(NowError::OutOfReach(instant.year()))
    }
}

/// Parses a seed, in digits alone.
///
/// # Errors
/// [`NoSeed`] for any other text.
pub fn parse_seed(text: &str) -> Result<u64, NoSeed> {
    whole_number(text, ..).ok_or_else(|| NoSeed(text.to_owned()))
}

/// A text that is no seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is no seed; a whole number from 0 to {} is allowed", quoted(.0), u64::MAX)]
pub struct NoSeed(String);

/// The reason why a text cannot be the instant of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NowError {
    /// A text that is not a date and time.
    #[error("{} is no date and time; write it like 2026-01-29T18:00:00Z", quoted(.0))]
    NoInstant(String),
    /// A year outside of [`Calendar::YEARS`].
    #[error(
        "the year {0} is out of reach; a run can be set from {first} to {last}",
        first = Calendar::YEARS.start(), last = Calendar::YEARS.end()
    )]
    OutOfReach(i32),
}

/// Inserts `:00` for missing seconds: `2026-01-29 18:00` is the whole minute. `None` if the text has no such form.
fn with_seconds(text: &str) -> Option<String> {
    let (minute, rest) = text.trim().split_at_checked("2026-01-29T18:00".len())?;
    Some(format!("{minute}:00{rest}"))
}

mod instant_as_text {
    use super::{DateTime, Utc, instant_text, parse_now};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&instant_text(*instant))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_now(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_read_as_people_write_it() {
        for (text, expected) in [
            ("2026-01-29T18:00:00Z", Ok("2026-01-29T18:00:00Z")),
            ("2026-01-29 18:00:00", Ok("2026-01-29T18:00:00Z")),
            ("2026-01-29T18:00:00.7+01:00", Ok("2026-01-29T17:00:00Z")),
            ("2026-01-29 18:00", Ok("2026-01-29T18:00:00Z")),
            ("2026-01-29T18:00Z", Ok("2026-01-29T18:00:00Z")),
            (
                "2026-01-29T18:00:61Z",
                Err("'2026-01-29T18:00:61Z' is no date and time; write it like 2026-01-29T18:00:00Z"),
            ),
            ("tomorrow", Err("'tomorrow' is no date and time; write it like 2026-01-29T18:00:00Z")),
            ("1969-12-31T23:59:59Z", Err("the year 1969 is out of reach; a run can be set from 1970 to 9998")),
            ("9999-01-01T00:00:00Z", Err("the year 9999 is out of reach; a run can be set from 1970 to 9998")),
        ] {
            let found = parse_now(text).map(instant_text).map_err(|error| error.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }
}
