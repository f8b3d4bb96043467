//! `btcfake recipe`: prints the link, the code or the file by which others make the same run.

use crate::commands::cli::RecipeArguments;
use crate::feed::replay_source::ReplaySource;
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Runs the command.
///
/// # Errors
/// A run file or recipe that cannot be read, or a later day of a series.
pub(crate) fn run(arguments: &RecipeArguments) -> Result<(), Failure> {
    let source = ReplaySource::read(&arguments.run_file)?;
    if source.run.is_some_and(|run| run.series.is_some_and(|day| day.day > 1)) {
        let message =
            "this run is a day of a series, and a recipe knows nothing of the days before; hand on the run file itself";
        return Err(Failure::Other(message.to_owned()));
    }
    let recipe = source.recipe;
    console::print(&match arguments {
        RecipeArguments { json: true, .. } => recipe.json(),
        RecipeArguments { code: true, .. } => format!("{recipe}\n"),
        RecipeArguments { page, .. } => format!("{}\n", recipe.link(page)),
    });
    Ok(())
}
