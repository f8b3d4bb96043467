//! Sets of files that appear in a folder together: all or none, even if the program is killed.
//!
//! One file is the **seal** and is renamed last: the set is complete when the seal exists. Names in the folder:
//!
//! - `NAME`: a file in place.
//! - `.NAME.partial`: its temporary file, which is written and synced, then renamed.
//! - `.SEAL.pending`: the journal, with the names of all files, the seal's last. The running program holds its lock.
//! - `.SEAL.RANDOM.new`: a journal that is being made.
//!
//! States of a set, and what the next program does in each, once the lock is free:
//!
//! | State | Journal | The seal's temporary | Other files | The next program removes |
//! | --- | --- | --- | --- | --- |
//! | writing | there | not there, or there as long as no file is in place | temporaries | temporaries, journal |
//! | renaming | there | there | each is a temporary or in place | what is in place, temporaries, journal |
//! | done | there, then gone | gone, it is in place | in place | the journal |
//!
//! So a file in place is only removed while the seal's temporary exists, the seal is not in place, and the file's own
//! temporary is gone; only an interrupted rename phase leaves that state. Files moved out of a finished set later do
//! not change this. Removal keeps to these states by its order: files in place, the seal's temporary, the other
//! temporaries, the journal. If the last sync fails after the seal was renamed, the seal is renamed back first.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::sample;

use crate::files::reading::{kind_of, open_itself};
use crate::files::temporary_file;
use crate::terminal::console;
use crate::terminal::console::shown_path;
use crate::terminal::failure::{Failure, FileResult};

/// Names of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetNames {
    /// The kind of set.
    pub(crate) kind: SetKind,
    /// File names, the seal's last.
    pub(crate) files: Vec<String>,
    /// Names of files or folders that a set may also have.
    pub(crate) optional: Vec<String>,
}

/// Kinds of sets, which the journal's name shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetKind {
    /// A run: its feed and its run file, which is the seal.
    Run,
    /// Sample inputs.
    Sample,
}

/// Set of files that is being written. Dropping it before [`FileSet::publish`] removes the files.
pub(crate) struct FileSet {
    folder: PathBuf,
    /// Folders that were not there before, the innermost first.
    new_folders: Vec<PathBuf>,
    names: SetNames,
    journal: PathBuf,
    // Holds the lock: while it is open, no other program treats these files as leftovers.
    _lock: File,
    /// Files renamed so far, without the seal.
    in_place: Vec<String>,
    published: bool,
}

impl FileSet {
    /// Prepares the folder: creates it, removes leftovers of killed programs, checks that the names are free, and
    /// writes the journal.
    ///
    /// # Errors
    /// A name that exists, a folder that cannot be used, or another program that is writing the same names.
    pub(crate) fn begin(folder: &Path, names: SetNames) -> Result<FileSet, Failure> {
        let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let new_folders = folder.ancestors().take_while(is_new).map(Path::to_owned).collect();
        create_folder(folder)?;
        clear_leftovers(folder)?;
        for name in names.all() {
            names.kind.refuse_existing(&folder.join(name))?;
        }
        let journal = folder.join(format!(".{}.pending", names.journal_stem()));
        let lock = write_journal(&journal, &names)?;
        let set = FileSet {
            folder: folder.to_owned(),
            new_folders,
            names,
            journal,
            _lock: lock,
            in_place: Vec::new(),
            published: false,
        };
        // The journal must be on disk before any file that it names.
        sync_folder(folder)?;
        for name in &set.names.optional {
            // A leftover without a journal belongs to no running program; a link would lead elsewhere.
            let path = set.partial(name);
            remove_own(&path, name).of_file(&path, "remove")?;
        }
        Ok(set)
    }

    /// Creates a file under its temporary name.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(crate) fn create(&self, name: &str) -> Result<File, Failure> {
        let path = self.partial(name);
        temporary_file::create(&path).of_file(&path, "create")
    }

    /// Final path of a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Temporary path of a file.
    pub(crate) fn partial(&self, name: &str) -> PathBuf {
        partial(&self.folder, name)
    }

    /// Renames the files, which must be written and synced, to their final names, the seal last; calls `before_seal`
    /// right before that.
    ///
    /// # Errors
    /// A failed rename or sync, or the failure of `before_seal`; then none of the files is in place.
    pub(crate) fn publish(mut self, before_seal: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        self.rename_all_but_seal()?;
        before_seal()?;
        let Some(seal) = self.names.seal().map(str::to_owned) else { return Ok(()) };
        self.rename(&seal)?;
        if let Err(message) = sync_folder(&self.folder) {
            let (path, partial) = (self.path(&seal), self.partial(&seal));
            if fs::rename(&path, &partial).is_ok() {
                return Err(message);
            }
            // All files are in place and cannot be removed on a system that fails like this.
            console::warn(format!("{message}. All files are in place, but perhaps not on the disk yet"));
        }
        self.published = true;
        // If this fails, the next program removes the journal.
        let _ = fs::remove_file(&self.journal);
        Ok(())
    }

    fn rename_all_but_seal(&mut self) -> Result<(), Failure> {
        // The seal's temporary must be on disk before the first file is renamed.
        sync_folder(&self.folder)?;
        let seal = self.names.seal().map(str::to_owned);
        for name in self.names.all().map(str::to_owned).collect::<Vec<_>>() {
            let is_absent = self.names.optional.contains(&name) && !self.partial(&name).exists();
            if Some(&name) != seal.as_ref() && !is_absent {
                self.rename(&name)?;
                self.in_place.push(name);
            }
        }
        sync_folder(&self.folder)
    }

    fn rename(&self, name: &str) -> Result<(), Failure> {
        let path = self.path(name);
        self.names.kind.refuse_existing(&path)?;
        fs::rename(self.partial(name), &path).of_file(&path, "create")
    }

    /// Removes all files in the order that the states require. After a failure, the rest is left to the next program,
    /// with the journal that names it.
    fn take_away(&self) -> io::Result<()> {
        for name in self.in_place.iter().rev() {
            remove_own(&self.path(name), name)?;
        }
        remove_temporaries(&self.folder, self.names.seal(), self.names.all())?;
        remove_if_there(&self.journal)
    }
}

impl Drop for FileSet {
    fn drop(&mut self) {
        if !self.published {
            let _ = self.take_away();
            // A folder goes only while it is empty.
            let _ = self.new_folders.iter().try_for_each(fs::remove_dir);
        }
    }
}

impl SetNames {
    fn seal(&self) -> Option<&str> {
        self.files.last().map(String::as_str)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.optional.iter().chain(&self.files).map(String::as_str)
    }

    fn journal_stem(&self) -> &str {
        match self.kind {
            SetKind::Run => self.seal().unwrap_or_default(),
            SetKind::Sample => SAMPLE,
        }
    }
}

/// Stem of a sample's journal.
const SAMPLE: &str = "sample";

impl SetKind {
    /// Kind and seal of a set, from its journal's name between the dot and `.pending` or `.new`.
    fn of_journal(stem: &str) -> Option<(SetKind, &str)> {
        if stem == SAMPLE {
            let [.., last] = sample::TABLE_NAMES;
            return Some((SetKind::Sample, last));
        }
        VendorName::parse(stem).filter(|name| name.kind == VendorKind::Run).map(|_| (SetKind::Run, stem))
    }

    /// True if a set of this kind may have a file of that name. A manipulated journal must not cause the removal of
    /// other files.
    fn may_hold(self, name: &str) -> bool {
        let is_catalog = |kind| VendorKind::CATALOGS.contains(&kind);
        let kind = VendorName::parse(name).map(|name| name.kind);
        match self {
            SetKind::Run => kind.or_else(|| run_of_kept_inputs(name)).is_some_and(|kind| !is_catalog(kind)),
            SetKind::Sample => kind.is_some_and(is_catalog) || sample::TABLE_NAMES.contains(&name),
        }
    }

    fn refuse_existing(self, path: &Path) -> Result<(), Failure> {
        match (fs::symlink_metadata(path), self) {
            (Ok(_), SetKind::Run) => Err(Failure::at(
                shown_path(path),
                "exists already and is not overwritten; choose another --out, or move it away. Nothing was written",
            )),
            (Ok(_), SetKind::Sample) => {
                let exists = io::Error::new(io::ErrorKind::AlreadyExists, "it exists already");
                Err(Failure::file(path, "create", exists))
            }
            (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            (Err(error), _) => Err(Failure::file(path, "look at", error)),
        }
    }
}

/// True for a vendor name, and for a name that a set uses while it is written.
pub(crate) fn is_set_name(name: &str) -> bool {
    let is_given = |name: &str| VendorName::parse(name).is_some() || run_of_kept_inputs(name).is_some();
    let Some(hidden) = name.strip_prefix('.') else { return is_given(name) };
    let of_set = hidden.strip_suffix(".partial").or_else(|| hidden.strip_suffix(".pending"));
    is_given(of_set.unwrap_or(hidden)) || is_new_journal(hidden) || of_set == Some(SAMPLE)
}

fn run_of_kept_inputs(name: &str) -> Option<VendorKind> {
    let run_file = format!("{}.json", name.strip_suffix("_inputs")?);
    VendorName::parse(&run_file).map(|name| name.kind).filter(|kind| *kind == VendorKind::Run)
}

/// Creates a folder with its parents; an existing one is fine.
///
/// # Errors
/// A folder that cannot be created.
pub(crate) fn create_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).of_file(folder, "create")
}

/// Syncs a folder, so that changes of its names are on disk. Does nothing outside Unix.
///
/// # Errors
/// A folder that cannot be opened or synced.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Failure> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).of_file(folder, "sync")?;
    }
    Ok(())
}

/// Removes leftovers of killed programs from a folder.
///
/// # Errors
/// A folder that cannot be listed, or a leftover that cannot be removed; one without permission is ignored.
pub(crate) fn clear_leftovers(folder: &Path) -> Result<(), Failure> {
    let listing = fs::read_dir(folder).of_file(folder, "list")?;
    for entry in listing {
        let entry = entry.of_file(folder, "list")?;
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
        let cleared = if let Some((kind, seal)) = name.strip_suffix(".pending").and_then(SetKind::of_journal) {
            clear_after(folder, &path, kind, seal)
        } else if is_new_journal(name) {
            // A new journal stands for no file yet; another set may have files of these names.
            temporary_file::remove_left(&path).map(|_| ())
        } else {
            Ok(())
        };
        match cleared {
            // Another user's leftover, which that user's next run removes.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            cleared => cleared.of_file(&path, "clear")?,
        }
    }
    Ok(())
}

fn is_new_journal(name: &str) -> bool {
    let stem = name.strip_suffix(".new").and_then(|name| name.rsplit_once('.'));
    stem.is_some_and(|(stem, _)| SetKind::of_journal(stem).is_some())
}

fn clear_after(folder: &Path, journal: &Path, kind: SetKind, seal: &str) -> io::Result<()> {
    /// Maximum number of bytes read, far more than a journal has.
    const LONGEST: u64 = 1 << 16;
    let mut file = match open_itself(journal) {
        Ok(file) => file,
        // Not a file, so not written by this program.
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::InvalidInput, io::ErrorKind::IsADirectory]
                .contains(&error.kind()) =>
        {
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    // Between opening and locking, another program may have removed it and started anew.
    if !temporary_file::lock(&file)? || !temporary_file::is_at(&file, journal) {
        return Ok(());
    }
    let mut text = Vec::new();
    Read::take(&mut file, LONGEST).read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let names: Vec<&str> = text.lines().filter(|name| kind.may_hold(name)).collect();
    let exists = |path: PathBuf| fs::symlink_metadata(path).is_ok();
    let was_renaming = names.contains(&seal) && exists(partial(folder, seal)) && !exists(folder.join(seal));
    if was_renaming {
        for name in names.iter().filter(|name| !exists(partial(folder, name))) {
            remove_own(&folder.join(name), name)?;
        }
    }
    remove_temporaries(folder, Some(seal), names.iter().copied())?;
    remove_if_there(journal)
}

/// Removes the temporaries, the seal's first: after that, no file in place belongs to the set.
fn remove_temporaries<'a>(
    folder: &Path,
    seal: Option<&'a str>,
    names: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    for name in seal.into_iter().chain(names) {
        remove_own(&partial(folder, name), name)?;
    }
    Ok(())
}

/// Removes a file of a set without following links. A folder is only removed where a set has one.
fn remove_own(path: &Path, name: &str) -> io::Result<()> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    if is_folder && run_of_kept_inputs(name).is_none() { Ok(()) } else { remove_if_there(path) }
}

fn partial(folder: &Path, name: &str) -> PathBuf {
    folder.join(temporary_file::partial_name(name))
}

/// Writes and locks the journal before it gets its final name, so it is never seen unlocked while the program runs.
fn write_journal(journal: &Path, names: &SetNames) -> Result<File, Failure> {
    const TRIES: usize = 100;
    let failed = |error| Failure::file(journal, "create", error);
    for _ in 0..TRIES {
        let random = getrandom::u64().map_err(|error| failed(io::Error::other(error)))?;
        let fresh = journal.with_extension(format!("{random:016x}.new"));
        match try_write_journal(&fresh, journal, names) {
            Ok(Some(file)) => return Ok(file),
            Ok(None) => {}
            Err(message) => {
                let _ = fs::remove_file(&fresh);
                return Err(failed(message));
            }
        }
    }
    Err(failed(io::Error::new(io::ErrorKind::ResourceBusy, "other runs are clearing the folder now; try again")))
}

/// `None` if another program interfered: it took the new file, not locked yet, for a leftover.
fn try_write_journal(fresh: &Path, journal: &Path, names: &SetNames) -> io::Result<Option<File>> {
    let mut file = match File::create_new(fresh) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        file => file?,
    };
    if !temporary_file::lock(&file)? {
        return Ok(None);
    }
    file.write_all(names.all().collect::<Vec<_>>().join("\n").as_bytes())?;
    file.sync_all()?;
    match give_name(fresh, journal) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        given => given.map(|()| Some(file)),
    }
}

/// Renames the new file to the journal's name, if that is free.
fn give_name(fresh: &Path, journal: &Path) -> io::Result<()> {
    match fs::hard_link(fresh, journal) {
        Ok(()) => fs::remove_file(fresh).inspect_err(|_| _ = fs::remove_file(journal)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken(journal)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        // Without link support, two runs that start at the same instant could both find the name free.
        Err(_) if fs::symlink_metadata(journal).is_ok() => Err(taken(journal)),
        Err(_) => fs::rename(fresh, journal),
    }
}

fn taken(journal: &Path) -> io::Error {
    let message = match fs::symlink_metadata(journal) {
        Ok(found) if !found.is_file() => {
            format!("{} of this name is in the way; move it away", kind_of(&found))
        }
        _ => "another run is writing these files now".to_owned(),
    };
    io::Error::new(io::ErrorKind::ResourceBusy, message)
}

/// Removes a file or folder, if it exists, without following links.
///
/// # Errors
/// A file or folder that cannot be removed.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    match if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) } {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const RUN: &str = "run_2026_1_29_1_abcdef.json";
    const INPUTS: &str = "run_2026_1_29_1_abcdef_inputs";
    const FEED: &str = "ContentUserCompletion_V2_2026_01_29_1_abcdef.csv";
    const DUMMY: &str = "UserCompletion_v2_2026_1_29_1_abcdef.csv";
    const CATALOG: &str = "StandAloneContent_v2_2026_1_29_1_abcdef.csv";

    /// Clears a folder with a journal of these names and other files; a name with a final `/` is a folder.
    fn check(journal: &str, names: &[&str], there: &[&str], left: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(journal), names.join("\n")).unwrap();
        for name in there {
            if let Some(name) = name.strip_suffix('/') {
                fs::create_dir(folder.path().join(name)).unwrap();
                fs::write(folder.path().join(name).join("inside"), "x").unwrap();
            } else {
                fs::write(folder.path().join(name), "x").unwrap();
            }
        }
        clear_leftovers(folder.path()).unwrap();
        let mut found: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        let mut left: Vec<&str> = left.iter().map(|name| name.trim_end_matches('/')).collect();
        left.sort_unstable();
        assert_eq!(found, left, "{journal} {names:?} {there:?}");
    }

    fn partial(name: &str) -> String {
        match name.strip_suffix('/') {
            Some(name) => format!(".{name}.partial/"),
            None => format!(".{name}.partial"),
        }
    }

    #[test]
    fn what_is_removed_after_a_killed_run_depends_on_its_state() {
        let journal = format!(".{RUN}.pending");
        let names = [INPUTS, FEED, DUMMY, RUN];
        let inputs = format!("{INPUTS}/");
        let [feed, dummy, run, kept] = [FEED, DUMMY, RUN, &inputs].map(partial);
        let check = |there: &[&str], left: &[&str]| check(&journal, &names, there, left);
        // Writing: a file under its final name is somebody else's.
        check(&[], &[]);
        check(&[&feed], &[]);
        check(&[&feed, &kept, DUMMY], &[DUMMY]);
        check(&[&feed, &dummy, &kept, &run], &[]);
        check(&[&feed, &dummy, &run, FEED], &[FEED]);
        // Renaming: files without their temporary belong to the set.
        check(&[&feed, &dummy, &inputs, &run], &[]);
        check(&[FEED, &dummy, &inputs, &run], &[]);
        check(&[FEED, DUMMY, &run], &[]);
        // Done: the seal is in place, or neither it nor its temporary exists.
        check(&[FEED, DUMMY, &inputs, RUN], &[FEED, DUMMY, &inputs, RUN]);
        check(&[FEED, DUMMY, &inputs], &[FEED, DUMMY, &inputs]);
        check(&[FEED, DUMMY, RUN, &run], &[FEED, DUMMY, RUN]);
        // Folder that no run makes.
        check(&[&format!("{FEED}/"), &run], &[FEED]);
    }

    #[test]
    fn a_journal_that_names_anything_else_removes_nothing_else() {
        let run = partial(RUN);
        let journal = format!(".{RUN}.pending");
        for name in ["notes.txt", "employees.csv", CATALOG, "../x", "/etc/passwd", "", "inside_inputs"] {
            let there: Vec<&str> = [name].into_iter().filter(|name| !name.is_empty() && !name.contains('/')).collect();
            check(&journal, &[name, RUN], &[&there[..], &[&run]].concat(), &there);
        }
        // Without its own run file's name, the journal is not complete.
        check(&journal, &[FEED, DUMMY], &[FEED, &partial(DUMMY)], &[FEED]);
        check(
            &journal,
            &["run_2026_1_29_1_other1.json"],
            &["run_2026_1_29_1_other1.json", &run],
            &["run_2026_1_29_1_other1.json"],
        );
        // Neither of these is a journal.
        for name in [".notes.pending", ".employees.csv.pending", ".run_.json.pending", "run_2026_1_29_1_abcdef.json"] {
            check(name, &[FEED, RUN], &[FEED, &run], &[name, FEED, &run]);
        }
    }

    #[test]
    fn names_of_the_format_are_of_a_set_and_so_are_those_while_it_is_written() {
        for name in [RUN, INPUTS, FEED, DUMMY, CATALOG] {
            assert!(is_set_name(name) && is_set_name(&format!(".{name}")) && is_set_name(&partial(name)), "{name}");
        }
        for name in [format!(".{RUN}.pending"), format!(".{RUN}.0123456789abcdef.new"), ".sample.pending".to_owned()] {
            assert!(is_set_name(&name), "{name}");
        }
        for name in ["details.jsonl", ".details.jsonl", ".details.jsonl.partial", "run.json", "sample", "d.new", ".new"]
        {
            assert!(!is_set_name(name), "{name}");
        }
    }

    #[test]
    fn a_killed_sample_is_cleared_and_no_feed_with_it() {
        let tables = sample::TABLE_NAMES;
        let names = [tables[0], CATALOG, tables[1], tables[2], FEED, tables[3]];
        let last = partial(tables[3]);
        let check = |there: &[&str], left: &[&str]| check(".sample.pending", &names, there, left);
        check(&[tables[0], CATALOG, &partial(tables[1]), &last], &[]);
        check(&[tables[0], CATALOG, FEED, &last], &[FEED]);
        check(&[tables[0], CATALOG, tables[3]], &[tables[0], CATALOG, tables[3]]);
        check(&[tables[0], CATALOG], &[tables[0], CATALOG]);
    }
}
