//! `btcfake recipe`: prints the link, the code or the file by which others make the same run.

use btcfake_core::record::recipe::Recipe;

use crate::commands::cli::RecipeArguments;
use crate::feed::replay_source::{ReplaySource, ReplayWanted};
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Runs the command.
///
/// # Errors
/// A run file or recipe that cannot be read, or a later day of a series.
pub(crate) fn run(arguments: &RecipeArguments) -> Result<(), Failure> {
    let recipe = match ReplaySource::read(&arguments.run_file)?.what {
        ReplayWanted::Run(record) if record.series.is_some_and(|day| day.day > 1) => {
            return Err(Failure::Other(
                "this run is a day of a series, and a recipe knows nothing of the days before; hand on the run file itself"
                    .to_owned(),
            ));
        }
        ReplayWanted::Run(record) => Recipe::of_run(&record),
        ReplayWanted::Recipe(recipe) => recipe,
    };
    console::print(&match arguments {
        RecipeArguments { json: true, .. } => recipe.json(),
        RecipeArguments { code: true, .. } => format!("{recipe}\n"),
        RecipeArguments { page, .. } => format!("{}\n", recipe.link(page)),
    });
    Ok(())
}
