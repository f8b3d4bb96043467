//! A recipe: everything of a run that is no file, and which files it needs, as a text that fits into a link.
//!
//! The text is the fragment of a link, so that it goes to no server: `recipe=1&version=0.1.0&now=...&seed=42&...`. Its
//! parts are called as the options of `simulate`; what is usual is left out. A file is named by its name, size and
//! SHA-256, never by its content. The same recipe always has the same text.

mod names;
mod percent;
mod problem;
mod reading;
mod run_recipe;
#[cfg(test)]
mod tests;

pub use problem::{RecipeProblem, RecipeProblemKind};
pub use reading::{RecipeReading, read_recipe};
pub use run_recipe::Recipe;
