//! The progress of a run, and its results.

use btcfake_core::record::publication::RunIdentity;
use btcfake_core::report::charts::Chart;
use btcfake_core::run::tally::Tally;
use serde::{Deserialize, Serialize};

use super::tables::Table;
use super::writer::OutputFile;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// The files are being read.
    Reading,
    /// Employees are being simulated.
    Simulating {
        /// How many are done.
        done: usize,
        /// How many there are.
        of: usize,
    },
}

/// The results of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// How many employees there are.
    pub(crate) employees: usize,
    /// The counts of the run.
    pub(crate) tally: Tally,
    /// The summary, in groups of labelled lines.
    pub(crate) groups: Vec<Group>,
    /// The Daily Doses of the run, by id and name.
    pub(crate) daily_doses: Vec<String>,
    /// Results that people may not have intended.
    pub(crate) warnings: Vec<String>,
    /// Things left out or missing.
    pub(crate) notes: Vec<String>,
    /// What was broken on purpose, and where.
    pub(crate) broken: Vec<String>,
    /// The files, the run file last.
    pub(crate) files: Vec<OutputFile>,
    /// The recipe of the run.
    pub(crate) recipe: String,
    /// Identifies the run when it is compared with the last publication.
    pub(crate) identity: RunIdentity,
    /// The tables with rows, and the number of employees in each.
    pub(crate) tables: Vec<(Table, usize)>,
    /// The charts of the run.
    pub(crate) charts: Vec<Chart>,
    /// Chart labels in French, for contents with a French name in a catalog: content id, and label.
    pub(crate) french: Vec<(u64, String)>,
}

/// Lines of the summary under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    /// The heading.
    pub(crate) title: String,
    /// Label and value of each line.
    pub(crate) lines: Vec<(String, String)>,
}
