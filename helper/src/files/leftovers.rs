//! Removal of folders that killed programs left in the system's temporary folder.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::files::reading::open_itself;

/// Name of the lock file in a folder, locked while its program runs.
pub(crate) const LOCK: &str = ".lock";

/// Minimum age of a lock file: a new one may not be locked yet.
const YOUNG: Duration = Duration::from_secs(60);

/// Minimum age of a folder without a lock file.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes folders `prefix*` in `temp` whose lock is free or, without a lock file, that were not changed for a day.
/// Failures are ignored.
pub(crate) fn clear(temp: &Path, prefix: &str) {
    let Ok(listing) = fs::read_dir(temp) else { return };
    for entry in listing.filter_map(Result::ok) {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
        // Type of the entry itself: links are not followed.
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_left(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_left(folder: &Path) -> bool {
    let lock = folder.join(LOCK);
    match open_itself(&lock) {
        Ok(file) => is_older(&lock, YOUNG) && file.try_lock().is_ok(),
        Err(_) => !lock.exists() && is_older(folder, OLD),
    }
}

fn is_older(path: &Path, age: Duration) -> bool {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|elapsed| elapsed > age))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_what_nobody_uses_is_taken_away() {
        let temp = tempfile::tempdir().unwrap();
        let make = |name: &str, lock_age: Option<u64>| {
            let folder = temp.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("file"), "x").unwrap();
            let lock = lock_age.map(|seconds| {
                let lock = File::create(folder.join(LOCK)).unwrap();
                lock.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
                lock
            });
            (folder, lock)
        };
        drop(make("mine-dead", Some(120)));
        drop(make("mine-young", Some(0)));
        drop(make("mine-new", None));
        drop(make("other-dead", Some(120)));
        let (_, alive) = make("mine-alive", Some(120));
        alive.as_ref().unwrap().try_lock().unwrap();
        clear(temp.path(), "mine-");
        let mut left: Vec<_> = fs::read_dir(temp.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["mine-alive", "mine-new", "mine-young", "other-dead"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_without_a_lock_goes_after_a_day() {
        let temp = tempfile::tempdir().unwrap();
        for (name, hours) in [("mine-old", 25), ("mine-today", 23)] {
            let folder = temp.path().join(name);
            fs::create_dir(&folder).unwrap();
            let time = SystemTime::now() - Duration::from_secs(hours * 60 * 60);
            File::open(&folder).unwrap().set_modified(time).unwrap();
        }
        clear(temp.path(), "mine-");
        assert!(!temp.path().join("mine-old").exists() && temp.path().join("mine-today").exists());
    }
}
