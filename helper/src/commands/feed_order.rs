//! Making of a feed from loaded files: settings, simulation, output, summary. Shared by `simulate`, `series` and `run`.

use std::path::{Path, PathBuf};

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::plan::calendar::Calendar;
use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::summary::Summary;
use btcfake_core::run::detail::Detail;
use btcfake_core::run::feed_names::FeedNames;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::tally::DETAILS_WITHOUT_ASKING;
use btcfake_core::text::note::Note;
use chrono::Utc;

use crate::commands::cli::{FeedArguments, OutputArguments};
use crate::configuration::Configuration;
use crate::feed::details_file::DetailsFile;
use crate::feed::details_place::refuse_details_over;
use crate::feed::feed_folder::FeedFolder;
use crate::feed::feed_writer::DetailsListener;
use crate::feed::input_files::{LoadedFile, abandon, parse_inputs, while_digested};
use crate::feed::run_details::{all_details, print_details};
use crate::feed::run_writer::{RunToWrite, write_run};
use crate::feed::written_feed::WrittenFeed;
use crate::files::file_set::create_folder;
use crate::files::standard_input;
use crate::terminal::console::{self, Progress, shown_path};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Everything that is needed to make a feed, but its input files: the command's options, resolved with the
/// configuration.
pub(crate) struct FeedOrder<'a> {
    arguments: &'a FeedArguments,
    output: &'a OutputArguments,
    configuration: &'a Configuration,
    /// Value of `BTCFAKE_ENV`.
    pub(crate) environment: Option<String>,
    /// Settings of the run, with clock and seed fixed.
    pub(crate) settings: Settings,
    /// Output folder.
    pub(crate) folder: PathBuf,
}

/// Finished feed.
pub(crate) struct MadeFeed {
    simulation: Simulation,
    /// Summary to print.
    pub(crate) summary: Summary,
    /// Path of the run file.
    pub(crate) run_file: PathBuf,
}

impl<'a> FeedOrder<'a> {
    /// Fixes everything that a run depends on besides its files: seed, clock, settings, folder.
    ///
    /// # Errors
    /// `Usage` or `Configuration` for invalid options or settings; no random numbers for a seed.
    pub(crate) fn new(
        arguments: &'a FeedArguments,
        output: &'a OutputArguments,
        configuration: &'a Configuration,
    ) -> Result<Self, Failure> {
        standard_input::refuse_twice(arguments.input_files())?;
        let seed = match arguments.seed {
            Some(seed) => seed,
            None => drawn_seed()?,
        };
        let settings = Settings {
            mix: arguments.mix,
            population: new_population(arguments)?,
            time_zone: arguments.timezone.map_or_else(|| configuration.business_timezone(), Ok)?,
            byte_order_mark: output.bom,
            request_id: arguments.request_id.into(),
            bad_rows: if arguments.skip_bad_rows { BadRows::Skip } else { BadRows::Refuse },
            ..Settings::new(arguments.now.unwrap_or_else(Utc::now), seed)
        };
        let folder = output.out.clone().unwrap_or_else(|| configuration.output_dir());
        let environment = configuration.environment()?;
        Ok(FeedOrder { arguments, output, configuration, environment, settings, folder })
    }

    /// True if nothing but errors is printed.
    pub(crate) fn is_quiet(&self) -> bool {
        self.output.quiet
    }

    /// Reads the employees file, or makes up the new population.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn employees_file(&self) -> Result<LoadedFile, Failure> {
        if let Some(made_up) = InputFile::made_by_program(InputRole::Employees, &self.settings) {
            return Ok(LoadedFile::built_in(made_up));
        }
        match &self.arguments.employees {
            Some(argument) => LoadedFile::read_named(InputRole::Employees, argument),
            None => LoadedFile::read_found(InputRole::Employees, &self.configuration.employees_file()),
        }
    }

    /// Reads the template of the dummy file. `None`, for the built-in one, if none is set or the file does not exist.
    ///
    /// # Errors
    /// A file that exists and cannot be read.
    pub(crate) fn template_file(&self) -> Result<Option<LoadedFile>, Failure> {
        let role = InputRole::UserCompletionTemplate;
        let is_there = |argument: &&Path| standard_input::is_named_by(argument) || argument.exists();
        if let Some(argument) = self.arguments.user_completion_template.as_deref().filter(is_there) {
            return LoadedFile::read_named(role, argument).map(Some);
        }
        let named = self.arguments.user_completion_template.clone();
        match named.or_else(|| self.configuration.user_completion_template_file()) {
            Some(path) if path.exists() => LoadedFile::read_found(role, &path).map(Some),
            Some(path) => {
                if !self.output.quiet {
                    console::note(&Note::warning("not there; the built-in template is used").at(shown_path(&path)));
                }
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Checks, before any source is asked, that the run's names are free and can be written, and so can the file of
    /// `--details`. What this creates is removed.
    ///
    /// # Errors
    /// As [`FeedOrder::make`], for names and places.
    pub(crate) fn check_places(&self, files: &[LoadedFile]) -> Result<(), Failure> {
        let Settings { now, time_zone, seed, .. } = self.settings;
        let names = FeedNames::of(seed, &Calendar::of(now, time_zone));
        self.refuse_details_over(files, &[(&self.folder, names.clone())])?;
        let breaks = self.arguments.break_list.clone().unwrap_or_default();
        let _feed_folder = FeedFolder::begin(&self.folder, &names, &breaks)?;
        self.output.details.as_deref().map_or(Ok(()), DetailsFile::check)
    }

    /// Makes the feed and writes it, all files or none. `notes` are added to the warnings and notes of the summary.
    ///
    /// # Errors
    /// Refused inputs, a file that cannot be written, or `Interrupted`; then nothing was written.
    pub(crate) fn make(&self, files: &[LoadedFile], notes: Vec<Note>) -> Result<MadeFeed, Failure> {
        // The digests of large inputs take long, and parsing does not use all processors all the time.
        while_digested(files, || self.make_now(files, notes).inspect_err(|_| abandon(files)))
    }

    fn make_now(&self, files: &[LoadedFile], notes: Vec<Note>) -> Result<MadeFeed, Failure> {
        let inputs = parse_inputs(files, self.settings.bad_rows, self.output.quiet)?;
        let simulation = Simulation::new(inputs, self.settings);
        self.refuse_details_over(files, &[(&self.folder, simulation.file_names())])?;
        let written = self.write(&simulation, files)?;
        let run_file = simulation.file_names().run;
        let names = written.outputs.into_iter().map(|output| output.name).chain([run_file.clone()]).collect();
        let summary = Summary::new(&simulation, written.tally).with_damage(names, written.damage);
        let mut summary = Summary { environment: self.environment.clone(), ..summary };
        for note in notes {
            let messages = if note.is_warning { &mut summary.warnings } else { &mut summary.notes };
            messages.push(Note { is_warning: false, ..note }.to_string());
        }
        Ok(MadeFeed { simulation, summary, run_file: self.folder.join(run_file) })
    }

    /// Prints the summary, as text or JSON, with details if asked for or if there are few employees.
    pub(crate) fn report(&self, feed: &MadeFeed) {
        let in_full = self.output.verbose || feed.simulation.employees() <= DETAILS_WITHOUT_ASKING;
        if self.output.json {
            print_as_json(feed, in_full);
        } else if !self.output.quiet {
            console::print(&feed.summary.text());
            if in_full {
                print_details(&feed.simulation, "Employees");
            }
        }
    }

    /// Writes the feed, and the details if asked for, and puts all in place.
    fn write(&self, simulation: &Simulation, files: &[LoadedFile]) -> Result<WrittenFeed, Failure> {
        // From here on there are files to remove.
        interrupt::listen();
        // The file of details may be in the run's own folder.
        create_folder(&self.folder)?;
        let mut details = self.output.details.as_deref().map(DetailsFile::create).transpose()?;
        let mut write_details = details.as_mut().map(|file| |details: Vec<Detail>| file.write(&details));
        let listener = write_details.as_mut().map(|write| write as DetailsListener<'_>);
        let mut progress = Progress::new(self.output.quiet);
        let breaks = &self.arguments.break_list.clone().unwrap_or_default();
        let to_write = RunToWrite { folder: &self.folder, files, series: None, breaks };
        let (feed_folder, written) = write_run(simulation, to_write, listener, &mut progress)?;
        // Finish the details first: a full disk must show before the feed is in place.
        details.as_mut().map(DetailsFile::finish).transpose()?;
        interrupt::check()?;
        feed_folder.publish_with(|| details.as_mut().map_or(Ok(()), DetailsFile::put_in_place))?;
        details.into_iter().for_each(DetailsFile::keep);
        Ok(written)
    }

    /// Checks that the file of `--details`, if there is one, is no file of these runs.
    ///
    /// # Errors
    /// As [`refuse_details_over`].
    pub(crate) fn refuse_details_over(
        &self,
        files: &[LoadedFile],
        runs: &[(impl AsRef<Path>, FeedNames)],
    ) -> Result<(), Failure> {
        let breaks = self.arguments.break_list.clone().unwrap_or_default();
        let details = self.output.details.as_deref();
        details.map_or(Ok(()), |details| refuse_details_over(details, files, runs, &breaks))
    }
}

fn new_population(arguments: &FeedArguments) -> Result<Option<NewPopulation>, Failure> {
    let wanted = arguments.new_population.map(|employees| {
        NewPopulation::new(employees, arguments.ids.unwrap_or(IdRange::USUAL))
            .map_err(|message| Failure::Usage(format!("--new-population {employees}: {message}")))
    });
    wanted.transpose()
}

/// Random seed below 10^9, short enough to be typed again.
fn drawn_seed() -> Result<u64, Failure> {
    const SEEDS: u64 = 1_000_000_000;
    getrandom::u64().map(|drawn| drawn % SEEDS).map_err(|error| Failure::system("draw a seed", error))
}

fn print_as_json(feed: &MadeFeed, in_full: bool) {
    let mut value = serde_json::to_value(&feed.summary).unwrap_or_default();
    if in_full {
        value["details"] = serde_json::to_value(all_details(&feed.simulation)).unwrap_or_default();
    }
    console::print_json(&value);
}
