//! A file after its own check, with the facts that are needed to compare it with other files.

use super::pairs::PairedRows;
use super::recorded_run::RecordedRun;
use super::report::{CheckedFile, SourceFile};
use super::state_assignment::StateAssignment;
use super::vendor_name::RunKey;
use crate::format::completions_table::PastCompletion;
use crate::format::employees::Employee;
use crate::format::standalone_content::Content;

/// A file after its own check.
pub(super) struct Examined<'a> {
    pub(super) given: SourceFile<'a>,
    pub(super) checked: CheckedFile,
    /// The date and random part of its name, if it is a file of a run.
    pub(super) run: Option<RunKey>,
    /// The position of the file that it continues, which has the facts of both.
    pub(super) continues: Option<usize>,
    pub(super) facts: Facts<'a>,
}

/// The facts of a file, for comparison with other files.
pub(super) enum Facts<'a> {
    /// The completions of a run, or the assignments that are left after it.
    Rows(PairedRows<'a>),
    /// The run file.
    Record(RecordedRun),
    /// The population.
    Employees(Vec<Employee>),
    /// The contents of `StandAloneContent`.
    StandAloneContent(Vec<Content>),
    /// A course catalog, which has names only.
    CourseCatalog,
    /// The state table `content_assignments`, sorted by employee, content and line.
    AssignmentsTable(Vec<StateAssignment>),
    /// The state table `content_completion`, sorted by employee, content and line.
    CompletionsTable(Vec<PastCompletion>),
    /// Pairs of employee and recommended content, in order.
    Recommendations(Vec<(u64, u64)>),
    /// No facts to compare, or a refused input.
    Nothing,
}
