//! Checks of `ContentUserCompletion_V2_*.csv`: the fields of each row, and the rows together: one employee's rows are
//! consecutive and in order of time, trainings do not overlap, and no pair occurs twice.

use super::doubt::{Doubt, Doubtful};
use super::facts::Facts;
use super::field_reader::{FieldReader, first_future};
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::in_order::InOrder;
use super::misplaced::{Misplaced, apart, misplaced};
use super::pairs::{Pair, PairedRows, RowValues, UNKNOWN};
use super::sorted::sort_by_pair;
use super::vendor_name::RunKey;
use super::vendor_rows::{KeptRows, Row, Rules, VendorFile, go_through};
use crate::format::completions::{COLUMNS, COMPLETED, CONTENT, STARTED, USER};
use crate::format::instant::seconds_text;
use crate::format::raw_row::LineBreaks;
use crate::rules::training::LONGEST_TRAINING;
use crate::text::chunks::{ByteSource, Workers};

const RULES: Rules = Rules {
    columns: &COLUMNS,
    content: CONTENT,
    line_breaks: LineBreaks::Nowhere,
    byte_order_mark: true,
    strict: true,
};

/// Checks a file of completions.
pub(super) fn check<'a>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    run: Option<&RunKey>,
    findings: &mut Findings,
) -> (Facts<'a>, usize) {
    let future = run.and_then(|run| first_future(run.date));
    let read = go_through(source, workers, RULES, findings, |fields, findings, rows: &mut CompletionRows| {
        read_row(fields, future, findings, rows)
    });
    let Some((file, CompletionRows { mut pairs, order, span, doubts })) = read else { return (Facts::Nothing, 0) };
    let groups = |pairs: &[Pair]| pairs.chunk_by(|a, b| a.employee() == b.employee()).count();
    let groups_in_file = groups(&pairs);
    sort_by_pair(&mut pairs, Pair::row_key);
    // If the file has as many groups as employees, each employee's rows are consecutive.
    if !order.is_certain() || groups(&pairs) < groups_in_file {
        let mut trainings = trainings(&file, workers);
        let repeated = repeated_lines(&pairs);
        trainings.retain(|training| repeated.binary_search(&training.line).is_err());
        check_together(&mut trainings, &file, findings);
        // Times that are a finding already are not compared with others, unless most are: then the date in the name is wrong.
        let doubted: Vec<u32> =
            if doubts.len() > file.rows / 2 { Vec::new() } else { doubts.iter().map(|doubt| doubt.line).collect() };
        trainings.retain(|training| training.has_times() && doubted.binary_search(&training.line).is_err());
        check_order(&mut trainings, &file, findings);
        check_overlap(trainings, &file, findings);
    }
    let rows = file.rows;
    (Facts::Rows(PairedRows::new(file, pairs, RowValues::Trainings(span), doubts, CONTENT, findings)), rows)
}

/// The trainings of a file in the order of its lines, without times that are wrong by themselves. The file is read again, because
/// they are rarely needed: only if something may be wrong with them.
pub(super) fn trainings(file: &VendorFile<'_>, workers: &impl Workers) -> Vec<Training> {
    let read = |fields: FieldReader<'_>, findings: &mut Findings, rows: &mut Vec<Training>| {
        let (employee, _) = fields.ids([USER, CONTENT], findings);
        let [started, completed] = [STARTED, COMPLETED].map(|column| fields.instant(column, findings));
        // A duration that is a finding already says that one of the times is wrong.
        let times = started.zip(completed).filter(|(started, completed)| is_duration(completed - started));
        let (started, completed) = times.unwrap_or((UNKNOWN, UNKNOWN));
        rows.extend(employee.map(|employee| Training { employee, started, completed, line: fields.row.line }));
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

    fn doubts(&self) -> usize {
        self.doubts.len()
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

    /// True if its times are known.
    fn has_times(&self) -> bool {
        self.started != UNKNOWN && self.completed != UNKNOWN
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

/// Reads a row. Instants from `future` on are doubts.
fn read_row(fields: FieldReader<'_>, future: Option<i64>, findings: &mut Findings, rows: &mut CompletionRows) -> bool {
    let (employee, content) = fields.ids([USER, CONTENT], findings);
    let started = fields.instant(STARTED, findings);
    let completed = fields.instant(COMPLETED, findings);
    let line = fields.row.line;
    let pair = employee.zip(content).map(|(employee, content)| Pair::new(employee, content, line));
    let late = [(STARTED, started), (COMPLETED, completed)].into_iter().find_map(|(column, instant)| {
        let instant = instant.filter(|instant| future.is_some_and(|future| *instant >= future))?;
        Some(Doubtful::Future { column, instant })
    });
    rows.doubts.extend(late.map(|what| Doubt { key: pair.map(|pair| pair.key()), line, what }));
    let times = started.zip(completed);
    if let Some((started, completed)) = times {
        check_duration(started, completed, line, findings, |text| {
            fields.found(COMPLETED, text).value(seconds_text(completed))
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

/// True if a training may take so many seconds: from one second to 15 minutes.
fn is_duration(seconds: i64) -> bool {
    (1..=LONGEST_TRAINING.cast_signed()).contains(&seconds)
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
            let (start, end) = (seconds_text(started), seconds_text(completed));
            found(format!("DateCompleted {end} is not after DateStarted {start}; a training takes a second or more"))
        });
    }
}

/// The lines of rows whose employee and content an earlier row has, ascending. The pairs must be sorted.
fn repeated_lines(pairs: &[Pair]) -> Vec<u32> {
    let repeated = pairs.windows(2).filter(|pairs| pairs[0].key() == pairs[1].key());
    let mut lines: Vec<u32> = repeated.map(|pairs| pairs[1].line).collect();
    lines.sort_unstable();
    lines
}

/// Checks that one employee's rows stand together, and drops the rows that do not.
fn check_together(trainings: &mut Vec<Training>, file: &VendorFile<'_>, findings: &mut Findings) {
    // If the employees ascend, each employee's rows are consecutive.
    if trainings.is_sorted_by_key(|training| training.employee) {
        return;
    }
    let employees: Vec<u64> = trainings.iter().map(|training| training.employee).collect();
    let strays = apart(&employees);
    for stray in &strays {
        let first = trainings[stray.first];
        let line = |at: usize| trainings[at].line;
        findings.add(FindingKind::RowsApart, first.line, || match stray.parted {
            Some((above, below)) => {
                let (employee, other) = (first.employee, trainings[above].employee);
                let text = format!(
                    "a row of employee {employee} stands between those of employee {other} in lines {} and {}; keep one \
                     employee's rows together",
                    line(above),
                    line(below)
                );
                file.found(first.line, USER, text).employee(employee).line(line(above)).compared_with([line(below)])
            }
            None => {
                let text = format!(
                    "the rows of employee {} stand apart: others stand between line {} and this one; keep one employee's \
                     rows together",
                    first.employee,
                    line(stray.home)
                );
                file.found(first.line, USER, text).employee(first.employee).line(line(stray.home))
            }
        });
    }
    let mut at = 0;
    trainings.retain(|_| {
        at += 1;
        let before = strays.partition_point(|stray| stray.first < at);
        strays[..before].last().is_none_or(|stray| at > stray.end)
    });
}

/// Checks that one employee's rows are in order of time, and drops the rows that are not.
fn check_order(trainings: &mut Vec<Training>, file: &VendorFile<'_>, findings: &mut Findings) {
    let mut wrong: Vec<u32> = Vec::new();
    for rows in trainings.chunk_by(|one, next| one.employee == next.employee) {
        let starts: Vec<i64> = rows.iter().map(|training| training.started).collect();
        for Misplaced { at, other } in misplaced(&starts) {
            findings.add(FindingKind::TimeOrder, rows[at].line, || disorder(file, &rows[other], &rows[at]));
            wrong.push(rows[at].line);
        }
    }
    wrong.sort_unstable();
    trainings.retain(|training| wrong.binary_search(&training.line).is_err());
}

fn disorder(file: &VendorFile<'_>, other: &Training, found: &Training) -> FindingDraft {
    let text = format!(
        "DateStarted {} is {} {} in line {}; an employee's rows stand in order of time",
        seconds_text(found.started),
        if other.line < found.line { "before" } else { "after" },
        seconds_text(other.started),
        other.line
    );
    file.found(found.line, STARTED, text).employee(found.employee).line(other.line)
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
        if training.started < longest.completed && !shared {
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
        seconds_text(training.started),
        content(earlier),
        earlier.line,
        seconds_text(earlier.completed)
    );
    file.found(training.line, STARTED, text).employee(training.employee).line(earlier.line)
}
