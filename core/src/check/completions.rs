//! Checks of `ContentUserCompletion_V2_*.csv`: the fields of each row, and the rows together: one employee's rows are
//! consecutive and in order of time, trainings do not overlap, and no pair occurs twice.

use rustc_hash::FxHashMap;

use super::doubt::{Doubt, Doubtful};
use super::facts::Facts;
use super::field_reader::FieldReader;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::Layout;
use super::pairs::{Pair, PairedRows};
use super::run_key::RunKey;
use super::vendor_rows::{Rules, VendorFile, go_through};
use crate::format::completions::COLUMNS;
use crate::format::raw_row::{LineBreaks, RawRow};
use crate::format::spelling::spelled;
use crate::rules::training::LONGEST_TRAINING;

pub(super) const USER: usize = 0;
pub(super) const CONTENT: usize = 1;
pub(super) const STARTED: usize = 2;
pub(super) const COMPLETED: usize = 3;

const RULES: Rules = Rules { columns: &COLUMNS, line_breaks: LineBreaks::Nowhere, byte_order_mark: true, strict: true };

/// Checks a file of completions.
pub(super) fn check<'a>(bytes: &'a [u8], run: Option<&RunKey>, findings: &mut Findings) -> (Facts<'a>, usize) {
    let reader = FieldReader::new(&COLUMNS, run);
    let mut pairs = Vec::new();
    let mut trainings = Vec::new();
    let mut doubts = Vec::new();
    let file = go_through(bytes, RULES, findings, &mut |row, layout, findings| {
        let (pair, training) = read_row(row, layout, &reader, findings, &mut doubts);
        pairs.extend(pair);
        trainings.extend(training);
        pair.is_some()
    });
    let Some(file) = file else { return (Facts::Nothing, 0) };
    check_order(&trainings, &file, findings);
    check_overlap(&mut trainings, &file, findings);
    drop(trainings);
    let rows = file.rows;
    (Facts::Completions(PairedRows::new(file, pairs, doubts, CONTENT, findings)), rows)
}

/// An employee's training with its times in seconds since 1970-01-01T00:00:00Z, and its row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TrainingRow {
    employee: u64,
    started: i64,
    completed: i64,
    at: usize,
    line: u32,
}

fn read_row(
    row: &RawRow<'_>,
    layout: &Layout,
    reader: &FieldReader,
    findings: &mut Findings,
    doubts: &mut Vec<Doubt>,
) -> (Option<Pair>, Option<TrainingRow>) {
    let employee = reader.employee(row, layout, USER, findings);
    let content = reader.content(row, layout, CONTENT, findings);
    let started = reader.instant(row, layout, STARTED, findings);
    let completed = reader.instant(row, layout, COMPLETED, findings);
    let (at, line) = (row.start, row.line);
    let pair = employee.zip(content).map(|(employee, content)| Pair { employee, content, line, at });
    let late = [(STARTED, started), (COMPLETED, completed)].into_iter().find_map(|(column, instant)| {
        let instant = instant.filter(|instant| reader.future.is_some_and(|future| *instant >= future))?;
        Some(Doubtful::Future { column, instant })
    });
    doubts.extend(late.map(|what| Doubt { key: pair.map(|pair| pair.key()), line, at, what }));
    let Some((started, completed)) = started.zip(completed) else { return (pair, None) };
    check_duration(started, completed, line, findings, |text| {
        let place = row.place(layout.position(COMPLETED, row.len()).unwrap_or(0));
        FindingDraft::from((place, text)).field(COLUMNS[COMPLETED]).value(spelled(completed))
    });
    let training =
        employee.map(|employee| TrainingRow { employee, started, completed: completed.max(started), at, line });
    (pair, training)
}

/// Checks that a training takes from one second to 15 minutes.
fn check_duration(
    started: i64,
    completed: i64,
    line: u32,
    findings: &mut Findings,
    found: impl FnOnce(String) -> FindingDraft,
) {
    let seconds = completed - started;
    if seconds > LONGEST_TRAINING.cast_signed() {
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        findings.add(FindingKind::LongTraining, line, || {
            found(format!("a training of {hours}:{minutes:02}:{seconds:02} hours; the longest takes 15 minutes"))
        });
    } else if seconds <= 0 {
        findings.add(FindingKind::NoDuration, line, || {
            let (start, end) = (spelled(started), spelled(completed));
            found(format!("DateCompleted {end} is not after DateStarted {start}; a training takes a second or more"))
        });
    }
}

/// Checks that one employee's rows are consecutive and in order of time.
fn check_order(trainings: &[TrainingRow], file: &VendorFile<'_>, findings: &mut Findings) {
    let mut last_lines: FxHashMap<u64, u32> = FxHashMap::default();
    for group in trainings.chunk_by(|a, b| a.employee == b.employee) {
        let (first, last) = (group[0], group[group.len() - 1]);
        if let Some(line) = last_lines.insert(first.employee, last.line) {
            findings.add(FindingKind::RowsApart, first.line, || {
                let text = format!(
                    "the rows of employee {} stand apart: others stand between line {line} and this one; keep one \
                     employee's rows together",
                    first.employee
                );
                file.found(first.at, first.line, USER, text).employee(first.employee).line(line)
            });
        }
        for (earlier, later) in group.iter().zip(&group[1..]) {
            if later.started < earlier.started {
                findings.add(FindingKind::TimeOrder, later.line, || {
                    let text = format!(
                        "DateStarted {} is before {} in line {}; an employee's rows stand in order of time",
                        spelled(later.started),
                        spelled(earlier.started),
                        earlier.line
                    );
                    file.found(later.at, later.line, STARTED, text).employee(later.employee).line(earlier.line)
                });
            }
        }
    }
}

/// Checks that one employee's trainings do not overlap. Two trainings of the same second are allowed: if the list is
/// longer than the shift has seconds, trainings share them.
fn check_overlap(trainings: &mut [TrainingRow], file: &VendorFile<'_>, findings: &mut Findings) {
    trainings.sort();
    for group in trainings.chunk_by(|a, b| a.employee == b.employee) {
        let mut longest = group[0];
        for training in &group[1..] {
            let second = training.completed - training.started <= 1;
            let shared = second && (training.started, training.completed) == (longest.started, longest.completed);
            // A repeated row is already a finding.
            if training.started < longest.completed && !shared && !file.are_same(training.at, longest.at) {
                findings.add(FindingKind::Overlap, training.line, || overlap(file, &longest, training));
            }
            if training.completed > longest.completed {
                longest = *training;
            }
        }
    }
}

fn overlap(file: &VendorFile<'_>, earlier: &TrainingRow, training: &TrainingRow) -> FindingDraft {
    let content = |training: &TrainingRow| file.text(training.at, training.line, CONTENT).unwrap_or_default();
    let text = format!(
        "employee {} starts content {} at {}, before content {} of line {} has ended at {}; an employee does one \
         training after another",
        training.employee,
        content(training),
        spelled(training.started),
        content(earlier),
        earlier.line,
        spelled(earlier.completed)
    );
    file.found(training.at, training.line, STARTED, text).employee(training.employee).line(earlier.line)
}
