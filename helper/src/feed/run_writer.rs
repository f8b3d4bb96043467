//! A run into a folder: its feed, copies of fetched inputs, and the run file, under temporary names.

use std::path::Path;

use btcfake_core::breakage::BreakList;
use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::run::simulation::Simulation;

use crate::feed::feed_folder::FeedFolder;
use crate::feed::feed_writer::{DetailsListener, write_feed};
use crate::feed::loaded_file::{LoadedFile, LoadedFrom};
use crate::feed::output_file::Target;
use crate::feed::written_feed::WrittenFeed;
use crate::terminal::console::Progress;
use crate::terminal::failure::Failure;

/// What a run is written with, besides its simulation.
#[derive(Clone, Copy)]
pub(crate) struct RunToWrite<'a> {
    /// Output folder.
    pub(crate) folder: &'a Path,
    /// Inputs.
    pub(crate) files: &'a [LoadedFile],
    /// Position in a series, if it is a day of one.
    pub(crate) series: Option<SeriesDay>,
    /// Faults to add; empty for a correct feed.
    pub(crate) breaks: &'a BreakList,
}

/// Writes a run's files and its run file under temporary names; [`FeedFolder::publish`] then puts them in place. Inputs
/// that the caller did not digest meanwhile ([`while_digested`](crate::feed::parsing::while_digested)) are digested
/// here.
///
/// # Errors
/// A name that exists, a file that cannot be written, or `Interrupted`; then written files are removed.
pub(crate) fn write_run(
    simulation: &Simulation,
    to_write: RunToWrite<'_>,
    details: Option<DetailsListener<'_>>,
    progress: &mut Progress,
) -> Result<(FeedFolder, WrittenFeed), Failure> {
    let RunToWrite { folder, files, series, breaks } = to_write;
    let names = simulation.file_names();
    let feed_folder = FeedFolder::begin(folder, &names, breaks)?;
    let target = Target::Folder(&feed_folder);
    let written = write_feed(simulation, breaks, target, details, progress)?;
    for file in files.iter().filter(|file| matches!(file.origin, LoadedFrom::Fetched(_))) {
        feed_folder.keep_input(&file.input.name, &file.input.bytes)?;
    }
    let kept_inputs = feed_folder.kept_inputs();
    let inputs = files.iter().map(|file| file.record(folder, &kept_inputs)).collect();
    let record = RunRecord::new(*simulation.settings(), inputs, written.outputs.clone());
    files.iter().try_for_each(LoadedFile::check)?;
    let record = RunRecord { series, broken: written.damage.clone(), ..record };
    feed_folder.write_run_file(&names.run, &record)?;
    Ok((feed_folder, written))
}
