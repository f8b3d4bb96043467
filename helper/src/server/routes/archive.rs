//! Unpacking of the ZIP with a run's files. Names must be ones that BTC Fake gives. Number of files and unpacked bytes
//! are limited, independently of the sizes that the archive declares.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::text::visible::shown;
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

use super::refusal::Refusal;
use crate::terminal::failure::FileResult;

/// Maximum number of bytes after unpacking: 2 GiB, far more than a run makes.
pub(super) const MOST_UNPACKED: u64 = 2 << 30;

/// Maximum number of files. A run has four, and two catalogs.
const MOST_FILES: u16 = 16;

/// Unpacks the archive into a folder, at most `most` bytes, and returns the path of its run file.
///
/// # Errors
/// An archive that is no ZIP as the page makes it, has other files, several run files or none, or is too large; a
/// folder that cannot be written.
pub(super) fn unpack(
    mut archive: File,
    folder: &Path,
    most: u64,
    stop: &CancellationToken,
) -> Result<PathBuf, Refusal> {
    let entries = check_end(&mut archive)?;
    let mut archive = ZipArchive::new(BufReader::new(archive)).map_err(|message| unusable(&message))?;
    // Of several entries with the same name, the archive's reader has the last one only.
    if archive.len() != usize::from(entries) {
        return Err(Refusal::bad("The ZIP holds a file twice."));
    }
    let mut left = most;
    let mut run_files = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|message| unusable(&message))?;
        let name = entry.name().map_err(|message| unusable(&message))?.into_owned();
        // A vendor name contains no folder.
        let kind = VendorName::parse(&name).filter(|_| entry.is_file()).map(|name| name.kind).ok_or_else(|| {
            let name = shown(&name);
            Refusal::bad(format!(
                "The ZIP holds {name}, which no run makes; it may hold a run's files and nothing else."
            ))
        })?;
        let path = folder.join(&name);
        let mut file = File::create_new(&path).of_file(&path, "create")?;
        copy(&mut entry, &mut file, &mut left, stop, &path)?;
        if kind == VendorKind::Run {
            run_files.push(path);
        }
    }
    match (run_files.pop(), run_files.is_empty()) {
        (Some(run_file), true) => Ok(run_file),
        (None, _) => Err(Refusal::bad("The ZIP holds no run file (run_....json).")),
        (Some(_), false) => Err(Refusal::bad("The ZIP holds several run files; send one run at a time.")),
    }
}

/// The number of entries. An archive with too many is refused before its directory is read into memory.
fn check_end(archive: &mut File) -> Result<u16, Refusal> {
    const LENGTH: usize = 22;
    let no_zip = || Refusal::bad("The request's body is no ZIP as the page makes it, or not whole.");
    let mut end = [0; LENGTH];
    archive.seek(SeekFrom::End(-22)).and_then(|_| archive.read_exact(&mut end)).map_err(|_| no_zip())?;
    let entries = u16::from_le_bytes([end[10], end[11]]);
    if !end.starts_with(b"PK\x05\x06") || end[20..] != [0, 0] {
        return Err(no_zip());
    }
    if entries > MOST_FILES {
        return Err(Refusal::bad(format!("The ZIP holds more than {MOST_FILES} files; a run has four.")));
    }
    archive.rewind().map_err(|message| Refusal::unexpected(&message))?;
    Ok(entries)
}

fn copy(
    from: &mut impl Read,
    to: &mut File,
    left: &mut u64,
    stop: &CancellationToken,
    path: &Path,
) -> Result<(), Refusal> {
    let mut piece = vec![0; 256 << 10];
    loop {
        if stop.is_cancelled() {
            return Err(Refusal::ending());
        }
        let length = match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(message) if message.kind() == io::ErrorKind::Interrupted => continue,
            Err(message) => return Err(unusable(&message)),
        };
        *left = left.checked_sub(u64::try_from(length).unwrap_or(u64::MAX)).ok_or_else(|| {
            let message = "The ZIP unpacks to more bytes than are allowed (2 GiB).";
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message)
        })?;
        to.write_all(&piece[..length]).of_file(path, "write")?;
    }
}

fn unusable(message: &dyn std::fmt::Display) -> Refusal {
    Refusal::bad(format!("The ZIP cannot be read: {message}."))
}
