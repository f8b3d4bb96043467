//! What is wrong in a file of assignments unless it was so before the run: an assignment dated after the run, or due
//! before it starts. The state table may hold such rows, and a run hands them on as they are.

use rustc_hash::FxHashSet;

use super::agreement::{Inputs, Known};
use super::fields::{future_fault, spelled};
use super::findings::{Findings, Sort};
use super::inputs::Facts;
use super::pairs::PairedRows;
use super::runs::Runs;
use super::{Examined, non_completed};
use crate::format::assignments_table::Assignment;
use crate::format::non_completed::COLUMNS;
use crate::order;
use crate::problem::Problem;

/// Something that the state table may explain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    /// Employee and content of the row, where they can be read.
    pub(super) key: Option<(u64, u64)>,
    /// The line of the row.
    pub(super) line: u32,
    /// The byte at which it begins.
    pub(super) at: usize,
    /// What it is.
    pub(super) what: Doubtful,
}

/// What is wrong, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug)]
pub(super) enum Doubtful {
    /// It was created at an instant that is as late as `future` or later.
    Future {
        /// When it was created.
        created: i64,
        /// The first second that lies in the future.
        future: i64,
    },
    /// It is due before it starts.
    DueBeforeStart {
        /// When it starts.
        start: i64,
        /// When it is due.
        due: i64,
    },
}

impl Doubtful {
    fn column(self) -> usize {
        match self {
            Self::Future { .. } => non_completed::CREATED,
            Self::DueBeforeStart { .. } => non_completed::DUE,
        }
    }

    fn sort(self) -> Sort {
        match self {
            Self::Future { .. } => Sort::Future,
            Self::DueBeforeStart { .. } => Sort::Ends,
        }
    }

    fn said(self) -> String {
        match self {
            Self::Future { created, future } => future_fault(COLUMNS[self.column()], created, future),
            Self::DueBeforeStart { start, due } => format!(
                "DueDate_text {} is before Start_Date_text {}; an assignment is due after it starts",
                spelled(due),
                spelled(start)
            ),
        }
    }
}

/// Settles the doubts of a set: what was open before the run is as it should be, what was not is wrong. Where nobody knows
/// what was open, it is a warning.
pub(super) fn settle(files: &mut [Examined<'_>], runs: &Runs) {
    for run in &runs.runs {
        let Some(index) = run.assignments else { continue };
        let Facts::Assignments(rows) = &files[index].facts else { continue };
        if rows.doubts.is_empty() {
            continue;
        }
        let table = Known::of(files, &Inputs::of(files), run, runs.runs.len()).assignments;
        let problems = unexplained(rows, table);
        let told = &mut files[index].checked.problems;
        told.extend(problems);
        order::sort_by_key(told, |problem| problem.place);
    }
}

/// The doubts that the state table does not explain.
fn unexplained(rows: &PairedRows<'_>, table: Option<&[Assignment]>) -> Vec<Problem> {
    let open: FxHashSet<(u64, u64)> = table.unwrap_or_default().iter().map(|row| (row.ba_id, row.content_id)).collect();
    let is_explained = |doubt: &&Doubt| doubt.key.is_some_and(|key| open.contains(&key));
    let mut findings = Findings::default();
    for doubt in rows.doubts.iter().filter(|doubt| !is_explained(doubt)) {
        findings.add(doubt.what.sort(), doubt.line, || {
            let perhaps = match table {
                Some(_) => "",
                None => "; if it was so before the run, give the content_assignments that says so",
            };
            let place = rows.file.place(doubt.at, doubt.line, doubt.what.column());
            (place, format!("{}{perhaps}", doubt.what.said()))
        });
    }
    let problems = findings.into_problems().into_iter();
    if table.is_some() { problems.collect() } else { problems.map(Problem::into_warning).collect() }
}
