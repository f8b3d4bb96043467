//! The files of a run in their folder: a [`FileSet`] whose seal is the run file, so a run is there when its run file is.
//!
//! What live sources gave is kept in a folder of its own beside the run file, `RUN_inputs`, and comes and goes with the run.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use btcfake_core::breakage::{BreakList, broken_names};
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::run::feed_names::FeedNames;

use crate::files::file_set::{FileSet, SetKind, SetNames, sync_folder};
use crate::terminal::failure::Failure;

/// A run's files on their way into a folder. Dropped before [`FeedFolder::publish`], it takes away what it wrote.
pub(crate) struct FeedFolder {
    files: FileSet,
    kept_inputs: String,
    keeps_inputs: Cell<bool>,
}

impl FeedFolder {
    /// Makes the folder ready: creates it, clears leftovers of killed runs, and makes sure that the names are free. A feed
    /// that is broken on purpose may have other names, and fewer.
    ///
    /// # Errors
    /// A name that exists, a folder that cannot be used, another run that is writing the same names.
    pub(crate) fn begin(folder: &Path, names: &FeedNames, list: &BreakList) -> Result<FeedFolder, Failure> {
        let kept_inputs = format!("{}_inputs", names.run.trim_end_matches(".json"));
        let files = broken_names(names, list).into_iter().chain([names.run.clone()]).collect();
        let names = SetNames { kind: SetKind::Run, files, optional: vec![kept_inputs.clone()] };
        Ok(FeedFolder { files: FileSet::begin(folder, names)?, kept_inputs, keeps_inputs: Cell::new(false) })
    }

    /// Creates one of the files under its temporary name.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn create(&self, name: &str) -> Result<File, Failure> {
        self.files.create(name)
    }

    /// Writes the run file under its temporary name.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn write_run_file(&self, name: &str, record: &RunRecord) -> Result<(), Failure> {
        let mut file = self.create(name)?;
        let written = file.write_all(&record.to_bytes()).and_then(|()| file.sync_all());
        written.map_err(|error| Failure::file(&self.path(name), "write", error))
    }

    /// Keeps what a live source gave, in the folder of kept inputs.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn keep_input(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let folder = self.files.partial(&self.kept_inputs);
        if !self.keeps_inputs.replace(true) {
            fs::create_dir(&folder).map_err(|said| Failure::file(&folder, "create", said))?;
        }
        let path = folder.join(name);
        let failed = |said: io::Error| Failure::file(&path, "write", said);
        let mut file = File::create_new(&path).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        sync_folder(&folder)
    }

    /// The name of the folder of kept inputs.
    pub(crate) fn kept_inputs(&self) -> String {
        self.kept_inputs.clone()
    }

    /// Where a file will be, for error texts.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.files.path(name)
    }

    /// Gives the files, which are written and synced, their names, the run file last.
    ///
    /// # Errors
    /// An error of the system; then none of the files is there.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        self.publish_with(|| Ok(()))
    }

    /// The same with something that comes into its place with the run, right before the run file does.
    ///
    /// # Errors
    /// An error of the system or of `before_run_file`; then none of the files is there.
    pub(crate) fn publish_with(self, before_run_file: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        self.files.publish(before_run_file)
    }
}
