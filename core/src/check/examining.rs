//! The check of one file by itself: its kind, then the check of that kind.

use super::facts::{Examined, Facts};
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::report::{CheckedFile, GivenFile};
use super::{completions, inputs, non_completed, run_record, user_completion, vendor_name};
use crate::format::file_kind::{self, CheckedKind};
use crate::sheet;
use crate::text::problem::Place;

/// Checks a file by itself.
pub(super) fn examine(given: GivenFile<'_>) -> Examined<'_> {
    let kind = kind_of(given);
    let mut findings = Findings::default();
    let run = kind.vendor_kind().and_then(|kind| vendor_name::check(given.name, kind, &mut findings));
    let (facts, rows) = match kind {
        CheckedKind::ContentUserCompletion => completions::check(given.bytes, run.as_ref(), &mut findings),
        CheckedKind::NonCompletedAssignments => non_completed::check(given.bytes, run.as_ref(), &mut findings),
        CheckedKind::UserCompletion => user_completion::check(given.bytes, &mut findings),
        CheckedKind::RunFile => run_record::check(given.bytes, &mut findings),
        CheckedKind::Unknown => {
            findings.report(FindingKind::UnknownFile, (Place::START, file_kind::unknown(given.bytes)));
            (Facts::Nothing, 0)
        }
        _ => inputs::check(kind, given.bytes, &mut findings),
    };
    let checked = CheckedFile { name: given.name.to_owned(), kind, rows, findings: findings.of_file(given.name) };
    Examined { given, checked, run, continues: None, facts }
}

/// The kind of a file; of a workbook or another table that is no plain CSV, that of the table in it.
pub(super) fn kind_of(given: GivenFile<'_>) -> CheckedKind {
    let kind = file_kind::recognise(given.name, given.bytes);
    let is_checked_as_it_is = kind.vendor_kind().is_some() || kind == CheckedKind::Recommendations;
    let role = if is_checked_as_it_is { None } else { sheet::role_after_conversion(given.bytes) };
    role.map_or(kind, CheckedKind::of_input)
}
