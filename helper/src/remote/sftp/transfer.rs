//! Transfer of whole files between a server and a local folder. Downloads get a temporary name until they are whole.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::text::digest::ByteDigest;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use super::file_read::Expected;
use super::problem::{SftpProblem, SftpProblemKind};
use super::session::SftpSession;
use crate::files::reading::open_found;
use crate::files::temporary_file::{create_locked, name_of_partial, partial_name, remove_left};
use crate::terminal::console::shown_path;

/// Capacity of the channel between network and disk, in chunks.
const WAITING_CHUNKS: usize = 64;

/// Progress of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TransferProgress {
    /// Bytes of a file moved so far.
    Bytes {
        /// The file's name.
        name: String,
        /// Bytes moved.
        done: u64,
        /// Likely size in bytes; 0 if unknown.
        total: u64,
    },
    /// The attempt failed; the next one starts after a pause.
    Retrying {
        /// Problem of the failed attempt.
        problem: String,
        /// Length of the pause.
        pause: Duration,
    },
}

/// Listener for progress.
pub(crate) type OnEvent<'a> = &'a mut (dyn FnMut(TransferProgress) + Send);

/// Runs work until it is done or cancelled.
///
/// # Errors
/// Those of the work, or `Stopped` if it was cancelled.
pub(super) async fn until_cancelled<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, SftpProblem>>,
) -> Result<T, SftpProblem> {
    tokio::select! {
        biased;
        done = work => done,
        () = cancel.cancelled() => Err(SftpProblem::stopped()),
    }
}

/// Path of a name in a remote folder.
pub(super) fn in_folder(folder: &str, name: &str) -> String {
    match folder.trim_end_matches('/') {
        "" if folder.starts_with('/') => format!("/{name}"),
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Partial local file, removed on drop unless it was kept.
struct PartialFile {
    file: Arc<File>,
    path: PathBuf,
    kept: bool,
}

impl PartialFile {
    fn create(folder: &Path, name: &str) -> Result<PartialFile, SftpProblem> {
        let path = folder.join(partial_name(name));
        let created = create_locked(&path).map_err(|message| SftpProblem::local(&path, "create", message))?;
        let Some(file) = created else {
            let place = shown_path(&path);
            let message = "another download is writing this file";
            return Err(SftpProblem::new(SftpProblemKind::Local, place, message, "let it end first"));
        };
        Ok(PartialFile { file: Arc::new(file), path, kept: false })
    }

    /// Sets the time, syncs the file, and renames it to `path`.
    fn keep(mut self, path: &Path, modified: Option<u32>) -> Result<(), SftpProblem> {
        if let Some(seconds) = modified {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
            // The time shows later whether the server has a newer file, and orders files of the same day and number.
            let _ = self.file.set_times(FileTimes::new().set_modified(time));
        }
        self.file.sync_all().map_err(|message| SftpProblem::local(path, "write", message))?;
        fs::rename(&self.path, path).map_err(|message| SftpProblem::local(path, "create", message))?;
        self.kept = true;
        #[cfg(unix)]
        if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
            folder.sync_all().map_err(|message| SftpProblem::local(path, "write", message))?;
        }
        Ok(())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.kept {
            // Ignored: the next download removes it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes partial files that killed downloads left in a folder; those of running downloads stay.
pub(super) fn clear_leftovers(folder: &Path) -> Result<(), SftpProblem> {
    let listing = fs::read_dir(folder).map_err(|message| SftpProblem::local(folder, "list", message))?;
    for entry in listing.filter_map(Result::ok) {
        let name = entry.file_name();
        let whole = name.to_str().and_then(name_of_partial);
        let is_catalog =
            whole.and_then(VendorName::parse).is_some_and(|name| VendorKind::CATALOGS.contains(&name.kind));
        if !is_catalog {
            continue;
        }
        let path = entry.path();
        remove_left(&path).map_err(|message| SftpProblem::local(&path, "remove", message))?;
    }
    Ok(())
}

/// Downloads a file, whole or not at all. Returns its size in bytes.
///
/// # Errors
/// Any problem of the server, the network or the local disk.
pub(super) async fn download(
    session: &mut SftpSession,
    remote: &str,
    folder: &Path,
    name: &str,
    expected: Expected,
    on_event: OnEvent<'_>,
) -> Result<u64, SftpProblem> {
    let partial = PartialFile::create(folder, name)?;
    let (out, chunks) = mpsc::channel(WAITING_CHUNKS);
    let (file, path) = (Arc::clone(&partial.file), partial.path.clone());
    let writing = spawn_blocking(move || {
        write_chunks(&file, chunks).map_err(|message| SftpProblem::local(&path, "write", message))
    });
    let mut reported_bytes = report_bytes(name, on_event);
    let read = session.read_file(remote, expected, &out, &mut reported_bytes).await;
    drop(out);
    // A disk failure is the cause; the reader's failure to pass on bytes only follows from it.
    let written = joined(writing).await?;
    read?;
    let path = folder.join(name);
    spawn_blocking(move || partial.keep(&path, expected.modified)).await.map_err(|_| broken_down())??;
    Ok(written)
}

/// Size and SHA-256 of a file on the server, by reading it.
///
/// # Errors
/// Any problem of the server or the network.
pub(super) async fn digest(
    session: &mut SftpSession,
    remote: &str,
    name: &str,
    expected: Expected,
    on_event: OnEvent<'_>,
) -> Result<(u64, String), SftpProblem> {
    let (out, mut chunks) = mpsc::channel::<Vec<u8>>(WAITING_CHUNKS);
    let hashing = spawn_blocking(move || {
        let mut digest = ByteDigest::default();
        while let Some(chunk) = chunks.blocking_recv() {
            digest.update(&chunk);
        }
        Ok(digest.finish())
    });
    let mut reported_bytes = report_bytes(name, on_event);
    let read = session.read_file(remote, expected, &out, &mut reported_bytes).await;
    drop(out);
    let digest = joined(hashing).await?;
    read.map(|()| digest)
}

/// Uploads a file as `remote`. Returns size and SHA-256 of the bytes sent. `created` becomes true once the server has
/// created the file.
///
/// # Errors
/// Any problem of the server, the network or the local disk.
pub(super) async fn upload(
    session: &mut SftpSession,
    local: &Path,
    remote: &str,
    name: &str,
    created: &mut bool,
    on_event: OnEvent<'_>,
) -> Result<(u64, String), SftpProblem> {
    let (chunks, mut bytes) = mpsc::channel(WAITING_CHUNKS);
    let file = open_found(local).map_err(|message| SftpProblem::local(local, "read", message))?;
    let total = file.metadata().map_err(|message| SftpProblem::local(local, "read", message))?.len();
    let (path, chunk) = (local.to_owned(), session.write_chunk());
    let reading = spawn_blocking(move || {
        read_chunks(&file, chunk, &chunks).map_err(|message| SftpProblem::local(&path, "read", message))
    });
    let mut reported_bytes = report_bytes(name, on_event);
    reported_bytes(0, total);
    let mut report = |done| reported_bytes(done, total);
    let written = session.write_file(remote, &mut bytes, created, &mut report).await;
    drop(bytes);
    let digest = joined(reading).await;
    written?;
    digest
}

fn report_bytes<'a>(name: &'a str, on_event: OnEvent<'a>) -> impl FnMut(u64, u64) + Send + 'a {
    const STEP: u64 = 256 * 1024;
    let mut last = 0;
    move |done, total| {
        if done == 0 || done == total || done >= last + STEP {
            last = done;
            on_event(TransferProgress::Bytes { name: name.to_owned(), done, total });
        }
    }
}

fn write_chunks(mut file: &File, mut chunks: mpsc::Receiver<Vec<u8>>) -> io::Result<u64> {
    let mut written = 0;
    while let Some(chunk) = chunks.blocking_recv() {
        file.write_all(&chunk)?;
        written += chunk.len() as u64;
    }
    Ok(written)
}

fn read_chunks(mut file: &File, chunk: usize, out: &mpsc::Sender<Vec<u8>>) -> io::Result<(u64, String)> {
    let mut digest = ByteDigest::default();
    loop {
        let mut bytes = Vec::with_capacity(chunk);
        Read::take(&mut file, chunk as u64).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Ok(digest.finish());
        }
        digest.update(&bytes);
        if out.blocking_send(bytes).is_err() {
            // The sender has failed and reports the cause.
            return Ok(digest.finish());
        }
    }
}

async fn joined<T>(work: JoinHandle<Result<T, SftpProblem>>) -> Result<T, SftpProblem> {
    work.await.unwrap_or_else(|_| Err(broken_down()))
}

fn broken_down() -> SftpProblem {
    SftpProblem::new(SftpProblemKind::Local, "the transfer", "a thread of this program broke down", "")
}
