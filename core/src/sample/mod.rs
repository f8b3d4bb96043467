//! Made-up inputs in the real formats: a population, the vendor's two catalogs, the state tables and recorded answers
//! of the recommender. They are for users without real files, for tests and for benchmarks.
//!
//! Start at [`files`], which makes six files from a [`SampleRecipe`], one after another. The same recipe gives the same
//! bytes. An employee's draws depend on the seed, the day, the contents and the employee's id, not on other employees;
//! a content's draws depend on the seed, the day and its position. Above about 2,100 employees the ids lie closer
//! together, so that they stay below 2^31. [`catalogs_on`] makes the catalogs of a later day.
//!
//! [`built_in_standalone_content`] is the catalog of runs without a given one. [`Vendor`] is what continues it, or the
//! files of a sample, over the days of a series.

mod assignments;
mod completions;
mod contents;
mod course_catalog;
mod courses;
mod days;
mod employees;
mod history;
mod recommendations;
mod sample_recipe;
mod standalone_content;
mod tables;
mod vendor;
mod vendor_name;
mod weekly_doses;
mod words;

use chrono::NaiveDate;

use self::vendor_name::vendor_name;
use crate::format::file_name::VendorKind;

pub use recommendations::Recommender;
pub use sample_recipe::{SampleFile, SampleRecipe};
pub use vendor::Vendor;

/// The name of the built-in catalog, shown in place of a file name.
pub const BUILT_IN_NAME: &str = "built-in sample";

/// The file names that are the same in every sample.
pub const TABLE_NAMES: [&str; 4] = [employees::NAME, assignments::NAME, completions::NAME, recommendations::NAME];

/// The names of the six files, in the order in which [`files`] makes them.
#[must_use]
pub fn file_names(recipe: &SampleRecipe) -> [String; 6] {
    let [employees, assignments, completions, recommendations] = TABLE_NAMES.map(str::to_owned);
    let [standalone_content, course_catalog] = [VendorKind::StandAloneContent, VendorKind::CourseCatalog]
        .map(|kind| vendor_name(recipe.seed, recipe.today, kind));
    [employees, standalone_content, course_catalog, assignments, completions, recommendations]
}

/// Makes the six files of a sample lazily, so that not all are in memory at once.
pub fn files(recipe: &SampleRecipe) -> impl Iterator<Item = SampleFile> + use<> {
    const MAKERS: [fn(&SampleRecipe) -> SampleFile; 6] = [
        employees::file,
        |recipe| standalone_content::file(recipe, recipe.today),
        |recipe| course_catalog::file(recipe, recipe.today),
        assignments::file,
        completions::file,
        |recipe| recommendations::file(recipe, recipe.today),
    ];
    let recipe = *recipe;
    MAKERS.into_iter().map(move |make| make(&recipe))
}

/// The StandAloneContent and the course catalog of a sample on a later day: with the names of that day, and with three
/// more Daily Doses for every Monday after the sample's own day.
#[must_use]
pub fn catalogs_on(recipe: &SampleRecipe, day: NaiveDate) -> [SampleFile; 2] {
    [standalone_content::file(recipe, day), course_catalog::file(recipe, day)]
}

/// The recommendations.jsonl of a sample on a later day. The same employees get recommendations as on the sample's own
/// day, but of other contents. Contents that they completed since the sample's own day are recommended only by chance.
#[must_use]
pub fn recommendations_on(recipe: &SampleRecipe, day: NaiveDate) -> SampleFile {
    recommendations::file(recipe, day)
}

/// The built-in `StandAloneContent`, used if none is given: 200 contents, 10 of them Daily Doses, always the same
/// bytes.
#[must_use]
pub fn built_in_standalone_content() -> Vec<u8> {
    let recipe = SampleRecipe::built_in();
    standalone_content::file(&recipe, recipe.today).bytes
}

#[cfg(test)]
mod tests;
