//! A recipe: the settings of a run and the identity of its input files, as text short enough for a link.
//!
//! The text is the fragment of a link, which browsers never send to a server:
//! `recipe=1&version=0.1.0&now=...&seed=42&...`. Parts are named like the options of `simulate`; default values are
//! left out. A file is identified by name, size and SHA-256, never by its content; the answers to its questions follow.
//! The same recipe always has the same text. That text alone is a code that can be pasted anywhere; the same parts make a JSON file.

mod choice_option;
mod command_line;
mod json_file;
mod names;
mod percent;
mod problem;
mod reading;
mod run_recipe;
mod shell;
#[cfg(test)]
mod tests;

pub use choice_option::{choice_option, parse_choice};
pub use json_file::is_recipe_file;
pub use problem::{RecipeProblem, RecipeProblemKind};
pub use reading::RecipeReading;
pub use run_recipe::Recipe;

/// Parses a recipe: a whole link, its fragment (the code), or the JSON file. Never stops at the first problem.
#[must_use]
pub fn read_recipe(text: &str) -> RecipeReading {
    if text.trim_start().starts_with('{') { json_file::read_json(text) } else { reading::read_link(text) }
}
