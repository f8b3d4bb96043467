//! Sources for a replay: a run file or a recipe, from a file or standard input; a recipe also as the argument itself.

use std::path::{Path, PathBuf};

use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::record::BYTE_ORDER_MARK;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::record::recipe::{Recipe, is_recipe_file, read_recipe};
use btcfake_core::record::run_record::{InputRecord, RunRecord};
use btcfake_core::run::series::Series;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::text::visible::shown_whole;

use crate::files::reading::{is_read_once, read_named};
use crate::files::standard_input;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Run or recipe to repeat, with its file.
pub(crate) struct ReplaySource {
    /// The recipe; for a run, the recipe that makes the run again.
    pub(crate) recipe: Recipe,
    /// The recorded run, whose bytes the repeated run must have. `None` for a recipe: it records no output to compare
    /// with.
    pub(crate) run: Option<RunRecord>,
    /// File that holds it; `None` for standard input, a pipe, or a recipe typed as the argument.
    pub(crate) file: Option<PathBuf>,
}

impl ReplaySource {
    /// Reads an argument: a file, `-` for standard input, or the recipe itself.
    ///
    /// # Errors
    /// An argument that cannot be read, or is neither a run file nor a recipe; `Refused` for a recipe with problems,
    /// which are printed first.
    pub(crate) fn read(argument: &Path) -> Result<ReplaySource, Failure> {
        let typed = argument.to_str().filter(|text| is_recipe(text));
        let (bytes, file) = match typed {
            _ if standard_input::is_named_by(argument) => (standard_input::read()?, None),
            Some(typed) if !argument.exists() => (typed.as_bytes().to_vec(), None),
            _ => {
                let bytes = read_named(argument).of_file(argument, "read")?;
                // A pipe has no files beside it.
                (bytes, (!is_read_once(argument)).then(|| argument.to_owned()))
            }
        };
        let shown = match &file {
            Some(file) => shown_path(file),
            None if standard_input::is_named_by(argument) => standard_input::NAME.to_owned(),
            None if typed.is_some() => "recipe".to_owned(),
            None => shown_path(argument),
        };
        let (recipe, run) = parse(&bytes, &shown)?;
        Ok(ReplaySource { recipe, run, file })
    }

    /// Folder of the file; empty for the current folder.
    pub(crate) fn folder(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// Simulation of the run over its inputs. For a day of a series, the days before are simulated first.
    ///
    /// # Errors
    /// A day that the series cannot have.
    pub(crate) fn simulation(&self, inputs: Inputs) -> Result<Simulation, Failure> {
        let settings = self.recipe.settings;
        match self.run.as_ref().and_then(|run| run.series) {
            Some(day) => Series::run_of(day, inputs, settings).map_err(|error| Failure::Other(error.to_string())),
            None => Ok(Simulation::new(inputs, settings)),
        }
    }

    /// Input files of the run. Files that the program makes itself are added if a recipe does not name them.
    pub(crate) fn needed_files(&self) -> Vec<InputRecord> {
        if let Some(run) = &self.run {
            return run.inputs.clone();
        }
        let mut files = self.recipe.files.clone();
        let given: Vec<InputRole> = files.iter().map(|file| file.role).collect();
        files.extend(InputFile::missing(&given, &self.recipe.settings).iter().map(InputRecord::of));
        files.sort_by_key(|file| file.role);
        files
    }
}

fn parse(bytes: &[u8], shown: &str) -> Result<(Recipe, Option<RunRecord>), Failure> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).ok().filter(|text| match text.trim_start().starts_with('{') {
        true => is_recipe_file(text),
        false => is_recipe(text),
    });
    let Some(text) = text else {
        let record = RunRecord::from_bytes(bytes).map_err(|message| Failure::Other(format!("{shown}: {message}")))?;
        if let Some(table) = record.tables.first() {
            let name = shown_whole(&table.name);
            return Err(Failure::Other(format!(
                "{shown}: this run was made from tables, such as {name}, whose rows a run file does not have; repeat it where \
                 they are, with its seed and now"
            )));
        }
        if record.bytes_per_file.is_some() {
            return Err(Failure::Other(format!(
                "{shown}: this run has several files of a kind, as only Spark writes them; repeat it there, with its seed and now"
            )));
        }
        return Ok((Recipe::of_run(&record), Some(record)));
    };
    let reading = read_recipe(text);
    reading.problems.iter().for_each(|problem| console::print_diagnostic(&format!("{shown}:{problem}")));
    match reading.recipe {
        Some(recipe) if reading.problems.is_empty() => Ok((recipe, None)),
        _ => Err(Failure::Refused { problems: reading.problems.len() }),
    }
}

/// True if a text is meant as a recipe: it contains `recipe=` in any case, or is a link (`://`). Its problems are then
/// reported as a recipe's.
fn is_recipe(text: &str) -> bool {
    text.contains("://") || text.to_ascii_lowercase().contains("recipe=")
}
