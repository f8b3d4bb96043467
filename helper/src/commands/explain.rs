//! `btcfake explain`: explains one employee's rows, of a recorded run or of one that `simulate` would make.

use std::borrow::Cow;
use std::path::PathBuf;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputSource;
use btcfake_core::inputs::inputs_reader::OnlyOne;
use btcfake_core::inputs::reading::read_for_one;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::recipe::Recipe;
use btcfake_core::report::explain::{Sources, explain, find};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::sheet::answered;
use clap::Args;

use super::replay;
use crate::commands::argument_values::employee_id;
use crate::commands::chosen_inputs::input_files;
use crate::commands::feed_arguments::{FileArguments, OutputArguments};
use crate::commands::feed_order::FeedOrder;
use crate::configuration::Configuration;
use crate::feed::loaded_file::LoadedFile;
use crate::feed::parsing::parse_inputs_by;
use crate::files::threads::Threads;
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Options of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The employee's id.
    #[arg(value_name = "ID", allow_negative_numbers = true, value_parser = employee_id)]
    employee: u64,
    /// The run file, run_....json, or a recipe; its inputs are found as by `replay`.
    #[arg(long, value_name = "RUN_FILE", conflicts_with_all = [
        "employees", "standalone_content", "course_catalog", "assignments", "completions", "recommendations",
        "user_completion_template", "now", "timezone", "seed", "mix", "new_population", "ids", "skip_bad_rows",
        "request_id", "break_list", "sheet", "column", "encoding", "header",
    ])]
    run: Option<PathBuf>,
    /// A folder with inputs of --run, as for `replay`; may be given several times.
    #[arg(long, value_name = "DIR", requires = "run")]
    input_dir: Vec<PathBuf>,
    /// What the run is made from.
    #[command(flatten)]
    files: FileArguments,
    /// Print the explanation as JSON.
    #[arg(long)]
    json: bool,
    /// Print no notes and warnings.
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
///
/// # Errors
/// Unreadable or refused inputs, or an employee who is not in the run.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    // For a recorded run, the rows of other employees need no check: the run was made from the same bytes.
    let one = OnlyOne { id: arguments.employee, others_are_sound: arguments.run.is_some() };
    let parse = |settings: &Settings, files: &[LoadedFile]| {
        parse_inputs_by(files, arguments.quiet, |files| {
            let (inputs, rows, problems) = read_for_one(files, settings.bad_rows, one, &Threads);
            ((inputs, rows), problems)
        })
    };
    let (run, settings, files, (inputs, rows)) = match &arguments.run {
        Some(run_file) => {
            let parse = |recipe: &Recipe, files: &[LoadedFile]| parse(&recipe.settings, files);
            let (run, files, parsed) = replay::read_run(run_file, &arguments.input_dir, parse)?;
            let settings = run.recipe.settings;
            (Some(run), settings, files, parsed)
        }
        None => {
            let (settings, files) = settings_and_files(arguments)?;
            let parsed = parse(&settings, &files)?;
            (None, settings, files, parsed)
        }
    };
    let employees = files.iter().map(LoadedFile::source).find(|file| file.role == InputRole::Employees);
    let bytes = employees.map(as_read);
    let breaks = run.as_ref().map(|run| run.recipe.breaks.clone()).or_else(|| arguments.files.feed.break_list.clone());
    let sources =
        Sources { employees: employees.map(|file| file.name).zip(bytes.as_deref()), rows, breaks: breaks.as_ref() };
    let position = find(&inputs, &settings, sources.employees, arguments.employee)
        .map_err(|why| Failure::Other(why.to_string()))?;
    let simulation = match run {
        Some(run) => run.simulation(inputs)?,
        None => Simulation::new(inputs, settings),
    };
    let explanation = explain(&simulation, position, &sources);
    if arguments.json {
        let value = serde_json::to_value(&explanation).unwrap_or_default();
        console::print_json(&value);
    } else {
        console::print(&explanation.text());
    }
    Ok(())
}

/// The bytes of a file, as CSV where questions about it were answered.
fn as_read(file: InputSource<'_>) -> Cow<'_, [u8]> {
    let bytes = file.source.whole();
    if file.choices.is_empty() {
        return bytes;
    }
    answered(file.role, &bytes, file.choices).map_or(bytes, |(csv, _)| Cow::Owned(csv))
}

/// Settings and files that `simulate` would use.
fn settings_and_files(arguments: &ExplainArguments) -> Result<(Settings, Vec<LoadedFile>), Failure> {
    let (feed, quiet) = (&arguments.files.feed, arguments.quiet);
    let configuration = Configuration::read()?;
    configuration.print_warnings(quiet);
    let output = OutputArguments { quiet, ..OutputArguments::default() };
    let order = FeedOrder::new(feed, &output, &configuration)?;
    if feed.seed.is_none() && !quiet {
        console::print_diagnostic(
            "note: no --seed is given, so one was drawn; with another, draws and times are others",
        );
    }
    let files = input_files(&arguments.files, &order)?;
    Ok((order.settings, files))
}
