//! `btcfake explain`: explains one employee's rows, of a recorded run or of one that `simulate` would make.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::explain::{Sources, explain, find};
use btcfake_core::run::simulation::Simulation;

use super::{replay, simulate};
use crate::commands::cli::ExplainArguments;
use crate::commands::feed_order::FeedOrder;
use crate::configuration::Configuration;
use crate::feed::input_files::{LoadedFile, understand};
use crate::feed::replay_source::ReplaySource;
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Runs the command.
///
/// # Errors
/// Unreadable or refused inputs, or an employee who is not in the run.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    let feed = &arguments.simulate.feed;
    let (run, settings, files) = run_and_files(arguments)?;
    let inputs = understand(&files, settings.bad_rows, feed.loudness.quiet)?;
    let file = |role| files.iter().map(LoadedFile::source).find(|file| file.role == role);
    let bytes = |role| file(role).map(|file| file.source.whole());
    let [employees, assignments, completions] =
        [InputRole::Employees, InputRole::Assignments, InputRole::Completions].map(bytes);
    files.iter().try_for_each(LoadedFile::check)?;
    let breaks = run.as_ref().map(|run| run.recipe.breaks.clone()).or_else(|| feed.break_list.clone());
    let sources = Sources {
        employees: file(InputRole::Employees).map(|file| file.name).zip(employees.as_deref()),
        assignments: assignments.as_deref(),
        completions: completions.as_deref(),
        breaks: breaks.as_ref(),
    };
    let position =
        find(&inputs, sources.employees, arguments.employee).map_err(|why| Failure::Other(why.to_string()))?;
    let simulation = match run {
        Some(run) => run.simulation(inputs)?,
        None => Simulation::new(inputs, settings),
    };
    let explanation = explain(&simulation, position, &sources);
    if feed.json {
        let value = serde_json::to_value(&explanation).unwrap_or_default();
        console::print_json(&value);
    } else {
        console::print(&explanation.text());
    }
    Ok(())
}

/// Recorded run with its settings and files; without `--run`, the settings and files that `simulate` would use.
fn run_and_files(arguments: &ExplainArguments) -> Result<(Option<ReplaySource>, Settings, Vec<LoadedFile>), Failure> {
    if let Some(run_file) = &arguments.run {
        let (run, files) = replay::read_run(run_file, arguments.input_dir.as_deref())?;
        let settings = run.recipe.settings;
        return Ok((Some(run), settings, files));
    }
    let feed = &arguments.simulate.feed;
    let configuration = Configuration::read()?;
    configuration.print_warnings(feed.loudness.quiet);
    let order = FeedOrder::new(feed, &configuration)?;
    if feed.seed.is_none() && !feed.loudness.quiet {
        console::complain("note: no --seed is given, so one was drawn; with another, draws and times are others");
    }
    let files = simulate::input_files(&arguments.simulate, &configuration, &order)?;
    Ok((None, order.settings, files))
}
