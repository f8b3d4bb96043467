//! Temporary files, always newly created. An existing file or link under the name is removed first, because writing
//! through a link, or to a file with a second name, would change somebody else's file.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use crate::files::reading::open_itself;

/// Temporary name of a file until it is whole.
pub(crate) fn partial_name(name: &str) -> String {
    format!(".{name}.partial")
}

/// Name of the file that has this temporary name; `None` for other names.
pub(crate) fn name_of_partial(partial: &str) -> Option<&str> {
    partial.strip_prefix('.')?.strip_suffix(".partial")
}

/// Maximum number of attempts, while others take and release the name.
const TRIES: usize = 100;

/// Creates an empty file under a temporary name, after removing an existing file; a folder is not removed.
///
/// # Errors
/// `AlreadyExists` for a folder, or an I/O error.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    for _ in 0..TRIES {
        match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => remove_old(path)?,
            created => return created,
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// As [`create`], with a lock, for a name that several programs may use at a time. `None` if another running program
/// holds it.
///
/// # Errors
/// As [`create`].
pub(crate) fn create_locked(path: &Path) -> io::Result<Option<File>> {
    for _ in 0..TRIES {
        match File::create_new(path) {
            // Another program may have removed the file as a leftover before it was locked.
            Ok(file) if lock(&file)? && is_at(&file, path) => return Ok(Some(file)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !remove_left(path)? {
                    return Ok(None);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Removes a temporary file whose program has ended. Returns false if a running program holds it.
///
/// # Errors
/// A folder of that name, or an I/O error.
pub(crate) fn remove_left(path: &Path) -> io::Result<bool> {
    let file = match open_itself(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        // A link, pipe or similar: no program of ours writes to these.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return remove_old(path).map(|()| true),
        // Belongs to another user.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(false),
        Err(error) => return Err(error),
    };
    if !lock(&file)? {
        return Ok(false);
    }
    match is_at(&file, path).then(|| remove_old(path)) {
        // Belongs to another user, in a folder where users can only remove their own files.
        Some(Err(error)) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
        Some(removed) => removed.map(|()| true),
        None => Ok(true),
    }
}

/// Locks a file for this process; false if another process holds the lock. Without lock support, a file counts as free.
///
/// # Errors
/// An I/O error.
pub(crate) fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// True if an open file is still the one at a path, not one that was removed or replaced. Always true outside Unix if
/// both exist.
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => is_same(&open, &named),
        _ => false,
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_one: &Metadata, _other: &Metadata) -> bool {
    true
}

fn remove_old(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|old| old.is_dir()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a folder of this name"));
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[cfg(unix)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::symlink;

    use super::*;

    type Make = fn(&Path, &Path);

    /// A foreign file that is reachable under the temporary name stays unchanged.
    fn check(what: &str, make: Make) {
        for create in [create, |path: &Path| create_locked(path).map(Option::unwrap)] {
            let folder = tempfile::tempdir().unwrap();
            let (name, other) = (folder.path().join(".name.partial"), folder.path().join("other"));
            fs::write(&other, "theirs").unwrap();
            make(&name, &other);
            create(&name).unwrap().write_all(b"ours").unwrap();
            assert_eq!(fs::read(&other).unwrap(), b"theirs", "{what}");
            assert!(fs::symlink_metadata(&name).unwrap().is_file(), "{what}");
            assert_eq!(fs::read(&name).unwrap(), b"ours", "{what}");
        }
    }

    #[test]
    fn what_lies_under_the_name_is_never_written_through() {
        check("nothing", |_, _| {});
        check("a leftover", |name, _| fs::write(name, "longer than ours").unwrap());
        check("a link", |name, other| symlink(other, name).unwrap());
        check("a link to nothing", |name, other| symlink(other.with_extension("none"), name).unwrap());
        check("a hard link", |name, other| fs::hard_link(other, name).unwrap());
        check("a pipe", |name, _| {
            assert!(std::process::Command::new("mkfifo").arg(name).status().unwrap().success());
        });
        check("a socket", |name, _| drop(std::os::unix::net::UnixListener::bind(name).unwrap()));
    }

    #[test]
    fn a_folder_is_named_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("name");
        fs::create_dir(&name).unwrap();
        assert_eq!(create(&name).unwrap_err().to_string(), "there is a folder of this name");
        assert!(create_locked(&name).is_err() && name.is_dir());
    }

    #[test]
    fn a_file_of_a_living_program_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("name");
        let held = create_locked(&name).unwrap().unwrap();
        assert!(create_locked(&name).unwrap().is_none() && !remove_left(&name).unwrap());
        assert!(is_at(&held, &name));
        drop(held);
        assert!(remove_left(&name).unwrap() && !name.exists());
        assert!(remove_left(&name).unwrap(), "nothing there is nothing left");
    }
}
