//! Problems of input files. A problem is a kind with the data of its message, a severity and a place.
//!
//! Readers never stop at the first problem. They return all usable rows plus every problem, each with the line and
//! column that an editor shows. A message names what was found, what is allowed and how to mend it. The shells put the
//! file's name in front: `employees.csv:17:8: ...`.

use std::fmt;
use std::mem::{Discriminant, discriminant};

use serde::{Deserialize, Serialize};

pub(crate) use super::problem_kind::beginning;
pub use super::problem_kind::{Hint, KEPT_OF_A_KIND, ProblemKind};

/// A position in a text file: line and column, both from 1. The column counts characters, not bytes; a byte order mark
/// counts as no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The line, from 1. A line ends with LF, CRLF or a lone CR.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Place {
    /// The first character of a file: the place of problems that concern the whole file.
    pub const START: Place = Place { line: 1, column: 1 };

    /// The place at a line and column, both from 1.
    #[must_use]
    pub fn new(line: u32, column: u32) -> Place {
        Place { line, column }
    }

    /// The same place in a file that has `lines` lines more before it.
    #[must_use]
    pub(crate) fn further_down(self, lines: u32) -> Place {
        Place { line: self.line.saturating_add(lines), ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Severity of a problem: an error stops the run, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file is refused; nothing is generated from it.
    Error,
    /// The value or row is left out or read as documented for its kind, and the run goes on.
    Warning,
}

/// One problem in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// The place in the file.
    pub place: Place,
    /// The kind, with the data of its message.
    pub kind: ProblemKind,
}

impl Problem {
    /// An error: the file is refused and the run stops.
    #[must_use]
    pub fn error(place: Place, kind: ProblemKind) -> Problem {
        Problem { severity: Severity::Error, place, kind }
    }

    /// A warning: the run goes on.
    #[must_use]
    pub fn warning(place: Place, kind: ProblemKind) -> Problem {
        Problem { severity: Severity::Warning, place, kind }
    }

    /// The same problem as a warning, for a row that is left out.
    #[must_use]
    pub fn into_warning(self) -> Problem {
        Problem { severity: Severity::Warning, ..self }
    }

    /// Severity, place and kind, for printing; the kind formats as the message.
    #[must_use]
    pub fn printed(&self) -> (Severity, Place, &ProblemKind) {
        (self.severity, self.place, &self.kind)
    }

    /// True for an error, which refuses the file.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// 1; for [`ProblemKind::More`], the number of suppressed problems.
    #[must_use]
    pub fn count(&self) -> usize {
        if let ProblemKind::More { more, .. } = &self.kind { *more } else { 1 }
    }

    /// The problem in a file that has this many more lines before it.
    pub(crate) fn further_down(mut self, lines: u32) -> Problem {
        self.place = self.place.further_down(lines);
        if let ProblemKind::SwallowedRow { line, .. } = &mut self.kind {
            *line = line.saturating_add(lines);
        }
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)
    }
}

/// The problems in the order of the file, with at most [`KEPT_OF_A_KIND`] warnings of each kind. One
/// [`ProblemKind::More`] at the place of the first suppressed warning stands for the rest. Errors are never suppressed:
/// each must be mended before the file can be used.
#[must_use]
pub(crate) fn limited(problems: Vec<Problem>) -> Vec<Problem> {
    if problems.len() <= KEPT_OF_A_KIND {
        return problems;
    }
    let mut kinds: Vec<WarningTally> = Vec::new();
    let mut kept = Vec::new();
    for problem in problems {
        if problem.is_error() {
            kept.push(problem);
            continue;
        }
        let of_kind = discriminant(&problem.kind);
        let at = kinds.iter().position(|tally| tally.kind == of_kind).unwrap_or_else(|| {
            kinds.push(WarningTally { kind: of_kind, kept: 0, more: None });
            kinds.len() - 1
        });
        let tally = &mut kinds[at];
        if tally.kept < KEPT_OF_A_KIND {
            tally.kept += 1;
            kept.push(problem);
        } else {
            let (_, more, line) = tally.more.get_or_insert_with(|| (problem.clone(), 0, 0));
            (*more, *line) = (*more + 1, problem.place.line);
        }
    }
    for (first, more, line) in kinds.into_iter().filter_map(|tally| tally.more) {
        kept.push(Problem::warning(first.place, ProblemKind::More { like: Box::new(first.kind), more, line }));
    }
    kept.sort_by_key(|problem| problem.place);
    kept
}

/// The count of warnings of one kind.
struct WarningTally {
    kind: Discriminant<ProblemKind>,
    /// The number listed individually.
    kept: usize,
    /// The first suppressed warning, the number of suppressed ones, and the line of the last.
    more: Option<(Problem, usize, u32)>,
}

/// The result of a reader: everything usable, and every problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The usable content.
    pub value: T,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
}

impl<T> Reading<T> {
    /// True if at least one problem is an error: the file is refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }
}
