//! A recipe: the settings of a run and the identity of its input files, as text short enough for a link.
//!
//! The text is the fragment of a link, which browsers never send to a server:
//! `recipe=1&version=0.1.0&now=...&seed=42&...`. Parts are named like the options of `simulate`; default values are
//! left out. A file is identified by name, size and SHA-256, never by its content. The same recipe always has the same
//! text.

mod command_line;
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
