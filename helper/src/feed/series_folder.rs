//! Folder of a series: a subfolder per day, and the days that exist already.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use btcfake_core::breakage::BreakList;
use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::plan::rhythm::Rhythm;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::run::series::Series;
use btcfake_core::run::state_after::NextState;
use btcfake_core::text::visible::shown_whole;
use chrono::NaiveDate;

use crate::feed::feed_folder::FeedFolder;
use crate::feed::feed_writer::write_feed;
use crate::feed::loaded_file::LoadedFile;
use crate::feed::output_file::Target;
use crate::files::file_set::clear_leftovers;
use crate::files::reading::{digest_of, read_found};
use crate::terminal::console::{Progress, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Folder of a series.
pub(crate) struct SeriesFolder<'a> {
    /// Parent of the days' folders.
    pub(crate) folder: &'a Path,
    /// Inputs of the series.
    pub(crate) files: &'a [LoadedFile],
}

impl SeriesFolder<'_> {
    /// Folder of a day, named by its date.
    pub(crate) fn of_day(&self, day: NaiveDate) -> PathBuf {
        self.folder.join(day.to_string())
    }

    /// State after the series' current day, if that day exists exactly as the series makes it. If `None`, the names of
    /// its files are free.
    ///
    /// # Errors
    /// A day that exists but differs, files under its names, or a folder that cannot be read.
    pub(crate) fn is_there(&self, series: &Series) -> Result<Option<NextState>, Failure> {
        let run = series.simulation();
        let names = run.file_names();
        let folder = self.of_day(run.calendar().today);
        if !folder.exists() {
            return Ok(None);
        }
        // Also for an existing day, in whose folder nothing else will be made.
        clear_leftovers(&folder)?;
        let run_files = run_files(&folder).of_file(&folder, "list")?;
        if let Some(other) = run_files.iter().find(|name| **name != names.run) {
            return Err(refused(&folder.join(other), "it belongs to another run (of another seed, --from or --at)"));
        }
        if run_files.is_empty() {
            // Checks that the names are free; the drop removes what it created.
            return FeedFolder::begin(&folder, &names, &BreakList::default()).map(|_| None);
        }
        let path = folder.join(&names.run);
        let bytes = read_found(&path).of_file(&path, "read")?;
        let record = RunRecord::from_bytes(&bytes).map_err(|error| refused(&path, &error.to_string()))?;
        self.compare(&record, series, &folder)?.map(Some).map_err(|difference| refused(&path, &difference))
    }

    /// Compares the recorded run and its files with the series' own day, and returns the state after it, or the
    /// difference.
    fn compare(
        &self,
        record: &RunRecord,
        series: &Series,
        folder: &Path,
    ) -> Result<Result<NextState, String>, Failure> {
        let run = series.simulation();
        if record.settings != *run.settings() {
            return Ok(Err("it was made with other settings".to_owned()));
        }
        if record.series != Some(series.day()) {
            return Ok(Err("it is not this day of this series".to_owned()));
        }
        if let Some(difference) = self.other_input(record) {
            return Ok(Err(difference));
        }
        let made = write_feed(run, &BreakList::default(), Target::Records, None, &mut Progress::new(true))?;
        for output in made.outputs {
            if !record.outputs.contains(&output) {
                return Ok(Err(format!("the bytes of {} would be others now", shown_whole(&output.name))));
            }
            let path = folder.join(&output.name);
            match record_of(&path, &output.name) {
                Ok(on_disk) if on_disk == output => {}
                Ok(_) => return Ok(Err(format!("{} was changed since", shown_whole(&output.name)))),
                Err(message) if message.kind() == io::ErrorKind::NotFound => {
                    return Err(Failure::Other(format!(
                        "{}: is missing, though its day was finished; remove the folder {} and run again, which makes that \
                         day anew. Nothing was written",
                        shown_path(&path),
                        shown_path(folder)
                    )));
                }
                Err(message) => return Err(Failure::file(&path, "read", message)),
            }
        }
        Ok(Ok(made.next))
    }

    fn other_input(&self, record: &RunRecord) -> Option<String> {
        let without_path = |input: &InputRecord| InputRecord { path: None, ..input.clone() };
        let recorded: Vec<InputRecord> = record.inputs.iter().map(without_path).collect();
        let given: Vec<InputRecord> = self.files.iter().map(|file| file.identity().clone()).collect();
        if let Some(other) = given.iter().find(|input| !recorded.contains(input)) {
            return Some(format!("it was not made from this {}", shown_whole(&other.name)));
        }
        let other = recorded.iter().find(|input| !given.contains(input))?;
        Some(format!("it was made from {}, too", shown_whole(&other.name)))
    }
}

/// Seed of a series with this rhythm whose first day is in the folder; `None` if there is none, or several runs.
pub(crate) fn seed_of(folder: &Path, rhythm: Rhythm, first_day: NaiveDate) -> Option<u64> {
    let folder = folder.join(first_day.to_string());
    let [name] = run_files(&folder).ok()?.try_into().ok()?;
    let record = RunRecord::from_bytes(&read_found(&folder.join(name)).ok()?).ok()?;
    record.series.filter(|day| day.rhythm == rhythm && day.day == 1).map(|_| record.settings.seed)
}

fn refused(path: &Path, why: &str) -> Failure {
    Failure::Other(format!(
        "{}: this day is there already, but not as this series makes it: {why}. Choose another --out, or move it away. \
         Nothing was written",
        shown_path(path)
    ))
}

/// Names of the run files in a folder; empty if the folder does not exist.
fn run_files(folder: &Path) -> io::Result<Vec<String>> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in listing {
        let Ok(name) = entry?.file_name().into_string() else { continue };
        if VendorName::parse(&name).is_some_and(|name| name.kind == VendorKind::Run) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Record of a file on disk, as a run file would have it.
fn record_of(path: &Path, name: &str) -> io::Result<OutputRecord> {
    let (bytes, sha256) = digest_of(path)?;
    Ok(OutputRecord { name: name.to_owned(), bytes, sha256 })
}
