//! `btcfake simulate`: one day's feed, from files to files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::file_name::FileKind;
use btcfake_core::input::{InputFile, InputRole};
use btcfake_core::report::{DETAILS_WITHOUT_ASKING, Detail, Summary};
use btcfake_core::run_record::RunRecord;
use btcfake_core::settings::Settings;
use btcfake_core::simulation::Simulation;
use chrono::Utc;

use crate::cli::SimulateArguments;
use crate::configuration::Configuration;
use crate::console::{self, Progress};
use crate::failure::Failure;
use crate::feed_folder::FeedFolder;
use crate::feed_writer::{Destinations, for_each_detail, write_feed};
use crate::input_files::{LoadedFile, most_recent_file, understand};
use crate::interrupt;

/// Runs the command.
///
/// # Errors
/// Bad input or a failure; then nothing was written.
pub(crate) fn run(arguments: &SimulateArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    if !arguments.loudness.quiet {
        configuration.warnings.iter().for_each(|warning| console::complain(&format!("warning: {warning}")));
    }
    let settings = settings(arguments, &configuration)?;
    let folder = arguments.out.clone().unwrap_or_else(|| configuration.output_dir());
    let files = input_files(arguments, &configuration, &settings)?;
    let inputs = understand(&files, settings.bad_rows, arguments.loudness.quiet)?;
    let simulation = Simulation::new(inputs, settings);
    refuse_details_over_inputs(arguments, &files, &folder, &simulation)?;
    let summary = write(&simulation, &files, &folder, arguments)?;
    tell(&simulation, &summary, arguments);
    Ok(())
}

fn settings(arguments: &SimulateArguments, configuration: &Configuration) -> Result<Settings, Failure> {
    let seed = match arguments.seed {
        Some(seed) => seed,
        None => drawn_seed()?,
    };
    Ok(Settings {
        time_zone: arguments.timezone.map_or_else(|| configuration.business_timezone(), Ok)?,
        byte_order_mark: arguments.bom,
        request_id: arguments.request_id.into(),
        bad_rows: if arguments.skip_bad_rows { BadRows::Skip } else { BadRows::Refuse },
        ..Settings::new(arguments.now.unwrap_or_else(Utc::now), seed)
    })
}

/// A seed for a run that names none: short enough to be typed again.
fn drawn_seed() -> Result<u64, Failure> {
    const SEEDS: u64 = 1_000_000_000;
    getrandom::u64().map(|drawn| drawn % SEEDS).map_err(|error| Failure::Other(format!("cannot draw a seed: {error}")))
}

fn input_files(
    arguments: &SimulateArguments,
    configuration: &Configuration,
    settings: &Settings,
) -> Result<Vec<LoadedFile>, Failure> {
    let today = settings.time_zone.date_of(settings.now);
    let local_dir = configuration.sftp_local_dir();
    let quiet = arguments.loudness.quiet;
    let given_or_recent = |given: &Option<PathBuf>, kind| match given {
        Some(path) => Ok(Some(path.clone())),
        None => most_recent_file(&local_dir, kind, today, quiet),
    };
    let employees = arguments.employees.clone().unwrap_or_else(|| configuration.employees_file());
    let mut files = vec![LoadedFile::read(InputRole::Employees, &employees)?];
    match given_or_recent(&arguments.standalone_content, FileKind::StandAloneContent)? {
        Some(path) => files.push(LoadedFile::read(InputRole::StandaloneContent, &path)?),
        None => files.push(LoadedFile::built_in(InputFile::built_in_catalog())),
    }
    let course_catalog = given_or_recent(&arguments.course_catalog, FileKind::CourseCatalog)?;
    for (role, path) in [
        (InputRole::CourseCatalog, &course_catalog),
        (InputRole::Assignments, &arguments.assignments),
        (InputRole::Completions, &arguments.completions),
        (InputRole::Recommendations, &arguments.recommendations),
    ] {
        if let Some(path) = path {
            files.push(LoadedFile::read(role, path)?);
        }
    }
    let template = arguments.user_completion_template.clone().or_else(|| configuration.user_completion_template_file());
    files.push(template_file(template.as_deref(), quiet)?);
    Ok(files)
}

/// The template of the dummy file: the one that is set, or the built-in one where that is not there.
fn template_file(path: Option<&Path>, quiet: bool) -> Result<LoadedFile, Failure> {
    let built_in = || LoadedFile::built_in(InputFile::built_in_template());
    match path {
        Some(path) if path.exists() => LoadedFile::read(InputRole::UserCompletionTemplate, path),
        Some(path) => {
            if !quiet {
                console::complain(&format!("{}: warning: not there; the built-in template is used", path.display()));
            }
            Ok(built_in())
        }
        None => Ok(built_in()),
    }
}

fn refuse_details_over_inputs(
    arguments: &SimulateArguments,
    files: &[LoadedFile],
    folder: &Path,
    simulation: &Simulation,
) -> Result<(), Failure> {
    let Some(details) = &arguments.details else { return Ok(()) };
    let names = simulation.file_names();
    let outputs =
        [names.completions, names.assignments, names.user_completion, names.run].map(|name| folder.join(name));
    let place = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    let taken = files.iter().filter_map(|file| file.path.as_ref()).chain(&outputs);
    if taken.into_iter().any(|path| place(path) == place(details)) {
        return Err(Failure::Setting(format!("--details {}: that is a file of the run itself", details.display())));
    }
    Ok(())
}

fn write(
    simulation: &Simulation,
    files: &[LoadedFile],
    folder: &Path,
    arguments: &SimulateArguments,
) -> Result<Summary, Failure> {
    // From here on there is something to take away.
    interrupt::listen();
    let feed_folder = FeedFolder::begin(folder, &simulation.file_names())?;
    let destinations = Destinations::in_folder(&feed_folder, simulation)?;
    let mut details = arguments.details.as_deref().map(DetailsFile::create).transpose()?;
    let mut write_details = details.as_mut().map(|file| |details: Vec<Detail>| file.write(&details));
    let mut progress = Progress::new(arguments.loudness.quiet);
    let listener = write_details.as_mut().map(|write| write as &mut dyn FnMut(Vec<Detail>) -> Result<(), Failure>);
    let written = write_feed(simulation, destinations, listener, &mut progress)?;
    let inputs = files.iter().map(|file| file.record(folder)).collect();
    let record = RunRecord::new(*simulation.settings(), inputs, written.outputs);
    let run_file = simulation.file_names().run;
    let mut file = feed_folder.create(&run_file)?;
    let failed = |said| Failure::file(&feed_folder.path(&run_file), "write", said);
    file.write_all(&record.to_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    // All that can fail for want of room comes before the feed is there.
    details.as_mut().map(DetailsFile::finish).transpose()?;
    interrupt::check()?;
    feed_folder.publish()?;
    details.map(DetailsFile::publish).transpose()?;
    Ok(Summary::new(simulation, written.tally))
}

fn tell(simulation: &Simulation, summary: &Summary, arguments: &SimulateArguments) {
    let in_full = arguments.loudness.verbose || simulation.employees() <= DETAILS_WITHOUT_ASKING;
    if arguments.json {
        tell_as_json(simulation, summary, in_full);
    } else if !arguments.loudness.quiet {
        console::print(&summary.text());
        if in_full {
            console::print("Employees\n");
            for_each_detail(simulation, |detail| {
                console::print(&format!("  {} {}\n", detail.employee_id(), detail.describe()));
            });
        }
    }
}

fn tell_as_json(simulation: &Simulation, summary: &Summary, in_full: bool) {
    let mut value = serde_json::to_value(summary).unwrap_or_default();
    if in_full {
        let mut details = Vec::new();
        for_each_detail(simulation, |detail| details.push(detail.clone()));
        value["details"] = serde_json::to_value(details).unwrap_or_default();
    }
    console::print(&format!("{value:#}\n"));
}

/// The file of `--details`: written beside its place, then put there.
struct DetailsFile {
    path: PathBuf,
    /// Where it is written; nothing where it is written in place.
    partial: Option<PathBuf>,
    file: BufWriter<File>,
}

impl DetailsFile {
    fn create(path: &Path) -> Result<DetailsFile, Failure> {
        let name = path.file_name().ok_or_else(|| Failure::Setting("--details needs the name of a file".to_owned()))?;
        if path.is_dir() {
            return Err(Failure::file(path, "write", std::io::ErrorKind::IsADirectory.into()));
        }
        if std::fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
            // A pipe, a device such as /dev/stdout, or a link: it is written to, never replaced.
            let file = File::create(path).map_err(|said| Failure::file(path, "write", said))?;
            return Ok(DetailsFile { path: path.to_owned(), partial: None, file: BufWriter::new(file) });
        }
        let partial = path.with_file_name(format!(".{}.partial", name.to_string_lossy()));
        let file = File::create(&partial).map_err(|said| Failure::file(path, "create", said))?;
        Ok(DetailsFile { path: path.to_owned(), partial: Some(partial), file: BufWriter::new(file) })
    }

    fn write(&mut self, details: &[Detail]) -> Result<(), Failure> {
        for detail in details {
            serde_json::to_writer(&mut self.file, detail)
                .map_err(std::io::Error::from)
                .and_then(|()| self.file.write_all(b"\n"))
                .map_err(|said| Failure::file(&self.path, "write", said))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Failure> {
        self.file
            .flush()
            .and_then(|()| if self.partial.is_some() { self.file.get_ref().sync_all() } else { Ok(()) })
            .map_err(|said| Failure::file(&self.path, "write", said))
    }

    fn publish(self) -> Result<(), Failure> {
        let Some(partial) = &self.partial else { return Ok(()) };
        std::fs::rename(partial, &self.path).map_err(|said| Failure::file(&self.path, "write", said))
    }
}

impl Drop for DetailsFile {
    fn drop(&mut self) {
        // After publishing there is nothing of that name.
        let _ = self.partial.as_ref().map(std::fs::remove_file);
    }
}
