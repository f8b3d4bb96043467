//! Whole files between a server and a folder: under a temporary name first, then under their own.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use btcfake_core::format::file_name::{FileKind, VendorName};
use btcfake_core::text::digest::ByteDigest;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::problem::{SftpProblem, SftpProblemKind};
use super::session::{Expected, SftpSession};
use crate::files::reading::open_found;
use crate::files::temporary_file::{create_locked, remove_left};
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// Chunks between the network and the disk.
const WAITING_CHUNKS: usize = 64;

/// How far a transfer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TransferProgress {
    /// So many bytes of a file.
    Bytes {
        /// The file's name.
        name: String,
        /// How many have arrived.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// The connection broke; a new one is tried after a pause.
    Retrying {
        /// What happened.
        problem: String,
        /// How long the pause is.
        pause: Duration,
    },
}

/// Who is told how far a transfer is.
pub(crate) type Told<'a> = &'a mut (dyn FnMut(TransferProgress) + Send);

/// Asked again and again whether to stop: an error is a yes.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> Result<(), Failure> + Send + Sync);

/// Does the work until it is done or somebody asks to stop.
pub(super) async fn until_stopped<T>(
    stop: Stop<'_>,
    work: impl Future<Output = Result<T, SftpProblem>>,
) -> Result<T, SftpProblem> {
    let asked_to_stop = async {
        while stop().is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        () = asked_to_stop => Err(SftpProblem::stopped()),
    }
}

/// A path in a folder of the server.
pub(super) fn in_folder(folder: &str, name: &str) -> String {
    match folder.trim_end_matches('/') {
        "" if folder.starts_with('/') => format!("/{name}"),
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// The name of a file that is not whole yet.
pub(super) fn partial_name(name: &str) -> String {
    format!(".{name}.partial")
}

/// A file on its way into a folder. Dropped before it is kept, it goes away.
struct PartialFile {
    file: Arc<File>,
    path: PathBuf,
    kept: bool,
}

impl PartialFile {
    fn create(folder: &Path, name: &str) -> Result<PartialFile, SftpProblem> {
        let path = folder.join(partial_name(name));
        let created = create_locked(&path).map_err(|said| SftpProblem::local(&path, "create", said))?;
        let Some(file) = created else {
            let place = shown_path(&path);
            let said = "another download is writing this file";
            return Err(SftpProblem::new(SftpProblemKind::Local, place, said, "let it end first"));
        };
        Ok(PartialFile { file: Arc::new(file), path, kept: false })
    }

    /// Syncs the file and gives it its name.
    fn keep(mut self, path: &Path, modified: Option<u32>) -> Result<(), SftpProblem> {
        if let Some(seconds) = modified {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
            // It tells whether the server has a newer one, and decides between files of one day and number.
            let _ = self.file.set_times(FileTimes::new().set_modified(time));
        }
        self.file.sync_all().map_err(|said| SftpProblem::local(path, "write", said))?;
        fs::rename(&self.path, path).map_err(|said| SftpProblem::local(path, "create", said))?;
        self.kept = true;
        #[cfg(unix)]
        if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
            folder.sync_all().map_err(|said| SftpProblem::local(path, "write", said))?;
        }
        Ok(())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.kept {
            // What is left is taken away by the next download.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Takes away what killed downloads left in a folder; what a living one writes stays.
pub(super) fn clear_leftovers(folder: &Path) -> Result<(), SftpProblem> {
    let listing = fs::read_dir(folder).map_err(|said| SftpProblem::local(folder, "list", said))?;
    for entry in listing.filter_map(Result::ok) {
        let name = entry.file_name();
        let whole = name.to_str().and_then(|name| name.strip_prefix('.')?.strip_suffix(".partial"));
        let is_catalog = whole.and_then(VendorName::parse).is_some_and(|name| is_catalog(name.kind));
        if !is_catalog {
            continue;
        }
        let path = entry.path();
        remove_left(&path).map_err(|said| SftpProblem::local(&path, "remove", said))?;
    }
    Ok(())
}

/// Whether files of this kind are downloaded.
pub(super) fn is_catalog(kind: FileKind) -> bool {
    matches!(kind, FileKind::CourseCatalog | FileKind::StandAloneContent)
}

/// Downloads a file: the whole of it, or nothing.
///
/// # Errors
/// Whatever the server, the network or the disk says.
pub(super) async fn download(
    session: &mut SftpSession,
    remote: &str,
    folder: &Path,
    name: &str,
    expected: Expected,
    told: Told<'_>,
) -> Result<u64, SftpProblem> {
    let partial = PartialFile::create(folder, name)?;
    let (out, chunks) = mpsc::channel(WAITING_CHUNKS);
    let (file, path) = (Arc::clone(&partial.file), partial.path.clone());
    let writing =
        spawn_blocking(move || write_chunks(&file, chunks).map_err(|said| SftpProblem::local(&path, "write", said)));
    let mut told_bytes = told_of(name, told);
    let read = session.read_file(remote, expected, &out, &mut told_bytes).await;
    drop(out);
    // What the disk says is the cause; that nobody takes the bytes is only its consequence.
    let written = joined(writing).await?;
    read?;
    let path = folder.join(name);
    spawn_blocking(move || partial.keep(&path, expected.modified)).await.map_err(|_| broken_down())??;
    Ok(written)
}

/// What a file on the server holds: its size and SHA-256.
///
/// # Errors
/// Whatever the server or the network says.
pub(super) async fn digest(
    session: &mut SftpSession,
    remote: &str,
    name: &str,
    expected: Expected,
    told: Told<'_>,
) -> Result<(u64, String), SftpProblem> {
    let (out, mut chunks) = mpsc::channel::<Vec<u8>>(WAITING_CHUNKS);
    let hashing = spawn_blocking(move || {
        let mut digest = ByteDigest::default();
        while let Some(chunk) = chunks.blocking_recv() {
            digest.update(&chunk);
        }
        Ok(digest.finish())
    });
    let mut told_bytes = told_of(name, told);
    let read = session.read_file(remote, expected, &out, &mut told_bytes).await;
    drop(out);
    let digest = joined(hashing).await?;
    read.map(|()| digest)
}

/// Uploads a file under the name `remote`. The size and SHA-256 of what was sent come back. `created` becomes true once the
/// server has made the file.
///
/// # Errors
/// Whatever the server, the network or the disk says.
pub(super) async fn upload(
    session: &mut SftpSession,
    local: &Path,
    remote: &str,
    name: &str,
    created: &mut bool,
    told: Told<'_>,
) -> Result<(u64, String), SftpProblem> {
    let (chunks, mut bytes) = mpsc::channel(WAITING_CHUNKS);
    let file = open_found(local).map_err(|said| SftpProblem::local(local, "read", said))?;
    let total = file.metadata().map_err(|said| SftpProblem::local(local, "read", said))?.len();
    let (path, chunk) = (local.to_owned(), session.write_chunk());
    let reading = spawn_blocking(move || {
        read_chunks(&file, chunk, &chunks).map_err(|said| SftpProblem::local(&path, "read", said))
    });
    let mut told_bytes = told_of(name, told);
    told_bytes(0, total);
    let mut report = |done| told_bytes(done, total);
    let written = session.write_file(remote, &mut bytes, created, &mut report).await;
    drop(bytes);
    let digest = joined(reading).await;
    written?;
    digest
}

fn told_of<'a>(name: &'a str, told: Told<'a>) -> impl FnMut(u64, u64) + Send + 'a {
    const STEP: u64 = 256 * 1024;
    let mut last = 0;
    move |done, total| {
        if done == 0 || done == total || done >= last + STEP {
            last = done;
            told(TransferProgress::Bytes { name: name.to_owned(), done, total });
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
            // The sending has ended, and tells why.
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
