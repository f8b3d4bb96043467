//! Folder of a run's files: a [`FileSet`] whose seal is the run file, so a run is complete when its run file exists.
//!
//! Inputs from live sources are kept beside the run file in a folder of their own, `run_…_inputs`, which belongs to the
//! same set.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use btcfake_core::breakage::{BreakList, broken_names};
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::run::feed_names::FeedNames;

use crate::files::file_set::{FileSet, SetKind, SetNames, sync_folder};
use crate::terminal::failure::{Failure, FileResult};

/// Files of a run that are being written. Dropping it before [`FeedFolder::publish`] removes them.
pub(crate) struct FeedFolder {
    files: FileSet,
    kept_inputs: String,
    keeps_inputs: Cell<bool>,
}

impl FeedFolder {
    /// Prepares the folder: creates it, removes leftovers of killed runs, and checks that the names are free. A feed
    /// that is broken on purpose may have other names, and fewer.
    ///
    /// # Errors
    /// A name that exists, a folder that cannot be used, or another run that is writing the same names.
    pub(crate) fn begin(folder: &Path, names: &FeedNames, list: &BreakList) -> Result<FeedFolder, Failure> {
        let kept_inputs = format!("{}_inputs", names.run.trim_end_matches(".json"));
        let files = broken_names(names, list).into_iter().chain([names.run.clone()]).collect();
        let names = SetNames { kind: SetKind::Run, files, optional: vec![kept_inputs.clone()] };
        Ok(FeedFolder { files: FileSet::begin(folder, names)?, kept_inputs, keeps_inputs: Cell::new(false) })
    }

    /// Creates one of the files under its temporary name.
    ///
    /// # Errors
    /// A file that cannot be created.
    pub(crate) fn create(&self, name: &str) -> Result<File, Failure> {
        self.files.create(name)
    }

    /// Writes and syncs the run file under its temporary name.
    ///
    /// # Errors
    /// A file that cannot be created, written or synced.
    pub(crate) fn write_run_file(&self, name: &str, record: &RunRecord) -> Result<(), Failure> {
        let mut file = self.create(name)?;
        let written = file.write_all(&record.to_bytes()).and_then(|()| file.sync_all());
        written.of_file(&self.path(name), "write")
    }

    /// Writes an input from a live source into the folder of kept inputs.
    ///
    /// # Errors
    /// A folder or file that cannot be created, written or synced.
    pub(crate) fn keep_input(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let folder = self.files.partial(&self.kept_inputs);
        if !self.keeps_inputs.replace(true) {
            fs::create_dir(&folder).of_file(&folder, "create")?;
        }
        let path = folder.join(name);
        let mut file = File::create_new(&path).of_file(&path, "write")?;
        file.write_all(bytes).and_then(|()| file.sync_all()).of_file(&path, "write")?;
        sync_folder(&folder)
    }

    /// Name of the folder of kept inputs.
    pub(crate) fn kept_inputs(&self) -> String {
        self.kept_inputs.clone()
    }

    /// Final path of a file, for error messages.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.files.path(name)
    }

    /// Renames the files, which must be written and synced, to their final names, the run file last.
    ///
    /// # Errors
    /// A failed rename or sync; then none of the files is in place.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        self.publish_with(|| Ok(()))
    }

    /// As [`FeedFolder::publish`], with a step right before the run file is renamed.
    ///
    /// # Errors
    /// A failed rename or sync, or the failure of `before_run_file`; then none of the files is in place.
    pub(crate) fn publish_with(self, before_run_file: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        self.files.publish(before_run_file)
    }
}
