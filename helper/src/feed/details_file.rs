//! What happened to each employee, as JSON lines in a file of the user's choice.
//!
//! It is made with the run, all or none: written under a temporary name (`.NAME.partial`), put in its place right before the
//! run file, and taken back if the run fails after that. A link, a pipe or a device is written in place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::files::file_set::remove_if_there;
use crate::files::pipe_writer::PipeWriter;
use crate::files::temporary_file;
use crate::terminal::failure::Failure;

/// The file of `--details`. Dropped before [`DetailsFile::keep`], it leaves its place as it was.
pub(crate) struct DetailsFile {
    path: PathBuf,
    output: Output,
}

/// Where the details go.
enum Output {
    /// Into a file beside the place of the details.
    Beside { file: BufWriter<File>, partial: PathBuf, stage: Stage },
    /// To what is under the name.
    InPlace(BufWriter<PipeWriter>),
}

/// How far a file is that is put in its place.
enum Stage {
    /// It has its temporary name.
    Written,
    /// It is in place; the old file, if there was one, has this name.
    InPlace(Option<PathBuf>),
    /// It stays.
    Kept,
}

impl DetailsFile {
    /// Opens the file under a temporary name.
    ///
    /// # Errors
    /// A path that cannot be written to.
    pub(crate) fn create(path: &Path) -> Result<DetailsFile, Failure> {
        let name = path.file_name().ok_or_else(|| Failure::Usage("--details needs the name of a file".to_owned()))?;
        if path.is_dir() {
            return Err(Failure::file(path, "write", io::ErrorKind::IsADirectory.into()));
        }
        let output = if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
            let pipe = PipeWriter::open(path, false).map_err(|said| Failure::file(path, "write", said))?;
            Output::InPlace(BufWriter::new(pipe))
        } else {
            let partial = path.with_file_name(format!(".{}.partial", name.to_string_lossy()));
            let failed = |said| Failure::file(path, "create", said);
            let file = temporary_file::create(&partial).map_err(failed)?;
            // What a killed run held is of no use any more.
            let cleared = remove_if_there(&held_name(&partial)).inspect_err(|_| _ = fs::remove_file(&partial));
            cleared.map_err(failed)?;
            Output::Beside { file: BufWriter::new(file), partial, stage: Stage::Written }
        };
        Ok(DetailsFile { path: path.to_owned(), output })
    }

    /// Adds some details.
    ///
    /// # Errors
    /// An error of the system, or a request to end.
    pub(crate) fn write(&mut self, details: &[impl Serialize]) -> Result<(), Failure> {
        let file: &mut dyn Write = match &mut self.output {
            Output::Beside { file, .. } => file,
            Output::InPlace(pipe) => pipe,
        };
        for detail in details {
            serde_json::to_writer(&mut *file, detail)
                .map_err(io::Error::from)
                .and_then(|()| file.write_all(b"\n"))
                .map_err(|said| Failure::file(&self.path, "write", said))?;
        }
        Ok(())
    }

    /// Brings everything to disk; what is left is the renaming.
    ///
    /// # Errors
    /// An error of the system, or a request to end.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        let finished = match &mut self.output {
            Output::Beside { file, .. } => file.flush().and_then(|()| file.get_ref().sync_all()),
            Output::InPlace(pipe) => pipe.flush(),
        };
        finished.map_err(|said| Failure::file(&self.path, "write", said))
    }

    /// Gives the file its name. An old one of that name is held until [`DetailsFile::keep`].
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn put_in_place(&mut self) -> Result<(), Failure> {
        let Output::Beside { partial, stage, .. } = &mut self.output else { return Ok(()) };
        let old = held_name(partial);
        let failed = |said| Failure::file(&self.path, "write", said);
        // Where there is no old file, or a folder that knows no links, there is nothing to come back.
        let old = fs::hard_link(&self.path, &old).ok().map(|()| old);
        match fs::rename(partial, &self.path) {
            Ok(()) => *stage = Stage::InPlace(old),
            Err(said) => {
                let _ = old.map(fs::remove_file);
                return Err(failed(said));
            }
        }
        Ok(())
    }

    /// Lets the file stay: the run is there.
    pub(crate) fn keep(mut self) {
        if let Output::Beside { stage, .. } = &mut self.output
            && let Stage::InPlace(Some(old)) = std::mem::replace(stage, Stage::Kept)
        {
            let _ = fs::remove_file(old);
        }
    }
}

/// The name under which an old file is held: `.NAME.replaced`.
fn held_name(partial: &Path) -> PathBuf {
    partial.with_extension("replaced")
}

impl Drop for DetailsFile {
    fn drop(&mut self) {
        let Output::Beside { partial, stage, .. } = &self.output else { return };
        let _ = match stage {
            Stage::Written => fs::remove_file(partial),
            Stage::InPlace(Some(old)) => fs::rename(old, &self.path),
            Stage::InPlace(None) => fs::remove_file(&self.path),
            Stage::Kept => Ok(()),
        };
    }
}
