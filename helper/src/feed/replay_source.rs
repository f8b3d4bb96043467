//! What can be repeated: a run, by its run file, or a recipe. Either comes as a file or by standard input; a recipe also
//! as it is typed.

use std::path::{Path, PathBuf};

use btcfake_core::breakage::BreakList;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::Inputs;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::recipe::{Recipe, read_recipe};
use btcfake_core::record::run_record::{InputRecord, RunRecord};
use btcfake_core::run::series::Series;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::text::visible::shown_whole;

use crate::files::reading::{is_read_once, read_named};
use crate::files::standard_input;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;

/// Something to repeat, and where it was found.
pub(crate) struct ReplaySource {
    /// What it is.
    pub(crate) what: Wanted,
    /// The file that holds it; a recipe that was typed has none.
    pub(crate) file: Option<PathBuf>,
}

/// What is to be repeated.
pub(crate) enum Wanted {
    /// A run, to the byte.
    Run(RunRecord),
    /// A recipe: what comes of it cannot be compared, because it names no output.
    Recipe(Recipe),
}

impl ReplaySource {
    /// Reads what an argument names: a file, `-` for standard input, or the recipe itself.
    ///
    /// # Errors
    /// What cannot be read, or is neither a run file nor a recipe. All problems of a recipe are told first.
    pub(crate) fn read(argument: &Path) -> Result<ReplaySource, Failure> {
        let typed = argument.to_str().filter(|text| is_recipe(text));
        let (bytes, file) = match typed {
            _ if standard_input::is_named_by(argument) => (standard_input::read()?, None),
            Some(typed) if !argument.exists() => (typed.as_bytes().to_vec(), None),
            _ => {
                let bytes = read_named(argument).map_err(|said| Failure::file(argument, "read", said))?;
                // Nothing lies beside what comes through a pipe.
                (bytes, (!is_read_once(argument)).then(|| argument.to_owned()))
            }
        };
        let shown = match &file {
            Some(file) => shown_path(file),
            None if standard_input::is_named_by(argument) => standard_input::NAME.to_owned(),
            None if typed.is_some() => "recipe".to_owned(),
            None => shown_path(argument),
        };
        Ok(ReplaySource { what: understand(&bytes, &shown)?, file })
    }

    /// The folder beside whose files it stands; nothing for that in which the user is.
    pub(crate) fn folder(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// The version of the program that it comes from.
    pub(crate) fn version(&self) -> &str {
        match &self.what {
            Wanted::Run(record) => &record.version,
            Wanted::Recipe(recipe) => &recipe.version,
        }
    }

    /// The settings of the run.
    pub(crate) fn settings(&self) -> &Settings {
        match &self.what {
            Wanted::Run(record) => &record.settings,
            Wanted::Recipe(recipe) => &recipe.settings,
        }
    }

    /// What its feed was broken by on purpose.
    pub(crate) fn breaks(&self) -> BreakList {
        match &self.what {
            Wanted::Run(record) => BreakList::behind(&record.broken),
            Wanted::Recipe(recipe) => recipe.breaks.clone(),
        }
    }

    /// The run over its inputs. For a day of a series the days before are simulated first.
    ///
    /// # Errors
    /// A day that the series cannot have.
    pub(crate) fn simulation(&self, inputs: Inputs) -> Result<Simulation, Failure> {
        let series = match &self.what {
            Wanted::Run(record) => record.series,
            Wanted::Recipe(_) => None,
        };
        match series {
            Some(day) => Series::run_of(day, inputs, *self.settings()).map_err(Failure::Other),
            None => Ok(Simulation::new(inputs, *self.settings())),
        }
    }

    /// The files of the run. A recipe need not name those that the program makes by itself.
    pub(crate) fn needed_files(&self) -> Vec<InputRecord> {
        let recipe = match &self.what {
            Wanted::Run(record) => return record.inputs.clone(),
            Wanted::Recipe(recipe) => recipe,
        };
        let mut files = recipe.files.clone();
        let built_in = [InputFile::built_in_catalog(), InputFile::built_in_template()];
        for made_here in InputFile::new_population(&recipe.settings).into_iter().chain(built_in) {
            if !files.iter().any(|file| file.role == made_here.role) {
                files.push(InputRecord::of(&made_here));
            }
        }
        files.sort_by_key(|file| file.role);
        files
    }
}

fn understand(bytes: &[u8], shown: &str) -> Result<Wanted, Failure> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.trim_start().starts_with('{') && is_recipe(text));
    let Some(text) = text else {
        let record = RunRecord::from_bytes(bytes).map_err(|said| Failure::Other(format!("{shown}: {said}")))?;
        if let Some(table) = record.tables.first() {
            let name = shown_whole(&table.name);
            return Err(Failure::Other(format!(
                "{shown}: this run was made from tables, such as {name}, whose rows a run file does not have; repeat it where \
                 they are, with its seed and now"
            )));
        }
        return Ok(Wanted::Run(record));
    };
    let reading = read_recipe(text);
    reading.problems.iter().for_each(|problem| console::complain(&format!("{shown}:{problem}")));
    match reading.recipe {
        Some(recipe) if reading.problems.is_empty() => Ok(Wanted::Recipe(recipe)),
        _ => Err(Failure::Refused { problems: reading.problems.len() }),
    }
}

/// Whether a text is meant as a recipe: it has the word in it, if only in capitals, or is a link, if only with nothing
/// behind its `#`. What is wrong with it is then told as of a recipe.
fn is_recipe(text: &str) -> bool {
    text.contains("://") || text.to_ascii_lowercase().contains("recipe=")
}
