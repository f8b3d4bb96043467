//! The inputs: each is read by its own reader, whose problems are told as they are.

use super::CheckedKind;
use super::findings::Findings;
use super::pairs::PairedRows;
use super::run_record::RunRecord;
use crate::format::assignments_table::{self, Assignment};
use crate::format::completions_table::{self, PastCompletion};
use crate::format::course_catalog;
use crate::format::employees::{self, BadRows, Employee};
use crate::format::recommendations::{self, Answer};
use crate::format::standalone_content::{self, Content};
use crate::text::problem::Reading;

/// What a file says that others are compared with.
pub(super) enum Facts<'a> {
    /// What was completed in a run.
    Completions(PairedRows<'a>),
    /// What is assigned and not completed in a run.
    Assignments(PairedRows<'a>),
    /// What a run was made of and what it wrote.
    Record(RunRecord),
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

/// Reads an input and counts its rows.
pub(super) fn check<'a>(kind: CheckedKind, bytes: &'a [u8], findings: &mut Findings) -> (Facts<'a>, usize) {
    match kind {
        CheckedKind::Employees => take(employees::read(bytes, BadRows::Refuse), findings, |employees| {
            (employees.rows.len(), Facts::Employees(employees.rows))
        }),
        CheckedKind::StandAloneContent => take(standalone_content::read(bytes), findings, |contents| {
            (contents.len(), Facts::StandAloneContent(contents))
        }),
        CheckedKind::CourseCatalog => take(course_catalog::read(bytes), findings, |contents| {
            let ids = contents.iter().map(|content| content.id).collect();
            (contents.len(), Facts::CourseCatalog(in_order(ids)))
        }),
        CheckedKind::ContentAssignments => {
            take(assignments_table::read(bytes, |_| true), findings, |rows| (rows.len(), Facts::AssignmentsTable(rows)))
        }
        CheckedKind::ContentCompletion => {
            take(completions_table::read(bytes, |_| true), findings, |rows| (rows.len(), Facts::CompletionsTable(rows)))
        }
        CheckedKind::Recommendations => take(recommendations::read(bytes, |_| true), findings, |answers| {
            let mut latest = rustc_hash::FxHashMap::default();
            for answer in &answers {
                latest.insert(answer.ba_id, &answer.answer);
            }
            let items = latest.into_iter().flat_map(|(ba_id, answer)| {
                let contents = match answer {
                    Answer::Recommendations(items) => items.as_slice(),
                    Answer::Failed(_) => &[],
                };
                contents.iter().map(move |item| (ba_id, item.content_id))
            });
            (answers.len(), Facts::Recommendations(in_order(items.collect())))
        }),
        _ => (Facts::Nothing, 0),
    }
}

/// Takes over a reading: its problems, and its facts where nothing refuses it.
fn take<'a, T>(
    reading: Reading<T>,
    findings: &mut Findings,
    facts: impl FnOnce(T) -> (usize, Facts<'a>),
) -> (Facts<'a>, usize) {
    let is_refused = reading.is_refused();
    for problem in reading.problems {
        findings.take_over(problem);
    }
    let (rows, facts) = facts(reading.value);
    (if is_refused { Facts::Nothing } else { facts }, rows)
}

fn in_order<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort();
    values.dedup();
    values
}
