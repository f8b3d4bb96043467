//! The file names of the vendor's files in a sample: with the day, and with a last part drawn from the seed.

use chrono::{Datelike, NaiveDate};

use super::tables::SampleTable;
use crate::format::file_name::FileKind;

/// The file name of a kind of vendor file of a day.
pub(super) fn vendor_name(seed: u64, day: NaiveDate, kind: FileKind) -> String {
    const CHARACTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let item = u64::from(day.num_days_from_ce().unsigned_abs()) * 16 + kind as u64;
    let mut draw = SampleTable::FileNames.draw(seed, item);
    let random: String = (0..6).map(|_| char::from(draw.one_of(CHARACTERS).copied().unwrap_or(b'0'))).collect();
    kind.name(day, &random)
}
