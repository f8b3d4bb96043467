//! `ContentUserCompletion_V2_*.csv`: what each row must be, and how rows must follow each other: one employee's rows
//! together and in order of time, without overlap, no pair twice.

use rustc_hash::FxHashMap;

use super::doubt::{Doubt, Doubtful};
use super::facts::Facts;
use super::field_reader::FieldReader;
use super::findings::{Findings, Sort};
use super::header::Layout;
use super::pairs::{Pair, PairedRows};
use super::run_key::RunKey;
use super::vendor_rows::{Rules, VendorFile, go_through};
use crate::format::completions::COLUMNS;
use crate::format::raw_row::{LineBreaks, RawRow};
use crate::format::spelling::spelled;
use crate::text::problem::Place;

const USER: usize = 0;
const CONTENT: usize = 1;
pub(super) const STARTED: usize = 2;
pub(super) const COMPLETED: usize = 3;

/// The seconds of the longest training.
const LONGEST_TRAINING: i64 = 15 * 60;

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

/// When an employee did a training.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Training {
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
) -> (Option<Pair>, Option<Training>) {
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
    if let (Some(started), Some(completed)) = (started, completed)
        && completed - started > LONGEST_TRAINING
    {
        findings.add(Sort::Long, line, || {
            let seconds = completed - started;
            let said = format!(
                "a training of {}:{:02}:{:02} hours; the longest takes 15 minutes",
                seconds / 3_600,
                seconds / 60 % 60,
                seconds % 60
            );
            (row.place(layout.position(COMPLETED, row.len()).unwrap_or(0)), said)
        });
    }
    if let (Some(started), Some(completed)) = (started, completed)
        && started >= completed
    {
        findings.add(Sort::Ends, line, || {
            let (start, end) = (spelled(started), spelled(completed));
            let said =
                format!("DateCompleted {end} is not after DateStarted {start}; a training takes a second or more");
            (row.place(layout.position(COMPLETED, row.len()).unwrap_or(0)), said)
        });
    }
    let training = match (employee, started, completed) {
        (Some(employee), Some(started), Some(completed)) => {
            Some(Training { employee, started, completed: completed.max(started), at, line })
        }
        _ => None,
    };
    (pair, training)
}

/// One employee's rows stand together and in order of time.
fn check_order(trainings: &[Training], file: &VendorFile<'_>, findings: &mut Findings) {
    let mut last_lines: FxHashMap<u64, u32> = FxHashMap::default();
    for group in trainings.chunk_by(|a, b| a.employee == b.employee) {
        let (first, last) = (group[0], group[group.len() - 1]);
        if let Some(line) = last_lines.insert(first.employee, last.line) {
            findings.add(Sort::Apart, first.line, || {
                let said = format!(
                    "the rows of employee {} stand apart: others stand between line {line} and this one; keep one \
                     employee's rows together",
                    first.employee
                );
                (file.place(first.at, first.line, USER), said)
            });
        }
        for (earlier, later) in group.iter().zip(&group[1..]) {
            if later.started < earlier.started {
                findings.add(Sort::Order, later.line, || {
                    let said = format!(
                        "DateStarted {} is before {} in line {}; an employee's rows stand in order of time",
                        spelled(later.started),
                        spelled(earlier.started),
                        earlier.line
                    );
                    (file.place(later.at, later.line, STARTED), said)
                });
            }
        }
    }
}

/// One employee's trainings follow one another. Two that fill the very same second are no overlap: a list of more items
/// than the shift has seconds lets trainings share them.
fn check_overlap(trainings: &mut [Training], file: &VendorFile<'_>, findings: &mut Findings) {
    trainings.sort();
    for group in trainings.chunk_by(|a, b| a.employee == b.employee) {
        let mut longest = group[0];
        for training in &group[1..] {
            let second = training.completed - training.started <= 1;
            let shared = second && (training.started, training.completed) == (longest.started, longest.completed);
            // A row that stands there twice is told as that.
            if training.started < longest.completed && !shared && !file.are_same(training.at, longest.at) {
                findings.add(Sort::Overlap, training.line, || overlap(file, &longest, training));
            }
            if training.completed > longest.completed {
                longest = *training;
            }
        }
    }
}

fn overlap(file: &VendorFile<'_>, earlier: &Training, training: &Training) -> (Place, String) {
    let content = |training: &Training| file.text(training.at, training.line, CONTENT).unwrap_or_default();
    let said = format!(
        "employee {} starts content {} at {}, before content {} of line {} has ended at {}; an employee does one \
         training after another",
        training.employee,
        content(training),
        spelled(training.started),
        content(earlier),
        earlier.line,
        spelled(earlier.completed)
    );
    (file.place(training.at, training.line, STARTED), said)
}
