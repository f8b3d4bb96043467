//! Writer for paths that are written in place: a pipe, a device, or the target of a link. Ctrl-C works even while a
//! pipe has no reader or a slow one. A reader that goes away is no failure.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::files::reading::kind_of;
use crate::terminal::interrupt;

/// Pause before another attempt on a pipe.
const PAUSE: Duration = Duration::from_millis(5);

/// Open pipe, device or file.
pub(crate) struct PipeWriter(File);

impl PipeWriter {
    /// Opens a path, truncating it unless `append` is set. Waits for a reader of a pipe.
    ///
    /// # Errors
    /// A folder, disk or socket; a path that cannot be opened; a request to end while waiting.
    pub(crate) fn open(path: &Path, append: bool) -> io::Result<PipeWriter> {
        if let Ok(found) = fs::metadata(path)
            && ["a folder", "a socket", "a disk"].contains(&kind_of(&found))
        {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {}, not a file", kind_of(&found))));
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).append(append).truncate(!append);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
        loop {
            match options.open(path) {
                Err(error) if is_without_reader(&error) => wait()?,
                opened => return opened.map(PipeWriter),
            }
        }
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait()?,
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(bytes.len()),
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn wait() -> io::Result<()> {
    interrupt::check_io()?;
    thread::sleep(PAUSE);
    Ok(())
}

#[cfg(unix)]
fn is_without_reader(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ENXIO)
}

#[cfg(not(unix))]
fn is_without_reader(_error: &io::Error) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_pipe_is_written_as_fast_as_it_is_read_and_its_reader_may_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let reader = {
            let path = path.clone();
            thread::spawn(move || {
                let mut first = vec![0; 1_000_000];
                File::open(path).unwrap().read_exact(&mut first).unwrap();
                first
            })
        };
        let mut writer = PipeWriter::open(&path, true).unwrap();
        writer.write_all(&vec![b'x'; 3_000_000]).unwrap();
        assert!(reader.join().unwrap() == vec![b'x'; 1_000_000]);
    }

    #[test]
    fn what_cannot_be_written_is_refused_by_its_kind() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, message) in [(folder.path(), "it is a folder, not a file"), (&socket, "it is a socket, not a file")]
        {
            assert_eq!(PipeWriter::open(path, false).err().unwrap().to_string(), message);
        }
    }
}
