//! `btcfake recipe`: the link by which others make the same run.

use btcfake_core::recipe::Recipe;

use crate::cli::RecipeArguments;
use crate::console;
use crate::failure::Failure;
use crate::repeatable::{Repeatable, Wanted};

/// Runs the command.
///
/// # Errors
/// A run file that cannot be read.
pub(crate) fn run(arguments: &RecipeArguments) -> Result<(), Failure> {
    let recipe = match Repeatable::read(&arguments.run_file)?.what {
        Wanted::Run(record) => Recipe::of_run(&record),
        Wanted::Recipe(recipe) => recipe,
    };
    console::print(&format!("{}\n", recipe.link(&arguments.page)));
    Ok(())
}
