//! Checks of inputs: each is read by its reader in `format`, and the reader's problems become the findings.

use super::facts::Facts;
use super::findings::Findings;
use super::sorted::sort_by_pair;
use super::state_assignment::StateAssignment;
use crate::format::employees::{self, BadRows};
use crate::format::file_kind::FileKind;
use crate::format::input_role::InputRole;
use crate::format::recommendations;
use crate::format::{assignments_table, completions_table, course_catalog, standalone_content};
use crate::sheet::{Choices, read_as, read_source_as};
use crate::text::chunks::{ByteSource, Workers};
use crate::text::problem::Reading;

/// Reads an input, with the answers to its questions, and counts its rows.
pub(super) fn check<'a>(
    kind: FileKind,
    (source, choices): (&dyn ByteSource, &Choices),
    workers: &impl Workers,
    findings: &mut Findings,
) -> (Facts<'a>, usize) {
    match kind {
        FileKind::Employees => take(
            read_source_as(InputRole::Employees, source, choices, |csv| {
                employees::read_from(csv, workers, BadRows::Refuse)
            }),
            findings,
            |employees| (employees.rows.len(), Facts::Employees(employees.rows)),
        ),
        FileKind::StandAloneContent => take(
            read_as(InputRole::StandaloneContent, &source.whole(), choices, standalone_content::read),
            findings,
            |contents| (contents.len(), Facts::StandAloneContent(contents)),
        ),
        FileKind::CourseCatalog => take(
            read_as(InputRole::CourseCatalog, &source.whole(), choices, course_catalog::read),
            findings,
            |contents| (contents.len(), Facts::CourseCatalog),
        ),
        FileKind::ContentAssignments => take(
            read_source_as(InputRole::Assignments, source, choices, |csv| {
                assignments_table::read_from(csv, workers, |_| true)
            }),
            findings,
            |rows| (rows.len(), Facts::AssignmentsTable(StateAssignment::sorted(rows))),
        ),
        FileKind::ContentCompletion => take(
            read_source_as(InputRole::Completions, source, choices, |csv| {
                completions_table::read_from(csv, workers, |_| true)
            }),
            findings,
            |mut rows| {
                sort_by_pair(&mut rows, |row| (row.ba_id, row.content_id, row.line));
                (rows.len(), Facts::CompletionsTable(rows))
            },
        ),
        FileKind::Recommendations => take(recommendations::read_contents_from(source, workers), findings, |contents| {
            (contents.answers, Facts::Recommendations(contents.latest()))
        }),
        _ => (Facts::Nothing, 0),
    }
}

/// The facts and the number of rows of a reading; no facts if an error refuses the file.
fn take<'a, T>(
    reading: Reading<T>,
    findings: &mut Findings,
    facts: impl FnOnce(T) -> (usize, Facts<'a>),
) -> (Facts<'a>, usize) {
    let is_refused = reading.is_refused();
    reading.problems.iter().for_each(|problem| findings.add_problem(problem));
    let (rows, facts) = facts(reading.value);
    (if is_refused { Facts::Nothing } else { facts }, rows)
}
