//! What happened to each employee, as JSON lines in a file of the user's choice.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::failure::Failure;

/// The file of `--details`: written beside its place, then put there.
pub(crate) struct DetailsFile {
    path: PathBuf,
    /// Where it is written; nothing where it is written in place.
    partial: Option<PathBuf>,
    file: BufWriter<File>,
}

impl DetailsFile {
    /// Opens the file under a temporary name.
    ///
    /// # Errors
    /// A path that cannot be written to.
    pub(crate) fn create(path: &Path) -> Result<DetailsFile, Failure> {
        let name = path.file_name().ok_or_else(|| Failure::Usage("--details needs the name of a file".to_owned()))?;
        if path.is_dir() {
            return Err(Failure::file(path, "write", std::io::ErrorKind::IsADirectory.into()));
        }
        if std::fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
            // A pipe, a device such as /dev/stdout, or a link: it is written to, never replaced.
            let file = File::create(path).map_err(|said| Failure::file(path, "write", said))?;
            return Ok(DetailsFile { path: path.to_owned(), partial: None, file: BufWriter::new(file) });
        }
        let partial = path.with_file_name(format!(".{}.partial", name.to_string_lossy()));
        let file = File::create(&partial).map_err(|said| Failure::file(path, "create", said))?;
        Ok(DetailsFile { path: path.to_owned(), partial: Some(partial), file: BufWriter::new(file) })
    }

    /// Adds some details.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn write(&mut self, details: &[impl Serialize]) -> Result<(), Failure> {
        for detail in details {
            serde_json::to_writer(&mut self.file, detail)
                .map_err(std::io::Error::from)
                .and_then(|()| self.file.write_all(b"\n"))
                .map_err(|said| Failure::file(&self.path, "write", said))?;
        }
        Ok(())
    }

    /// Brings everything to disk; what is left is the renaming.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.file
            .flush()
            .and_then(|()| if self.partial.is_some() { self.file.get_ref().sync_all() } else { Ok(()) })
            .map_err(|said| Failure::file(&self.path, "write", said))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        let Some(partial) = &self.partial else { return Ok(()) };
        std::fs::rename(partial, &self.path).map_err(|said| Failure::file(&self.path, "write", said))
    }
}

impl Drop for DetailsFile {
    fn drop(&mut self) {
        // After publishing there is nothing of that name.
        let _ = self.partial.as_ref().map(std::fs::remove_file);
    }
}
