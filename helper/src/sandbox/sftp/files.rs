//! Files of an SFTP session: one local folder, shown as the whole file system.
//!
//! Paths are resolved part by part, `..` never leads above the folder, and a symbolic link out of the folder is
//! refused.

use std::collections::HashMap;
use std::fs::{self, File, FileTimes, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use russh_sftp::protocol::{
    Attrs, Data, ExtendedReply, File as NamedFile, FileAttributes, Handle, Name, OpenFlags, Packet, Status, StatusCode,
    Version,
};
use russh_sftp::server::Handler;

use super::served::SftpFaults;

/// Maximum bytes per read or write.
const LARGEST_CHUNK: u32 = 64 * 1024;
/// Entries per answer to a directory read.
const NAMES_AT_ONCE: usize = 100;
/// Maximum number of open handles per session.
const OPEN_AT_ONCE: usize = 256;

/// Files of one session.
pub(super) struct ServedFiles {
    root: PathBuf,
    writable: bool,
    faults: SftpFaults,
    open: HashMap<String, Opened>,
    handles: u64,
    reads: u64,
}

enum Opened {
    File(File),
    Folder(std::vec::IntoIter<NamedFile>),
}

impl ServedFiles {
    /// Serves the folder `root`, which must be a canonical path.
    pub(super) fn new(root: PathBuf, writable: bool, faults: SftpFaults) -> ServedFiles {
        ServedFiles { root, writable, faults, open: HashMap::new(), handles: 0, reads: 0 }
    }

    /// Local path for a path of the client, with links checked: their targets must be inside the folder. Only the last
    /// part of the path may be missing.
    fn on_disk(&self, path: &str) -> Result<PathBuf, StatusCode> {
        let located = self.located(path)?;
        let real = match located.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound && located.symlink_metadata().is_err() => {
                let parent = located.parent().ok_or(StatusCode::NoSuchFile)?;
                parent.canonicalize().map_err(|error| code(&error))?
            }
            real => real.map_err(|error| code(&error))?,
        };
        if real.starts_with(&self.root) { Ok(located) } else { Err(StatusCode::PermissionDenied) }
    }

    /// Local path for a path of the client, without following a link in its last part.
    fn on_disk_itself(&self, path: &str) -> Result<PathBuf, StatusCode> {
        let located = self.located(path)?;
        let Some(name) = located.file_name().filter(|_| located != self.root) else { return Ok(located) };
        let parent = located.parent().unwrap_or(&self.root).canonicalize().map_err(|error| code(&error))?;
        if parent.starts_with(&self.root) { Ok(parent.join(name)) } else { Err(StatusCode::PermissionDenied) }
    }

    fn located(&self, path: &str) -> Result<PathBuf, StatusCode> {
        let mut located = self.root.clone();
        for part in parts(path) {
            // On Windows these characters change the meaning of a path.
            if part.contains(['\\', ':', '\0']) {
                return Err(StatusCode::NoSuchFile);
            }
            located.push(part);
        }
        Ok(located)
    }

    fn may_write(&self) -> Result<(), StatusCode> {
        if self.writable { Ok(()) } else { Err(StatusCode::PermissionDenied) }
    }

    fn keep_open(&mut self, opened: Opened) -> Result<String, StatusCode> {
        if self.open.len() >= OPEN_AT_ONCE {
            return Err(StatusCode::Failure);
        }
        self.handles += 1;
        let handle = self.handles.to_string();
        self.open.insert(handle.clone(), opened);
        Ok(handle)
    }

    fn file(&mut self, handle: &str) -> Result<&mut File, StatusCode> {
        match self.open.get_mut(handle) {
            Some(Opened::File(file)) => Ok(file),
            _ => Err(StatusCode::Failure),
        }
    }

    fn reported(&self, metadata: &Metadata) -> FileAttributes {
        let mut reported = FileAttributes::from(metadata);
        if self.faults.wrong_sizes && metadata.is_file() {
            reported.size = Some(metadata.len() + 1);
        }
        reported
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<NamedFile>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if let (Ok(name), Ok(metadata)) = (entry.file_name().into_string(), entry.metadata()) {
                names.push(NamedFile::new(name, self.reported(&metadata)));
            }
        }
        if let Some(ghost) = &self.faults.ghost {
            let attributes =
                FileAttributes { size: Some(1_000), permissions: Some(0o100_644), ..FileAttributes::empty() };
            names.push(NamedFile::new(ghost, attributes));
        }
        names.sort_by(|one, other| one.filename.cmp(&other.filename));
        Ok(names)
    }

    fn read_some(&mut self, handle: &str, offset: u64, length: u32) -> Result<Vec<u8>, StatusCode> {
        self.reads += 1;
        let length = if self.faults.short_reads { length.div_ceil(3).max(1) } else { length };
        let gives_nothing = self.faults.short_reads && self.reads % 7 == 3;
        let file = self.file(handle)?;
        let mut data = Vec::new();
        file.seek(SeekFrom::Start(offset)).map_err(|error| code(&error))?;
        file.take(length.min(LARGEST_CHUNK).into()).read_to_end(&mut data).map_err(|error| code(&error))?;
        if data.is_empty() {
            return Err(StatusCode::Eof);
        }
        Ok(if gives_nothing { Vec::new() } else { data })
    }
}

impl Handler for ServedFiles {
    type Error = StatusCode;

    fn unimplemented(&self) -> StatusCode {
        StatusCode::OpUnsupported
    }

    async fn init(&mut self, _version: u32, _extensions: HashMap<String, String>) -> Result<Version, StatusCode> {
        let mut version = Version::new();
        for extension in ["limits@openssh.com", "fsync@openssh.com"] {
            version.extensions.insert(extension.to_owned(), "1".to_owned());
        }
        Ok(version)
    }

    async fn open(
        &mut self,
        id: u32,
        path: String,
        flags: OpenFlags,
        _attributes: FileAttributes,
    ) -> Result<Handle, StatusCode> {
        let path = self.on_disk(&path)?;
        let writes = OpenFlags::WRITE | OpenFlags::APPEND | OpenFlags::CREATE | OpenFlags::TRUNCATE;
        if flags.intersects(writes) {
            self.may_write()?;
        }
        if path.is_dir() {
            return Err(StatusCode::Failure);
        }
        let file = OpenOptions::from(flags).open(&path).map_err(|error| code(&error))?;
        let handle = self.keep_open(Opened::File(file))?;
        Ok(Handle { id, handle })
    }

    async fn close(&mut self, id: u32, handle: String) -> Result<Status, StatusCode> {
        let closed = self.open.remove(&handle).ok_or(StatusCode::Failure)?;
        let refusal = self.faults.refuses_saying.clone().filter(|_| matches!(closed, Opened::File(_)));
        Ok(match refusal {
            Some(error_message) => Status { status_code: StatusCode::Failure, error_message, ..done(id) },
            None => done(id),
        })
    }

    async fn read(&mut self, id: u32, handle: String, offset: u64, length: u32) -> Result<Data, StatusCode> {
        Ok(Data { id, data: self.read_some(&handle, offset, length)? })
    }

    async fn write(&mut self, id: u32, handle: String, offset: u64, data: Vec<u8>) -> Result<Status, StatusCode> {
        let file = self.file(&handle)?;
        file.seek(SeekFrom::Start(offset)).and_then(|_| file.write_all(&data)).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn lstat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        let metadata = self.on_disk_itself(&path)?.symlink_metadata().map_err(|error| code(&error))?;
        Ok(Attrs { id, attrs: self.reported(&metadata) })
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        let metadata = self.on_disk(&path)?.metadata().map_err(|error| code(&error))?;
        Ok(Attrs { id, attrs: self.reported(&metadata) })
    }

    async fn fstat(&mut self, id: u32, handle: String) -> Result<Attrs, StatusCode> {
        let metadata = self.file(&handle)?.metadata().map_err(|error| code(&error))?;
        Ok(Attrs { id, attrs: self.reported(&metadata) })
    }

    async fn setstat(&mut self, id: u32, path: String, attributes: FileAttributes) -> Result<Status, StatusCode> {
        self.may_write()?;
        let path = self.on_disk(&path)?;
        let file = OpenOptions::new().write(true).open(path).map_err(|error| code(&error))?;
        set(&file, &attributes).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn fsetstat(&mut self, id: u32, handle: String, attributes: FileAttributes) -> Result<Status, StatusCode> {
        self.may_write()?;
        set(self.file(&handle)?, &attributes).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, StatusCode> {
        let path = self.on_disk(&path)?;
        let names = self.names(&path).map_err(|error| code(&error))?;
        let handle = self.keep_open(Opened::Folder(names.into_iter()))?;
        Ok(Handle { id, handle })
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, StatusCode> {
        let Some(Opened::Folder(names)) = self.open.get_mut(&handle) else { return Err(StatusCode::Failure) };
        if self.faults.endless {
            let files = names.as_slice().iter().cycle().take(NAMES_AT_ONCE * 10).cloned().collect();
            return Ok(Name { id, files });
        }
        let files: Vec<NamedFile> = names.by_ref().take(NAMES_AT_ONCE).collect();
        if files.is_empty() { Err(StatusCode::Eof) } else { Ok(Name { id, files }) }
    }

    async fn remove(&mut self, id: u32, path: String) -> Result<Status, StatusCode> {
        self.may_write()?;
        fs::remove_file(self.on_disk_itself(&path)?).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn mkdir(&mut self, id: u32, path: String, _attributes: FileAttributes) -> Result<Status, StatusCode> {
        self.may_write()?;
        fs::create_dir(self.on_disk(&path)?).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn rmdir(&mut self, id: u32, path: String) -> Result<Status, StatusCode> {
        self.may_write()?;
        let path = self.on_disk_itself(&path)?;
        if path == self.root {
            return Err(StatusCode::PermissionDenied);
        }
        fs::remove_dir(path).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn realpath(&mut self, id: u32, path: String) -> Result<Name, StatusCode> {
        // Follows links, as OpenSSH does; a missing path is only normalised.
        let real = self.on_disk(&path).ok().and_then(|path| path.canonicalize().ok());
        let inside = real.as_ref().and_then(|real| real.strip_prefix(&self.root).ok()?.to_str());
        let path = inside.map_or_else(|| parts(&path).join("/"), |inside| inside.replace('\\', "/"));
        Ok(Name { id, files: vec![NamedFile::dummy(format!("/{path}"))] })
    }

    async fn rename(&mut self, id: u32, from: String, to: String) -> Result<Status, StatusCode> {
        self.may_write()?;
        let (from, to) = (self.on_disk_itself(&from)?, self.on_disk_itself(&to)?);
        // In version 3 of the protocol a rename never replaces a file.
        if to.symlink_metadata().is_ok() {
            return Err(StatusCode::Failure);
        }
        fs::rename(from, to).map_err(|error| code(&error))?;
        Ok(done(id))
    }

    async fn extended(&mut self, id: u32, request: String, data: Vec<u8>) -> Result<Packet, StatusCode> {
        match request.as_str() {
            "limits@openssh.com" => {
                let chunk = u64::from(LARGEST_CHUNK);
                let limits = [256 * 1024, chunk, chunk, OPEN_AT_ONCE as u64];
                let data = limits.into_iter().flat_map(u64::to_be_bytes).collect();
                Ok(Packet::ExtendedReply(ExtendedReply { id, data }))
            }
            "fsync@openssh.com" => {
                let handle = data.get(4..).and_then(|handle| std::str::from_utf8(handle).ok());
                let file = self.file(handle.ok_or(StatusCode::BadMessage)?)?;
                file.sync_all().map_err(|error| code(&error))?;
                Ok(Packet::Status(done(id)))
            }
            _ => Err(StatusCode::OpUnsupported),
        }
    }
}

/// Parts of a path from the root; a relative path starts at the root, too.
fn parts(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

fn set(file: &File, attributes: &FileAttributes) -> io::Result<()> {
    if let Some(size) = attributes.size {
        file.set_len(size)?;
    }
    if let Some(seconds) = attributes.mtime {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into());
        file.set_times(FileTimes::new().set_modified(time))?;
    }
    Ok(())
}

fn done(id: u32) -> Status {
    Status { id, status_code: StatusCode::Ok, error_message: "Ok".to_owned(), language_tag: "en-US".to_owned() }
}

fn code(error: &io::Error) -> StatusCode {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => StatusCode::NoSuchFile,
        io::ErrorKind::PermissionDenied => StatusCode::PermissionDenied,
        _ => StatusCode::Failure,
    }
}
