//! `btcfake replay`: repeats a run from its run file and compares the bytes, or makes a run from a recipe.

use std::path::{Path, PathBuf};

use btcfake_core::VERSION;
use btcfake_core::breakage::BreakList;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::recipe::Recipe;
use btcfake_core::record::run_record::{OutputRecord, RunRecord};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::text::visible::shown_whole;
use clap::Args;

use crate::commands::argument_values::written_path;
use crate::feed::feed_folder::FeedFolder;
use crate::feed::feed_writer::write_feed;
use crate::feed::files_beside::{FilesBeside, OnDisk};
use crate::feed::loaded_file::LoadedFile;
use crate::feed::needed_files::Places;
use crate::feed::output_file::Target;
use crate::feed::parsing::parse_inputs;
use crate::feed::replay_source::ReplaySource;
use crate::feed::run_writer::{RunToWrite, write_run};
use crate::feed::written_feed::WrittenFeed;
use crate::terminal::console::{self, Progress};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Options of `replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// The run file, run_....json; or a recipe, or a file with one. - reads either from standard input.
    #[arg(value_name = "RUN_FILE|RECIPE")]
    run_file: PathBuf,
    /// A folder with inputs; may be given several times. It is searched before the usual places: the recorded place,
    /// the folder of the run file, the current folder, and input and downloaded_files in it.
    #[arg(long, value_name = "DIR")]
    input_dir: Vec<PathBuf>,
    /// Write the files again, into this folder. Required for a recipe.
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    out: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Inputs that are missing or have changed; `Reported` if bytes differ; `Usage` for a recipe without `--out`.
pub(crate) fn run(arguments: &ReplayArguments) -> Result<(), Failure> {
    interrupt::listen();
    let parse = |recipe: &Recipe, files: &[LoadedFile]| parse_inputs(files, recipe.settings.bad_rows, true);
    let (source, files, inputs) = read_run(&arguments.run_file, &arguments.input_dir, parse)?;
    let ReplaySource { recipe, run, file } = &source;
    let simulation = source.simulation(inputs)?;
    match (run, arguments.out.as_deref()) {
        (Some(record), out) => {
            let beside = FilesBeside::open(record, file.as_deref())?;
            let (written, states) = match out {
                Some(out) => {
                    // Read before writing: an unreadable old file must not fail a command that has done its work.
                    let states = beside.states(&[])?;
                    (repeat(&simulation, record, &files, out)?, states)
                }
                None => {
                    let list = BreakList::behind(&record.broken);
                    let target = Target::Compared(&beside);
                    let written = write_feed(&simulation, &list, target, None, &mut Progress::new(false))?;
                    let states = beside.states(&written.outputs)?;
                    (written, states)
                }
            };
            compare(record, &written.outputs, &states)
        }
        (None, Some(out)) => make(&simulation, &files, &recipe.breaks, out),
        (None, None) => Err(Failure::Usage(
            "a recipe names no files to compare with; name the folder for new ones by --out".to_owned(),
        )),
    }
}

/// Reads a run file or recipe, finds the run's inputs, in `input_dirs` or at the usual places, and parses them with
/// `parse`.
///
/// # Errors
/// A source that cannot be read or parsed; inputs that are missing or have changed; a failure of `parse`.
pub(super) fn read_run<T>(
    argument: &Path,
    input_dirs: &[PathBuf],
    parse: impl Fn(&Recipe, &[LoadedFile]) -> Result<T, Failure>,
) -> Result<(ReplaySource, Vec<LoadedFile>, T), Failure> {
    let source = ReplaySource::read(argument)?;
    let version = &source.recipe.version;
    if version != VERSION {
        console::print_diagnostic(&format!(
            "note: the run was made by version {}; this is {VERSION}",
            shown_whole(version)
        ));
    }
    let needed = source.needed_files();
    if !needed.iter().any(|input| input.role == InputRole::Employees) {
        return Err(Failure::Other("it names no file with the employees, and no run is without".to_owned()));
    }
    let places = Places { beside: source.folder(), named: input_dirs };
    let parse = |files: &[LoadedFile]| parse(&source.recipe, files);
    let (files, parsed) = places.read_all(&needed, &source.recipe.settings, parse)?;
    Ok((source, files, parsed))
}

/// Makes a recipe's run into a folder and prints its summary.
fn make(simulation: &Simulation, files: &[LoadedFile], breaks: &BreakList, out: &Path) -> Result<(), Failure> {
    let to_write = RunToWrite { folder: out, files, series: None, breaks };
    let (folder, run) = write_run(simulation, to_write, None, &mut Progress::new(false))?;
    interrupt::check()?;
    folder.publish()?;
    let names = run.outputs.into_iter().map(|output| output.name).chain([simulation.file_names().run]).collect();
    console::print(&Summary::new(simulation, run.tally).with_damage(names, run.damage).text());
    Ok(())
}

/// Makes the feed again into a folder, with a run file. A feed that differs is not kept, because its run file would be
/// wrong.
fn repeat(
    simulation: &Simulation,
    record: &RunRecord,
    files: &[LoadedFile],
    out: &Path,
) -> Result<WrittenFeed, Failure> {
    let list = BreakList::behind(&record.broken);
    let names = simulation.file_names();
    let folder = FeedFolder::begin(out, &names, &list)?;
    let written = write_feed(simulation, &list, Target::Folder(&folder), None, &mut Progress::new(false))?;
    if !is_repeated(&record.outputs, &written.outputs) {
        return Ok(written);
    }
    let inputs = files.iter().map(|file| file.record(out, &folder.kept_inputs())).collect();
    folder.write_run_file(&names.run, &RunRecord { inputs, ..record.clone() })?;
    interrupt::check()?;
    folder.publish()?;
    Ok(written)
}

/// True if the recorded files are those that were made again, in any order.
fn is_repeated(recorded: &[OutputRecord], repeated: &[OutputRecord]) -> bool {
    let by_name = |outputs: &[OutputRecord]| {
        let mut outputs = outputs.to_vec();
        outputs.sort_by(|one, other| one.name.cmp(&other.name));
        outputs
    };
    by_name(recorded) == by_name(repeated)
}

/// Prints the state of each file: whether it was made again, and whether it is still beside the run file.
///
/// # Errors
/// `Reported` if the run was not repeated, or if a file beside the run file was changed.
fn compare(record: &RunRecord, repeated: &[OutputRecord], states: &[OnDisk]) -> Result<(), Failure> {
    let mut text = String::new();
    for (at, (recorded, state)) in record.outputs.iter().zip(states).enumerate() {
        let is_again = record.outputs[..at].iter().any(|earlier| earlier.name == recorded.name);
        let verdict = match repeated.contains(recorded) {
            _ if is_again => "named twice in the run file",
            true => "the same bytes",
            false => "DIFFERENT bytes",
        };
        let name = shown_whole(&recorded.name);
        text.push_str(&format!("{name}: {verdict}\n"));
        match state {
            OnDisk::Same => {}
            OnDisk::Gone => text.push_str(&format!("{name}: not beside the run file any more\n")),
            OnDisk::Changed => text.push_str(&format!("{name}: the file beside the run file was CHANGED since\n")),
        }
    }
    for made in repeated.iter().filter(|made| !record.outputs.iter().any(|recorded| recorded.name == made.name)) {
        text.push_str(&format!("{}: not named in the run file\n", made.name));
    }
    let is_changed = states.iter().any(|state| matches!(state, OnDisk::Changed));
    let is_repeated = is_repeated(&record.outputs, repeated);
    text.push_str(match (is_repeated, is_changed) {
        (true, false) => "The run was repeated to the byte.\n",
        (true, true) => "The run was repeated to the byte, but a file beside the run file was changed.\n",
        (false, _) => "The run was NOT repeated.\n",
    });
    console::print(&text);
    if is_repeated && !is_changed { Ok(()) } else { Err(Failure::Reported) }
}
