//! The check of one file by itself: its kind, then the check of that kind.

use super::facts::{Examined, Facts};
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::report::{CheckedFile, SourceFile};
use super::{completions, inputs, non_completed, run_file, user_completion, vendor_name};
use crate::format::file_kind::{self, FileKind};
use crate::sheet::{self, Choices};
use crate::text::chunks::{Workers, first_chunk};
use crate::text::problem::Place;

/// Checks a file by itself.
pub(super) fn examine<'a>(given: SourceFile<'a>, workers: &impl Workers) -> Examined<'a> {
    let kind = kind_of(given);
    let source = given.source;
    let mut findings = Findings::default();
    let vendor_kind = kind.vendor_kind().filter(|_| given.is_file_name);
    let run = vendor_kind.and_then(|kind| vendor_name::check(given.name, kind, &mut findings));
    let (facts, rows) = match kind {
        FileKind::ContentUserCompletion => completions::check(source, workers, run.as_ref(), &mut findings),
        FileKind::NonCompletedAssignments => non_completed::check(source, workers, run.as_ref(), &mut findings),
        FileKind::UserCompletion => user_completion::check(source, workers, &mut findings),
        FileKind::RunFile => run_file::check(&source.whole(), &mut findings),
        FileKind::Unknown => {
            findings.report(FindingKind::UnknownFile, (Place::START, file_kind::unknown(&source.whole())));
            (Facts::Nothing, 0)
        }
        _ => {
            let none = Choices::NONE;
            let choices = given.chosen.map_or(&none, |(_, choices)| choices);
            inputs::check(kind, (source, choices), workers, &mut findings)
        }
    };
    let checked =
        CheckedFile { name: given.name.to_owned(), kind, rows, findings: findings.of_file(given.name), copy_of: None };
    Examined { given, checked, run, continues: None, facts }
}

/// The kind of a file; of a workbook or another table that is no plain CSV, that of the table in it.
pub(super) fn kind_of(given: SourceFile<'_>) -> FileKind {
    if let Some((role, _)) = given.chosen {
        return FileKind::of_input(role);
    }
    let kind = match file_kind::recognise(given.name, &first_chunk(given.source)) {
        FileKind::Unknown => file_kind::recognise(given.name, &given.source.whole()),
        kind => kind,
    };
    let is_checked_as_it_is =
        kind.vendor_kind().is_some() || matches!(kind, FileKind::Recommendations | FileKind::Details);
    let role = if is_checked_as_it_is { None } else { sheet::role_after_conversion(given.source) };
    role.map_or(kind, FileKind::of_input)
}
