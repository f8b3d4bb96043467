//! Decision of doubts: instants after the date of the run, and assignments that are due before they start. They are no errors
//! if the state table has such assignments, because a run copies these as they are.

use chrono::Datelike;

use super::agreement::{Inputs, Known};
use super::doubt::{Doubt, Doubtful};
use super::facts::{Examined, Facts};
use super::field_messages::future_fault;
use super::field_reader::first_future;
use super::finding::Finding;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::pairs::{PairedRows, RowValues};
use super::report::CheckedFile;
use super::runs::Runs;
use super::sorted::Search;
use super::state_assignment::StateAssignment;
use crate::format::instant::seconds_text;
use crate::format::{completions, non_completed};
use crate::text::chunks::Workers;
use crate::text::problem::Severity;
use crate::text::words::grouped;

/// Decides the doubts of a set. For an assignment that was open before the run there is no finding; for another one an
/// error; without the state table a warning. The date is that of the run, even if the name of a file has another.
/// Completions that are compared with the instant in the run file are not compared with the date as well.
pub(super) fn decide(files: &mut [Examined<'_>], runs: &Runs, workers: &impl Workers) {
    for run in &runs.runs {
        let of_run = [(run.completions, &completions::COLUMNS[..]), (run.assignments, &non_completed::COLUMNS[..])];
        for (index, columns) in of_run {
            let Some(index) = index else { continue };
            let Facts::Rows(rows) = &files[index].facts else { continue };
            let known = Known::of(files, &Inputs::of(files), run, runs.runs.len());
            let is_assignments = Some(index) == run.assignments;
            let table = if is_assignments { known.assignments_at_first } else { Some(&[][..]) };
            let severity = if table.is_some() { Severity::Error } else { Severity::Warning };
            let is_held_to_run = !is_assignments && known.calendar().is_some() && rows.is_usable();
            let today = known.calendar().map(|calendar| calendar.today);
            let date = today.or(run.key.as_ref().map(|key| key.date));
            let future = date.and_then(first_future);
            let doubts = rows.doubts.iter().filter(|doubt| match doubt.what {
                Doubtful::Future { instant, .. } => {
                    !(is_held_to_run && doubt.key.is_some()) && future.is_some_and(|future| instant >= future)
                }
                Doubtful::DueBeforeStart { .. } => true,
            });
            let doubts: Vec<Doubt> = doubts.copied().collect();
            let is_future = |doubt: &&Doubt| matches!(doubt.what, Doubtful::Future { .. });
            let is_name_reported = doubts.iter().filter(is_future).count() > rows.file.rows / 2;
            let mut unexplained = unexplained(rows, doubts, columns, table, future.unwrap_or_default());
            if let RowValues::Assignments { styles, .. } = &rows.values {
                styles.compare(&rows.file, date.map(|date| date.day()), is_name_reported, workers, &mut unexplained);
            }
            let CheckedFile { name, findings, .. } = &mut files[index].checked;
            let with_severity = |finding: Finding| match finding.kind {
                FindingKind::BadRequestId | FindingKind::MixedRequestIds => finding,
                _ => Finding { severity, ..finding },
            };
            findings.extend(unexplained.of_file(name).into_iter().map(with_severity));
            findings.sort_by_key(|finding| finding.place);
        }
    }
    compare_styles_of_no_run(files, runs, workers);
}

/// Compares the RequestIds of assignments that belong to no run, because their names cannot be read.
fn compare_styles_of_no_run(files: &mut [Examined<'_>], runs: &Runs, workers: &impl Workers) {
    for (index, file) in files.iter_mut().enumerate() {
        let is_of_run = runs.runs.iter().any(|run| run.assignments == Some(index));
        let Facts::Rows(rows) = &file.facts else { continue };
        let RowValues::Assignments { styles, .. } = &rows.values else { continue };
        if !is_of_run {
            let mut findings = Findings::default();
            styles.compare(&rows.file, None, false, workers, &mut findings);
            file.checked.findings.extend(findings.of_file(&file.checked.name));
            file.checked.findings.sort_by_key(|finding| finding.place);
        }
    }
}

/// The doubts that the state table does not explain.
fn unexplained(
    rows: &PairedRows<'_>,
    mut doubts: Vec<Doubt>,
    columns: &[&str],
    table: Option<&[StateAssignment]>,
    future: i64,
) -> Findings {
    let mut open = Search::new(table.unwrap_or_default(), StateAssignment::pair);
    doubts.retain(|doubt| doubt.key.is_none_or(|key| !open.has(key)));
    let perhaps = match table {
        Some(_) => "",
        None => "; if it was so before the run, give the content_assignments that says so",
    };
    let mut findings = Findings::default();
    report_most_in_future(rows, &mut doubts, future, &mut findings);
    for Doubt { line, what, key } in doubts {
        let found = |column: usize, text: String, value: i64| {
            let (employee, content) = key.unzip();
            rows.file.found(line, column, text).value(seconds_text(value)).employee(employee).content(content)
        };
        match what {
            Doubtful::Future { column, instant } => findings.add(FindingKind::Future, line, || {
                let text = future_fault(columns[column], instant, future);
                found(column, format!("{text}{perhaps}"), instant)
            }),
            Doubtful::DueBeforeStart { start, due } => findings.add(FindingKind::DueBeforeStart, line, || {
                let (start, end) = (seconds_text(start), seconds_text(due));
                let text = format!(
                    "DueDate_text {end} is before Start_Date_text {start}; an assignment is due after it starts{perhaps}"
                );
                found(non_completed::DUE, text, due)
            }),
        }
    }
    findings
}

/// One finding in place of those of single rows, if most rows lie in the future.
fn report_most_in_future(rows: &PairedRows<'_>, doubts: &mut Vec<Doubt>, future: i64, findings: &mut Findings) {
    let is_future = |doubt: &Doubt| matches!(doubt.what, Doubtful::Future { .. });
    let in_future = doubts.iter().filter(|doubt| is_future(doubt)).count();
    if in_future > 1
        && in_future > rows.file.rows / 2
        && let Some(Doubt { line, what: Doubtful::Future { column, .. }, .. }) =
            doubts.iter().find(|doubt| is_future(doubt))
    {
        let text = format!(
            "{} rows lie in the future, this one first, seen from the date in the file's name; at the latest it is \
             {}. Is the date in the name right?",
            grouped(in_future),
            seconds_text(future - 1)
        );
        findings.report(FindingKind::Future, rows.file.found(*line, *column, text));
        doubts.retain(|doubt| !is_future(doubt));
    }
}
