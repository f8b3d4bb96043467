//! The files of a run in their folder: all or none.
//!
//! They are written under temporary names (`.NAME.partial`), synced, then renamed, the run file last: a run is there
//! when its run file is. A journal (`.RUN_FILE.pending`) names the files while this goes on and is locked by the living
//! process; what a killed one left behind is cleared by the next run. A name that exists is never overwritten. What live
//! sources gave is kept in a folder of its own beside the run file, `RUN_inputs`, and comes and goes with the run.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use btcfake_core::breakage::{BreakList, broken_names};
use btcfake_core::format::file_name::VendorName;
use btcfake_core::run::feed_names::FeedNames;

use crate::console::shown_path;
use crate::failure::Failure;
use crate::feed_writer::{MadeBroken, WrittenFeed};
use crate::interrupt;

/// A run's files on their way into a folder. Dropped before [`FeedFolder::publish`], it takes away what it wrote.
pub(crate) struct FeedFolder {
    folder: PathBuf,
    names: Vec<String>,
    journal: PathBuf,
    // Held for its lock: while it is open, no other run takes these files for leftovers.
    _lock: File,
    published: bool,
}

impl FeedFolder {
    /// Makes the folder ready: creates it, clears leftovers of killed runs, and makes sure that the names are free.
    ///
    /// # Errors
    /// A name that exists, a folder that cannot be used, another run that is writing the same names.
    pub(crate) fn begin(folder: &Path, names: &FeedNames) -> Result<FeedFolder, Failure> {
        FeedFolder::begin_broken(folder, names, &BreakList::default())
    }

    /// The same for a feed that will be broken on purpose, which has other names, and perhaps fewer.
    ///
    /// # Errors
    /// As [`FeedFolder::begin`].
    pub(crate) fn begin_broken(folder: &Path, names: &FeedNames, list: &BreakList) -> Result<FeedFolder, Failure> {
        create_folder(folder)?;
        clear_leftovers(folder)?;
        let run_file = names.run.clone();
        let names: Vec<String> = broken_names(names, list).into_iter().chain([run_file.clone()]).collect();
        for name in names.iter().chain([&kept_inputs_of(&run_file)]) {
            refuse_existing(&folder.join(name))?;
        }
        let journal = folder.join(format!(".{run_file}.pending"));
        let lock = write_journal(&journal, &names)?;
        Ok(FeedFolder { folder: folder.to_owned(), names, journal, _lock: lock, published: false })
    }

    /// Creates one of the files under its temporary name.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn create(&self, name: &str) -> Result<File, Failure> {
        let path = partial(&self.folder, name);
        File::create(&path).map_err(|said| Failure::file(&path, "create", said))
    }

    /// Writes the files of a broken feed under their temporary names.
    ///
    /// # Errors
    /// What the system says, or a request to end.
    pub(crate) fn write_broken(&self, feed: MadeBroken) -> Result<WrittenFeed, Failure> {
        for (name, bytes) in &feed.files {
            interrupt::check()?;
            let failed = |said| Failure::file(&self.path(name), "write", said);
            let mut file = self.create(name)?;
            file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(feed.written)
    }

    /// Keeps what a live source gave, in the folder of kept inputs.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn keep_input(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let folder = partial(&self.folder, &self.kept_inputs());
        fs::create_dir_all(&folder).map_err(|said| Failure::file(&folder, "create", said))?;
        let path = folder.join(name);
        let failed = |said| Failure::file(&path, "write", said);
        let mut file = File::create(&path).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        sync_folder(&folder)
    }

    /// The name of the folder of kept inputs.
    pub(crate) fn kept_inputs(&self) -> String {
        self.names.last().map(|run_file| kept_inputs_of(run_file)).unwrap_or_default()
    }

    /// Where a file will be, for error texts.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Gives the files, which are written and synced, their names, the run file last.
    ///
    /// # Errors
    /// What the system says; then none of the files is there.
    pub(crate) fn publish(mut self) -> Result<(), Failure> {
        let (run_file, feed) = match self.names.split_last() {
            Some((run_file, feed)) => (run_file.clone(), feed.to_vec()),
            None => return Ok(()),
        };
        let mut renamed = Vec::new();
        let result = self.rename_all(&feed, &run_file, &mut renamed);
        if result.is_err() {
            for path in renamed {
                let _ = remove_if_there(&path);
            }
            return result;
        }
        self.published = true;
        let _ = fs::remove_file(&self.journal);
        Ok(())
    }

    fn rename_all(&self, feed: &[String], run_file: &str, renamed: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let kept_inputs = self.kept_inputs();
        let has_kept_inputs = partial(&self.folder, &kept_inputs).exists();
        let names = feed.iter().map(String::as_str).chain(has_kept_inputs.then_some(kept_inputs.as_str()));
        for name in names.chain([run_file]) {
            if name == run_file {
                sync_folder(&self.folder)?;
            }
            let path = self.folder.join(name);
            refuse_existing(&path)?;
            fs::rename(partial(&self.folder, name), &path).map_err(|said| Failure::file(&path, "create", said))?;
            renamed.push(path);
        }
        sync_folder(&self.folder)
    }
}

impl Drop for FeedFolder {
    fn drop(&mut self) {
        if !self.published {
            for name in self.names.iter().chain([&self.kept_inputs()]) {
                let _ = remove_if_there(&partial(&self.folder, name));
            }
            let _ = fs::remove_file(&self.journal);
        }
    }
}

/// Creates the folder of a run, where it is not there yet.
///
/// # Errors
/// What the system says.
pub(crate) fn create_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|said| Failure::file(folder, "create", said))
}

/// Makes sure that a change of a folder's names is on disk.
fn sync_folder(folder: &Path) -> Result<(), Failure> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|said| Failure::file(folder, "sync", said))?;
    }
    Ok(())
}

fn partial(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.partial"))
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(Failure::Other(format!(
            "{}: exists already and is not overwritten; choose another --out, or move it away. Nothing was written",
            shown_path(path)
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::file(path, "look at", error)),
    }
}

/// Writes the journal and locks it before it gets its name, so that nobody ever sees it unlocked while we live.
fn write_journal(journal: &Path, names: &[String]) -> Result<File, Failure> {
    const TRIES: usize = 100;
    let fresh = journal.with_extension(format!("{}.new", std::process::id()));
    let failed = |said| Failure::file(journal, "create", said);
    for _ in 0..TRIES {
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

/// Nothing where another run came between: it took the fresh file, not locked yet, for a leftover.
fn try_write_journal(fresh: &Path, journal: &Path, names: &[String]) -> io::Result<Option<File>> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(fresh)?;
    if !lock(&file)? {
        return Ok(None);
    }
    file.write_all(names.join("\n").as_bytes())?;
    file.sync_all()?;
    match give_name(fresh, journal) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        given => given.map(|()| Some(file)),
    }
}

/// Gives the fresh file the journal's name, if that is free.
fn give_name(fresh: &Path, journal: &Path) -> io::Result<()> {
    let taken = || io::Error::new(io::ErrorKind::AlreadyExists, "another run is writing these files now");
    match fs::hard_link(fresh, journal) {
        Ok(()) => fs::remove_file(fresh),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        // A folder that knows no links: two runs that begin at the same instant could both find the name free.
        Err(_) if journal.exists() => Err(taken()),
        Err(_) => fs::rename(fresh, journal),
    }
}

/// Locks a file for this process; `false` where another one holds it. Folders that know no locks count as free.
fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Takes away what killed runs left in the folder.
fn clear_leftovers(folder: &Path) -> Result<(), Failure> {
    let listing = fs::read_dir(folder).map_err(|said| Failure::file(folder, "list", said))?;
    for entry in listing {
        let entry = entry.map_err(|said| Failure::file(folder, "list", said))?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(".run_")) else { continue };
        if name.ends_with(".pending") || name.ends_with(".new") {
            clear_after(folder, &entry.path()).map_err(|said| Failure::file(&entry.path(), "clear", said))?;
        }
    }
    Ok(())
}

fn clear_after(folder: &Path, journal: &Path) -> io::Result<()> {
    let mut file = match File::open(journal) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !lock(&file)? {
        return Ok(());
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    // Only names of the vendor's patterns: a journal that was tampered with must not make us remove anything else.
    let names: Vec<&str> = text.lines().filter(|name| VendorName::parse(name).is_some()).collect();
    let is_complete = names.last().is_some_and(|run_file| folder.join(run_file).exists());
    let kept_inputs = names.last().map(|run_file| kept_inputs_of(run_file));
    for name in names.into_iter().chain(kept_inputs.as_deref()) {
        remove_if_there(&partial(folder, name))?;
        if !is_complete && journal.extension().is_some_and(|extension| extension == "pending") {
            remove_if_there(&folder.join(name))?;
        }
    }
    remove_if_there(journal)
}

/// The name of the folder in which a run keeps what live sources gave.
fn kept_inputs_of(run_file: &str) -> String {
    format!("{}_inputs", run_file.trim_end_matches(".json"))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    match if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) } {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
