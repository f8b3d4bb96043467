//! `btcfake recipe`: prints the link, the code or the file by which others make the same run.

use std::path::PathBuf;

use clap::Args;
use reqwest::Url;

use crate::feed::replay_source::ReplaySource;
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Options of `recipe`.
#[derive(Debug, Args)]
pub(crate) struct RecipeArguments {
    /// The run file, run_....json; - for standard input.
    #[arg(value_name = "RUN_FILE")]
    run_file: PathBuf,
    /// The page's address for the link.
    #[arg(long, value_name = "ADDRESS", default_value = "http://127.0.0.1:8787/", value_parser = page_address)]
    page: String,
    /// Print the code: the part of the link after the #, without an address.
    #[arg(long, conflicts_with = "page")]
    code: bool,
    /// Print the recipe as a JSON file.
    #[arg(long, conflicts_with_all = ["page", "code"])]
    json: bool,
}

/// Reads the web address of a page, to which a recipe is added after a `#`.
fn page_address(text: &str) -> Result<String, &'static str> {
    let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    is_web
        .then(|| text.to_owned())
        .ok_or("write a web address such as https://host/page/, without a #, which the recipe follows")
}

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
