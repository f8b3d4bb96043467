//! Parsing of typed ids: one, several, or a range.

use crate::format::identifier::{HIGHEST_ID, parse_plain_id};
use crate::text::visible::quoted;
use crate::text::words::grouped;

/// The maximum number of ids in a text.
const MOST: usize = 1_000_000;

/// Parses ids: `88563`, `88563, 88570` or `300001-300010`, separated by commas, semicolons, spaces, tabs or line feeds.
///
/// # Errors
/// [`IdsError::NoId`] for a part that is neither an id nor a range, [`IdsError::Reversed`] for a reversed range,
/// [`IdsError::TooMany`] for more than a million ids, [`IdsError::Empty`] for none.
pub fn parse_ids(text: &str) -> Result<Vec<u64>, IdsError> {
    let mut ids = Vec::new();
    for part in text.split([',', ' ', '\n', '\t', ';']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (Some(first), Some(last)) = (parse_plain_id(first.as_bytes()), parse_plain_id(last.as_bytes())) else {
            return Err(IdsError::NoId(part.to_owned()));
        };
        if first > last {
            return Err(IdsError::Reversed { first, last });
        }
        if last - first >= (MOST - ids.len()) as u64 {
            return Err(IdsError::TooMany);
        }
        ids.extend(first..=last);
    }
    if ids.is_empty() { Err(IdsError::Empty) } else { Ok(ids) }
}

/// The reason why a text is not a list of ids.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdsError {
    /// A part that is neither an id nor a range.
    #[error("{} is no id: digits only, from 1 to {}; or a range such as 300001-300010", quoted(.0), HIGHEST_ID)]
    NoId(String),
    /// A range whose last id is before the first.
    #[error("the range goes from {first} to {last}. Did you mean '{last}-{first}'?")]
    Reversed {
        /// The first bound, which is the higher one.
        first: u64,
        /// The last bound, which is the lower one.
        last: u64,
    },
    /// More than a million ids.
    #[error("these are more than {} ids; add fewer at a time", grouped(MOST))]
    TooMany,
    /// No id at all.
    #[error("there is no id yet; write some, such as 300001-300010")]
    Empty,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_write_them() {
        for (text, expected) in [
            ("7", Ok(vec![7])),
            (" 7, 9;8\n10 ", Ok(vec![7, 9, 8, 10])),
            ("5-7,1", Ok(vec![5, 6, 7, 1])),
            ("7-5", Err("the range goes from 7 to 5. Did you mean '5-7'?")),
            ("", Err("there is no id yet; write some, such as 300001-300010")),
            ("1-1000001", Err("these are more than 1,000,000 ids; add fewer at a time")),
            ("1-9223372036854775807", Err("these are more than 1,000,000 ids; add fewer at a time")),
            (
                "seven",
                Err("'seven' is no id: digits only, from 1 to 9223372036854775807; or a range such as 300001-300010"),
            ),
        ] {
            let found = parse_ids(text).map_err(|error| error.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{text}");
        }
    }
}
