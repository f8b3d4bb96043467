//! What is said about files that are checked.

use serde::{Deserialize, Serialize};

/// How many findings a page of a list shows.
pub(crate) const FINDINGS_ON_A_PAGE: usize = 50;

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CheckQuestion {
    /// Check files, which are attached.
    Check {
        /// The number of the check; every answer names it.
        check: u32,
        /// The names of the files, below the folder that they share.
        paths: Vec<String>,
    },
    /// Tell a page of what was found in one of them.
    Findings {
        /// The check.
        check: u32,
        /// Which file, from 0.
        file: usize,
        /// Which page, from 0.
        page: usize,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CheckAnswer {
    /// The files were checked, or why not.
    Done {
        /// The check.
        check: u32,
        /// The files, in the order in which they were attached.
        files: Result<Vec<CheckedFile>, String>,
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

/// What came of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckedFile {
    /// Its name, below the folder that all share.
    pub(crate) name: String,
    /// What it is, and how many rows it has, in people's words.
    pub(crate) about: String,
    /// How many findings are more than a warning.
    pub(crate) problems: usize,
    /// How many are warnings.
    pub(crate) warnings: usize,
    /// How many are told one by one.
    pub(crate) told: usize,
    /// The first page of them.
    pub(crate) first: FindingsPage,
}

/// Some findings of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindingsPage {
    /// Which page, from 0.
    pub(crate) page: usize,
    /// The findings, in the order of the file.
    pub(crate) findings: Vec<Finding>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finding {
    /// Whether it is a warning.
    pub(crate) is_warning: bool,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The column, from 1, in characters.
    pub(crate) column: u32,
    /// What was found, and what would be right.
    pub(crate) said: String,
    /// The line: what stands before the place, what stands there, and what follows. What is far away is cut off.
    pub(crate) shown: [String; 3],
}
