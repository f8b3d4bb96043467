//! Making of a feed from loaded files: parse, simulate, write, sum up. Shared by `simulate` and `run`.

use std::path::PathBuf;

use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::report::summary::Summary;
use btcfake_core::run::detail::Detail;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::tally::DETAILS_WITHOUT_ASKING;
use btcfake_core::text::note::Note;

use crate::commands::feed_arguments::OutputArguments;
use crate::commands::feed_order::FeedOrder;
use crate::feed::details_file::DetailsFile;
use crate::feed::feed_writer::DetailsListener;
use crate::feed::loaded_file::LoadedFile;
use crate::feed::parsing::{abandon, parse_inputs, while_digested};
use crate::feed::run_details::{all_details, print_details};
use crate::feed::run_writer::{RunToWrite, write_run};
use crate::feed::written_feed::WrittenFeed;
use crate::files::file_set::create_folder;
use crate::terminal::console::{self, Progress};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Finished feed.
pub(super) struct MadeFeed {
    simulation: Simulation,
    summary: Summary,
    /// Path of the run file.
    pub(super) run_file: PathBuf,
}

/// Makes the feed and writes it, all files or none.
///
/// # Errors
/// Refused inputs, a file that cannot be written, or `Interrupted`; then nothing was written.
pub(super) fn make_feed(order: &FeedOrder<'_>, files: &[LoadedFile]) -> Result<MadeFeed, Failure> {
    let parse = || parse_inputs(files, order.settings.bad_rows, order.output.quiet);
    make_feed_by(order, files, Vec::new(), parse)
}

/// As [`make_feed`], with the function that parses the files. `notes` are added to the warnings and notes of the summary.
///
/// # Errors
/// As [`make_feed`].
pub(super) fn make_feed_by(
    order: &FeedOrder<'_>,
    files: &[LoadedFile],
    notes: Vec<Note>,
    parse: impl FnOnce() -> Result<Inputs, Failure>,
) -> Result<MadeFeed, Failure> {
    // The digests of large inputs take long, and parsing does not use all processors all the time.
    while_digested(files, || {
        parse().and_then(|inputs| make_from(inputs, order, files, notes)).inspect_err(|_| abandon(files))
    })
}

impl MadeFeed {
    /// Prints the summary, as text or JSON, with details if asked for or if there are few employees.
    pub(super) fn report(&self, output: &OutputArguments) {
        let in_full = output.verbose || self.simulation.employee_count() <= DETAILS_WITHOUT_ASKING;
        if output.json {
            self.print_as_json(in_full);
        } else if !output.quiet {
            console::print(&self.summary.text());
            if in_full {
                print_details(&self.simulation, "Employees");
            }
        }
    }

    fn print_as_json(&self, in_full: bool) {
        let mut value = serde_json::to_value(&self.summary).unwrap_or_default();
        if in_full {
            value["details"] = serde_json::to_value(all_details(&self.simulation)).unwrap_or_default();
        }
        console::print_json(&value);
    }
}

fn make_from(
    inputs: Inputs,
    order: &FeedOrder<'_>,
    files: &[LoadedFile],
    notes: Vec<Note>,
) -> Result<MadeFeed, Failure> {
    let simulation = Simulation::new(inputs, order.settings);
    order.refuse_details_over(files, &[(&order.folder, simulation.file_names())])?;
    let written = write(order, &simulation, files)?;
    let run_file = simulation.file_names().run;
    let names = written.outputs.into_iter().map(|output| output.name).chain([run_file.clone()]).collect();
    let summary = Summary::new(&simulation, written.tally).with_damage(names, written.damage);
    let mut summary = Summary { environment: order.environment.clone(), ..summary };
    for note in notes {
        let messages = if note.is_warning { &mut summary.warnings } else { &mut summary.notes };
        messages.push(Note { is_warning: false, ..note }.to_string());
    }
    Ok(MadeFeed { simulation, summary, run_file: order.folder.join(run_file) })
}

/// Writes the feed, and the details if asked for, and puts all in place.
fn write(order: &FeedOrder<'_>, simulation: &Simulation, files: &[LoadedFile]) -> Result<WrittenFeed, Failure> {
    // From here on there are files to remove.
    interrupt::listen();
    // The file of details may be in the run's own folder.
    create_folder(&order.folder)?;
    let mut details = order.output.details.as_deref().map(DetailsFile::create).transpose()?;
    let mut write_details = details.as_mut().map(|file| |details: Vec<Detail>| file.write(&details));
    let listener = write_details.as_mut().map(|write| write as DetailsListener<'_>);
    let mut progress = Progress::new(order.output.quiet);
    let to_write = RunToWrite { folder: &order.folder, files, series: None, breaks: &order.breaks };
    let (feed_folder, written) = write_run(simulation, to_write, listener, &mut progress)?;
    // Finish the details first: a full disk must show before the feed is in place.
    details.as_mut().map(DetailsFile::finish).transpose()?;
    interrupt::check()?;
    feed_folder.publish_with(|| details.as_mut().map_or(Ok(()), DetailsFile::put_in_place))?;
    details.into_iter().for_each(DetailsFile::keep);
    Ok(written)
}
