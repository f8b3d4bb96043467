//! Files that come into a folder together: all of them or none, however the program ends.
//!
//! One of them is the **seal**, and gets its name last: the files are there when the seal is. Names in the folder:
//!
//! - `NAME`: a file in place.
//! - `.NAME.partial`: its temporary, which is written and synced, then renamed.
//! - `.SEAL.pending`: the journal, with the names of all files, the seal's last. The living program holds its lock.
//! - `.SEAL.RANDOM.new`: a journal that is being made.
//!
//! States of a set, and what the next program does in each, once nobody holds the lock:
//!
//! | State | Journal | The seal's temporary | Other files | The next program removes |
//! | --- | --- | --- | --- | --- |
//! | writing | there | not there, or there as long as no file is in place | temporaries | temporaries, journal |
//! | renaming | there | there | each is a temporary or in place | what is in place, temporaries, journal |
//! | done | there, then gone | gone, it is in place | in place | the journal |
//!
//! So a file in place is only ever removed while the seal's temporary is there, the seal is not in place, and the file's own
//! temporary is gone, because only a renaming leaves a folder like that. What somebody moves out of a finished set later
//! changes nothing about this. Each removal goes in an order that keeps to these states: files in place first, then the
//! seal's temporary, then the other temporaries, the journal last. When the last sync fails after the seal got its name, the
//! seal goes back to its temporary name first.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use btcfake_core::format::file_name::{FileKind, VendorName};
use btcfake_core::sample;

use crate::files::reading::{kind_of, open_itself};
use crate::files::temporary_file;
use crate::terminal::console;
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// The names of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetNames {
    /// The kind of set.
    pub(crate) kind: SetKind,
    /// The names of the files, the seal's last.
    pub(crate) files: Vec<String>,
    /// Files or folders that may be there besides.
    pub(crate) optional: Vec<String>,
}

/// The kinds of set. The journal's name shows which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetKind {
    /// A run: its feed and its run file, which is the seal.
    Run,
    /// Sample inputs.
    Sample,
}

/// Files on their way into a folder. Dropped before [`FileSet::publish`], they are taken away.
pub(crate) struct FileSet {
    folder: PathBuf,
    names: SetNames,
    journal: PathBuf,
    // Held for its lock: while it is open, no other program takes these files for leftovers.
    _lock: File,
    /// What got its name so far; not the seal.
    in_place: Vec<String>,
    published: bool,
}

impl FileSet {
    /// Makes the folder ready: creates it, clears leftovers of killed programs, and makes sure that the names are free.
    ///
    /// # Errors
    /// A name that exists, a folder that cannot be used, another program that is writing the same names.
    pub(crate) fn begin(folder: &Path, names: SetNames) -> Result<FileSet, Failure> {
        create_folder(folder)?;
        clear_leftovers(folder)?;
        for name in names.all() {
            names.kind.refuse_existing(&folder.join(name))?;
        }
        let journal = folder.join(format!(".{}.pending", names.journal_stem()));
        let lock = write_journal(&journal, &names)?;
        let set =
            FileSet { folder: folder.to_owned(), names, journal, _lock: lock, in_place: Vec::new(), published: false };
        // The disk must know the journal before anything that it names.
        sync_folder(folder)?;
        for name in &set.names.optional {
            // Without a journal it is of no program that lives; a link would lead elsewhere.
            let path = set.partial(name);
            remove_own(&path, name).map_err(|said| Failure::file(&path, "remove", said))?;
        }
        Ok(set)
    }

    /// Creates one of the files under its temporary name.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn create(&self, name: &str) -> Result<File, Failure> {
        let path = self.partial(name);
        temporary_file::create(&path).map_err(|said| Failure::file(&path, "create", said))
    }

    /// Where a file will be.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where a file is before it gets its name.
    pub(crate) fn partial(&self, name: &str) -> PathBuf {
        self.folder.join(format!(".{name}.partial"))
    }

    /// Gives the files, which are written and synced, their names, the seal last; `before_seal` is done right before that.
    ///
    /// # Errors
    /// An error of the system or of `before_seal`; then none of the files is there.
    pub(crate) fn publish(mut self, before_seal: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        self.rename_all_but_seal()?;
        before_seal()?;
        let Some(seal) = self.names.seal().map(str::to_owned) else { return Ok(()) };
        self.rename(&seal)?;
        if let Err(said) = sync_folder(&self.folder) {
            let (path, partial) = (self.path(&seal), self.partial(&seal));
            if fs::rename(&path, &partial).is_ok() {
                return Err(said);
            }
            // All files are there, and cannot be taken away by a system that fails like this.
            console::warn(format!("{said}. All files are in place, but perhaps not on the disk yet"));
        }
        self.published = true;
        // What is left of it is removed by the next program.
        let _ = fs::remove_file(&self.journal);
        Ok(())
    }

    fn rename_all_but_seal(&mut self) -> Result<(), Failure> {
        // The seal's temporary must be known to the disk before the first file gets its name.
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
        fs::rename(self.partial(name), &path).map_err(|said| Failure::file(&path, "create", said))
    }

    /// Removes everything, in the order that the states want. What cannot be removed is left to the next program, with the
    /// journal that names it.
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

/// What the journal of a sample is called by.
const SAMPLE: &str = "sample";

impl SetKind {
    /// The kind of set that a journal is of and its seal, from what its name has between the dot and `pending` or `new`.
    fn of_journal(stem: &str) -> Option<(SetKind, &str)> {
        if stem == SAMPLE {
            let [.., last] = sample::TABLE_NAMES;
            return Some((SetKind::Sample, last));
        }
        VendorName::parse(stem).filter(|name| name.kind == FileKind::Run).map(|_| (SetKind::Run, stem))
    }

    /// Whether a set of this kind may hold a file of that name. A journal that was tampered with must not make us remove
    /// anything else.
    fn may_hold(self, name: &str) -> bool {
        let is_catalog = |kind| matches!(kind, FileKind::StandAloneContent | FileKind::CourseCatalog);
        let kind = VendorName::parse(name).map(|name| name.kind);
        match self {
            SetKind::Run => kind.or_else(|| run_of_kept_inputs(name)).is_some_and(|kind| !is_catalog(kind)),
            SetKind::Sample => kind.is_some_and(is_catalog) || sample::TABLE_NAMES.contains(&name),
        }
    }

    fn refuse_existing(self, path: &Path) -> Result<(), Failure> {
        match (fs::symlink_metadata(path), self) {
            (Ok(_), SetKind::Run) => Err(Failure::Other(format!(
                "{}: exists already and is not overwritten; choose another --out, or move it away. Nothing was written",
                shown_path(path)
            ))),
            (Ok(_), SetKind::Sample) => Err(Failure::file(path, "create", io::ErrorKind::AlreadyExists.into())),
            (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            (Err(error), _) => Err(Failure::file(path, "look at", error)),
        }
    }
}

/// Whether a name is one that the format gives, or that a set of such files has while it is written.
pub(crate) fn is_set_name(name: &str) -> bool {
    let is_given = |name: &str| VendorName::parse(name).is_some() || run_of_kept_inputs(name).is_some();
    let Some(hidden) = name.strip_prefix('.') else { return is_given(name) };
    let of_set = hidden.strip_suffix(".partial").or_else(|| hidden.strip_suffix(".pending"));
    is_given(of_set.unwrap_or(hidden)) || is_new_journal(hidden) || of_set == Some(SAMPLE)
}

fn run_of_kept_inputs(name: &str) -> Option<FileKind> {
    let run_file = format!("{}.json", name.strip_suffix("_inputs")?);
    VendorName::parse(&run_file).map(|name| name.kind).filter(|kind| *kind == FileKind::Run)
}

/// Creates a folder, where it is not there yet.
///
/// # Errors
/// An error of the system.
pub(crate) fn create_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|said| Failure::file(folder, "create", said))
}

/// Makes sure that a change of a folder's names is on disk.
///
/// # Errors
/// An error of the system.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Failure> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|said| Failure::file(folder, "sync", said))?;
    }
    Ok(())
}

/// Removes what killed programs left in a folder.
///
/// # Errors
/// An error of the system.
pub(crate) fn clear_leftovers(folder: &Path) -> Result<(), Failure> {
    let listing = fs::read_dir(folder).map_err(|said| Failure::file(folder, "list", said))?;
    for entry in listing {
        let entry = entry.map_err(|said| Failure::file(folder, "list", said))?;
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
        let cleared = if let Some((kind, seal)) = name.strip_suffix(".pending").and_then(SetKind::of_journal) {
            clear_after(folder, &path, kind, seal)
        } else if is_new_journal(name) {
            // It stands for no file yet, and another set may have files of these names.
            temporary_file::remove_left(&path).map(|_| ())
        } else {
            Ok(())
        };
        match cleared {
            // It is another user's, who clears it by the next run.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            cleared => cleared.map_err(|said| Failure::file(&path, "clear", said))?,
        }
    }
    Ok(())
}

fn is_new_journal(name: &str) -> bool {
    let stem = name.strip_suffix(".new").and_then(|name| name.rsplit_once('.'));
    stem.is_some_and(|(stem, _)| SetKind::of_journal(stem).is_some())
}

fn clear_after(folder: &Path, journal: &Path, kind: SetKind, seal: &str) -> io::Result<()> {
    /// Far more than a journal has.
    const LONGEST: u64 = 1 << 16;
    let mut file = match open_itself(journal) {
        Ok(file) => file,
        // What is no file was written by nobody of us.
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::InvalidInput, io::ErrorKind::IsADirectory]
                .contains(&error.kind()) =>
        {
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    // Between opening and locking, another program may have cleared it and begun anew.
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

/// Removes the temporaries, that of the seal first: from then on no file in place belongs to the set.
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

/// Removes what a set has under a name, itself and not what a link leads to. A folder is only removed where a set has one.
fn remove_own(path: &Path, name: &str) -> io::Result<()> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    if is_folder && run_of_kept_inputs(name).is_none() { Ok(()) } else { remove_if_there(path) }
}

fn partial(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.partial"))
}

/// Writes the journal and locks it before it gets its name, so that nobody ever sees it unlocked while we live.
fn write_journal(journal: &Path, names: &SetNames) -> Result<File, Failure> {
    const TRIES: usize = 100;
    let failed = |said| Failure::file(journal, "create", said);
    for _ in 0..TRIES {
        let random = getrandom::u64().map_err(|error| failed(io::Error::other(error)))?;
        let fresh = journal.with_extension(format!("{random:016x}.new"));
        match try_write_journal(&fresh, journal, names) {
            Ok(Some(file)) => return Ok(file),
            Ok(None) => {}
            Err(said) => {
                let _ = fs::remove_file(&fresh);
                return Err(failed(said));
            }
        }
    }
    Err(failed(io::Error::new(io::ErrorKind::ResourceBusy, "other runs are clearing the folder now; try again")))
}

/// Nothing where another program came between: it took the fresh file, not locked yet, for a leftover.
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

/// Gives the fresh file the journal's name, if that is free.
fn give_name(fresh: &Path, journal: &Path) -> io::Result<()> {
    match fs::hard_link(fresh, journal) {
        Ok(()) => fs::remove_file(fresh).inspect_err(|_| _ = fs::remove_file(journal)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken(journal)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        // A folder that knows no links: two runs that begin at the same instant could both find the name free.
        Err(_) if fs::symlink_metadata(journal).is_ok() => Err(taken(journal)),
        Err(_) => fs::rename(fresh, journal),
    }
}

fn taken(journal: &Path) -> io::Error {
    let said = match fs::symlink_metadata(journal) {
        Ok(found) if !found.is_file() => {
            format!("{} of this name is in the way; move it away", kind_of(&found))
        }
        _ => "another run is writing these files now".to_owned(),
    };
    io::Error::new(io::ErrorKind::ResourceBusy, said)
}

/// Removes a file or folder, itself and not what a link leads to.
///
/// # Errors
/// An error of the system.
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

    /// Clears a folder that holds a journal with these names, and other files; a name that ends with `/` is a folder's.
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
        // Writing: whatever has a final name is of somebody else.
        check(&[], &[]);
        check(&[&feed], &[]);
        check(&[&feed, &kept, DUMMY], &[DUMMY]);
        check(&[&feed, &dummy, &kept, &run], &[]);
        check(&[&feed, &dummy, &run, FEED], &[FEED]);
        // Renaming.
        check(&[&feed, &dummy, &inputs, &run], &[]);
        check(&[FEED, &dummy, &inputs, &run], &[]);
        check(&[FEED, DUMMY, &run], &[]);
        // Done.
        check(&[FEED, DUMMY, &inputs, RUN], &[FEED, DUMMY, &inputs, RUN]);
        check(&[FEED, DUMMY, &inputs], &[FEED, DUMMY, &inputs]);
        check(&[FEED, DUMMY, RUN, &run], &[FEED, DUMMY, RUN]);
        // A folder that no run makes.
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
        // Without its own run file's name it is no whole journal.
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
