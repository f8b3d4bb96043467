//! Comparison of a run with the catalogs: a new assignment must be of a known content, a completion of an assigned or
//! recommended one.

use rustc_hash::FxHashSet;

use super::compared::{ComparedRun, Disagreements, FileFacts, Inputs};
use super::known::Known;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::pairs::{Pair, PairedRows};
use crate::check::sorted::Search;
use crate::check::state_assignment::StateAssignment;
use crate::format::{completions, non_completed};

/// Compares a run with the catalogs, if `StandAloneContent` is among them or the run used the built-in one.
pub(super) fn compare(run: &ComparedRun<'_, '_>, inputs: &Inputs<'_>, known: &Known<'_>, found: &mut Disagreements) {
    let contents = known.contents();
    if inputs.standalone.is_empty() && contents.is_none() {
        return;
    }
    let given = inputs.standalone.iter().flat_map(|contents| contents.iter());
    let ids = given.chain(contents.iter().flat_map(|contents| contents.iter())).map(|content| content.id);
    let in_catalogs: FxHashSet<u64> = ids.chain(inputs.courses.iter().flat_map(|ids| ids.iter().copied())).collect();
    // Without the table, any assignment may have been open before the run.
    let Some(assigned) = known.assignments_at_first else { return };
    if let Some(assignments) = run.assignments {
        check_new(assignments, &in_catalogs, assigned, found);
    }
    if let (Some(completions), Some(recommended)) = (run.completions, &known.recommendations) {
        check_reasons(completions, recommended, &in_catalogs, assigned, found);
    }
}

/// Checks that the content of each new assignment is in a catalog. An assignment is new if the state table does not have its
/// pair.
fn check_new(
    file: FileFacts<'_, PairedRows<'_>>,
    known: &FxHashSet<u64>,
    assigned: &[StateAssignment],
    found: &mut Disagreements,
) {
    let mut assigned = Search::new(assigned, StateAssignment::pair);
    let is_new = |pair: &&Pair| !known.contains(&pair.content()) && !assigned.has(pair.key());
    for pair in file.value.pairs.iter().filter(is_new) {
        found.add(file, FindingKind::UnknownContent, pair, non_completed::CONTENT, |_, content| {
            let text = format!(
                "content {content} is in no catalog that was given, so it cannot be assigned anew; if it was open before, \
                 give the content_assignments that says so"
            );
            FindingDraft::from(text).surplus()
        });
    }
}

/// Checks that each completion belongs to an open or new assignment, or to a recommendation.
fn check_reasons(
    file: FileFacts<'_, PairedRows<'_>>,
    recommended: &[(u64, u64)],
    known: &FxHashSet<u64>,
    assigned: &[StateAssignment],
    found: &mut Disagreements,
) {
    let mut assigned = Search::new(assigned, StateAssignment::pair);
    let mut recommended = Search::new(recommended, |pair| *pair);
    for pair in &file.value.pairs {
        if known.contains(&pair.content()) || assigned.has(pair.key()) || recommended.has(pair.key()) {
            continue;
        }
        found.add(file, FindingKind::UnexplainedCompletion, pair, completions::CONTENT, |pair, content| {
            let text = format!(
                "nothing explains why employee {} completed content {content}: it is in no catalog, assignment or \
                 recommendation that was given",
                pair.employee()
            );
            FindingDraft::from(text).surplus()
        });
    }
}
