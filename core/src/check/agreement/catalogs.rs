//! Comparison of a run with StandAloneContent: a new assignment must be of one of its contents, a completion of an assigned or
//! recommended one. Course catalogs have names only, so their contents cannot be assigned.

use rustc_hash::FxHashSet;

use super::compared::{ComparedRun, Disagreements, FileFacts, Inputs};
use super::known::Known;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::pairs::{Pair, PairedRows};
use crate::check::sorted::Search;
use crate::check::state_assignment::StateAssignment;
use crate::format::completions_table::PastCompletion;
use crate::format::{completions, non_completed};

/// Compares a run with `StandAloneContent`, if it is given or the run used the built-in one.
pub(super) fn compare(run: &ComparedRun<'_, '_>, inputs: &Inputs<'_>, known: &Known<'_>, found: &mut Disagreements) {
    let contents = known.contents();
    if inputs.standalone.is_empty() && contents.is_none() {
        return;
    }
    let given = inputs.standalone.iter().flat_map(|contents| contents.iter());
    let ids = given.chain(contents.iter().flat_map(|contents| contents.iter())).map(|content| content.id);
    let assignable: FxHashSet<u64> = ids.collect();
    // Without the table, any assignment may have been open before the run.
    let Some(assigned) = known.assignments_at_first else { return };
    if let Some(assignments) = run.assignments {
        check_new(assignments, &assignable, assigned, found);
    }
    if let (Some(completions), Some(recommended)) = (run.completions, &known.recommendations) {
        let reasons = Reasons { assignable, assigned, recommended, completed: known.completions.unwrap_or_default() };
        check_reasons(completions, &reasons, found);
    }
}

/// Checks that the content of each new assignment can be assigned. An assignment is new if the state table does not have its
/// pair.
fn check_new(
    file: FileFacts<'_, PairedRows<'_>>,
    assignable: &FxHashSet<u64>,
    assigned: &[StateAssignment],
    found: &mut Disagreements,
) {
    let mut assigned = Search::new(assigned, StateAssignment::pair);
    let is_new = |pair: &&Pair| !assignable.contains(&pair.content()) && !assigned.has(pair.key());
    for pair in file.value.pairs.iter().filter(is_new) {
        found.add(file, FindingKind::UnknownContent, pair, non_completed::CONTENT, |_, content| {
            let text = format!(
                "content {content} is not in StandAloneContent, so it cannot be assigned anew; if it was open before, give \
                 the content_assignments that says so"
            );
            FindingDraft::from(text).surplus()
        });
    }
}

/// What explains the completions of a run.
struct Reasons<'k> {
    /// The contents that can be assigned.
    assignable: FxHashSet<u64>,
    /// The assignments before the run.
    assigned: &'k [StateAssignment],
    /// The recommended pairs.
    recommended: &'k [(u64, u64)],
    /// The completions before the run: their pairs are no longer open, and not assigned anew.
    completed: &'k [PastCompletion],
}

/// Checks that each completion belongs to an open or new assignment, or to a recommendation.
fn check_reasons(file: FileFacts<'_, PairedRows<'_>>, reasons: &Reasons<'_>, found: &mut Disagreements) {
    let mut assigned = Search::new(reasons.assigned, StateAssignment::pair);
    let mut recommended = Search::new(reasons.recommended, |pair| *pair);
    let mut completed = Search::new(reasons.completed, PastCompletion::pair);
    for pair in &file.value.pairs {
        let was_completed = completed.has(pair.key());
        let may_be_assigned = reasons.assignable.contains(&pair.content()) || assigned.has(pair.key());
        if may_be_assigned && !was_completed || recommended.has(pair.key()) {
            continue;
        }
        found.add(file, FindingKind::UnexplainedCompletion, pair, completions::CONTENT, |pair, content| {
            let employee = pair.employee();
            let text = if was_completed {
                format!(
                    "nothing explains why employee {employee} completed content {content} again: it is not recommended, \
                     and nobody is assigned what was completed before"
                )
            } else {
                format!(
                    "nothing explains why employee {employee} completed content {content}: it is in no StandAloneContent, \
                     assignment or recommendation that was given"
                )
            };
            FindingDraft::from(text).surplus()
        });
    }
}
