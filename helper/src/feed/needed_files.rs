//! Search for the files that a run was made from: by name at their expected paths, else by content under any name. A
//! file with different content is never used.

use std::io;
use std::path::{Path, PathBuf};

use btcfake_core::inputs::input_file::{InputFile, InputOrigin};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::text::chunks::{ByteSource, Workers};
use btcfake_core::text::digest::sha256_of_source;
use btcfake_core::text::visible::{quoted, shown, shown_whole};

use crate::feed::loaded_file::{LoadedFile, is_read_in_parts};
use crate::feed::parsing::while_digested;
use crate::files::file_source::FileSource;
use crate::files::reading::is_plain_name;
use crate::files::standard_input;
use crate::files::threads::Threads;
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// Folders to search.
pub(crate) struct Places<'a> {
    /// Folder of the run file or recipe.
    pub(crate) beside: &'a Path,
    /// Folders named by the user, which are searched first.
    pub(crate) named: &'a [PathBuf],
}

/// Usual folders of inputs, relative to the current folder.
const USUAL: [&str; 3] = ["", "input", "downloaded_files"];

impl Places<'_> {
    /// Finds all files by name and content; built-in and made-up ones are made again.
    ///
    /// # Errors
    /// Every file that is missing or has different content, one line each; `Interrupted`.
    fn find_all(&self, inputs: &[InputRecord], settings: &Settings) -> Result<Vec<LoadedFile>, Failure> {
        let mut files = Vec::new();
        let mut missing = Vec::new();
        for found in Threads.each(inputs.len(), |number| self.find(&inputs[number], settings)) {
            match found? {
                Ok(file) => files.push(file),
                Err(why) => missing.push(why),
            }
        }
        if missing.is_empty() { Ok(files) } else { Err(Failure::Other(missing.join("\n"))) }
    }

    /// Finds all files and parses them by `parse`. Large files of the recorded size are compared with their records while
    /// they are parsed. Only if one turns out to be another file are all searched by content and parsed anew.
    ///
    /// # Errors
    /// As [`Places::find_all`]; a failure of `parse`.
    pub(crate) fn read_all<T>(
        &self,
        inputs: &[InputRecord],
        settings: &Settings,
        parse: impl Fn(&[LoadedFile]) -> Result<T, Failure>,
    ) -> Result<(Vec<LoadedFile>, T), Failure> {
        let likely: Option<Vec<LoadedFile>> = inputs.iter().map(|input| self.find_likely(input, settings)).collect();
        if let Some(files) = likely {
            let parsed = while_digested(&files, || parse(&files));
            if files.iter().all(LoadedFile::is_as_expected) {
                return parsed.map(|parsed| (files, parsed));
            }
        }
        let files = self.find_all(inputs, settings)?;
        let parsed = parse(&files)?;
        Ok((files, parsed))
    }

    /// The file at the first expected path where there is one, if it may be the recorded one.
    fn find_likely(&self, input: &InputRecord, settings: &Settings) -> Option<LoadedFile> {
        if input.built_in || input.made_up || !is_read_in_parts(input.role) {
            return self.find(input, settings).ok()?.ok();
        }
        let paths = self.paths(input);
        let path = paths.iter().find(|path| path.exists()).filter(|_| is_plain_name(&input.name))?;
        let source = FileSource::open(path).ok().filter(|source| u64::try_from(source.size()) == Ok(input.bytes))?;
        LoadedFile::of_source(input.role, path, source).ok().map(|file| file.expected_as(input))
    }

    /// One file, or the reason why it is missing.
    fn find(&self, input: &InputRecord, settings: &Settings) -> Result<Result<LoadedFile, String>, Failure> {
        if input.built_in || input.made_up {
            return Ok(made_by_program(input, settings));
        }
        if !is_plain_name(&input.name) {
            return Ok(Err(format!("{} is no plain name of a file; it names a folder", quoted(&input.name))));
        }
        // Reason why a file found does not fit; another place may still have the right one.
        let mut unfit = None;
        let paths = self.paths(input);
        for path in &paths {
            let why = match read_if_same(input, path) {
                Ok(Some(file)) => return Ok(Ok(file)),
                Ok(None) => format!(
                    "{}: this is not the file that the run was made from (its SHA-256 is another); name the folder with \
                     the right one by --input-dir",
                    shown_path(path)
                ),
                Err(message) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&message.kind()) => {
                    continue;
                }
                Err(message) => match Failure::file(path, "read", message) {
                    Failure::Interrupted => return Err(Failure::Interrupted),
                    failure => failure.to_string(),
                },
            };
            unfit.get_or_insert(why);
        }
        if let Some(file) = self.find_by_content(input, &paths) {
            return Ok(Ok(file));
        }
        Ok(Err(unfit.unwrap_or_else(|| not_found(input, &paths))))
    }

    /// Expected paths of a file: in the named folders, its recorded path, beside the run file, and in the usual folders.
    fn paths(&self, input: &InputRecord) -> Vec<PathBuf> {
        let recorded = input.path.iter().map(|path| self.beside.join(path));
        let folders = [self.beside].into_iter().chain(USUAL.map(Path::new));
        let named = self.named.iter().map(|folder| folder.join(&input.name));
        let mut paths: Vec<PathBuf> = Vec::new();
        for path in named.chain(recorded).chain(folders.map(|folder| folder.join(&input.name))) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// File with the same content in one of the paths' folders. Only files of the right size are read; unreadable ones
    /// are skipped.
    fn find_by_content(&self, input: &InputRecord, paths: &[PathBuf]) -> Option<LoadedFile> {
        let folders = folders_of(paths);
        let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
        let mut same_size: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.metadata().is_ok_and(|found| found.is_file() && found.len() == input.bytes))
            .collect();
        same_size.sort();
        same_size.iter().find_map(|path| read_if_same(input, path).ok().flatten())
    }
}

/// Message about a file found at none of the paths.
fn not_found(input: &InputRecord, paths: &[PathBuf]) -> String {
    if input.path.is_none() && input.name == standard_input::NAME {
        let folders: Vec<String> = folders_of(paths).iter().map(|folder| shown_path(folder)).collect();
        return format!(
            "--{} came from {}, and no file in {} has its SHA-256, {}; keep what it was as a file, and name its folder by \
             --input-dir",
            input.role.name(),
            standard_input::NAME,
            folders.join(", "),
            shown(&input.sha256)
        );
    }
    let paths: Vec<String> = paths.iter().map(|path| shown_path(path)).collect();
    format!(
        "{}: not found at {}, and no file beside them has its SHA-256, {}; name its folder by --input-dir",
        shown_whole(&input.name),
        paths.join(", "),
        shown(&input.sha256)
    )
}

/// Folders of the paths.
fn folders_of(paths: &[PathBuf]) -> Vec<PathBuf> {
    let folder_of = |path: &PathBuf| path.parent().filter(|folder| *folder != Path::new("")).map(Path::to_owned);
    let mut folders: Vec<PathBuf> = paths.iter().map(|path| folder_of(path).unwrap_or(".".into())).collect();
    folders.sort();
    folders.dedup();
    folders
}

/// File at a path, if it has the needed content; it gets the recorded name. A file of another size is not read, because
/// a run file may name any path.
fn read_if_same(input: &InputRecord, path: &Path) -> io::Result<Option<LoadedFile>> {
    let source = FileSource::open(path)?;
    let is_of_size = u64::try_from(source.size()) == Ok(input.bytes);
    let is_same = is_of_size && sha256_of_source(&source).1 == input.sha256;
    source.check()?;
    if is_same {
        LoadedFile::of_source(input.role, path, source).map(|file| Some(file.known_as(input)))
    } else {
        Ok(None)
    }
}

/// File that this version makes itself, if it equals the run's.
fn made_by_program(input: &InputRecord, settings: &Settings) -> Result<LoadedFile, String> {
    let (origin, what) = match input.made_up {
        true => (InputOrigin::MadeUp, "new population".to_owned()),
        false => (InputOrigin::BuiltIn, shown_whole(&input.name)),
    };
    match InputFile::made_by_program(input.role, settings).filter(|file| file.origin == origin) {
        Some(file) if InputRecord::of(&file).sha256 == input.sha256 => Ok(LoadedFile::built_in(file)),
        Some(_) => {
            Err(format!("the {what} of this version is another than the run's; use the version that made the run"))
        }
        None if input.made_up => {
            let name = shown_whole(&input.name);
            Err(format!("the run file names {name} as made up, but has no new population"))
        }
        None => Err(format!("the run file names a built-in {:?}, and there is none", input.role)),
    }
}
