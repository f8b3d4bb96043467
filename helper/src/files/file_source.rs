//! A file that the core reads in chunks, so that it is never held in memory as a whole.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use btcfake_core::text::chunks::ByteSource;

use crate::files::reading::open_found;
use crate::terminal::interrupt;

/// Open file of a known size. After using the bytes read from it, the caller must call [`FileSource::check`].
pub(crate) struct FileSource {
    size: usize,
    /// Time of the last change, where the system has one.
    modified: Option<SystemTime>,
    file: File,
    /// True after [`FileSource::abandon`]: reads fail.
    is_abandoned: AtomicBool,
    /// First failure; bytes read after it are invalid.
    failure: Mutex<Option<io::Error>>,
}

impl FileSource {
    /// Opens a regular file.
    ///
    /// # Errors
    /// As [`open_found`]; `FileTooLarge` for a size that this machine cannot count.
    pub(crate) fn open(path: &Path) -> io::Result<FileSource> {
        let file = open_found(path)?;
        let found = file.metadata()?;
        let size = usize::try_from(found.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        Ok(FileSource {
            size,
            modified: found.modified().ok(),
            file,
            is_abandoned: AtomicBool::default(),
            failure: Mutex::default(),
        })
    }

    /// Makes all further reads fail, so that other threads soon end their work on the file.
    pub(crate) fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
    }

    /// Fails if a part could not be read, or if the file may have changed between the reads of two parts.
    ///
    /// # Errors
    /// The first failure: a request to end, a file that has become shorter, or another I/O error; or a file that was
    /// changed since it was opened.
    pub(crate) fn check(&self) -> io::Result<()> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        failure.map_or(Ok(()), Err)?;
        let is_same = self.file.metadata()?.modified().ok() == self.modified;
        if is_same { Ok(()) } else { Err(io::Error::other("it was changed while it was read")) }
    }
}

impl ByteSource for FileSource {
    fn size(&self) -> usize {
        self.size
    }

    fn bytes(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        let mut bytes = vec![0; range.len()];
        let read = match self.is_abandoned.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::Interrupted.into()),
            false => interrupt::check_io().and_then(|()| read_exact_at(&self.file, &mut bytes, range.start as u64)),
        };
        if let Err(error) = read {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            bytes.clear();
        }
        Cow::Owned(bytes)
    }
}

/// Reads bytes from an offset. Other threads may read at other offsets at the same time.
#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

/// Reads bytes from an offset. Other threads may read at other offsets at the same time.
#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (bytes, at) = (&mut bytes[read..], at + read as u64),
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn any_range_is_read_and_a_file_that_became_shorter_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "abcdef").unwrap();
        let source = FileSource::open(&path).unwrap();
        assert_eq!((source.size(), &*source.bytes(2..4), &*source.whole()), (6, &b"cd"[..], &b"abcdef"[..]));
        source.check().unwrap();
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(&*source.bytes(2..4), b"");
        assert_eq!(source.check().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        File::options().write(true).open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(source.check().unwrap_err().to_string(), "it was changed while it was read");
    }
}
