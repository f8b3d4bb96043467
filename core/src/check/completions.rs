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
use super::in_order::InOrder;
use super::pairs::{Pair, PairedRows, RowValues, UNKNOWN};
use super::run_key::RunKey;
use super::sorted::sort_by_pair;
use super::vendor_rows::{KeptRows, Row, Rules, VendorFile, go_through};
use crate::format::completions::COLUMNS;
use crate::format::raw_row::{LineBreaks, RawRow};
use crate::format::spelling::spelled_instant;
use crate::rules::training::LONGEST_TRAINING;
use crate::text::chunks::{ByteSource, Workers};

pub(super) const USER: usize = 0;
pub(super) const CONTENT: usize = 1;
pub(super) const STARTED: usize = 2;
pub(super) const COMPLETED: usize = 3;

const RULES: Rules = Rules { columns: &COLUMNS, line_breaks: LineBreaks::Nowhere, byte_order_mark: true, strict: true };

/// Checks a file of completions.
pub(super) fn check<'a>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    run: Option<&RunKey>,
    findings: &mut Findings,
) -> (Facts<'a>, usize) {
    let reader = FieldReader::new(&COLUMNS, run);
    let read = go_through(source, workers, RULES, findings, |row, layout, findings, rows: &mut CompletionRows| {
        read_row(row, layout, &reader, findings, rows)
    });
    let Some((file, CompletionRows { mut pairs, order, span, doubts })) = read else { return (Facts::Nothing, 0) };
    let groups = |pairs: &[Pair]| pairs.chunk_by(|a, b| a.employee() == b.employee()).count();
    let groups_in_file = groups(&pairs);
    sort_by_pair(&mut pairs, Pair::row_key);
    // If the file has as many groups as employees, each employee's rows are consecutive.
    if !order.is_certain() || groups(&pairs) < groups_in_file {
        let mut trainings = trainings(&file, workers);
        trainings.retain(|training| training.started != UNKNOWN && training.completed != UNKNOWN);
        check_order(&trainings, &file, findings);
        check_overlap(trainings, &file, findings);
    }
    let rows = file.rows;
    (Facts::Completions(PairedRows::new(file, pairs, RowValues::Trainings(span), doubts, CONTENT, findings)), rows)
}

/// The trainings of a file in the order of its lines. The file is read again, because they are rarely needed: only if something
/// may be wrong with them.
pub(super) fn trainings(file: &VendorFile<'_>, workers: &impl Workers) -> Vec<Training> {
    let reader = FieldReader::new(&COLUMNS, None);
    let read = |row: &RawRow<'_>, layout: &Layout, findings: &mut Findings, rows: &mut Vec<Training>| {
        let employee = reader.employee(row, layout, USER, findings);
        let [started, completed] =
            [STARTED, COMPLETED].map(|column| reader.instant(row, layout, column, findings).unwrap_or(UNKNOWN));
        rows.extend(employee.map(|employee| Training { employee, started, completed, line: row.line }));
        true
    };
    go_through(file.source, workers, RULES, &mut Findings::default(), read).map(|(_, rows)| rows).unwrap_or_default()
}

/// The rows of completions.
struct CompletionRows {
    pairs: Vec<Pair>,
    /// The order of the trainings: each must begin after the employee's training above it has ended.
    order: InOrder<Training>,
    /// The first start and the last end.
    span: [i64; 2],
    doubts: Vec<Doubt>,
}

impl Default for CompletionRows {
    fn default() -> CompletionRows {
        CompletionRows { pairs: Vec::new(), order: InOrder::default(), span: [i64::MAX, UNKNOWN], doubts: Vec::new() }
    }
}

impl KeptRows for CompletionRows {
    fn reserve(&mut self, rows: usize) {
        self.pairs.reserve(rows);
    }

    fn append(&mut self, next: CompletionRows, lines: u32) {
        KeptRows::append(&mut self.pairs, next.pairs, lines);
        self.order.append(next.order, Training::may_precede);
        self.widen(next.span);
        KeptRows::append(&mut self.doubts, next.doubts, lines);
    }
}

impl CompletionRows {
    fn widen(&mut self, [start, end]: [i64; 2]) {
        self.span = [self.span[0].min(start), self.span[1].max(end)];
    }
}

/// An employee's training with its times in seconds since 1970-01-01T00:00:00Z or [`UNKNOWN`], and its row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Training {
    pub(super) employee: u64,
    pub(super) started: i64,
    pub(super) completed: i64,
    pub(super) line: u32,
}

impl Training {
    /// True if `below` may follow this training: another employee's, or one that starts after this one has ended.
    fn may_precede(self, below: Training) -> bool {
        self.employee != below.employee || below.started >= self.ended()
    }

    /// The end, which is not before the start.
    fn ended(&self) -> i64 {
        self.completed.max(self.started)
    }
}

impl Row for Training {
    fn further_down(self, lines: u32) -> Training {
        Training { line: self.line.saturating_add(lines), ..self }
    }
}

fn read_row(
    row: &RawRow<'_>,
    layout: &Layout,
    reader: &FieldReader,
    findings: &mut Findings,
    rows: &mut CompletionRows,
) -> bool {
    let employee = reader.employee(row, layout, USER, findings);
    let content = reader.content(row, layout, CONTENT, findings);
    let started = reader.instant(row, layout, STARTED, findings);
    let completed = reader.instant(row, layout, COMPLETED, findings);
    let line = row.line;
    let pair = employee.zip(content).map(|(employee, content)| Pair::new(employee, content, line));
    let late = [(STARTED, started), (COMPLETED, completed)].into_iter().find_map(|(column, instant)| {
        let instant = instant.filter(|instant| reader.future.is_some_and(|future| *instant >= future))?;
        Some(Doubtful::Future { column, instant })
    });
    rows.doubts.extend(late.map(|what| Doubt { key: pair.map(|pair| pair.key()), line, what }));
    let times = started.zip(completed);
    if let Some((started, completed)) = times {
        check_duration(started, completed, line, findings, |text| {
            let place = row.place(layout.position(COMPLETED, row.len()).unwrap_or(0));
            FindingDraft::from((place, text)).field(COLUMNS[COMPLETED]).value(spelled_instant(completed))
        });
    }
    let training = pair.zip(times).map(|(pair, (started, completed))| Training {
        employee: pair.employee(),
        started,
        completed,
        line,
    });
    rows.order.append(InOrder::one(training), Training::may_precede);
    let Some(pair) = pair else { return false };
    rows.pairs.push(pair);
    rows.widen([started.unwrap_or(i64::MAX), completed.unwrap_or(UNKNOWN)]);
    true
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
            let (start, end) = (spelled_instant(started), spelled_instant(completed));
            found(format!("DateCompleted {end} is not after DateStarted {start}; a training takes a second or more"))
        });
    }
}

/// Checks that one employee's rows are consecutive and in order of time.
fn check_order(trainings: &[Training], file: &VendorFile<'_>, findings: &mut Findings) {
    // If the employees ascend, each employee's rows are consecutive.
    let may_stand_apart = !trainings.is_sorted_by_key(|training| training.employee);
    let mut last_lines: FxHashMap<u64, u32> = FxHashMap::default();
    let mut last: Option<&Training> = None;
    for training in trainings {
        let earlier = last.replace(training);
        if let Some(earlier) = earlier.filter(|earlier| earlier.employee == training.employee) {
            if training.started < earlier.started {
                findings.add(FindingKind::TimeOrder, training.line, || disorder(file, earlier, training));
            }
        } else if may_stand_apart {
            last_lines.extend(earlier.map(|earlier| (earlier.employee, earlier.line)));
            if let Some(line) = last_lines.get(&training.employee) {
                findings.add(FindingKind::RowsApart, training.line, || apart(file, *line, training));
            }
        }
    }
}

fn disorder(file: &VendorFile<'_>, earlier: &Training, later: &Training) -> FindingDraft {
    let text = format!(
        "DateStarted {} is before {} in line {}; an employee's rows stand in order of time",
        spelled_instant(later.started),
        spelled_instant(earlier.started),
        earlier.line
    );
    file.found(later.line, STARTED, text).employee(later.employee).line(earlier.line)
}

fn apart(file: &VendorFile<'_>, line: u32, first: &Training) -> FindingDraft {
    let text = format!(
        "the rows of employee {} stand apart: others stand between line {line} and this one; keep one \
         employee's rows together",
        first.employee
    );
    file.found(first.line, USER, text).employee(first.employee).line(line)
}

/// Checks that one employee's trainings do not overlap. Two trainings of the same second are allowed: if the list is
/// longer than the shift has seconds, trainings share them.
fn check_overlap(mut trainings: Vec<Training>, file: &VendorFile<'_>, findings: &mut Findings) {
    trainings.iter_mut().for_each(|training| training.completed = training.ended());
    trainings.sort_unstable();
    for of_employee in trainings.chunk_by(|a, b| a.employee == b.employee) {
        report_overlaps(of_employee, file, findings);
    }
}

/// Reports overlaps among the trainings of one employee, which are in order of time.
fn report_overlaps(trainings: &[Training], file: &VendorFile<'_>, findings: &mut Findings) {
    let Some((mut longest, later)) = trainings.split_first() else { return };
    for training in later {
        let second = training.completed - training.started <= 1;
        let shared = second && (training.started, training.completed) == (longest.started, longest.completed);
        // A repeated row is already a finding.
        if training.started < longest.completed && !shared && !file.are_same(training.line, longest.line) {
            findings.add(FindingKind::Overlap, training.line, || overlap(file, longest, training));
        }
        if training.completed > longest.completed {
            longest = training;
        }
    }
}

fn overlap(file: &VendorFile<'_>, earlier: &Training, training: &Training) -> FindingDraft {
    let content = |training: &Training| file.text(training.line, CONTENT).unwrap_or_default();
    let text = format!(
        "employee {} starts content {} at {}, before content {} of line {} has ended at {}; an employee does one \
         training after another",
        training.employee,
        content(training),
        spelled_instant(training.started),
        content(earlier),
        earlier.line,
        spelled_instant(earlier.completed)
    );
    file.found(training.line, STARTED, text).employee(training.employee).line(earlier.line)
}
