//! What one file does not decide: what lies in the future, seen from the date of the run; and an assignment that is due
//! before it starts. The state table may hold such assignments, and a run hands them on as they are.

use rustc_hash::FxHashSet;

use super::agreement::{Inputs, Known};
use super::doubt::{Doubt, Doubtful};
use super::facts::{Examined, Facts};
use super::field_reader::first_future;
use super::fields::future_fault;
use super::findings::{Findings, Sort};
use super::non_completed;
use super::pairs::PairedRows;
use super::runs::Runs;
use crate::format::assignments_table::Assignment;
use crate::format::spelling::spelled;
use crate::format::{completions, non_completed as assignments};
use crate::text::problem::Problem;
use crate::text::words::grouped;

/// Settles the doubts of a set: what was open before the run is as it should be, what was not is wrong. Where nobody knows
/// what was open, it is a warning. The date is that of the run, even where one file's name has another; and completions
/// that are held to the run file's instant need not be held to it.
pub(super) fn settle(files: &mut [Examined<'_>], runs: &Runs) {
    for run in &runs.runs {
        let of_run = [(run.completions, &completions::COLUMNS[..]), (run.assignments, &assignments::COLUMNS[..])];
        for (index, columns) in of_run {
            let Some(index) = index else { continue };
            let (Facts::Completions(rows) | Facts::Assignments(rows)) = &files[index].facts else { continue };
            if rows.doubts.is_empty() {
                continue;
            }
            let known = Known::of(files, &Inputs::of(files), run, runs.runs.len());
            let is_assignments = Some(index) == run.assignments;
            let table = if is_assignments { known.assignments_at_first } else { Some(&[][..]) };
            let is_held_to_run = !is_assignments && known.calendar().is_some() && rows.tells();
            let future = run.key.as_ref().and_then(|key| first_future(key.date));
            let doubts = rows.doubts.iter().filter(|doubt| match doubt.what {
                Doubtful::Future { instant, .. } => {
                    !(is_held_to_run && doubt.key.is_some()) && future.is_some_and(|future| instant >= future)
                }
                Doubtful::DueBeforeStart { .. } => true,
            });
            let problems = unexplained(rows, doubts.copied().collect(), columns, table, future.unwrap_or_default());
            let told = &mut files[index].checked.problems;
            told.extend(problems);
            told.sort_by_key(|problem| problem.place);
        }
    }
}

/// The doubts that the state table does not explain.
fn unexplained(
    rows: &PairedRows<'_>,
    mut doubts: Vec<Doubt>,
    columns: &[&str],
    table: Option<&[Assignment]>,
    future: i64,
) -> Vec<Problem> {
    let open: FxHashSet<(u64, u64)> = table.unwrap_or_default().iter().map(|row| (row.ba_id, row.content_id)).collect();
    doubts.retain(|doubt| doubt.key.is_none_or(|key| !open.contains(&key)));
    let perhaps = match table {
        Some(_) => "",
        None => "; if it was so before the run, give the content_assignments that says so",
    };
    let mut findings = Findings::default();
    let is_future = |doubt: &Doubt| matches!(doubt.what, Doubtful::Future { .. });
    let in_future = doubts.iter().filter(|doubt| is_future(doubt)).count();
    if in_future > 1
        && in_future > rows.file.rows / 2
        && let Some(Doubt { at, line, what: Doubtful::Future { column, .. }, .. }) =
            doubts.iter().find(|doubt| is_future(doubt))
    {
        let said = format!(
            "{} rows lie in the future, this one first, seen from the date in the file's name; at the latest it is \
             {}. Is the date in the name right?",
            grouped(in_future),
            spelled(future - 1)
        );
        findings.say(rows.file.place(*at, *line, *column), said);
        doubts.retain(|doubt| !is_future(doubt));
    }
    for Doubt { at, line, what, .. } in doubts {
        match what {
            Doubtful::Future { column, instant } => findings.add(Sort::Future, line, || {
                let said = future_fault(columns[column], instant, future);
                (rows.file.place(at, line, column), format!("{said}{perhaps}"))
            }),
            Doubtful::DueBeforeStart { start, due } => findings.add(Sort::Ends, line, || {
                let said = format!(
                    "DueDate_text {} is before Start_Date_text {}; an assignment is due after it starts{perhaps}",
                    spelled(due),
                    spelled(start)
                );
                (rows.file.place(at, line, non_completed::DUE), said)
            }),
        }
    }
    let problems = findings.into_problems().into_iter();
    if table.is_some() { problems.collect() } else { problems.map(Problem::into_warning).collect() }
}
