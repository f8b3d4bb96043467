//! The result of inspecting a picked file.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::text::problem::Severity;
use serde::{Deserialize, Serialize};

/// The number of problems of a file that the worker sends unasked.
pub(crate) const FIRST_PROBLEMS: usize = 200;

/// The number of problems that the worker sends for each request for more.
pub(crate) const PROBLEMS_AT_A_TIME: usize = 500;

/// The result of inspecting one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inspected {
    /// Its contents in plain words.
    pub(crate) contents: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// The number of errors: problems that refuse the file.
    pub(crate) errors: usize,
    /// The number of warnings: problems that do not.
    pub(crate) warnings: usize,
    /// The first problems.
    pub(crate) first: Vec<ReportedProblem>,
    /// The conversion that made the file readable, in one line; `None` for a file that is read as it is.
    pub(crate) converted: Option<String>,
    /// The ways to go on with a refused file, the likeliest first.
    pub(crate) mends: Vec<Mend>,
    /// For employees.csv, the SHA-256 of the sorted ids, which identifies the set of employees; empty for other files.
    pub(crate) employee_set: String,
    /// The number of employees of each type, in the order of [`EmployeeType::ALL`]; nothing for other files.
    pub(crate) types: Option<[usize; EmployeeType::ALL.len()]>,
}

/// One problem as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportedProblem {
    /// Whether it refuses the file.
    pub(crate) severity: Severity,
    /// Its place in words; `None` for a problem of the whole file.
    pub(crate) place: Option<String>,
    /// The message.
    pub(crate) text: String,
}
