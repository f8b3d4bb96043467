//! The readable fields of a run file.

use chrono::{DateTime, NaiveDate, Utc};

use crate::format::non_completed::RequestIdStyle;
use crate::plan::calendar::{BusinessZone, Calendar};
use crate::plan::mix::Mix;
use crate::plan::rhythm::SeriesDay;

/// The readable fields of a run file.
#[derive(Debug, Default)]
pub(super) struct RecordedRun {
    /// True if the run file has no error, so that an input that it does not name was certainly absent.
    pub(super) is_sound: bool,
    /// The calendar of the run.
    pub(super) calendar: Option<Calendar>,
    /// The seed of the run.
    pub(super) seed: Option<u64>,
    pub(super) inputs: Vec<RecordedFile>,
    /// The roles of the tables that were inputs.
    pub(super) tables: Vec<String>,
    pub(super) outputs: Vec<RecordedFile>,
    /// The mix that was applied to the employees, and its seed.
    pub(super) mix: Option<(Mix, u64)>,
    /// The series, if the run is a day of one.
    pub(super) series: Option<SeriesRecord>,
    /// Whether its files begin with a byte order mark.
    pub(super) byte_order_mark: Option<bool>,
    /// How its `RequestId`s are written.
    pub(super) request_id: Option<RequestIdStyle>,
}

/// The series of a run, and the day in it.
#[derive(Debug)]
pub(super) struct SeriesRecord {
    pub(super) day: SeriesDay,
    pub(super) seed: u64,
    pub(super) now: DateTime<Utc>,
    pub(super) zone: BusinessZone,
    /// True if the run had recommendations.
    pub(super) with_recommendations: bool,
}

impl SeriesRecord {
    /// The date of the first day; `None` if no day can be reached.
    pub(super) fn first_date(&self) -> Option<NaiveDate> {
        self.day.rhythm.instants(self.zone).next().map(|instant| self.zone.date_of(instant))
    }
}

impl RecordedRun {
    /// True if the run had an input of a role, either a file or a table.
    pub(super) fn has_input(&self, role: &str) -> bool {
        self.inputs.iter().any(|input| input.role.as_deref() == Some(role)) || self.tables.iter().any(|one| one == role)
    }

    /// True for a later day of a series, whose state is what the day before left.
    pub(super) fn is_carried_on(&self) -> bool {
        self.series.as_ref().is_some_and(|series| series.day.day > 1)
    }

    /// True if the run had this file as an input of a role, by its name and its size in bytes.
    pub(super) fn names_input(&self, role: &str, name: &str, bytes: u64) -> bool {
        self.inputs
            .iter()
            .any(|input| input.role.as_deref() == Some(role) && input.name == name && input.bytes == Some(bytes))
    }

    /// True if the run used the built-in catalog.
    pub(super) fn used_the_built_in_catalog(&self) -> bool {
        self.inputs.iter().any(|input| input.built_in && input.role.as_deref() == Some("standalone_content"))
    }
}

/// An input or output in a run file.
#[derive(Debug)]
pub(super) struct RecordedFile {
    /// The name, without the folder.
    pub(super) name: String,
    /// The role of an input.
    pub(super) role: Option<String>,
    /// True if it is built into the program.
    pub(super) built_in: bool,
    pub(super) bytes: Option<u64>,
    pub(super) sha256: Option<String>,
}
