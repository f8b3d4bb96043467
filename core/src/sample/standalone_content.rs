//! The sample's `StandAloneContent` file: the assignable contents.

use chrono::NaiveDate;

use super::contents::Contents;
use super::sample_recipe::{SampleFile, SampleRecipe};
use super::vendor_name::vendor_name;
use super::weekly_doses;
use crate::format::file_name::VendorKind;
use crate::format::quoted::push_line;
use crate::format::standalone_content::COLUMNS;

/// Makes the file of a day, with the Daily Doses published since the day of the recipe.
pub(super) fn file(recipe: &SampleRecipe, day: NaiveDate) -> SampleFile {
    let mut contents = Contents::of(recipe);
    weekly_doses::add(&mut contents, recipe.today, day);
    file_of(&contents, recipe.seed, day)
}

/// Makes the file with these contents.
pub(super) fn file_of(contents: &Contents, seed: u64, day: NaiveDate) -> SampleFile {
    let mut bytes = Vec::new();
    push_line(&mut bytes, &COLUMNS);
    for content in contents.all().iter().filter(|content| content.is_standalone) {
        let details = contents.details(content);
        let row: [&str; COLUMNS.len()] = [
            &details.id,
            &content.name.english,
            &details.admin_name,
            &details.description,
            details.kind,
            &details.tags,
            details.other_daily_dose,
            details.daily_dose_ba,
            &details.created,
            &details.link,
            &details.french_name,
            &details.french_description,
        ];
        push_line(&mut bytes, &row);
    }
    SampleFile { name: vendor_name(seed, day, VendorKind::StandAloneContent), bytes }
}
