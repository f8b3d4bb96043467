//! Values of the command line that several commands take.

use std::path::{Path, PathBuf};

use btcfake_core::format::identifier::{HIGHEST_ID, parse_plain_id};
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

/// Reads an employee's id.
pub(super) fn employee_id(text: &str) -> Result<u64, String> {
    parse_plain_id(text.as_bytes()).ok_or_else(|| format!("an id is digits only, from 1 to {HIGHEST_ID}"))
}
