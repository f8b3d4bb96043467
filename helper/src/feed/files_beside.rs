//! The files of a run beside its run file, and whether they are still those of the run.
//!
//! While the feed is made again, its bytes are compared with theirs: a file with the bytes of a feed that has the recorded digest
//! needs no digest of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use btcfake_core::record::run_record::{OutputRecord, RunRecord};
use btcfake_core::text::chunks::{ByteSource, Workers};
use btcfake_core::text::digest::sha256_of_source;

use crate::files::file_source::FileSource;
use crate::files::reading::is_plain_name;
use crate::files::threads::Threads;
use crate::terminal::failure::{Failure, FileResult};

/// State of a run's file on disk.
#[derive(Clone, Copy)]
pub(crate) enum OnDisk {
    Same,
    Changed,
    /// Missing. This is no change: the run can still be repeated.
    Gone,
}

/// Files of a run beside its run file, in the order of its record.
pub(crate) struct FilesBeside(Vec<Arc<FileBeside>>);

/// One file of a run beside its run file.
struct FileBeside {
    recorded: OutputRecord,
    path: PathBuf,
    /// The open file if it has the recorded size, else its state.
    found: Result<FileSource, OnDisk>,
    /// True if the feed that was made again has other bytes.
    differs: AtomicBool,
}

impl FilesBeside {
    /// Opens the files of a run. All count as the same if the run was not read from a file.
    ///
    /// # Errors
    /// A file that exists and cannot be opened.
    pub(crate) fn open(record: &RunRecord, run_file: Option<&Path>) -> Result<FilesBeside, Failure> {
        let open = |recorded: &OutputRecord| {
            let path = run_file.unwrap_or(Path::new("")).with_file_name(&recorded.name);
            let found = match run_file {
                Some(_) if is_plain_name(&recorded.name) => {
                    open_of_size(&path, recorded.bytes).of_file(&path, "read")?
                }
                _ => Err(OnDisk::Same),
            };
            Ok(Arc::new(FileBeside { recorded: recorded.clone(), path, found, differs: AtomicBool::default() }))
        };
        record.outputs.iter().map(open).collect::<Result<_, _>>().map(FilesBeside)
    }

    /// Comparison of the file of this name with one that is made again; `None` if there is no such file.
    pub(crate) fn comparison(&self, name: &str) -> Option<Comparison> {
        let file = self.0.iter().find(|file| file.recorded.name == name)?;
        Some(Comparison { file: Arc::clone(file), at: 0 })
    }

    /// The state of each file. `made` has the records of the files that were made again and compared; other files are digested.
    ///
    /// # Errors
    /// A file that could not be read.
    pub(crate) fn states(&self, made: &[OutputRecord]) -> Result<Vec<OnDisk>, Failure> {
        Threads.each(self.0.len(), |number| self.0[number].state(made)).into_iter().collect()
    }
}

impl FileBeside {
    fn state(&self, made: &[OutputRecord]) -> Result<OnDisk, Failure> {
        let source = match &self.found {
            Ok(source) => source,
            Err(state) => return Ok(*state),
        };
        let is_same = match made.contains(&self.recorded) {
            true => !self.differs.load(Ordering::Relaxed),
            false => sha256_of_source(source).1 == self.recorded.sha256,
        };
        source.check().of_file(&self.path, "read")?;
        Ok(if is_same { OnDisk::Same } else { OnDisk::Changed })
    }
}

/// Comparison of a file beside the run file with the bytes that are made again, in their order.
pub(crate) struct Comparison {
    file: Arc<FileBeside>,
    /// The number of bytes so far.
    at: usize,
}

impl Comparison {
    /// Compares the next bytes.
    pub(crate) fn compare(&mut self, bytes: &[u8]) {
        let next = self.at + bytes.len();
        let Ok(source) = &self.file.found else { return };
        if !self.file.differs.load(Ordering::Relaxed)
            && (next > source.size() || *source.bytes(self.at..next) != *bytes)
        {
            self.file.differs.store(true, Ordering::Relaxed);
        }
        self.at = next;
    }
}

/// Opens a file that should have a size; its state if it is missing or has another one.
fn open_of_size(path: &Path, size: u64) -> io::Result<Result<FileSource, OnDisk>> {
    match FileSource::open(path) {
        Ok(source) if u64::try_from(source.size()) == Ok(size) => Ok(Ok(source)),
        Ok(_) => Ok(Err(OnDisk::Changed)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Err(OnDisk::Gone)),
        Err(error) => Err(error),
    }
}
