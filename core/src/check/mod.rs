//! Checking files: what kind each is, every way in which it breaks the format or the rules, and whether the files of a
//! set agree with each other.
//!
//! Start at [`check`]. Inputs are read by their readers in [`crate::format`]; the vendor files go through a strict pass
//! of their own (`vendor_rows` takes the lines apart, one module for each kind says what its fields must be), and
//! `agreement` compares the files of a set. Nothing here is kept for each row but what compares rows with each other:
//! files of millions of rows are checked in seconds.

mod agreement;
mod completions;
mod doubts;
mod field_reader;
mod fields;
mod findings;
mod header;
mod inputs;
mod non_completed;
mod pairs;
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

use serde::Serialize;

use crate::format::file_kind;
pub use crate::format::file_kind::CheckedKind;
use crate::text::problem::{Place, Problem};
use findings::Findings;
use inputs::Facts;
use runs::RunKey;

/// A file that was given to be checked.
#[derive(Clone, Copy, Debug)]
pub struct GivenFile<'a> {
    /// Its name, without the folder.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedFile {
    /// Its name, as given.
    pub name: String,
    /// What kind of file it is.
    pub kind: CheckedKind,
    /// How many rows it has: rows of data, recorded answers, or the outputs that a run file names.
    pub rows: usize,
    /// What is wrong with it, in the order of the file. Of problems of one sort the first 1,000 are told one by one,
    /// the rest as a number.
    pub problems: Vec<Problem>,
}

/// Something on which two of the given files don't agree, placed in the one that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// The name of the file in which it is placed.
    pub file: String,
    /// Where it stands.
    pub place: Place,
    /// What was found, and what would be right.
    pub said: String,
    /// How many it stands for: one, unless it is the number of those that are not told one by one.
    pub count: usize,
}

/// What was found in a set of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The files, in the order in which they were given.
    pub files: Vec<CheckedFile>,
    /// What they don't agree on, by file and place.
    pub disagreements: Vec<Disagreement>,
}

impl CheckedFile {
    /// How many problems the file has, and how many warnings; those that are not told one by one, too.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        self.problems.iter().fold((0, 0), |(problems, warnings), one| match one.is_error() {
            true => (problems + one.count(), warnings),
            false => (problems, warnings + one.count()),
        })
    }
}

impl CheckReport {
    /// Whether nothing is wrong: no error in any file, and no disagreement. Warnings don't count.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.disagreements.is_empty() && !self.files.iter().any(|file| file.problems.iter().any(Problem::is_error))
    }

    /// The findings of each file, those between files too, in the order of the file. Of files of one name the first has
    /// those between files.
    #[must_use]
    pub fn by_file(&self) -> Vec<Vec<FileFinding>> {
        let of_file = |file: &CheckedFile| -> Vec<FileFinding> {
            let finding = |one: &Problem| FileFinding {
                place: one.place,
                is_warning: !one.is_error(),
                said: one.kind.to_string(),
                count: one.count(),
            };
            file.problems.iter().map(finding).collect()
        };
        let mut files: Vec<Vec<FileFinding>> = self.files.iter().map(of_file).collect();
        for one in &self.disagreements {
            if let Some(index) = self.files.iter().position(|file| file.name == one.file) {
                let (said, count) = (one.said.clone(), one.count);
                files[index].push(FileFinding { place: one.place, is_warning: false, said, count });
            }
        }
        for findings in &mut files {
            findings.sort_by_key(|finding| finding.place);
        }
        files
    }
}

/// Something that was found in a file, by itself or held to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// Where it stands.
    pub place: Place,
    /// Whether it is no more than a warning.
    pub is_warning: bool,
    /// What was found, and what would be right.
    pub said: String,
    /// How many it stands for: one, unless it is the number of those that are not told one by one.
    pub count: usize,
}

/// Checks each file by itself, and the files against each other.
#[must_use]
pub fn check(files: &[GivenFile<'_>]) -> CheckReport {
    let mut examined: Vec<Examined<'_>> = files.iter().map(|file| examine(*file)).collect();
    let runs = runs::group(&examined);
    doubts::settle(&mut examined, &runs);
    let disagreements = agreement::compare(&examined, &runs);
    CheckReport { files: examined.into_iter().map(|file| file.checked).collect(), disagreements }
}

/// A file that was checked by itself, with what the others are compared with.
struct Examined<'a> {
    given: GivenFile<'a>,
    checked: CheckedFile,
    /// The date and random part of its name, where it is a file of a run.
    run: Option<RunKey>,
    facts: Facts<'a>,
}

fn examine(given: GivenFile<'_>) -> Examined<'_> {
    let kind = file_kind::recognise(given.name, given.bytes);
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
