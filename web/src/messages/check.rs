//! Messages on the check of files.

use btcfake_core::check::FindingKind;
use btcfake_core::text::problem::Severity;
use serde::{Deserialize, Serialize};

/// How many findings a page of a list shows.
pub(crate) const FINDINGS_ON_A_PAGE: usize = 50;

/// A request of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CheckQuestion {
    /// Check files, which are attached.
    Check {
        /// The number of the check; every answer names it.
        check: u32,
        /// The paths of the files, relative to the folder that all of them share.
        paths: Vec<String>,
    },
    /// Send a page of the findings in one of them.
    Findings {
        /// The check.
        check: u32,
        /// Which file, from 0.
        file: usize,
        /// Only those of this kind, or all.
        kind: Option<FindingKind>,
        /// Which page, from 0.
        page: usize,
    },
}

/// An answer of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CheckAnswer {
    /// The files were checked, or why not.
    Done {
        /// The check.
        check: u32,
        /// The files, in the order in which they were attached.
        files: Result<Vec<FileReport>, String>,
        /// The faults that a run file among them lists as made on purpose; `None` if none does.
        broken: Option<ExpectedFaults>,
    },
    /// A page of findings.
    Findings {
        /// The check.
        check: u32,
        /// Which file, from 0.
        file: usize,
        /// The page.
        page: FindingsPage,
    },
    /// The worker does not know this check any more.
    Gone {
        /// The check.
        check: u32,
    },
}

/// The faults that were made on purpose, against what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExpectedFaults {
    /// The faults.
    pub(crate) faults: Vec<ExpectedFault>,
    /// The number of errors that reveal none of them.
    pub(crate) others: usize,
}

/// A fault that was made on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExpectedFault {
    /// Its title.
    pub(crate) title: String,
    /// What was done.
    pub(crate) made: Located,
    /// What a batch job should do with it.
    pub(crate) batch_job: String,
    /// The error that reveals it; `None` if there is none.
    pub(crate) found: Option<Located>,
}

/// A message about a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Located {
    /// The name of the file.
    pub(crate) file: String,
    /// The place in the file in words; `None` for the whole file.
    pub(crate) place: Option<String>,
    /// The message.
    pub(crate) text: String,
}

/// The result for one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileReport {
    /// Its path, relative to the folder that all files share.
    pub(crate) name: String,
    /// What kind of file it is and how many rows it has, in plain words.
    pub(crate) about: String,
    /// True if it follows rules that can be checked.
    pub(crate) is_checked: bool,
    /// The number of errors.
    pub(crate) problems: usize,
    /// The number of warnings.
    pub(crate) warnings: usize,
    /// The kinds with the number of each, including findings that are not listed; the most frequent first.
    pub(crate) kinds: Vec<(FindingKind, usize)>,
    /// The first page of the list.
    pub(crate) first: FindingsPage,
}

/// Some findings of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindingsPage {
    /// The kind of the list, or all.
    pub(crate) kind: Option<FindingKind>,
    /// The number of findings in the list, on all pages.
    pub(crate) listed: usize,
    /// Which page, from 0.
    pub(crate) page: usize,
    /// The findings, in the order of the file.
    pub(crate) findings: Vec<ShownFinding>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownFinding {
    /// The kind.
    pub(crate) kind: FindingKind,
    /// Error or warning.
    pub(crate) severity: Severity,
    /// Its place in words: `line 3, character 9`.
    pub(crate) place: String,
    /// What was found, and what would be right.
    pub(crate) text: String,
    /// The text of the line before the place, at the place, and after it. Text far from the place is cut off.
    pub(crate) shown: [String; 3],
    /// Whether the place is marked. That of a sheet is not, because its row is shown as CSV.
    pub(crate) is_marked: bool,
}
