//! The explanation of one employee's rows, as data: history, new assignments, and what was completed and why.

use serde::{Deserialize, Serialize};

use crate::breakage::BreakList;
use crate::format::employees::EmployeeType;
use crate::inputs::state::GivenTables;
use crate::plan::new_population::NewPopulation;
use crate::rules::manager::{Conflict, LeftOut};
use crate::rules::training::{DropReason, Origin, Source};

/// Everything that led to one employee's rows. Instants are UTC, in the format of the vendor's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The employee.
    pub employee_id: u64,
    /// The employee's type.
    pub employee_type: EmployeeType,
    /// The type in the employees file, if the mix of the run changed it.
    pub type_before_mix: Option<EmployeeType>,
    /// The name of the employees file, as messages show it.
    #[serde(skip)]
    pub employees_file: String,
    /// The new population of the run, which is in no file; `None` if the employees were given.
    #[serde(skip)]
    pub population: Option<NewPopulation>,
    /// The line in that file, from 1.
    pub line: u32,
    /// The text of that line, if the file was given.
    pub line_text: Option<String>,
    /// The state tables that were given to the run.
    #[serde(skip)]
    pub given_tables: GivenTables,
    /// The employee's rows of `content_assignments`, each with whether it counts; then the assignments that are open
    /// since earlier days of a series.
    pub assigned_before: Vec<PastAssignment>,
    /// The employee's rows of `content_completion`, then the completions of earlier days of a series.
    pub completed_before: Vec<PastDay>,
    /// The Daily Dose conflict; `None` if there is none.
    pub conflict: Option<ConflictFound>,
    /// The Daily Doses of the day, in the order of giving, given or not.
    pub daily_doses: Vec<Dose>,
    /// The draw of the random content.
    pub random_content: RandomDraw,
    /// The answer of the recommender.
    pub recommender: Recommender,
    /// The training list, in order.
    pub list: Vec<ListItem>,
    /// The start of the shift, when the manager assigns.
    pub shift_opens: String,
    /// The end of the shift: the instant of the run.
    pub now: String,
    /// The seed of the run.
    pub seed: u64,
    /// The employee's rows by file, as they are before any faults are made.
    pub rows: Vec<FileRows>,
    /// The faults that were made in the feed on purpose, after these rows.
    #[serde(skip_serializing_if = "BreakList::is_empty")]
    pub breaks: BreakList,
}

/// A content with its name, if known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedContent {
    /// The content.
    pub content_id: u64,
    /// Its name.
    pub content_name: Option<String>,
}

/// A row of `content_assignments`, with NULL values replaced as the rules do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastAssignment {
    /// The line in the file, from 1; `None` for an entry from an earlier day of a series, or without the file.
    pub line: Option<u32>,
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// When it was assigned.
    pub assigned: String,
    /// The earliest instant at which it may be started.
    pub begin: String,
    /// When it is due.
    pub due: String,
    /// For an open Daily Dose, the seconds of its span that lie in the week, rounded up.
    pub seconds_in_week: Option<i64>,
    /// Whether and why the row counts.
    pub fate: AssignmentFate,
}

/// What became of a row of `content_assignments`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentFate {
    /// It is open.
    Open,
    /// The content was completed, so it is not open.
    Completed,
    /// Another row of the same content counts: the one with the later assignment date; of equal dates, the later row.
    Superseded,
}

/// A row of `content_completion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastDay {
    /// The line in the file, from 1; `None` for an entry from an earlier day of a series, or without the file.
    pub line: Option<u32>,
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// The date (business time zone).
    pub day: String,
    /// True if the content is a Daily Dose of the catalog.
    pub is_daily_dose: bool,
}

/// The reason why an employee gets no Daily Dose at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConflictFound {
    /// The kind of conflict.
    pub reason: Conflict,
    /// The Daily Dose that causes it.
    #[serde(flatten)]
    pub content: NamedContent,
    /// The date on which it was completed, or begin and due of the open assignment.
    pub when: Vec<String>,
    /// For an open Daily Dose, the seconds of its span that lie in the week; a conflict is more than 86,400.
    pub seconds_in_week: Option<i64>,
    /// The Monday of the week.
    pub monday: String,
    /// The Sunday of the week.
    pub sunday: String,
}

/// A Daily Dose of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dose {
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// True if the employee was given it.
    pub given: bool,
    /// The reason why this one was left out, if it was.
    pub left_out: Option<LeftOut>,
}

/// The draw of the random content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RandomDraw {
    /// The drawn content; `None` if none remained.
    pub drawn: Option<NamedContent>,
    /// The number of contents that it was drawn from.
    pub remaining: usize,
    /// The number of contents of the catalog that are not Daily Doses.
    pub of: usize,
}

/// The answer of the recommender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommender {
    /// True if the run was given recommendations.
    pub asked: bool,
    /// The reason why the call failed; `None` if it did not.
    pub failed_call: Option<String>,
    /// The recommendations, in the order of the answer.
    pub recommendations: Vec<RecommendationFate>,
}

/// A recommendation, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecommendationFate {
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// The reason why it is not on the list as a recommendation; `None` if it is.
    pub dropped: Option<DropReason>,
    /// The place of the content on the list, from 1, whatever its origin.
    pub place: Option<usize>,
    /// The date of the last completion up to today, if the recommendation was dropped because of it.
    pub completed_on: Option<String>,
}

/// An item of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListItem {
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// Its origin.
    pub origin: Origin,
    /// Its source: manager or recommender.
    pub source: Source,
    /// The instants of start and completion; `None` if it was not completed.
    pub done: Option<(String, String)>,
}

/// Rows of one file of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRows {
    /// The name of the file.
    pub file: String,
    /// The rows, without line ends.
    pub rows: Vec<String>,
}
