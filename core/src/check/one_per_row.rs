//! One finding for one fault of a row. A wrong employee, content, place or time often breaks several rules at once, also for the
//! rows with which it is compared; of those findings only the most specific one is kept.

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

/// Subject and rank of a kind, the most specific first, also among both subjects; `None` for kinds that stay in any case.
fn rank(kind: Kind) -> Option<(Subject, u8)> {
    let (subject, rank) = match kind {
        Kind::UnknownEmployee => (Subject::Row, 0),
        Kind::UnknownContent => (Subject::Row, 1),
        Kind::CompletedAndListed => (Subject::Row, 2),
        Kind::CompletedBefore => (Subject::Row, 3),
        Kind::UnexplainedCompletion => (Subject::Row, 4),
        Kind::RepeatedPair => (Subject::Row, 5),
        Kind::WrongAssignment => (Subject::Row, 6),
        Kind::RowsApart => (Subject::Row, 7),
        Kind::OpenOrder => (Subject::Row, 8),
        Kind::EmployeeOrder => (Subject::Row, 9),
        Kind::TypeMismatch => (Subject::Row, 10),
        Kind::ListOrder => (Subject::Row, 13),
        Kind::ChangedAssignment | Kind::NewAssignmentDate => (Subject::Times, 0),
        Kind::OutsideShift => (Subject::Times, 1),
        Kind::Future | Kind::DueBeforeStart => (Subject::Times, 2),
        Kind::NoDuration | Kind::LongTraining => (Subject::Times, 3),
        Kind::TimeOrder => (Subject::Times, 11),
        Kind::Overlap => (Subject::Times, 12),
        _ => return None,
    };
    Some((subject, rank))
}

/// True for kinds of which a row may have several with the same rank: each wrong date of an assignment is a fault of its own.
fn may_repeat(kind: Kind) -> bool {
    matches!(kind, Kind::ChangedAssignment | Kind::NewAssignmentDate | Kind::Future | Kind::DueBeforeStart)
}

/// The lines of the rows of the same file with which a finding compares its row. Any of them may be the wrong one.
fn compared_rows(one: &Finding) -> impl Iterator<Item = u32> {
    let other = one.data.other_line.filter(|_| one.data.other_file.is_none());
    other.into_iter().chain(one.data.compared_rows.iter().copied())
}

/// The best rank of the findings about each row, by the name of the file, the line and the subject.
#[derive(Default)]
struct Ranks(FxHashMap<(String, u32, Subject), u8>);

impl Ranks {
    fn add(&mut self, file: &str, line: u32, (subject, rank): (Subject, u8)) {
        self.0.entry((file.to_owned(), line, subject)).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
    }

    /// True if another finding about one of some rows is more specific.
    fn has_better(&self, file: &str, lines: impl IntoIterator<Item = u32>, (subject, rank): (Subject, u8)) -> bool {
        let is_better = |line| self.0.get(&(file.to_owned(), line, subject)).is_some_and(|best| *best < rank);
        lines.into_iter().any(is_better)
    }
}

/// The findings about the rows of a report.
#[derive(Default)]
struct Blame {
    /// The rows of which a finding says that they are wrong.
    of_rows: Ranks,
    /// The same, and the rows with which they are compared.
    of_compared: Ranks,
}

impl Blame {
    fn of(report: &CheckReport) -> Blame {
        let mut blame = Blame::default();
        let all = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
        for one in all.filter(|one| one.count == 1) {
            let Some(ranked) = rank(one.kind) else { continue };
            // Of two rows with the same employee and content, either may be the wrong one.
            let is_of_pair = matches!(one.kind, Kind::RepeatedPair | Kind::CompletedAndListed);
            let other = one.data.other_line.filter(|_| is_of_pair);
            let other = other.map(|line| (one.data.other_file.as_ref().unwrap_or(&one.file), line));
            for (file, line) in [(&one.file, one.place.line)].into_iter().chain(other) {
                blame.of_rows.add(file, line, ranked);
                blame.of_compared.add(file, line, ranked);
            }
            compared_rows(one).for_each(|line| blame.of_compared.add(&one.file, line, ranked));
        }
        blame
    }

    /// True if another finding explains one: about the same row, or about a row with which it is compared.
    fn explains(&self, one: &Finding, (subject, rank): (Subject, u8)) -> bool {
        if self.of_rows.has_better(&one.file, [one.place.line], (subject, rank)) {
            return true;
        }
        let subjects: &[Subject] = match one.kind {
            // One training too many may be that of another employee.
            Kind::TypeMismatch => return self.of_rows.has_better(&one.file, compared_rows(one), (subject, rank)),
            // Of two rows in the wrong order, either may be the wrong one. These orders are orders of time, too.
            Kind::TimeOrder | Kind::Overlap | Kind::ListOrder => &[Subject::Row, Subject::Times],
            Kind::RowsApart | Kind::OpenOrder | Kind::EmployeeOrder => &[Subject::Row],
            _ => &[],
        };
        let both = || compared_rows(one).chain([one.place.line]);
        subjects.iter().any(|subject| self.of_compared.has_better(&one.file, both(), (*subject, rank)))
    }
}

/// Drops the findings of a report that repeat another one about the same row.
pub(super) fn keep(report: &mut CheckReport) {
    let blame = Blame::of(report);
    let mut reported: FxHashSet<(String, u32, Subject)> = FxHashSet::default();
    let mut is_best = |one: &Finding| {
        // Which assignment it is, and whether a new one, is not known if its employee, content or place is wrong.
        let is_of_assignment =
            matches!(one.kind, Kind::NewAssignmentDate | Kind::NewAssignmentType | Kind::ChangedAssignment);
        if is_of_assignment && blame.of_rows.has_better(&one.file, [one.place.line], (Subject::Row, u8::MAX)) {
            return false;
        }
        let Some(ranked) = rank(one.kind).filter(|_| one.count == 1) else { return true };
        !blame.explains(one, ranked)
            && (may_repeat(one.kind) || reported.insert((one.file.clone(), one.place.line, ranked.0)))
    };
    report.files.iter_mut().for_each(|file| file.findings.retain(&mut is_best));
    report.disagreements.retain(&mut is_best);
}
