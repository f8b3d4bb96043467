//! The messages about a series of days.

use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::series_table::{COLUMNS, REASONS};
use serde::{Deserialize, Serialize};

use super::pick::Pick;

/// A series that the page wants. Attached: the files, in the order of the picks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SeriesOrder {
    /// The settings of every day; their instant is ignored.
    pub(crate) settings: Settings,
    /// The last day. All days before it are made, too.
    pub(crate) last: SeriesDay,
    /// Which picks the attached files are.
    pub(crate) picks: Vec<Pick>,
}

/// The worker's reports about the series that it makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum SeriesReport {
    /// A day is made.
    Day {
        /// Its date.
        date: String,
        /// Its counts, in the order of [`COLUMNS`].
        cells: [u64; COLUMNS.len()],
        /// Its employees without a Daily Dose, in the order of [`REASONS`].
        without_dose: [u64; REASONS.len()],
    },
    /// All days are made. Attached: the ZIP.
    Done {
        /// The name of the ZIP.
        name: String,
        /// The total of each column; `None` for a column without one.
        totals: [Option<u64>; COLUMNS.len()],
        /// Things left out or missing.
        notes: Vec<String>,
    },
    /// The series failed.
    Failed {
        /// Why, in plain words.
        why: String,
    },
}
