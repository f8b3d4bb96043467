//! One finding for one fault of a row. A wrong employee, content or time often breaks several rules at once; of those findings
//! only the most specific one is kept.

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::Finding;
use super::finding_kind::FindingKind as Kind;
use super::report::CheckReport;

/// What of a row is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subject {
    /// Employee, content, or the place of the row.
    Row,
    /// Its times.
    Times,
}

/// Subject and rank of a kind, the most specific first; `None` for kinds that stay in any case.
fn rank(kind: Kind) -> Option<(Subject, u8)> {
    let (subject, rank) = match kind {
        Kind::UnknownEmployee => (Subject::Row, 0),
        Kind::UnexplainedCompletion | Kind::UnknownContent => (Subject::Row, 1),
        Kind::CompletedAndListed => (Subject::Row, 2),
        Kind::CompletedBefore => (Subject::Row, 3),
        Kind::RepeatedPair => (Subject::Row, 4),
        Kind::RowsApart => (Subject::Row, 5),
        Kind::WrongAssignment => (Subject::Row, 6),
        Kind::OpenOrder => (Subject::Row, 7),
        Kind::EmployeeOrder => (Subject::Row, 8),
        Kind::TypeMismatch => (Subject::Row, 9),
        Kind::ListOrder => (Subject::Row, 10),
        Kind::ChangedAssignment | Kind::NewAssignmentDate => (Subject::Times, 0),
        Kind::OutsideShift => (Subject::Times, 1),
        Kind::Future | Kind::DueBeforeStart => (Subject::Times, 2),
        Kind::NoDuration | Kind::LongTraining => (Subject::Times, 3),
        Kind::TimeOrder => (Subject::Times, 4),
        Kind::Overlap => (Subject::Times, 5),
        _ => return None,
    };
    Some((subject, rank))
}

/// True for kinds of which a row may have several with the same rank: each wrong date of an assignment is a fault of its own.
fn may_repeat(kind: Kind) -> bool {
    matches!(kind, Kind::ChangedAssignment | Kind::NewAssignmentDate | Kind::Future | Kind::DueBeforeStart)
}

/// Drops the findings of a report that repeat another one about the same row.
pub(super) fn keep(report: &mut CheckReport) {
    let all = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
    let mut best: FxHashMap<(String, u32, Subject), u8> = FxHashMap::default();
    for one in all.filter(|one| one.count == 1) {
        let Some((subject, rank)) = rank(one.kind) else { continue };
        // Of two rows with the same employee and content, either may be the wrong one.
        let other = one.data.other_line.filter(|_| one.kind == Kind::RepeatedPair);
        for line in [Some(one.place.line), other].into_iter().flatten() {
            best.entry((one.file.clone(), line, subject)).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
        }
    }
    let mut reported: FxHashSet<(String, u32, Subject)> = FxHashSet::default();
    let mut is_best = |one: &Finding| {
        let of = |subject| (one.file.clone(), one.place.line, subject);
        // Which assignment it is, and whether a new one, is not known if its employee, content or place is wrong.
        let is_of_assignment =
            matches!(one.kind, Kind::NewAssignmentDate | Kind::NewAssignmentType | Kind::ChangedAssignment);
        if is_of_assignment && best.contains_key(&of(Subject::Row)) {
            return false;
        }
        let Some((subject, rank)) = rank(one.kind).filter(|_| one.count == 1) else { return true };
        // A row is not to blame for its order with another one that is wrong itself.
        let other = one.data.other_line.filter(|_| one.kind == Kind::ListOrder);
        let other = other.and_then(|line| best.get(&(one.file.clone(), line, subject)));
        if other.is_some_and(|best| *best < rank) {
            return false;
        }
        best.get(&of(subject)) == Some(&rank) && (may_repeat(one.kind) || reported.insert(of(subject)))
    };
    report.files.iter_mut().for_each(|file| file.findings.retain(&mut is_best));
    report.disagreements.retain(&mut is_best);
}
