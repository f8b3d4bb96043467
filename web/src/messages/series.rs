//! What page and worker say about days in a row.

use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::series_table::{COLUMNS, REASONS};
use serde::{Deserialize, Serialize};

use super::pick::Pick;

/// A series that the page wants. Attached: the files, in the order of the picks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SeriesOrder {
    /// The settings of every day; their instant does not count.
    pub(crate) settings: Settings,
    /// The last day: with it come all days before.
    pub(crate) last: SeriesDay,
    /// Which picks the attached files are.
    pub(crate) picks: Vec<Pick>,
}

/// The worker's reports about the series that it makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum SeriesNews {
    /// A day is made.
    Day {
        /// Its date.
        date: String,
        /// Its counts, by the columns of the core.
        cells: [u64; COLUMNS.len()],
        /// Its employees without a Daily Dose, by the reasons of the core.
        without_dose: [u64; REASONS.len()],
    },
    /// All days are made. Attached: the ZIP.
    Done {
        /// The name of the ZIP.
        name: String,
        /// The totals of the columns that have one.
        totals: [Option<u64>; COLUMNS.len()],
        /// Things left out or missing.
        notes: Vec<String>,
    },
    /// There is no series.
    Failed {
        /// Why, in plain words.
        why: String,
    },
}
