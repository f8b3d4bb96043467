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
use super::pairs::{Pair, PairedRows, RowValues, UNKNOWN};
use super::run_key::RunKey;
use super::sorted::sort_by_pair;
use super::vendor_rows::{KeptRows, Rules, VendorFile, go_through};
use crate::format::completions::COLUMNS;
use crate::format::raw_row::{LineBreaks, RawRow};
use crate::format::spelling::spelled;
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
    let Some((file, rows)) = read_rows(source, workers, run, findings) else { return (Facts::Nothing, 0) };
    let CompletionRows { mut pairs, times, mut unpaired, doubts } = rows;
    check_order(&pairs, &times, &unpaired, &file, findings);
    sort_by_pair(&mut pairs, Pair::key);
    unpaired.sort_unstable();
    check_overlap(&pairs, &times, &unpaired, &file, findings);
    let rows = file.rows;
    let started = times.iter().map(|times| times.started()).filter(|started| *started != UNKNOWN);
    let last_end = times.iter().map(|times| times.completed()).max();
    let values = RowValues::Trainings([started.min().unwrap_or(i64::MAX), last_end.unwrap_or(UNKNOWN)]);
    (Facts::Completions(PairedRows::new(file, pairs, values, doubts, CONTENT, findings)), rows)
}

/// The times of each training, by `values` of its pair, read again.
pub(super) fn times(file: &VendorFile<'_>, workers: &impl Workers) -> Vec<Times> {
    read_rows(file.source, workers, None, &mut Findings::default()).map(|(_, rows)| rows.times).unwrap_or_default()
}

fn read_rows<'a>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    run: Option<&RunKey>,
    findings: &mut Findings,
) -> Option<(VendorFile<'a>, CompletionRows)> {
    let reader = FieldReader::new(&COLUMNS, run);
    go_through(source, workers, RULES, findings, |row, layout, findings, rows: &mut CompletionRows| {
        read_row(row, layout, &reader, findings, rows)
    })
}

/// The rows of completions.
#[derive(Default)]
struct CompletionRows {
    pairs: Vec<Pair>,
    /// Those of each pair.
    times: Vec<Times>,
    /// The trainings of rows whose content cannot be read.
    unpaired: Vec<TrainingRow>,
    doubts: Vec<Doubt>,
}

impl KeptRows for CompletionRows {
    fn reserve(&mut self, rows: usize) {
        self.pairs.reserve(rows);
        self.times.reserve(rows);
    }

    fn append(&mut self, next: CompletionRows, lines: u32) {
        let values = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        self.pairs.extend(next.pairs.into_iter().map(|pair| pair.further_down(lines, values)));
        self.times.extend(next.times);
        let moved = |row: TrainingRow| TrainingRow { line: row.line.saturating_add(lines), ..row };
        self.unpaired.extend(next.unpaired.into_iter().map(moved));
        self.doubts.extend(next.doubts.into_iter().map(|doubt| doubt.further_down(lines)));
    }
}

/// Start and end of a training in seconds since 1970-01-01T00:00:00Z, or [`UNKNOWN`], in 40 bits each: a file has millions.
pub(super) struct Times([[u8; 5]; 2]);

impl Times {
    fn of(instants: [i64; 2]) -> Times {
        Times(instants.map(|instant| {
            let [low @ .., _, _, _] = instant.to_le_bytes();
            low
        }))
    }

    /// The start.
    pub(super) fn started(&self) -> i64 {
        Times::instant(self.0[0])
    }

    /// The end.
    pub(super) fn completed(&self) -> i64 {
        Times::instant(self.0[1])
    }

    fn instant([a, b, c, d, e]: [u8; 5]) -> i64 {
        // Shifting brings the sign back.
        i64::from_le_bytes([0, 0, 0, a, b, c, d, e]) >> 24
    }
}

/// An employee's training with its times in seconds since 1970-01-01T00:00:00Z, and its row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TrainingRow {
    employee: u64,
    started: i64,
    completed: i64,
    line: u32,
}

impl TrainingRow {
    /// The training of a pair; `None` if one of its times cannot be read.
    fn of(pair: &Pair, times: &[Times]) -> Option<TrainingRow> {
        let times = times.get(pair.values as usize)?;
        let (started, completed) = (times.started(), times.completed());
        let Pair { employee, line, .. } = *pair;
        (started != UNKNOWN && completed != UNKNOWN).then_some(TrainingRow {
            employee,
            started,
            completed: completed.max(started),
            line,
        })
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
    let values = u32::try_from(rows.times.len()).unwrap_or(u32::MAX);
    let pair = employee.zip(content).map(|(employee, content)| Pair { employee, content, line, values });
    let late = [(STARTED, started), (COMPLETED, completed)].into_iter().find_map(|(column, instant)| {
        let instant = instant.filter(|instant| reader.future.is_some_and(|future| *instant >= future))?;
        Some(Doubtful::Future { column, instant })
    });
    rows.doubts.extend(late.map(|what| Doubt { key: pair.map(|pair| pair.key()), line, what }));
    if let Some((started, completed)) = started.zip(completed) {
        check_duration(started, completed, line, findings, |text| {
            let place = row.place(layout.position(COMPLETED, row.len()).unwrap_or(0));
            FindingDraft::from((place, text)).field(COLUMNS[COMPLETED]).value(spelled(completed))
        });
        let training = |employee| TrainingRow { employee, started, completed: completed.max(started), line };
        rows.unpaired.extend(employee.filter(|_| pair.is_none()).map(training));
    }
    let Some(pair) = pair else { return false };
    rows.pairs.push(pair);
    rows.times.push(Times::of([started, completed].map(|time| time.unwrap_or(UNKNOWN))));
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
            let (start, end) = (spelled(started), spelled(completed));
            found(format!("DateCompleted {end} is not after DateStarted {start}; a training takes a second or more"))
        });
    }
}

/// Checks that one employee's rows are consecutive and in order of time. The pairs are in the order of the file.
fn check_order(
    pairs: &[Pair],
    times: &[Times],
    unpaired: &[TrainingRow],
    file: &VendorFile<'_>,
    findings: &mut Findings,
) {
    // Where the employees ascend, the rows of each stand together.
    let may_stand_apart = !unpaired.is_empty() || !pairs.is_sorted_by_key(|pair| pair.employee);
    let mut unpaired = unpaired.iter().copied().peekable();
    let mut paired = pairs.iter().filter_map(|pair| TrainingRow::of(pair, times)).peekable();
    let trainings = std::iter::from_fn(|| match (paired.peek(), unpaired.peek()) {
        (Some(paired_row), Some(row)) if row.line < paired_row.line => unpaired.next(),
        (None, _) => unpaired.next(),
        _ => paired.next(),
    });
    let mut last_lines: FxHashMap<u64, u32> = FxHashMap::default();
    let mut last: Option<TrainingRow> = None;
    for training in trainings {
        let earlier = last.replace(training);
        if let Some(earlier) = earlier.filter(|earlier| earlier.employee == training.employee) {
            if training.started < earlier.started {
                findings.add(FindingKind::TimeOrder, training.line, || disorder(file, &earlier, &training));
            }
        } else if may_stand_apart {
            last_lines.extend(earlier.map(|earlier| (earlier.employee, earlier.line)));
            if let Some(line) = last_lines.get(&training.employee) {
                findings.add(FindingKind::RowsApart, training.line, || apart(file, *line, &training));
            }
        }
    }
}

fn disorder(file: &VendorFile<'_>, earlier: &TrainingRow, later: &TrainingRow) -> FindingDraft {
    let text = format!(
        "DateStarted {} is before {} in line {}; an employee's rows stand in order of time",
        spelled(later.started),
        spelled(earlier.started),
        earlier.line
    );
    file.found(later.line, STARTED, text).employee(later.employee).line(earlier.line)
}

fn apart(file: &VendorFile<'_>, line: u32, first: &TrainingRow) -> FindingDraft {
    let text = format!(
        "the rows of employee {} stand apart: others stand between line {line} and this one; keep one \
         employee's rows together",
        first.employee
    );
    file.found(first.line, USER, text).employee(first.employee).line(line)
}

/// Checks that one employee's trainings do not overlap. Two trainings of the same second are allowed: if the list is
/// longer than the shift has seconds, trainings share them. Both kinds of rows are sorted by employee.
fn check_overlap(
    pairs: &[Pair],
    times: &[Times],
    mut unpaired: &[TrainingRow],
    file: &VendorFile<'_>,
    findings: &mut Findings,
) {
    let mut trainings: Vec<TrainingRow> = Vec::new();
    let mut pairs = pairs.chunk_by(|a, b| a.employee == b.employee).peekable();
    loop {
        let employee = match (pairs.peek(), unpaired.first()) {
            (Some(pairs), Some(row)) => pairs[0].employee.min(row.employee),
            (Some(pairs), None) => pairs[0].employee,
            (None, Some(row)) => row.employee,
            (None, None) => return,
        };
        trainings.clear();
        if let Some(pairs) = pairs.next_if(|pairs| pairs[0].employee == employee) {
            trainings.extend(pairs.iter().filter_map(|pair| TrainingRow::of(pair, times)));
        }
        let (of_employee, others) = unpaired.split_at(unpaired.partition_point(|row| row.employee == employee));
        trainings.extend(of_employee);
        unpaired = others;
        trainings.sort_unstable();
        report_overlaps(&trainings, file, findings);
    }
}

/// Reports overlaps among the trainings of one employee, which are in order of time.
fn report_overlaps(trainings: &[TrainingRow], file: &VendorFile<'_>, findings: &mut Findings) {
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

fn overlap(file: &VendorFile<'_>, earlier: &TrainingRow, training: &TrainingRow) -> FindingDraft {
    let content = |training: &TrainingRow| file.text(training.line, CONTENT).unwrap_or_default();
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
    file.found(training.line, STARTED, text).employee(training.employee).line(earlier.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_any_year_take_ten_bytes() {
        for instants in [[UNKNOWN, 0], [-62_135_596_800, 253_402_300_799], [-1, 1], [1_766_400_185, UNKNOWN]] {
            let times = Times::of(instants);
            assert_eq!([times.started(), times.completed()], instants);
        }
        assert_eq!(size_of::<Times>(), 10);
    }
}
