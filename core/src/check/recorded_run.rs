//! What a run file says about a run, as far as it can be read.

use chrono::{DateTime, Utc};

use crate::plan::calendar::{BusinessZone, Calendar};
use crate::plan::mix::Mix;
use crate::plan::rhythm::SeriesDay;

/// What a run file says about a run.
#[derive(Debug, Default)]
pub(super) struct RecordedRun {
    /// Whether it has all its fields, so that what it does not name was not there.
    pub(super) is_sound: bool,
    /// The calendar of the run.
    pub(super) calendar: Option<Calendar>,
    /// The seed of the run.
    pub(super) seed: Option<u64>,
    pub(super) inputs: Vec<RecordedFile>,
    /// What the tables that went in were used as.
    pub(super) tables: Vec<String>,
    pub(super) outputs: Vec<RecordedFile>,
    /// The mix that was applied to the employees, and its seed.
    pub(super) mix: Option<(Mix, u64)>,
    /// Which day of which series it is, where it is one.
    pub(super) series: Option<SeriesRecord>,
}

/// What a run file says about the series that its run is a day of.
#[derive(Debug)]
pub(super) struct SeriesRecord {
    pub(super) day: SeriesDay,
    pub(super) seed: u64,
    pub(super) now: DateTime<Utc>,
    pub(super) zone: BusinessZone,
    /// Whether recommendations went into it.
    pub(super) with_recommendations: bool,
}

impl RecordedRun {
    /// Whether the run had an input of a role, be it a file or a table.
    pub(super) fn has_input(&self, role: &str) -> bool {
        self.inputs.iter().any(|input| input.role.as_deref() == Some(role)) || self.tables.iter().any(|one| one == role)
    }

    /// Whether the run took its contents from the catalog that is built into the program.
    pub(super) fn used_the_built_in_catalog(&self) -> bool {
        self.inputs.iter().any(|input| input.built_in && input.role.as_deref() == Some("standalone_content"))
    }
}

/// A file as a run file names it.
#[derive(Debug)]
pub(super) struct RecordedFile {
    /// Its name, without the folder.
    pub(super) name: String,
    /// What it was used as.
    pub(super) role: Option<String>,
    /// Whether it is built into the program.
    pub(super) built_in: bool,
    pub(super) bytes: Option<u64>,
    pub(super) sha256: Option<String>,
}
