//! The feed that a command line asks for: options of `simulate`, `series`, `run` and `explain`, resolved with the
//! configuration.

use std::path::{Path, PathBuf};

use btcfake_core::breakage::BreakList;
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::calendar::Calendar;
use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::recipe::choice_option;
use btcfake_core::run::feed_names::FeedNames;
use btcfake_core::sheet::{Choices, InputChoices};
use chrono::Utc;

use crate::commands::feed_arguments::{FeedArguments, OutputArguments};
use crate::configuration::Configuration;
use crate::feed::details_file::DetailsFile;
use crate::feed::details_place::refuse_details_over;
use crate::feed::feed_folder::FeedFolder;
use crate::feed::loaded_file::LoadedFile;
use crate::files::standard_input;
use crate::terminal::failure::Failure;

/// Everything that is needed to make a feed, but its input files: the command's options, resolved with the
/// configuration.
pub(crate) struct FeedOrder<'a> {
    /// Options of the feed.
    pub(super) arguments: &'a FeedArguments,
    /// Options of the output.
    pub(super) output: &'a OutputArguments,
    /// Configuration, for what the options leave open.
    pub(super) configuration: &'a Configuration,
    /// Faults to add; empty for a correct feed.
    pub(super) breaks: BreakList,
    /// Value of `BTCFAKE_ENV`.
    pub(crate) environment: Option<String>,
    /// Settings of the run, with clock and seed fixed.
    pub(crate) settings: Settings,
    /// Output folder.
    pub(crate) folder: PathBuf,
    /// Answers to the questions of inputs.
    choices: InputChoices,
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
        let choices = arguments.choices.by_input().map_err(Failure::Usage)?;
        let folder = output.out.clone().unwrap_or_else(|| configuration.output_dir());
        let environment = configuration.environment()?;
        let breaks = arguments.break_list.clone().unwrap_or_default();
        Ok(FeedOrder { arguments, output, configuration, breaks, environment, settings, folder, choices })
    }

    /// The file with the answers that the options give about it.
    pub(super) fn with_choices(&self, file: LoadedFile) -> LoadedFile {
        let choices = self.choices.of(file.input.role);
        file.with_choices(choices)
    }

    /// Checks that each answer is about one of the files.
    ///
    /// # Errors
    /// `Usage` for an answer about an input that is not given, or that the program makes itself.
    pub(super) fn refuse_idle_choices(&self, files: &[LoadedFile]) -> Result<(), Failure> {
        let is_given = |role: InputRole| files.iter().any(|file| file.input.role == role && !file.is_made_by_program());
        match self.choices.roles().find(|role| !is_given(*role)) {
            Some(role) => Err(idle_choice(role, self.choices.of(role))),
            None => Ok(()),
        }
    }

    /// Checks, before any source is asked, that the run's names are free and can be written, and so can the file of
    /// `--details`. What this creates is removed.
    ///
    /// # Errors
    /// A name that exists, a folder or file that cannot be written, or a file of details that is another file of the run.
    pub(crate) fn check_places(&self, files: &[LoadedFile]) -> Result<(), Failure> {
        let Settings { now, time_zone, seed, .. } = self.settings;
        let names = FeedNames::of(seed, &Calendar::of(now, time_zone));
        self.refuse_details_over(files, &[(&self.folder, names.clone())])?;
        let _feed_folder = FeedFolder::begin(&self.folder, &names, &self.breaks)?;
        self.output.details.as_deref().map_or(Ok(()), DetailsFile::check)
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
        let details = self.output.details.as_deref();
        details.map_or(Ok(()), |details| refuse_details_over(details, files, runs, &self.breaks))
    }
}

/// The failure for an answer about an input that is not there.
pub(super) fn idle_choice(role: InputRole, choices: &Choices) -> Failure {
    let options: Vec<String> = choices.iter().map(|answer| choice_option(role, answer)).collect();
    let input = role.name();
    Failure::Usage(format!(
        "{} answers a question about {input}, and no file of that input is read by it",
        options.join(" ")
    ))
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
