//! The messages between the page and the population's worker. It is a worker of its own, because cancelling a run ends the
//! run's worker, and edits must survive that.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use btcfake_core::roster::{Filter, RosterTally};
use serde::{Deserialize, Serialize};

/// How many rows the page asks for at a time: more than it shows at once.
pub(crate) const ROWS_IN_VIEW: usize = 30;

/// A message from the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToPopulation {
    /// Open employees.csv. Attached: the file.
    Open,
    /// Open a made-up population.
    MakeUp {
        /// Number and ids.
        population: NewPopulation,
        /// Its types.
        mix: Mix,
        /// Its seed.
        seed: u64,
    },
    /// Send the file with its edits.
    Save,
    /// Do something with the open population, and send its view.
    Do {
        /// What to do.
        action: RosterAction,
        /// The position of the first row to send, among the found rows, from 0.
        first: usize,
    },
}

/// Which row is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RowChoice {
    /// The row at a position among the found rows, from 0.
    Place(usize),
    /// The row with this [`PopulationRow::number`], wherever it is now: other rows may have come into view since it was
    /// clicked.
    Number(usize),
}

/// Something that is done with the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum RosterAction {
    /// Nothing; other rows come into view.
    Look,
    /// Find rows.
    Find(Filter),
    /// Select one row, and no other.
    Select(RowChoice),
    /// Add a row to the selection, or remove it from there.
    Toggle(RowChoice),
    /// Select the rows from one to another, and no others.
    SelectRange(RowChoice, RowChoice),
    /// Select all rows that are found.
    SelectAll,
    /// Select none.
    SelectNone,
    /// Give the selected rows a type.
    SetType(EmployeeType),
    /// Make comments of the selected rows.
    SwitchOff,
    /// Make employees of the selected comments.
    SwitchOn,
    /// Remove the selected rows.
    Remove,
    /// Add employees: ids as they were typed, and their type.
    Add(String, EmployeeType),
    /// Give the employees the types of a mix, by a seed.
    ApplyMix(Mix, u64),
    /// Undo the last edit.
    Undo,
    /// Redo the edit that was undone last.
    Redo,
}

/// A message from the population's worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum FromPopulation {
    /// The view of the open population. Attached if it changed: the file.
    View(PopulationView),
    /// The file with its edits, which is attached.
    Saved,
    /// Why a population cannot be opened.
    Refused(String),
}

/// The population as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PopulationView {
    /// The number of rows that the filter finds.
    pub(crate) found: usize,
    /// The position of the first row of `rows` among the found rows, from 0.
    pub(crate) first: usize,
    /// The rows from there.
    pub(crate) rows: Vec<PopulationRow>,
    /// How many rows are selected.
    pub(crate) selected: usize,
    /// Counts of rows by their state.
    pub(crate) tally: RosterTally,
    /// The number of edits that are not undone.
    pub(crate) edits: usize,
    /// The edit that undo takes back, in words.
    pub(crate) undo: Option<String>,
    /// The edit that redo brings back, in words.
    pub(crate) redo: Option<String>,
    /// The result of the last action, in a sentence; may be empty.
    pub(crate) message: String,
    /// Whether the last action set types of employees, which a mix of the run would override.
    pub(crate) gives_types: bool,
    /// The position of a row to scroll into view.
    pub(crate) reveal: Option<usize>,
}

/// A row of the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PopulationRow {
    /// Its number among all rows, from 0.
    pub(crate) number: usize,
    /// Its line in the file, from 1; `None` for an added row.
    pub(crate) line: Option<u32>,
    /// The employee's id; `None` for a row without an employee.
    pub(crate) id: Option<u64>,
    /// Its state.
    pub(crate) status: RowStatus,
    /// The text of the row, or its problem.
    pub(crate) text: String,
    /// Whether it is selected.
    pub(crate) is_selected: bool,
    /// Whether it differs from the file.
    pub(crate) is_edited: bool,
}

/// The state of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RowStatus {
    /// An employee.
    On(EmployeeType),
    /// An employee that is switched off.
    Off(EmployeeType),
    /// A comment.
    Comment,
    /// A row with a problem.
    Problem,
}
