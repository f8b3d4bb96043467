//! The explanation of one employee's rows, as data: what was known before, what was given, what was done and why.

use serde::{Deserialize, Serialize};

use crate::breakage::BreakList;
use crate::format::employees::EmployeeType;
use crate::rules::manager::{Conflict, LeftOut};
use crate::rules::training::{DropReason, Origin, Source};

/// The whole way of one employee. Instants are UTC, as the vendor's files have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The employee.
    pub employee_id: u64,
    /// The employee's type.
    pub employee_type: EmployeeType,
    /// The type in the file of employees, where the mix of the run gave another.
    pub type_before_mix: Option<EmployeeType>,
    /// The name of the file of employees, for people.
    #[serde(skip)]
    pub employees_file: String,
    /// The line in that file, from 1.
    pub line: u32,
    /// What stands in that line.
    pub line_text: Option<String>,
    /// Which of the two state tables were given to the run: assignments, completions.
    #[serde(skip)]
    pub state_given: (bool, bool),
    /// The rows of `content_assignments` about the employee, and what of each; then what earlier days of a series left.
    pub assigned_before: Vec<PastAssignment>,
    /// The rows of `content_completion` about the employee, then what was completed on earlier days of a series.
    pub completed_before: Vec<PastDay>,
    /// Why there is no Daily Dose at all, if so.
    pub conflict: Option<ConflictFound>,
    /// The Daily Doses of the day, in the order in which they are given.
    pub daily_doses: Vec<Dose>,
    /// The draw of the random content.
    pub random_content: RandomDraw,
    /// The answer of the recommender.
    pub recommender: Recommender,
    /// The list, in the order in which it is done.
    pub list: Vec<ListItem>,
    /// When the shift opens, and the manager assigns.
    pub shift_opens: String,
    /// When it ends: the instant of the run.
    pub now: String,
    /// The seed of the run.
    pub seed: u64,
    /// The employee's rows, file by file, as they stand there, or stood before the feed was broken.
    pub rows: Vec<FileRows>,
    /// What the feed was broken by on purpose, after these rows were made.
    #[serde(skip_serializing_if = "BreakList::is_empty")]
    pub breaks: BreakList,
}

/// A content by id and, where one is known, name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedContent {
    /// The content.
    pub content_id: u64,
    /// Its name.
    pub content_name: Option<String>,
}

/// A row of `content_assignments`, with what is NULL filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastAssignment {
    /// The line in the file, from 1.
    pub line: Option<u32>,
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// When it was assigned.
    pub assigned: String,
    /// When it may be begun.
    pub begin: String,
    /// When it is due.
    pub due: String,
    /// How many seconds of an open Daily Dose's span lie in the week.
    pub seconds_in_week: Option<i64>,
    /// What of it.
    pub fate: AssignmentFate,
}

/// Whether a row of `content_assignments` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentFate {
    /// It is open.
    Open,
    /// The content was completed, so it is not open.
    Completed,
    /// Another row of the same content counts: that of the later assignment, of equal ones the later row.
    Superseded,
}

/// A row of `content_completion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastDay {
    /// The line in the file, from 1.
    pub line: Option<u32>,
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// The day, in the business time zone.
    pub day: String,
    /// Whether the content is a Daily Dose of the catalog.
    pub is_daily_dose: bool,
}

/// Why an employee gets no Daily Dose at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConflictFound {
    /// Why.
    pub reason: Conflict,
    /// The Daily Dose that is the reason.
    #[serde(flatten)]
    pub content: NamedContent,
    /// The day on which it was completed, or begin and due of the assignment.
    pub when: Vec<String>,
    /// How many seconds of an open one's span lie in the week; more than a day is too much.
    pub seconds_in_week: Option<i64>,
    /// The first day of the week.
    pub monday: String,
    /// The last.
    pub sunday: String,
}

/// A Daily Dose of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dose {
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// Whether the employee was given it.
    pub given: bool,
    /// Why it alone was left out, if so.
    pub left_out: Option<LeftOut>,
}

/// The draw of the random content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RandomDraw {
    /// What was drawn; nothing where nothing remained.
    pub drawn: Option<NamedContent>,
    /// How many contents it was drawn from.
    pub remaining: usize,
    /// How many contents of the catalog are no Daily Dose.
    pub of: usize,
}

/// The answer of the recommender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommender {
    /// Whether recommendations were given to the run at all.
    pub asked: bool,
    /// Why its call failed, if it did.
    pub failed_call: Option<String>,
    /// Its recommendations, in its order.
    pub recommendations: Vec<RecommendationFate>,
}

/// A recommendation, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecommendationFate {
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// Why it is not on the list as a recommendation, if so.
    pub dropped: Option<DropReason>,
    /// The place on the list where the content stands, from 1.
    pub place: Option<usize>,
    /// When it was completed last, up to today, if that is why it was dropped.
    pub completed_on: Option<String>,
}

/// An item of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListItem {
    /// The content.
    #[serde(flatten)]
    pub content: NamedContent,
    /// Where it comes from.
    pub origin: Origin,
    /// Who is behind it.
    pub source: Source,
    /// When it was begun and completed; nothing where it was not done.
    pub done: Option<(String, String)>,
}

/// Rows of one file of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRows {
    /// The name of the file.
    pub file: String,
    /// Its rows, without the line's end.
    pub rows: Vec<String>,
}
