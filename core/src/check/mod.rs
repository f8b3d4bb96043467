//! Checking files: what kind each is, every way in which it breaks the format or the rules, and whether the files of a
//! set agree with each other.
//!
//! Start at [`check`]. Inputs are read by their readers in [`crate::format`]; the vendor files go through a strict pass
//! of their own (`vendor_rows` takes the lines apart, one module for each kind says what its fields must be), and
//! `agreement` compares the files of a set. Nothing here is kept for each row but what compares rows with each other:
//! files of millions of rows are checked in seconds.

mod agreement;
mod completions;
mod doubt;
mod doubts;
mod facts;
mod field_reader;
mod fields;
mod findings;
mod header;
mod inputs;
mod non_completed;
mod pairs;
mod recorded_run;
mod report;
mod run_key;
mod run_record;
mod runs;
mod user_completion;
mod vendor_name;
mod vendor_rows;

#[cfg(test)]
pub(crate) mod own_run;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

use crate::format::file_kind;
pub use crate::format::file_kind::CheckedKind;
use crate::sheet;
use crate::text::problem::Place;
use facts::{Examined, Facts};
use findings::Findings;
pub use report::{CheckReport, CheckedFile, Disagreement, FileFinding, GivenFile};

/// Checks each file by itself, and the files against each other.
#[must_use]
pub fn check(files: &[GivenFile<'_>]) -> CheckReport {
    let mut examined: Vec<Examined<'_>> = files.iter().map(|file| examine(*file)).collect();
    let runs = runs::group(&examined);
    doubts::settle(&mut examined, &runs);
    let disagreements = agreement::compare(&examined, &runs);
    CheckReport { files: examined.into_iter().map(|file| file.checked).collect(), disagreements }
}

fn examine(given: GivenFile<'_>) -> Examined<'_> {
    let kind = kind_of(given);
    let mut findings = Findings::default();
    let run = kind.vendor_kind().and_then(|kind| vendor_name::check(given.name, kind, &mut findings));
    let (facts, rows) = match kind {
        CheckedKind::ContentUserCompletion => completions::check(given.bytes, run.as_ref(), &mut findings),
        CheckedKind::NonCompletedAssignments => non_completed::check(given.bytes, run.as_ref(), &mut findings),
        CheckedKind::UserCompletion => user_completion::check(given.bytes, &mut findings),
        CheckedKind::RunFile => run_record::check(given.bytes, &mut findings),
        CheckedKind::Unknown => {
            findings.say(Place::START, file_kind::unknown(given.bytes));
            (Facts::Nothing, 0)
        }
        _ => inputs::check(kind, given.bytes, &mut findings),
    };
    let checked = CheckedFile { name: given.name.to_owned(), kind, rows, problems: findings.into_problems() };
    Examined { given, checked, run, facts }
}

/// The kind of a file; of a workbook or another table that is no plain CSV, that of the table in it.
fn kind_of(given: GivenFile<'_>) -> CheckedKind {
    let kind = file_kind::recognise(given.name, given.bytes);
    let is_checked_as_it_is = kind.vendor_kind().is_some() || kind == CheckedKind::Recommendations;
    let role = if is_checked_as_it_is { None } else { sheet::role_after_conversion(given.bytes) };
    role.map_or(kind, sheet::checked_kind)
}
