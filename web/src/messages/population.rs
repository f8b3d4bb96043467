//! What the page and the population's worker say to each other. That is a worker of its own, so that cancelling a run,
//! which ends a worker, costs no edits.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use btcfake_core::roster::{Filter, RosterTally};
use serde::{Deserialize, Serialize};

/// How many rows the page asks for at a time: more than it shows at once.
pub(crate) const ROWS_IN_VIEW: usize = 30;

/// What the page says.
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
    /// Hand over the file as it stands.
    Save,
    /// Do something with what is open, and report how it looks then.
    Do {
        /// What.
        act: Act,
        /// The place of the first row that is wanted, among those that are found.
        first: usize,
    },
}

/// Which row is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RowChoice {
    /// The one at a place among the rows that are found, from 0.
    Place(usize),
    /// The one with a number of [`PopulationRow::number`], wherever it stands by now: the rows that were seen may have given
    /// way to others.
    Number(usize),
}

/// Something that is done with the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Act {
    /// Nothing: other rows are looked at.
    Look,
    /// Find rows.
    Find(Filter),
    /// Select one row, and no other.
    Select(RowChoice),
    /// Select a row besides, or no more.
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
    /// Take the selected rows out.
    Remove,
    /// Add employees: ids as they were typed, and their type.
    Add(String, EmployeeType),
    /// Give the employees the types of a mix, by a seed.
    ApplyMix(Mix, u64),
    /// Take the last edit back.
    Undo,
    /// Make the edit again that was undone last.
    Redo,
}

/// What the population's worker says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum FromPopulation {
    /// How what is open looks. Attached, where its file is another than before: the file.
    View(PopulationView),
    /// The file as it stands. Attached: the file.
    Saved,
    /// What cannot be opened, and why.
    Refused(String),
}

/// How the population looks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PopulationView {
    /// How many rows are found.
    pub(crate) found: usize,
    /// The place of the first row that is sent.
    pub(crate) first: usize,
    /// The rows from there.
    pub(crate) rows: Vec<PopulationRow>,
    /// How many rows are selected.
    pub(crate) selected: usize,
    /// Counts of rows by their state.
    pub(crate) tally: RosterTally,
    /// How many edits were made and not undone.
    pub(crate) edits: usize,
    /// What undoing takes back.
    pub(crate) undo: Option<String>,
    /// What redoing brings back.
    pub(crate) redo: Option<String>,
    /// What came of what was done; nothing where there is nothing to say.
    pub(crate) message: String,
    /// Whether what was done gives employees types, which a mix would take away again.
    pub(crate) gives_types: bool,
    /// The place of a row that should be seen now.
    pub(crate) reveal: Option<usize>,
}

/// A row of the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PopulationRow {
    /// Its number among all rows, from 0.
    pub(crate) number: usize,
    /// Its line in the file, or nothing where it was added.
    pub(crate) line: Option<u32>,
    /// The employee's id, or nothing where the row is none of an employee.
    pub(crate) id: Option<u64>,
    /// How it stands.
    pub(crate) stand: RowStand,
    /// The row itself, or what is wrong with it.
    pub(crate) text: String,
    /// Whether it is selected.
    pub(crate) is_selected: bool,
    /// Whether it is not as it was in the file.
    pub(crate) is_edited: bool,
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RowStand {
    /// An employee.
    On(EmployeeType),
    /// An employee that is switched off.
    Off(EmployeeType),
    /// A comment.
    Comment,
    /// A row with a problem.
    Problem,
}
