//! The input files of a run on disk: which ones, what is in them, and what their problems are.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::file_name::{FileKind, FolderEntry, most_recent, passed_over_warnings};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::{Inputs, read_inputs};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::text::problem::Problem;
use btcfake_core::text::visible::shown_whole;
use chrono::NaiveDate;

use crate::files::reading::{is_read_once, read_found, read_named};
use crate::files::standard_input;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;

/// An input of a run.
pub(crate) struct LoadedFile {
    /// What the core is given.
    pub(crate) input: InputFile<'static>,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// Where an input of a run comes from.
pub(crate) enum Origin {
    /// A file on disk.
    OnDisk(PathBuf),
    /// A pipe or device, from which it came once: the run file has no place for it.
    ReadOnce(PathBuf),
    /// Standard input: it has no place, and is found again by its content.
    StandardInput,
    /// It is built in, or made up by the settings.
    BuiltIn,
    /// A live source; it is kept beside the run file, so that the run can be repeated whatever becomes of the file that it
    /// was brought into.
    Fetched(Option<PathBuf>),
}

impl LoadedFile {
    /// Reads what the command line names: a file or a pipe.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn read(role: InputRole, path: &Path) -> Result<LoadedFile, Failure> {
        let is_read_once = is_read_once(path);
        let bytes = read_named(path).map_err(|said| Failure::file(path, "read", said))?;
        let file = LoadedFile::on_disk(role, path, bytes);
        Ok(if is_read_once { LoadedFile { origin: Origin::ReadOnce(path.to_owned()), ..file } } else { file })
    }

    /// Reads a file that the command line does not name: one of a setting, or one that was found in a folder.
    ///
    /// # Errors
    /// A file that cannot be read, or something that is no file.
    pub(crate) fn read_found(role: InputRole, path: &Path) -> Result<LoadedFile, Failure> {
        let bytes = read_found(path).map_err(|said| Failure::file(path, "read", said))?;
        Ok(LoadedFile::on_disk(role, path, bytes))
    }

    /// A file whose content was read.
    pub(crate) fn on_disk(role: InputRole, path: &Path, bytes: Vec<u8>) -> LoadedFile {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        LoadedFile { input: InputFile::given(role, &name, bytes), origin: Origin::OnDisk(path.to_owned()) }
    }

    /// Reads what an option names: a file, or standard input.
    ///
    /// # Errors
    /// What cannot be read.
    pub(crate) fn read_named(role: InputRole, argument: &Path) -> Result<LoadedFile, Failure> {
        if !standard_input::is_named_by(argument) {
            return LoadedFile::read(role, argument);
        }
        let bytes = standard_input::read()?;
        Ok(LoadedFile { input: InputFile::given(role, standard_input::NAME, bytes), origin: Origin::StandardInput })
    }

    /// Something built in, or made up by the settings.
    pub(crate) fn built_in(input: InputFile<'static>) -> LoadedFile {
        LoadedFile { input, origin: Origin::BuiltIn }
    }

    /// Something that a live source gave.
    pub(crate) fn fetched(role: InputRole, name: &str, bytes: Vec<u8>) -> LoadedFile {
        LoadedFile { input: InputFile::given(role, name, bytes), origin: Origin::Fetched(None) }
    }

    /// Reads a file that a live source gave just now.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn downloaded(role: InputRole, path: &Path) -> Result<LoadedFile, Failure> {
        let file = LoadedFile::read(role, path)?;
        Ok(LoadedFile { origin: Origin::Fetched(Some(path.to_owned())), ..file })
    }

    /// Its record in the run file in `folder`, if that keeps fetched inputs in `kept_inputs`.
    pub(crate) fn record(&self, folder: &Path, kept_inputs: &str) -> InputRecord {
        let path = match &self.origin {
            Origin::OnDisk(path) => Some(seen_from(folder, path)),
            Origin::BuiltIn | Origin::StandardInput | Origin::ReadOnce(_) => None,
            Origin::Fetched(_) => Some(format!("{kept_inputs}/{}", self.input.name)),
        };
        InputRecord { path, ..InputRecord::of(&self.input) }
    }

    /// The file on disk, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::OnDisk(path) | Origin::ReadOnce(path) | Origin::Fetched(Some(path)) => Some(path),
            Origin::BuiltIn | Origin::StandardInput | Origin::Fetched(None) => None,
        }
    }

    fn shown(&self) -> String {
        self.path().map_or_else(|| shown_whole(&self.input.name), shown_path)
    }
}

/// The files of a run: those that were loaded, and what the program adds to them, by role.
pub(crate) fn with_missing(mut files: Vec<LoadedFile>, settings: &Settings) -> Vec<LoadedFile> {
    let given: Vec<InputRole> = files.iter().map(|file| file.input.role).collect();
    files.extend(InputFile::missing(&given, settings).into_iter().map(LoadedFile::built_in));
    files.sort_by_key(|file| file.input.role);
    files
}

/// Reads the files and prints every problem.
///
/// # Errors
/// A file that is refused.
pub(crate) fn understand(files: &[LoadedFile], bad_rows: BadRows, quiet: bool) -> Result<Inputs, Failure> {
    let inputs: Vec<InputFile<'_>> = files.iter().map(|file| borrowed(&file.input)).collect();
    let (read, problems) = read_inputs(&inputs, bad_rows);
    let mut refusing = 0;
    for file_problems in &problems {
        let shown = files.iter().find(|file| file.input.role == file_problems.role).map(LoadedFile::shown);
        console::complain_of(&shown.unwrap_or_default(), file_problems.problems.iter().map(Problem::line), quiet);
        refusing += file_problems.problems.iter().filter(|problem| problem.is_error()).count();
    }
    if refusing > 0 { Err(Failure::Refused { problems: refusing }) } else { Ok(read) }
}

/// The most recent file of a kind in a folder; nothing where there is none, or no such folder. Files that are passed
/// over are reported, unless `quiet`.
///
/// # Errors
/// A folder that is there and cannot be read.
pub(crate) fn most_recent_file(
    folder: &Path,
    kind: FileKind,
    today: NaiveDate,
    quiet: bool,
) -> Result<Option<PathBuf>, Failure> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(folder, "list", error)),
    };
    let mut entries = Vec::new();
    for entry in listing {
        let entry = entry.map_err(|said| Failure::file(folder, "list", said))?;
        let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
        if let (true, Ok(name)) = (metadata.is_file(), entry.file_name().into_string()) {
            let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            entries.push(FolderEntry { name, modified: modified.unwrap_or_default() });
        }
    }
    let (best, passed_over) = most_recent(&entries, kind, today);
    if !quiet {
        let shown = |name: &str| shown_path(&folder.join(name));
        passed_over_warnings(&passed_over, shown).iter().for_each(console::note);
    }
    Ok(best.map(|entry| folder.join(&entry.name)))
}

fn borrowed<'a>(input: &'a InputFile<'static>) -> InputFile<'a> {
    InputFile { role: input.role, name: input.name.clone(), bytes: (&*input.bytes).into(), origin: input.origin }
}

/// A path as seen from a folder, with `/` between its parts; so a run file stays true when all is moved together. Linked
/// folders are followed: the way up from one is that of the folder it leads to.
fn seen_from(folder: &Path, path: &Path) -> String {
    let real = |folder: &Path| {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        absolute.canonicalize().unwrap_or(absolute)
    };
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        _ => path,
    };
    let relative = pathdiff::diff_paths(&path, real(folder)).unwrap_or(path);
    relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
