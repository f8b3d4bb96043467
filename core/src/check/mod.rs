//! The checker: recognises the kind of each file, and reports violations of format and rules and disagreements between
//! the files of a set, each as a [`Finding`].
//!
//! The entry point is [`check`]. Inputs are checked by the readers of [`crate::format`]. Vendor files have a strict
//! pass of their own: `vendor_rows` splits lines into fields, and one module per kind of file checks the fields.
//! `agreement` compares the files of a set, `several_files` joins files of a kind into one. Files are read in chunks, and of
//! each row only the values to compare are kept; the row of a finding is read again. So files of millions of rows take
//! seconds.

mod agreement;
mod broken_on_purpose;
mod completions;
mod copies;
mod doubt;
mod doubts;
mod examining;
mod facts;
mod field_messages;
mod field_reader;
mod finding;
mod finding_kind;
mod findings;
mod head;
mod header;
mod in_order;
mod inputs;
mod line_ends;
mod misplaced;
mod non_completed;
mod one_per_row;
mod pairs;
mod quoting;
mod recorded_run;
mod report;
mod request_ids;
mod row_shape;
mod run_file;
mod runs;
mod several_files;
mod sorted;
mod state_assignment;
mod stray;
mod user_completion;
mod vendor_name;
mod vendor_rows;

#[cfg(test)]
mod kind_tests;
#[cfg(test)]
pub(crate) mod own_run;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

pub use broken_on_purpose::{BrokenOnPurpose, broken_on_purpose};

pub use crate::format::file_kind::FileKind;
use examining::examine;
use facts::Examined;
pub use finding::{Finding, FindingData};
pub use finding_kind::FindingKind;
pub use report::{CheckReport, CheckedFile, GivenFile, SourceFile, counts, kinds};
use several_files::SeveralFiles;

use crate::text::chunks::{OneAfterAnother, Workers};

/// Checks each file by itself, and the files against each other.
#[must_use]
pub fn check(files: &[GivenFile<'_>]) -> CheckReport {
    let files: Vec<SourceFile<'_>> = files.iter().map(|file| SourceFile::new(file.name, &file.bytes)).collect();
    check_sources(&files, &OneAfterAnother)
}

/// As [`check`], but reads the files in chunks. Memory holds only the values by which rows and files are compared.
#[must_use]
pub fn check_sources(files: &[SourceFile<'_>], workers: &impl Workers) -> CheckReport {
    let originals = copies::find(files);
    let once = files.iter().zip(&originals).filter(|(_, original)| original.is_none());
    let report = check_once(&once.map(|(file, _)| *file).collect::<Vec<_>>(), workers);
    CheckReport { files: copies::with_copies(report.files, &originals), ..report }
}

/// Checks files, none of which is a copy of another.
fn check_once(files: &[SourceFile<'_>], workers: &impl Workers) -> CheckReport {
    let several = SeveralFiles::find(files);
    let mut examined: Vec<Examined<'_>> = workers.each(files.len(), |number| examine(files[number], workers));
    several.iter().for_each(|one| one.examine(&mut examined, workers));
    let runs = runs::group(&examined);
    doubts::decide(&mut examined, &runs, workers);
    let disagreements = agreement::compare(&examined, &runs, workers);
    let mut report = CheckReport { files: examined.into_iter().map(|file| file.checked).collect(), disagreements };
    one_per_row::keep(&mut report);
    several.iter().for_each(|one| one.place(&mut report));
    report
}
