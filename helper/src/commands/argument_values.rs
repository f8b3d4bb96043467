//! Values of the command line that several commands take.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use btcfake_core::format::identifier::{HIGHEST_ID, parse_plain_id};
use btcfake_core::text::visible::quoted;
use btcfake_core::text::whole_number::whole_number;
use btcfake_core::text::words::number_text;
use clap::builder::{PathBufValueParser, TypedValueParser};

/// Takes the path of what is written: `-` would become a folder or file of that name.
pub(super) fn written_path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path == Path::new("-") {
            return Err(
                "- stands for standard input, and nothing is written to standard output; name a folder or file (one \
                        that is called - is ./-)",
            );
        }
        Ok(path)
    })
}

/// Reads a number of days.
pub(super) fn day_count(text: &str, allowed: RangeInclusive<u32>) -> Result<u32, String> {
    let (least, most) = (*allowed.start(), number_text((*allowed.end()).into()));
    whole_number(text, allowed).ok_or_else(|| {
        format!("{} is no number of days; a whole number from {least} to {most} is allowed", quoted(text))
    })
}

/// Reads an employee's id.
pub(super) fn employee_id(text: &str) -> Result<u64, String> {
    parse_plain_id(text.as_bytes()).ok_or_else(|| format!("an id is digits only, from 1 to {HIGHEST_ID}"))
}
