//! Loaded input file of a run: its content, its origin, and its record in the run file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::input_file::InputSource;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::sheet::{Choices, Question, question};
use btcfake_core::text::chunks::ByteSource;
use btcfake_core::text::visible::shown_whole;

use crate::files::file_source::FileSource;
use crate::files::reading::{is_read_once, read_found, read_named};
use crate::files::standard_input;
use crate::terminal::console::shown_path;
use crate::terminal::failure::{Failure, FileResult};

/// Input of a run: its bytes in memory, or an open file that is read in chunks.
pub(crate) struct LoadedFile {
    /// Input for the core. Its bytes are empty if it is read in chunks.
    pub(crate) input: InputFile<'static>,
    /// File that is read in chunks.
    in_chunks: Option<FileSource>,
    /// Origin of the input.
    pub(crate) origin: LoadedFrom,
    /// Record without a path; computed on first use.
    record: OnceLock<InputRecord>,
    /// SHA-256 that it must have.
    expected: Option<String>,
}

/// Origin of an input.
pub(crate) enum LoadedFrom {
    /// File on disk.
    OnDisk(PathBuf),
    /// Pipe or device, which can be read only once: the run file records no path for it.
    ReadOnce(PathBuf),
    /// Standard input: no path is recorded; the input is found again by its content.
    StandardInput,
    /// Built in, or made up by the settings.
    BuiltIn,
    /// Live source, with the downloaded file if there is one. A copy is kept beside the run file, so the run can be
    /// repeated even if that file changes.
    Fetched(Option<PathBuf>),
}

impl LoadedFile {
    fn new(input: InputFile<'static>, origin: LoadedFrom) -> LoadedFile {
        LoadedFile { input, in_chunks: None, origin, record: OnceLock::new(), expected: None }
    }

    /// Reads a path from the command line: a file or a pipe.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn read(role: InputRole, path: &Path) -> Result<LoadedFile, Failure> {
        if !is_read_once(path) {
            return LoadedFile::read_by(role, path, read_named);
        }
        let bytes = read_named(path).of_file(path, "read")?;
        Ok(LoadedFile { origin: LoadedFrom::ReadOnce(path.to_owned()), ..LoadedFile::on_disk(role, path, bytes) })
    }

    /// Reads a path that is not from the command line: from a setting, or found in a folder.
    ///
    /// # Errors
    /// A file that cannot be read, or something other than a file.
    pub(crate) fn read_found(role: InputRole, path: &Path) -> Result<LoadedFile, Failure> {
        LoadedFile::read_by(role, path, read_found)
    }

    /// Reads a file, or opens it if it may be large.
    fn read_by(role: InputRole, path: &Path, read: fn(&Path) -> io::Result<Vec<u8>>) -> Result<LoadedFile, Failure> {
        let open_or_read = || match is_read_in_parts(role) {
            // A file that reports no size has to be read to its end.
            true => match FileSource::open(path)? {
                source if source.size() > 0 => LoadedFile::of_source(role, path, source),
                _ => Ok(LoadedFile::on_disk(role, path, read(path)?)),
            },
            false => Ok(LoadedFile::on_disk(role, path, read(path)?)),
        };
        open_or_read().of_file(path, "read")
    }

    /// Input from an open file, which is read now unless it may be large.
    ///
    /// # Errors
    /// An I/O error, or a request to end.
    pub(crate) fn of_source(role: InputRole, path: &Path, source: FileSource) -> io::Result<LoadedFile> {
        if is_read_in_parts(role) {
            return Ok(LoadedFile { in_chunks: Some(source), ..LoadedFile::on_disk(role, path, Vec::new()) });
        }
        let bytes = source.whole().into_owned();
        source.check()?;
        Ok(LoadedFile::on_disk(role, path, bytes))
    }

    /// The input with the answers to its questions.
    pub(crate) fn with_choices(mut self, choices: &Choices) -> LoadedFile {
        self.input.choices.clone_from(choices);
        self
    }

    /// The question that must be answered before the input can be read; `None` if there is none, or if no answer helps.
    pub(crate) fn question(&self) -> Option<Question> {
        let InputSource { role, source, choices, .. } = self.source();
        question(role, &source.whole(), choices)
    }

    /// The input under its recorded name, with the recorded answers. It must have the recorded content.
    pub(crate) fn known_as(mut self, record: &InputRecord) -> LoadedFile {
        self.input.name.clone_from(&record.name);
        self.input.choices.clone_from(&record.choices);
        LoadedFile { record: OnceLock::from(InputRecord { path: None, ..record.clone() }), ..self }
    }

    /// As [`LoadedFile::known_as`], for a file whose content was not yet compared with the recorded content.
    pub(crate) fn expected_as(mut self, record: &InputRecord) -> LoadedFile {
        self.input.name.clone_from(&record.name);
        self.input.choices.clone_from(&record.choices);
        LoadedFile { expected: Some(record.sha256.clone()), ..self }
    }

    /// True if the input has the expected content. The input is read for that, unless it was digested before.
    pub(crate) fn is_as_expected(&self) -> bool {
        self.expected.as_ref().is_none_or(|sha256| self.identity().sha256 == *sha256)
    }

    /// Input from bytes already read from a file.
    pub(crate) fn on_disk(role: InputRole, path: &Path, bytes: Vec<u8>) -> LoadedFile {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        LoadedFile::new(InputFile::given(role, &name, bytes), LoadedFrom::OnDisk(path.to_owned()))
    }

    /// Reads an argument of the command line: a path, or `-` for standard input.
    ///
    /// # Errors
    /// A file or standard input that cannot be read.
    pub(crate) fn read_named(role: InputRole, argument: &Path) -> Result<LoadedFile, Failure> {
        if !standard_input::is_named_by(argument) {
            return LoadedFile::read(role, argument);
        }
        let bytes = standard_input::read()?;
        Ok(LoadedFile::new(InputFile::given(role, standard_input::NAME, bytes), LoadedFrom::StandardInput))
    }

    /// Input that is built in or made up by the settings.
    pub(crate) fn built_in(input: InputFile<'static>) -> LoadedFile {
        LoadedFile::new(input, LoadedFrom::BuiltIn)
    }

    /// Input from a live source, without a file.
    pub(crate) fn fetched(role: InputRole, name: &str, bytes: Vec<u8>) -> LoadedFile {
        LoadedFile::new(InputFile::given(role, name, bytes), LoadedFrom::Fetched(None))
    }

    /// Reads a file that was just downloaded from a live source.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn downloaded(role: InputRole, path: &Path) -> Result<LoadedFile, Failure> {
        let file = LoadedFile::read(role, path)?;
        Ok(LoadedFile { origin: LoadedFrom::Fetched(Some(path.to_owned())), ..file })
    }

    /// Input for the core: in memory, or read in chunks.
    pub(crate) fn source(&self) -> InputSource<'_> {
        let source = self.in_chunks.as_ref().map(|file| file as &dyn ByteSource);
        let of_memory = InputSource::of(&self.input);
        InputSource { source: source.unwrap_or(of_memory.source), ..of_memory }
    }

    /// Fails if a part of the file could not be read, or if its content is not the expected one.
    ///
    /// # Errors
    /// The failure, or `Interrupted`.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let checked = self.in_chunks.as_ref().map_or(Ok(()), FileSource::check);
        let checked = checked.and_then(|()| match self.is_as_expected() {
            true => Ok(()),
            false => Err(io::Error::other("its SHA-256 is another than the recorded one")),
        });
        checked.of_file(self.path().unwrap_or(Path::new(&self.input.name)), "read")
    }

    /// Record without a path. The first call reads the file.
    pub(crate) fn identity(&self) -> &InputRecord {
        self.record.get_or_init(|| InputRecord::of_source(self.source()))
    }

    /// Record for a run file in `folder`. Inputs from live sources are recorded as kept in `kept_inputs`.
    pub(crate) fn record(&self, folder: &Path, kept_inputs: &str) -> InputRecord {
        let path = match &self.origin {
            LoadedFrom::OnDisk(path) => Some(seen_from(folder, path)),
            LoadedFrom::BuiltIn | LoadedFrom::StandardInput | LoadedFrom::ReadOnce(_) => None,
            LoadedFrom::Fetched(_) => Some(format!("{kept_inputs}/{}", self.input.name)),
        };
        InputRecord { path, ..self.identity().clone() }
    }

    /// Ends the digesting of a file that is not used after all.
    pub(super) fn abandon(&self) {
        self.in_chunks.iter().for_each(FileSource::abandon);
    }

    /// Path of the file on disk, if there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.origin {
            LoadedFrom::OnDisk(path) | LoadedFrom::ReadOnce(path) | LoadedFrom::Fetched(Some(path)) => Some(path),
            LoadedFrom::BuiltIn | LoadedFrom::StandardInput | LoadedFrom::Fetched(None) => None,
        }
    }

    /// True for an input that the program makes itself.
    pub(crate) fn is_made_by_program(&self) -> bool {
        matches!(self.origin, LoadedFrom::BuiltIn)
    }

    /// True for a state table that came from Databricks.
    pub(super) fn is_fetched_table(&self) -> bool {
        let is_table = matches!(self.input.role, InputRole::Assignments | InputRole::Completions);
        is_table && matches!(self.origin, LoadedFrom::Fetched(None))
    }

    /// Path or name, for messages.
    pub(super) fn shown(&self) -> String {
        self.path().map_or_else(|| shown_whole(&self.input.name), shown_path)
    }
}

/// Loaded files plus those that the program adds, sorted by role.
pub(crate) fn with_missing(mut files: Vec<LoadedFile>, settings: &Settings) -> Vec<LoadedFile> {
    let given: Vec<InputRole> = files.iter().map(|file| file.input.role).collect();
    files.extend(InputFile::missing(&given, settings).into_iter().map(LoadedFile::built_in));
    files.sort_by_key(|file| file.input.role);
    files
}

/// True for inputs whose size grows with the number of employees and which are read once, from beginning to end.
pub(super) fn is_read_in_parts(role: InputRole) -> bool {
    matches!(role, InputRole::Assignments | InputRole::Completions | InputRole::Recommendations)
}

/// Path relative to a folder, with `/` as separator; so a run file stays valid when everything is moved together. Links
/// in folders are resolved, because `..` in a linked folder is the parent of the link's target.
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
