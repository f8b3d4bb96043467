//! The report of a check: each file with its findings, and the findings between files.

use std::cmp::Reverse;

use super::finding::Finding;
use super::finding_kind::FindingKind;
use crate::format::file_kind::FileKind;
use crate::format::input_role::InputRole;
use crate::sheet::Choices;
use crate::text::chunks::ByteSource;
use crate::text::words::counted;

/// A file that is to be checked.
#[derive(Clone, Copy, Debug)]
pub struct GivenFile<'a> {
    /// The name, without the folder.
    pub name: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

/// A file that is to be checked, whose bytes need not be in memory.
#[derive(Clone, Copy)]
pub struct SourceFile<'a> {
    /// The name, without the folder.
    pub name: &'a str,
    /// False if no file has the name, such as for standard input. Then it is not checked.
    pub is_file_name: bool,
    /// The content.
    pub source: &'a dyn ByteSource,
    /// The input that it is by the answers to its questions, with these answers; `None` if its content alone decides.
    pub chosen: Option<(InputRole, &'a Choices)>,
}

impl<'a> SourceFile<'a> {
    /// A file whose content alone decides what it is.
    #[must_use]
    pub fn new(name: &'a str, source: &'a dyn ByteSource) -> SourceFile<'a> {
        SourceFile { name, is_file_name: true, source, chosen: None }
    }
}

/// A file with the findings in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFile {
    /// The name, as given.
    pub name: String,
    /// The kind of file.
    pub kind: FileKind,
    /// The number of rows of data, of recorded answers, or of the outputs that a run file names.
    pub rows: usize,
    /// The findings, in the order of the file. The first 1,000 of each kind are listed, the rest is given as a number.
    pub findings: Vec<Finding>,
    /// For a copy, the position of the earlier file with the same name and bytes, which has the findings of both.
    pub copy_of: Option<usize>,
}

/// The files of a set, and the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// The files, in the order in which they were given.
    pub files: Vec<CheckedFile>,
    /// The findings that need two files, each placed in the file that is wrong, sorted by file and place.
    pub disagreements: Vec<Finding>,
}

impl CheckedFile {
    /// The kind of file and the number of its rows: `run file (JSON), 3 files`. For a copy, only that it is one.
    #[must_use]
    pub fn about(&self) -> String {
        if self.copy_of.is_some() {
            return format!("{}, the same file as one before it", self.kind.describe());
        }
        let thing = match self.kind {
            FileKind::RunFile => "file",
            FileKind::Recommendations => "answer",
            FileKind::Unknown | FileKind::Details => return self.kind.describe().to_owned(),
            _ => "row",
        };
        format!("{}, {}", self.kind.describe(), counted(self.rows, thing))
    }

    /// The number of errors and of warnings, including those that are not listed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        counts(&self.findings)
    }
}

impl CheckReport {
    /// True if there are no errors, in files or between them. Warnings do not count.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let mut findings = self.files.iter().flat_map(|file| &file.findings).chain(&self.disagreements);
        !findings.any(Finding::is_error)
    }

    /// The findings by file, including those between files, in the order of the file. If several files have the same
    /// name, the first gets those between files.
    #[must_use]
    pub fn by_file(&self) -> Vec<Vec<&Finding>> {
        let mut files: Vec<Vec<&Finding>> = self.files.iter().map(|file| file.findings.iter().collect()).collect();
        for one in &self.disagreements {
            if let Some(index) = self.files.iter().position(|file| file.name == one.file) {
                files[index].push(one);
            }
        }
        for findings in &mut files {
            findings.sort_by_key(|finding| finding.place);
        }
        files
    }
}

/// The number of errors and of warnings among findings.
pub fn counts<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> (usize, usize) {
    findings.into_iter().fold((0, 0), |(errors, warnings), one| match one.is_error() {
        true => (errors + one.count, warnings),
        false => (errors, warnings + one.count),
    })
}

/// The kinds of findings with the number of each, the most frequent first, and kinds of the same number in the order of
/// the findings.
#[must_use]
pub fn kinds<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<(FindingKind, usize)> {
    let mut kinds: Vec<(FindingKind, usize)> = Vec::new();
    for finding in findings {
        match kinds.iter_mut().find(|(kind, _)| *kind == finding.kind) {
            Some((_, count)) => *count += finding.count,
            None => kinds.push((finding.kind, finding.count)),
        }
    }
    kinds.sort_by_key(|(_, count)| Reverse(*count));
    kinds
}
