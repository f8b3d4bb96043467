//! `btcfake simulate`: makes one day's feed from files.

use clap::Args;

use crate::commands::chosen_inputs::input_files;
use crate::commands::feed_arguments::{FileArguments, OutputArguments};
use crate::commands::feed_order::FeedOrder;
use crate::commands::made_feed::make_feed;
use crate::configuration::Configuration;
use crate::terminal::failure::Failure;

/// Options of `simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Inputs and settings of the feed.
    #[command(flatten)]
    files: FileArguments,
    /// The folder of the feed, and what is printed.
    #[command(flatten)]
    output: OutputArguments,
}

/// Runs the command.
///
/// # Errors
/// Unreadable or refused inputs, or a failed output; then nothing was written.
pub(crate) fn run(arguments: &SimulateArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.print_warnings(arguments.output.quiet);
    let order = FeedOrder::new(&arguments.files.feed, &arguments.output, &configuration)?;
    let files = input_files(&arguments.files, &order)?;
    let feed = make_feed(&order, &files)?;
    feed.report(&arguments.output);
    // The program ends here, which frees all memory at once.
    std::mem::forget(feed);
    Ok(())
}
