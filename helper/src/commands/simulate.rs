//! `btcfake simulate`: makes one day's feed from files.

use crate::commands::chosen_inputs::input_files;
use crate::commands::cli::SimulateArguments;
use crate::commands::feed_order::FeedOrder;
use crate::commands::made_feed::make_feed;
use crate::configuration::Configuration;
use crate::terminal::failure::Failure;

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
