//! An output file of a run: digested and written by a thread of its own, or only digested.
//!
//! If the system grants no thread, the current one writes.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};

use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::text::digest::ByteDigest;

use crate::feed::feed_folder::FeedFolder;
use crate::feed::files_beside::{Comparison, FilesBeside};
use crate::terminal::failure::{Failure, FileResult};

/// Capacity of a channel, in pieces.
const WAITING: usize = 2;

/// Number of bytes after which a file is synced while its next bytes are made: enough that syncs cost little, and few
/// in relation to a large file.
const SYNCED_MEANWHILE: usize = 32 << 20;

/// Destination of a feed.
#[derive(Clone, Copy)]
pub(crate) enum Target<'f> {
    /// Files of a folder, under their temporary names.
    Folder(&'f FeedFolder),
    /// No files: only their records are computed.
    Records,
    /// As `Records`; the files of the recorded run are compared as well.
    Compared(&'f FilesBeside),
}

/// File that is being written, on a thread of its own or on the current one.
pub(super) enum OutputThread<'scope> {
    Thread(SyncSender<Vec<u8>>, ScopedJoinHandle<'scope, Result<OutputRecord, Failure>>),
    Here(OpenFile),
}

/// Open file, with its record so far.
pub(super) struct OpenFile {
    /// File, and its path for error messages; `None` if only the record is needed.
    file: Option<(File, PathBuf)>,
    /// Comparison with the file of the recorded run, if there is one.
    comparison: Option<Comparison>,
    name: String,
    digest: ByteDigest,
}

impl Target<'_> {
    /// Creates a file of the feed.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(super) fn open(self, name: &str) -> Result<OpenFile, Failure> {
        let file = match self {
            Self::Folder(folder) => Some((folder.create(name)?, folder.path(name))),
            Self::Records | Self::Compared(_) => None,
        };
        let comparison = match self {
            Self::Compared(files) => files.comparison(name),
            Self::Folder(_) | Self::Records => None,
        };
        Ok(OpenFile { file, comparison, name: name.to_owned(), digest: ByteDigest::default() })
    }
}

impl<'scope> OutputThread<'scope> {
    /// Starts the thread of a file. If the system grants none, the current thread writes the file.
    pub(super) fn start(scope: &'scope Scope<'scope, '_>, file: OpenFile) -> OutputThread<'scope> {
        let (chunks_in, chunks_out) = sync_channel(WAITING);
        // Sent only to a running thread: a thread that does not start would drop the file.
        let (file_in, file_out) = sync_channel::<OpenFile>(1);
        let work = move || match file_out.recv() {
            Ok(file) => file.write_all(chunks_out),
            Err(_) => Err(broken_down()),
        };
        let Ok(thread) = Builder::new().spawn_scoped(scope, work) else { return OutputThread::Here(file) };
        match file_in.send(file) {
            Ok(()) => OutputThread::Thread(chunks_in, thread),
            Err(SendError(file)) => OutputThread::Here(file),
        }
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// A file whose thread has failed, or that cannot be written.
    pub(super) fn write(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        match self {
            OutputThread::Thread(chunks, _) => {
                chunks.send(bytes).map_err(|_| Failure::Other("the writing of a file ended early".to_owned()))
            }
            OutputThread::Here(file) => file.write(&bytes),
        }
    }

    /// Signals to the file's thread that no more bytes follow. The returned function waits until the file is synced; it
    /// returns the file's record, or why it could not be written.
    pub(super) fn close(self) -> Box<dyn FnOnce() -> Result<OutputRecord, Failure> + 'scope> {
        match self {
            OutputThread::Thread(_, thread) => Box::new(|| thread.join().unwrap_or_else(|_| Err(broken_down()))),
            OutputThread::Here(file) => Box::new(|| file.finish()),
        }
    }
}

impl OpenFile {
    fn write_all(mut self, chunks: Receiver<Vec<u8>>) -> Result<OutputRecord, Failure> {
        thread::scope(|scope| {
            let (mut syncs, mut unsynced) = (Vec::new(), 0);
            for chunk in chunks {
                self.write(&chunk)?;
                unsynced += chunk.len();
                if unsynced >= SYNCED_MEANWHILE && syncs.last().is_none_or(ScopedJoinHandle::is_finished) {
                    syncs.extend(self.sync_meanwhile(scope));
                    unsynced = 0;
                }
            }
            syncs.into_iter().try_for_each(|sync| sync.join().unwrap_or_else(|_| Err(broken_down())))?;
            self.finish()
        })
    }

    /// Syncs what has been written on a separate thread, so that the last sync has little to do. `None` without a file
    /// or a thread.
    fn sync_meanwhile<'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
    ) -> Option<ScopedJoinHandle<'scope, Result<(), Failure>>> {
        let (file, path) = self.file.as_ref()?;
        let (file, path) = (file.try_clone().ok()?, path.clone());
        Builder::new().spawn_scoped(scope, move || file.sync_data().of_file(&path, "write")).ok()
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.digest.update(bytes);
        self.comparison.iter_mut().for_each(|comparison| comparison.compare(bytes));
        match &mut self.file {
            Some((file, path)) => file.write_all(bytes).of_file(path, "write"),
            None => Ok(()),
        }
    }

    /// Syncs the file and returns its record.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn finish(self) -> Result<OutputRecord, Failure> {
        if let Some((file, path)) = &self.file {
            file.sync_all().of_file(path, "write")?;
        }
        let (bytes, sha256) = self.digest.finish();
        Ok(OutputRecord { name: self.name, bytes, sha256 })
    }
}

fn broken_down() -> Failure {
    Failure::Other("the writing of a file broke down".to_owned())
}
