//! Reading of local files: opened without blocking, checked for their type, read up to a limit, and interruptible by
//! Ctrl-C.
//!
//! A path on the command line may be a pipe (`--employees <(grep ...)`), because the user chose it. Any other path
//! (from a run file, a setting or a folder) must be a regular file. The null device counts as an empty file everywhere.
//! A file that reports no size, such as those of `/proc`, is read up to [`MOST_OF_UNKNOWN_SIZE`].

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use btcfake_core::text::digest::ByteDigest;
use btcfake_core::text::words::number_text;

use crate::terminal::interrupt;

/// Maximum number of bytes read beyond the reported size: 1 GiB, far more than any input of this program.
const MOST_OF_UNKNOWN_SIZE: u64 = 1 << 30;

/// Bytes read between two checks for Ctrl-C.
const PIECE: usize = 1 << 20;

/// Reads a path from the command line: a regular file, a pipe, or standard input by one of its device names.
///
/// # Errors
/// `InvalidInput` or `IsADirectory` for anything else, `FileTooLarge` without an end, a request to end, or an I/O
/// error.
pub(crate) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    if is_standard_input(path) {
        return read_standard_input();
    }
    if is_pipe(&fs::metadata(path)?) {
        let path = path.to_owned();
        // Opening a pipe blocks until its other end is opened.
        return read_patiently(move || read_to_end(&mut File::open(path)?));
    }
    read_found(path)
}

/// True for a pipe, a device or standard input, which can be read only once.
pub(crate) fn is_read_once(path: &Path) -> bool {
    is_standard_input(path) || fs::metadata(path).is_ok_and(|found| !found.is_file())
}

fn is_standard_input(path: &Path) -> bool {
    ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| path == Path::new(name))
}

/// Reads standard input to its end.
///
/// # Errors
/// `FileTooLarge` without an end, a request to end, or an I/O error.
pub(crate) fn read_standard_input() -> io::Result<Vec<u8>> {
    read_patiently(|| read_bounded(&mut io::stdin().lock(), 0, MOST_OF_UNKNOWN_SIZE))
}

/// Reads a regular file whose path is not from the command line.
///
/// # Errors
/// `InvalidInput` or `IsADirectory` for anything else, `FileTooLarge` without an end, a request to end, or an I/O
/// error.
pub(crate) fn read_found(path: &Path) -> io::Result<Vec<u8>> {
    read_to_end(&mut open_found(path)?)
}

/// Opens a regular file for reading, following links. Never blocks on a pipe.
///
/// # Errors
/// `IsADirectory` or `InvalidInput` for anything else, or an I/O error.
pub(crate) fn open_found(path: &Path) -> io::Result<File> {
    open_regular(path, false)
}

/// As [`open_found`], but a link in the last part of the path is `InvalidInput`.
///
/// # Errors
/// As [`open_found`].
pub(crate) fn open_itself(path: &Path) -> io::Result<File> {
    open_regular(path, true)
}

/// Number of bytes of a file, and their SHA-256 as lower-case hexadecimal digits.
///
/// # Errors
/// As [`open_found`]; a request to end.
pub(crate) fn digest_of(path: &Path) -> io::Result<(u64, String)> {
    let mut digest = ByteDigest::default();
    for_each_piece(&mut open_found(path)?, |piece| {
        digest.update(piece);
        Ok(())
    })?;
    Ok(digest.finish())
}

/// Time since 1970 at which a file was last changed; 0 where the system has none.
pub(crate) fn modified(found: &Metadata) -> Duration {
    found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default()
}

/// True for the name of a file without a folder.
pub(crate) fn is_plain_name(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|plain| plain == name)
}

/// Calls `listener` with the content of a file, piece by piece.
///
/// # Errors
/// An error of `listener`, a request to end, or an I/O error.
fn for_each_piece(file: &mut impl Read, mut listener: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    // Reads after a request to end belong to cleaning up, so they are not interrupted.
    let is_ending = interrupt::check_io().is_err();
    loop {
        if !is_ending {
            interrupt::check_io()?;
        }
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => listener(&buffer[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file with an end: reading it waits"));
            }
            Err(error) => return Err(error),
        }
    }
}

fn open_regular(path: &Path, itself: bool) -> io::Result<File> {
    // Opening some devices has effects, so check the type before.
    let before = if itself { fs::symlink_metadata(path)? } else { fs::metadata(path)? };
    refuse_special(&before)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let nofollow = if itself { libc::O_NOFOLLOW } else { 0 };
        // The path may have become a pipe meanwhile, which must not block.
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY | nofollow);
    }
    let file = match options.open(path) {
        // Another program, such as a file server, holds a lease on the file: wait for it.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => OpenOptions::new().read(true).open(path)?,
        opened => opened?,
    };
    refuse_special(&file.metadata()?)?;
    Ok(file)
}

fn refuse_special(found: &Metadata) -> io::Result<()> {
    if found.is_file() || is_null_device(found) {
        return Ok(());
    }
    let kind = if found.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::InvalidInput };
    let hint = if is_pipe(found) { "; only a name on the command line may be that of a pipe" } else { "" };
    Err(io::Error::new(kind, format!("it is {}, not a file{hint}", kind_of(found))))
}

/// Type of a file, in words.
pub(crate) fn kind_of(found: &Metadata) -> &'static str {
    if found.is_dir() {
        return "a folder";
    }
    if found.is_symlink() {
        return "a link";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = found.file_type();
        for (is_it, words) in [
            (kind.is_fifo(), "a named pipe (FIFO)"),
            (kind.is_socket(), "a socket"),
            (kind.is_char_device(), "a device"),
            (kind.is_block_device(), "a disk"),
        ] {
            if is_it {
                return words;
            }
        }
    }
    "a file"
}

#[cfg(unix)]
fn is_pipe(found: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_found: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_null_device(found: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    found.file_type().is_char_device() && fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev())
}

#[cfg(not(unix))]
fn is_null_device(_found: &Metadata) -> bool {
    false
}

/// Reads the rest of an open file.
///
/// # Errors
/// `FileTooLarge` without an end, a request to end, or an I/O error.
pub(crate) fn read_to_end(file: &mut File) -> io::Result<Vec<u8>> {
    let size = file.metadata()?.len();
    read_bounded(file, size, MOST_OF_UNKNOWN_SIZE)
}

/// Reads to the end, at most `size + more` bytes: a file may grow while it is read.
fn read_bounded(from: &mut impl Read, size: u64, more: u64) -> io::Result<Vec<u8>> {
    let most = size.saturating_add(more);
    let mut bytes = Vec::new();
    let too_large = |_| io::Error::from(io::ErrorKind::OutOfMemory);
    bytes.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX)).map_err(too_large)?;
    for_each_piece(from, |piece| {
        bytes.extend_from_slice(piece);
        if u64::try_from(bytes.len()).is_ok_and(|read| read <= most) {
            return Ok(());
        }
        let (most, size) = (number_text(most), number_text(size));
        let message =
            format!("it has no end: after {most} bytes there is still more, but the system reports a size of {size}");
        Err(io::Error::new(io::ErrorKind::FileTooLarge, message))
    })?;
    Ok(bytes)
}

/// Reads on a thread of its own, which is abandoned on a request to end.
fn read_patiently(read: impl FnOnce() -> io::Result<Vec<u8>> + Send + 'static) -> io::Result<Vec<u8>> {
    const LOOK_EVERY: Duration = Duration::from_millis(50);
    let (bytes_in, bytes) = channel();
    // Sending fails only after the receiver was abandoned.
    thread::Builder::new().spawn(move || _ = bytes_in.send(read()))?;
    loop {
        match bytes.recv_timeout(LOOK_EVERY) {
            Ok(read) => return read,
            Err(RecvTimeoutError::Timeout) => interrupt::check_io()?,
            Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other("the thread that reads it broke down")),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;
    use std::process::Command;

    use super::*;

    fn pipe(folder: &Path) -> PathBuf {
        let path = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn what_is_no_file_is_refused_by_its_kind_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        pipe(folder.path());
        symlink(path("pipe"), path("link-to-pipe")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        for (found, message) in [
            (folder.path().to_owned(), "it is a folder, not a file"),
            (
                path("pipe"),
                "it is a named pipe (FIFO), not a file; only a name on the command line may be that of a pipe",
            ),
            (
                path("link-to-pipe"),
                "it is a named pipe (FIFO), not a file; only a name on the command line may be that of a pipe",
            ),
            (path("socket"), "it is a socket, not a file"),
            ("/dev/zero".into(), "it is a device, not a file"),
        ] {
            assert_eq!(read_found(&found).unwrap_err().to_string(), message, "{found:?}");
            if !message.contains("pipe") {
                assert_eq!(read_named(&found).unwrap_err().to_string(), message, "{found:?}");
            }
        }
        fs::write(path("file"), "text").unwrap();
        symlink(path("file"), path("link")).unwrap();
        assert_eq!(read_found(&path("link")).unwrap(), b"text");
        assert_eq!(open_itself(&path("link")).unwrap_err().to_string(), "it is a link, not a file");
        assert_eq!(read_found(Path::new("/dev/null")).unwrap(), b"");
    }

    #[test]
    fn a_pipe_on_the_command_line_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe(folder.path());
        let long = vec![b'x'; 3 * PIECE];
        let writer = {
            let (path, long) = (path.clone(), long.clone());
            thread::spawn(move || {
                // Mostly, the reader opens the pipe first.
                thread::sleep(Duration::from_millis(20));
                OpenOptions::new().write(true).open(path).unwrap().write_all(&long).unwrap();
            })
        };
        assert!(read_named(&path).unwrap() == long);
        writer.join().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn files_that_say_no_size_are_read_and_those_without_end_are_not() {
        assert!(read_found(Path::new("/proc/self/status")).unwrap().starts_with(b"Name:"));
        assert_eq!(read_bounded(&mut &b"1234567"[..], 3, 4).unwrap(), b"1234567");
        let message = read_bounded(&mut io::repeat(b'x'), 3, 4).unwrap_err().to_string();
        assert_eq!(message, "it has no end: after 7 bytes there is still more, but the system reports a size of 3");
    }
}
