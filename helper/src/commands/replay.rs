//! `btcfake replay`: a run repeated from its run file, and whether the bytes are the same.

use std::io::Read;
use std::path::{Path, PathBuf};

use btcfake_core::VERSION;
use btcfake_core::digest::{ByteDigest, sha256};
use btcfake_core::input::{InputFile, InputRole};
use btcfake_core::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::simulation::Simulation;

use crate::cli::ReplayArguments;
use crate::console::{self, Progress};
use crate::failure::Failure;
use crate::feed_folder::FeedFolder;
use crate::feed_writer::{Destinations, WrittenFeed, write_feed};
use crate::input_files::{LoadedFile, understand};
use crate::interrupt;

/// Runs the command.
///
/// # Errors
/// Inputs that are not there or not the same, or bytes that differ.
pub(crate) fn run(arguments: &ReplayArguments) -> Result<(), Failure> {
    interrupt::listen();
    let (record, files) = read_run(&arguments.run_file, arguments.input_dir.as_deref())?;
    let inputs = understand(&files, record.settings.bad_rows, true)?;
    let simulation = Simulation::new(inputs, record.settings);
    let written = repeat(&simulation, &record, &files, arguments.out.as_deref())?;
    compare(&record, &written.outputs, &arguments.run_file)
}

/// Reads a run file, and finds the inputs of its run: in `input_dir`, or where they may be.
///
/// # Errors
/// A run file that cannot be read, or inputs that are not there or not the same.
pub(super) fn read_run(run_file: &Path, input_dir: Option<&Path>) -> Result<(RunRecord, Vec<LoadedFile>), Failure> {
    let bytes = std::fs::read(run_file).map_err(|said| Failure::file(run_file, "read", said))?;
    let record =
        RunRecord::from_bytes(&bytes).map_err(|said| Failure::Other(format!("{}: {said}", run_file.display())))?;
    if record.version != VERSION {
        console::complain(&format!("note: the run was made by version {}; this is {VERSION}", record.version));
    }
    let find = |input: &InputRecord| match input.made_up {
        true => made_up(input, &record),
        false => find_input(input, run_file, input_dir),
    };
    let files = record.inputs.iter().map(find).collect::<Result<_, _>>()?;
    Ok((record, files))
}

/// Makes the bytes again: into a folder, with the run file, or for their digests alone. What is not the same is not put
/// in place: its run file would not be true.
fn repeat(
    simulation: &Simulation,
    record: &RunRecord,
    files: &[LoadedFile],
    out: Option<&Path>,
) -> Result<WrittenFeed, Failure> {
    let mut progress = Progress::new(false);
    let Some(out) = out else { return write_feed(simulation, Destinations::digests(), None, &mut progress) };
    let names = simulation.file_names();
    let folder = FeedFolder::begin(out, &names)?;
    let destinations = Destinations::in_folder(&folder, simulation)?;
    let written = write_feed(simulation, destinations, None, &mut progress)?;
    if written.outputs != record.outputs {
        return Ok(written);
    }
    let inputs = files.iter().map(|file| file.record(out, &folder.kept_inputs())).collect();
    let mut file = folder.create(&names.run)?;
    std::io::Write::write_all(&mut file, &RunRecord { inputs, ..record.clone() }.to_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|said| Failure::file(&folder.path(&names.run), "write", said))?;
    interrupt::check()?;
    folder.publish()?;
    Ok(written)
}

fn compare(record: &RunRecord, repeated: &[OutputRecord], run_file: &Path) -> Result<(), Failure> {
    let mut text = String::new();
    let mut all_same = true;
    for recorded in &record.outputs {
        let same = repeated.contains(recorded);
        all_same &= same;
        let verdict = if same { "the same bytes" } else { "DIFFERENT bytes" };
        text.push_str(&format!("{}: {verdict}\n", recorded.name));
        if let Some(changed) = state_on_disk(recorded, run_file)? {
            all_same = false;
            text.push_str(&format!("{}: {changed}\n", recorded.name));
        }
    }
    all_same &= record.outputs.len() == repeated.len();
    text.push_str(if all_same { "The run was repeated to the byte.\n" } else { "The run was NOT repeated.\n" });
    console::print(&text);
    if all_same { Ok(()) } else { Err(Failure::Told) }
}

/// What became of a file of the run since, where it lies beside the run file and is another now.
fn state_on_disk(recorded: &OutputRecord, run_file: &Path) -> Result<Option<&'static str>, Failure> {
    if !is_plain_name(&recorded.name) {
        return Ok(None);
    }
    let path = run_file.with_file_name(&recorded.name);
    let Ok(mut file) = std::fs::File::open(&path) else { return Ok(None) };
    let mut digest = ByteDigest::default();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(|said| Failure::file(&path, "read", said))? {
            0 => break,
            read => digest.update(&buffer[..read]),
        }
    }
    let changed = OutputRecord::new(&recorded.name, digest) != *recorded;
    Ok(changed.then_some("the file beside the run file was CHANGED since"))
}

/// Makes the new population again.
fn made_up(input: &InputRecord, record: &RunRecord) -> Result<LoadedFile, Failure> {
    let file = InputFile::new_population(&record.settings).filter(|file| file.role == input.role);
    let file = file.ok_or_else(|| {
        Failure::Other(format!("{} is said to be made up, but the run file names no new population", input.name))
    })?;
    if file.record().sha256 != input.sha256 {
        return Err(Failure::Other(
            "the new population of this version is another than the run's; use the version that made the run"
                .to_owned(),
        ));
    }
    Ok(LoadedFile::built_in(file))
}

fn find_input(input: &InputRecord, run_file: &Path, input_dir: Option<&Path>) -> Result<LoadedFile, Failure> {
    if input.built_in {
        return built_in(input);
    }
    let places = places(input, run_file, input_dir);
    let mut another = None;
    for path in &places {
        if !path.is_file() {
            continue;
        }
        let file = LoadedFile::read(input.role, path)?;
        if sha256(&file.input.bytes) == input.sha256 {
            return Ok(file);
        }
        another.get_or_insert(path);
    }
    Err(Failure::Other(match another {
        Some(path) => format!(
            "{}: this is not the file that the run was made from (its SHA-256 is another); name the folder with the \
             right one by --input-dir",
            path.display()
        ),
        None => {
            let places: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
            format!("{}: not found at {}; name its folder by --input-dir", input.name, places.join(", "))
        }
    }))
}

fn built_in(input: &InputRecord) -> Result<LoadedFile, Failure> {
    let file = match input.role {
        InputRole::StandaloneContent => InputFile::built_in_catalog(),
        InputRole::UserCompletionTemplate => InputFile::built_in_template(),
        _ => return Err(Failure::Other(format!("the run file names a built-in {:?}, and there is none", input.role))),
    };
    if file.record().sha256 != input.sha256 {
        return Err(Failure::Other(format!(
            "the {} of this version is another than the run's; use the version that made the run",
            input.name
        )));
    }
    Ok(LoadedFile::built_in(file))
}

/// Where an input may be: in the folder that was named; else where it was, beside the run file, and here.
fn places(input: &InputRecord, run_file: &Path, input_dir: Option<&Path>) -> Vec<PathBuf> {
    if !is_plain_name(&input.name) {
        return Vec::new();
    }
    if let Some(folder) = input_dir {
        return vec![folder.join(&input.name)];
    }
    let beside = |name: &str| run_file.parent().unwrap_or(Path::new("")).join(name);
    let mut places: Vec<PathBuf> = input.path.iter().map(|path| beside(path)).collect();
    places.extend([beside(&input.name), PathBuf::from(&input.name), Path::new("input").join(&input.name)]);
    places
}

fn is_plain_name(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|plain| plain == name)
}
