//! Details of each employee as JSON lines, in the file of `--details`.
//!
//! The file appears with the run or not at all. It is written under a temporary name (`.NAME.partial`), renamed right
//! before the run file, and removed if the run fails after that. The temporary file is locked: a second run with the
//! same file is refused. A link, pipe or device is written in place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::files::pipe_writer::PipeWriter;
use crate::files::temporary_file;
use crate::terminal::failure::{Failure, FileResult};

/// File of `--details`. Dropping it before [`DetailsFile::keep`] restores the former state.
pub(crate) struct DetailsFile {
    path: PathBuf,
    output: DetailsOutput,
}

/// Destination of the details.
enum DetailsOutput {
    /// Temporary file beside the final path.
    Beside { file: BufWriter<File>, partial: PathBuf, stage: DetailsStage },
    /// Existing pipe, device or link target.
    InPlace(BufWriter<PipeWriter>),
}

/// Progress of a file that is renamed.
enum DetailsStage {
    /// Under its temporary name.
    Written,
    /// Under its final name; a former file is held under the given name.
    InPlace(Option<PathBuf>),
    /// Final: it is not removed on drop.
    Kept,
}

impl DetailsFile {
    /// Opens the file under a temporary name.
    ///
    /// # Errors
    /// `Usage` for a path without a file name; a path that cannot be written, or that another run is writing.
    pub(crate) fn create(path: &Path) -> Result<DetailsFile, Failure> {
        let name = path.file_name().ok_or_else(|| Failure::Usage("--details needs the name of a file".to_owned()))?;
        if path.is_dir() {
            return Err(Failure::file(path, "write", io::ErrorKind::IsADirectory.into()));
        }
        let output = if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
            let pipe = PipeWriter::open(path, false).of_file(path, "write")?;
            DetailsOutput::InPlace(BufWriter::new(pipe))
        } else {
            let partial = path.with_file_name(temporary_file::partial_name(&name.to_string_lossy()));
            let failed = |error| Failure::file(path, "create", error);
            let file = temporary_file::create_locked(&partial).map_err(failed)?;
            let Some(file) = file else {
                let message = io::Error::new(io::ErrorKind::ResourceBusy, "another run is writing this file");
                return Err(failed(message));
            };
            let held = held_name(&partial);
            let cleared = clear_held(path, &held).inspect_err(|_| _ = fs::remove_file(&partial));
            cleared.of_file(&held, "remove")?;
            DetailsOutput::Beside { file: BufWriter::new(file), partial, stage: DetailsStage::Written }
        };
        Ok(DetailsFile { path: path.to_owned(), output })
    }

    /// Checks that the file can be made. A link, pipe or device is written in place, so it is left alone.
    ///
    /// # Errors
    /// As [`DetailsFile::create`].
    pub(crate) fn check(path: &Path) -> Result<(), Failure> {
        let is_in_place = fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) && !path.is_dir();
        if is_in_place { Ok(()) } else { DetailsFile::create(path).map(drop) }
    }

    /// Appends details, one JSON object per line.
    ///
    /// # Errors
    /// A failed write, or `Interrupted`.
    pub(crate) fn write(&mut self, details: &[impl Serialize]) -> Result<(), Failure> {
        let file: &mut dyn Write = match &mut self.output {
            DetailsOutput::Beside { file, .. } => file,
            DetailsOutput::InPlace(pipe) => pipe,
        };
        for detail in details {
            serde_json::to_writer(&mut *file, detail)
                .map_err(io::Error::from)
                .and_then(|()| file.write_all(b"\n"))
                .of_file(&self.path, "write")?;
        }
        Ok(())
    }

    /// Flushes and syncs the file, before it is renamed.
    ///
    /// # Errors
    /// A failed write or sync, or `Interrupted`.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        let finished = match &mut self.output {
            DetailsOutput::Beside { file, .. } => file.flush().and_then(|()| file.get_ref().sync_all()),
            DetailsOutput::InPlace(pipe) => pipe.flush(),
        };
        finished.of_file(&self.path, "write")
    }

    /// Renames the file. A former file of that name is held until [`DetailsFile::keep`].
    ///
    /// # Errors
    /// A failed link or rename; the former file is then in place.
    pub(crate) fn put_in_place(&mut self) -> Result<(), Failure> {
        let DetailsOutput::Beside { partial, stage, .. } = &mut self.output else { return Ok(()) };
        let failed = |error| Failure::file(&self.path, "write", error);
        let old = hold(&self.path, held_name(partial)).map_err(failed)?;
        match fs::rename(partial, &self.path) {
            Ok(()) => *stage = DetailsStage::InPlace(old),
            Err(message) => {
                // The former file has both names, or only the one it is held under.
                let _ = old.map(|old| fs::rename(&old, &self.path).and_then(|()| fs::remove_file(&old)));
                return Err(failed(message));
            }
        }
        Ok(())
    }

    /// Keeps the file: the run is complete.
    pub(crate) fn keep(mut self) {
        if let DetailsOutput::Beside { stage, .. } = &mut self.output
            && let DetailsStage::InPlace(Some(old)) = std::mem::replace(stage, DetailsStage::Kept)
        {
            let _ = fs::remove_file(old);
        }
    }
}

/// Name under which a former file is held: `.NAME.replaced`.
fn held_name(partial: &Path) -> PathBuf {
    partial.with_extension("replaced")
}

/// Removes a file that a killed run held, or moves it back if the final path is free.
fn clear_held(path: &Path, held: &Path) -> io::Result<()> {
    let is_file = |path: &Path| fs::symlink_metadata(path).is_ok_and(|there| there.is_file());
    if is_file(held) && fs::symlink_metadata(path).is_err() {
        return fs::rename(held, path);
    }
    temporary_file::remove_left(held).map(|_| ())
}

/// Gives a former file a second name by a hard link; without link support, renames it. `None` if there is no former
/// file.
fn hold(path: &Path, held: PathBuf) -> io::Result<Option<PathBuf>> {
    match fs::hard_link(path, &held) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(_) => fs::rename(path, &held).map(|()| Some(held)),
        Ok(()) => Ok(Some(held)),
    }
}

impl Drop for DetailsFile {
    fn drop(&mut self) {
        let DetailsOutput::Beside { file, partial, stage } = &self.output else { return };
        // Another run may have put its own file there meanwhile.
        let is_ours = || temporary_file::is_at(file.get_ref(), &self.path);
        let _ = match stage {
            DetailsStage::InPlace(old) if !is_ours() => old.as_ref().map_or(Ok(()), fs::remove_file),
            DetailsStage::Written => fs::remove_file(partial),
            DetailsStage::InPlace(Some(old)) => fs::rename(old, &self.path),
            DetailsStage::InPlace(None) => fs::remove_file(&self.path),
            DetailsStage::Kept => Ok(()),
        };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_run_is_refused_while_one_writes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        let mut first = DetailsFile::create(&path).unwrap();
        let refused = DetailsFile::create(&path).err().unwrap().to_string();
        assert!(refused.contains("another run is writing this file"), "{refused}");
        first.write(&["first"]).unwrap();
        first.finish().unwrap();
        first.put_in_place().unwrap();
        first.keep();
        assert_eq!(fs::read_to_string(&path).unwrap(), "\"first\"\n");
        drop(DetailsFile::create(&path).unwrap());
        assert_eq!(names(folder.path()), ["d.jsonl"]);
    }

    #[test]
    fn a_run_that_fails_at_its_end_brings_the_old_file_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        fs::write(&path, "old").unwrap();
        let mut details = DetailsFile::create(&path).unwrap();
        details.finish().unwrap();
        details.put_in_place().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
        drop(details);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["d.jsonl"]);
    }

    #[test]
    fn a_file_that_only_its_held_name_is_left_of_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jsonl");
        fs::write(folder.path().join(".d.jsonl.replaced"), "old").unwrap();
        drop(DetailsFile::create(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["d.jsonl"]);
    }

    #[test]
    fn to_check_a_file_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("old"), "old").unwrap();
        fs::create_dir(path("folder")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("old", path("link")).unwrap();
        let before = names(folder.path());
        for (name, is_fine) in [("old", true), ("new", true), ("link", true), ("folder", false), ("none/new", false)] {
            assert_eq!(DetailsFile::check(&path(name)).is_ok(), is_fine, "{name}");
            assert_eq!(
                (names(folder.path()), fs::read_to_string(path("old")).unwrap()),
                (before.clone(), "old".into())
            );
        }
    }

    #[test]
    fn a_folder_of_the_held_name_stays() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join(".d.jsonl.replaced");
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("mine"), "x").unwrap();
        assert!(DetailsFile::create(&folder.path().join("d.jsonl")).is_err());
        assert_eq!(names(folder.path()), [".d.jsonl.replaced"]);
        assert_eq!(fs::read(kept.join("mine")).unwrap(), b"x");
    }
}
