//! A file that was checked by itself, and the facts in it that other files are compared with.

use super::pairs::PairedRows;
use super::recorded_run::RecordedRun;
use super::report::{CheckedFile, GivenFile};
use super::run_key::RunKey;
use crate::format::assignments_table::Assignment;
use crate::format::completions_table::PastCompletion;
use crate::format::employees::Employee;
use crate::format::standalone_content::Content;

/// A file that was checked by itself, with what the others are compared with.
pub(super) struct Examined<'a> {
    pub(super) given: GivenFile<'a>,
    pub(super) checked: CheckedFile,
    /// The date and random part of its name, where it is a file of a run.
    pub(super) run: Option<RunKey>,
    pub(super) facts: Facts<'a>,
}

/// What a file says that others are compared with.
pub(super) enum Facts<'a> {
    /// What was completed in a run.
    Completions(PairedRows<'a>),
    /// What is assigned and not completed in a run.
    Assignments(PairedRows<'a>),
    /// What a run was made of and what it wrote.
    Record(RecordedRun),
    /// The population.
    Employees(Vec<Employee>),
    /// The contents of `StandAloneContent`.
    StandAloneContent(Vec<Content>),
    /// The contents of a course catalog, in order.
    CourseCatalog(Vec<u64>),
    /// The state table `content_assignments`.
    AssignmentsTable(Vec<Assignment>),
    /// The state table `content_completion`.
    CompletionsTable(Vec<PastCompletion>),
    /// Employees and the contents that were recommended to them, in order.
    Recommendations(Vec<(u64, u64)>),
    /// Nothing that another file could contradict, or an input that cannot be relied on.
    Nothing,
}
