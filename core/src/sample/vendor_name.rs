//! The file names of the vendor's files in a sample: with the day, and with a last part drawn from the seed.

use chrono::{Datelike, NaiveDate};

use super::tables::SampleTable;
use crate::format::file_name::VendorKind;

/// The file name of a kind of vendor file of a day.
pub(super) fn vendor_name(seed: u64, day: NaiveDate, kind: VendorKind) -> String {
    let item = u64::from(day.num_days_from_ce().unsigned_abs()) * 16 + kind as u64;
    kind.name(day, &SampleTable::FileNames.draw(seed, item).random_part())
}
