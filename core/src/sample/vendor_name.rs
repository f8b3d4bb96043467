//! The file names of the vendor's files in a sample: dated today, with a last part drawn from the seed.

use chrono::Datelike;

use super::sample_recipe::SampleRecipe;
use super::tables::SampleTable;
use crate::format::file_name::FileKind;

/// The file name of a kind of vendor file in a sample.
pub(super) fn vendor_name(recipe: &SampleRecipe, kind: FileKind) -> String {
    const CHARACTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let item = u64::from(recipe.today.num_days_from_ce().unsigned_abs()) * 16 + kind as u64;
    let mut draw = SampleTable::FileNames.draw(recipe.seed, item);
    let random: String = (0..6).map(|_| char::from(draw.one_of(CHARACTERS).copied().unwrap_or(b'0'))).collect();
    kind.name(recipe.today, &random)
}
