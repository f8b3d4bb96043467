//! A feed that was broken on purpose: the faults that its run file lists, each with the finding that reveals it.

use super::finding::Finding;
use super::finding_kind::FindingKind;
use super::report::{CheckReport, GivenFile};
use crate::breakage::{Damage, Fault};
use crate::record::run_record::RunRecord;

/// The faults that were made on purpose, and the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokenOnPurpose<'r> {
    /// Each fault with the error that reveals it; `None` if there is none.
    pub faults: Vec<(Damage, Option<&'r Finding>)>,
    /// The errors that reveal no fault: consequences of one, or faults that nobody made.
    pub others: Vec<&'r Finding>,
}

/// Compares the faults of all run files among `files` with the findings of their report. `None` if no run file lists a
/// fault.
#[must_use]
pub fn broken_on_purpose<'r>(files: &[GivenFile<'_>], report: &'r CheckReport) -> Option<BrokenOnPurpose<'r>> {
    let records = files.iter().filter_map(|file| RunRecord::from_bytes(file.bytes).ok());
    let damage: Vec<Damage> = records.flat_map(|record| record.broken).collect();
    (!damage.is_empty()).then(|| BrokenOnPurpose::of(damage, report))
}

impl<'r> BrokenOnPurpose<'r> {
    /// Compares damage with the findings of a report. Each finding reveals one fault at the most.
    #[must_use]
    pub fn of(mut damage: Vec<Damage>, report: &'r CheckReport) -> BrokenOnPurpose<'r> {
        let findings = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
        let mut others: Vec<&Finding> = findings.filter(|finding| finding.is_error()).collect();
        // A fault without a line could take the finding of one with a line.
        damage.sort_by_key(|one| one.line.is_none());
        let faults = damage.into_iter().map(|one| {
            let found = others.iter().position(|finding| reveals(finding, &one)).map(|at| others.remove(at));
            (one, found)
        });
        let faults: Vec<(Damage, Option<&Finding>)> = faults.collect();
        // Employees are replaced less often than contents, and identify a row better.
        for fault in [Fault::UnknownEmployee, Fault::WithoutAssignment] {
            for (damage, _) in faults.iter().filter(|(damage, found)| damage.fault == fault && found.is_some()) {
                if let Some(at) = others.iter().position(|finding| follows_from(damage, finding)) {
                    others.remove(at);
                }
            }
        }
        BrokenOnPurpose { faults, others }
    }
}

/// True if the finding stands where the damage was done.
fn reveals(finding: &Finding, damage: &Damage) -> bool {
    let is_named = damage.fault == Fault::MissingFile
        && finding.kind == FindingKind::MissingFile
        && finding.data.other_file.as_deref() == Some(&*damage.file);
    is_named || (finding.file == damage.file && damage.line.is_none_or(|line| line == finding.place.line))
}

/// True if the finding may be a consequence of the damage: the row is missing whose employee or content was replaced, or the
/// employee's other rows stand apart.
fn follows_from(damage: &Damage, finding: &Finding) -> bool {
    let is_missing = matches!(
        finding.kind,
        FindingKind::MissingAssignment | FindingKind::MissingCompletion | FindingKind::LostAssignment
    );
    let id = match damage.fault {
        Fault::UnknownEmployee if is_missing || finding.kind == FindingKind::RowsApart => finding.data.employee_id,
        Fault::WithoutAssignment if is_missing => finding.data.content_id,
        _ => None,
    };
    id.is_some() && id == damage.replaced_id()
}
