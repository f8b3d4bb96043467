//! The sample's `content_completion.csv`: the state table of completed contents.

use super::contents::Contents;
use super::days::{Days, push_date};
use super::employees::employees;
use super::history::EmployeeHistory;
use super::sample_recipe::{SampleFile, SampleRecipe};
use crate::format::completions_table::COLUMNS;
use crate::format::identifier::push_plain_id;

/// The name of the file.
pub(super) const NAME: &str = "content_completion.csv";

/// Makes the file.
pub(super) fn file(recipe: &SampleRecipe) -> SampleFile {
    let contents = Contents::of(recipe);
    let days = Days::around(recipe.today);
    let mut bytes = COLUMNS.join(",").into_bytes();
    bytes.push(b'\n');
    for employee in employees(recipe) {
        for completion in EmployeeHistory::of(recipe.seed, employee.id, &contents, days).completions {
            push_plain_id(&mut bytes, employee.id);
            bytes.push(b',');
            push_plain_id(&mut bytes, completion.content_id);
            bytes.push(b',');
            push_date(&mut bytes, completion.day);
            bytes.push(b'\n');
        }
    }
    SampleFile { name: NAME.to_owned(), bytes }
}
