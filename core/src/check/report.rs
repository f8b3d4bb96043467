//! The report of a check: each file with its findings, and what the files do not agree on.

use serde::Serialize;

use crate::format::file_kind::CheckedKind;
use crate::text::problem::{Place, Problem};

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
