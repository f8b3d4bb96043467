//! Checks of `Non_Completed_Assignments_V2_*.csv`: the fields of each row, its `RequestId` above all; no pair may occur
//! twice.

use std::sync::Arc;

use chrono::Datelike;
use rustc_hash::FxHashSet;

use super::doubt::{Doubt, Doubtful};
use super::facts::Facts;
use super::field_reader::FieldReader;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::Layout;
use super::in_order::InOrder;
use super::pairs::{AssignmentValues, Pair, PairedRows, RowValues, UNKNOWN};
use super::run_key::RunKey;
use super::sorted::sort_by_pair;
use super::vendor_rows::{KeptRows, Row, Rules, VendorFile, go_through};
use crate::format::non_completed::COLUMNS;
use crate::format::raw_row::{LineBreaks, RawRow};
use crate::text::chunks::{ByteSource, Workers};
use crate::text::problem::Place;
use crate::text::visible::quoted;

pub(super) const USER: usize = 0;
pub(super) const CREATED: usize = 1;
pub(super) const REQUEST: usize = 2;
pub(super) const CONTENT: usize = 3;
pub(super) const START: usize = 4;
pub(super) const DUE: usize = 5;
pub(super) const CONTENT_TYPE: usize = 6;

const RULES: Rules =
    Rules { columns: &COLUMNS, line_breaks: LineBreaks::In(CONTENT_TYPE), byte_order_mark: true, strict: true };

/// Checks a file of assignments.
pub(super) fn check<'a>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    run: Option<&RunKey>,
    findings: &mut Findings,
) -> (Facts<'a>, usize) {
    let reader = FieldReader::new(&COLUMNS, run);
    let day = run.map(|run| run.date.day());
    let read = go_through(source, workers, RULES, findings, |row, layout, findings, rows: &mut AssignmentRows| {
        let is_pair = read_row(row, layout, &reader, findings, rows);
        rows.requests.read(row, layout, day, findings);
        is_pair
    });
    let Some((file, AssignmentRows { mut pairs, mut values, doubts, requests, .. })) = read else {
        return (Facts::Nothing, 0);
    };
    requests.compare(&file, workers, findings);
    values.shrink_to_fit();
    sort_by_pair(&mut pairs, Pair::row_key);
    let rows = file.rows;
    (Facts::Assignments(PairedRows::new(file, pairs, RowValues::Assignments(values), doubts, CONTENT, findings)), rows)
}

/// The rows of assignments.
#[derive(Default)]
struct AssignmentRows {
    pairs: Vec<Pair>,
    /// The values of the rows. Consecutive rows with equal values share one entry.
    values: Vec<AssignmentValues>,
    /// The content types of the file, each once.
    types: FxHashSet<Arc<str>>,
    doubts: Vec<Doubt>,
    requests: Requests,
}

impl KeptRows for AssignmentRows {
    fn reserve(&mut self, rows: usize) {
        self.pairs.reserve(rows);
    }

    fn append(&mut self, next: AssignmentRows, lines: u32) {
        KeptRows::append(&mut self.pairs, next.pairs, lines);
        for AssignmentValues { dates, content_type, line } in next.values {
            let content_type = content_type.map(|text| self.shared(&text));
            self.values.push(AssignmentValues { dates, content_type, line: line.saturating_add(lines) });
        }
        KeptRows::append(&mut self.doubts, next.doubts, lines);
        self.requests.append(next.requests, lines);
    }
}

impl AssignmentRows {
    fn shared(&mut self, content_type: &str) -> Arc<str> {
        if let Some(known) = self.types.get(content_type) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(content_type);
        self.types.insert(Arc::clone(&new));
        new
    }
}

fn read_row(
    row: &RawRow<'_>,
    layout: &Layout,
    reader: &FieldReader,
    findings: &mut Findings,
    rows: &mut AssignmentRows,
) -> bool {
    let employee = reader.employee(row, layout, USER, findings);
    let created = reader.instant(row, layout, CREATED, findings);
    let content = reader.content(row, layout, CONTENT, findings);
    let start = reader.instant(row, layout, START, findings);
    let due = reader.instant(row, layout, DUE, findings);
    let line = row.line;
    let key = employee.zip(content);
    let mut doubt = |what| rows.doubts.push(Doubt { key, line, what });
    if let (Some(created), Some(future)) = (created, reader.future)
        && created >= future
    {
        doubt(Doubtful::Future { column: CREATED, instant: created });
    }
    if let (Some(start), Some(due)) = (start, due)
        && due < start
    {
        doubt(Doubtful::DueBeforeStart { start, due });
    }
    check_content_type(row, layout, findings);
    let Some((employee, content)) = key else { return false };
    let content_type = layout.position(CONTENT_TYPE, row.len()).map(|index| row.text(index));
    let dates = [created, start, due].map(|instant| instant.unwrap_or(UNKNOWN));
    let is_as_before =
        |last: &AssignmentValues| (last.dates, last.content_type.as_deref()) == (dates, content_type.as_deref());
    if !rows.values.last().is_some_and(is_as_before) {
        let content_type = content_type.map(|text| rows.shared(&text));
        rows.values.push(AssignmentValues { dates, content_type, line });
    }
    rows.pairs.push(Pair::new(employee, content, line));
    true
}

fn check_content_type(row: &RawRow<'_>, layout: &Layout, findings: &mut Findings) {
    let Some(index) = layout.position(CONTENT_TYPE, row.len()) else { return };
    if row.inside(index).trim_ascii().is_empty() {
        findings.add(FindingKind::EmptyContentType, row.line, || {
            let text = "ContentType is empty; write the kind of content, usually Media";
            FindingDraft::from((row.place(index), text)).field(COLUMNS[CONTENT_TYPE])
        });
    }
}

/// The `RequestId`s of a file: either all are distinct numbers, or all are `fake:DD`.
#[derive(Default)]
struct Requests {
    /// The order of the numbers: if they ascend, they are distinct.
    ascending: InOrder<u64>,
    numbered: Style,
    faked: Style,
}

/// A `RequestId` that is a number, and its row.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct NumberedRow {
    number: u64,
    line: u32,
}

impl Row for NumberedRow {
    fn further_down(self, lines: u32) -> NumberedRow {
        NumberedRow { line: self.line.saturating_add(lines), ..self }
    }
}

/// The rows whose `RequestId` has one style.
#[derive(Default)]
struct Style {
    rows: usize,
    first: Option<Place>,
}

impl Style {
    fn count(&mut self, place: impl FnOnce() -> Place) {
        self.rows += 1;
        if self.first.is_none() {
            self.first = Some(place());
        }
    }
}

impl Requests {
    /// Appends those of the next part, which has `lines` lines before it.
    fn append(&mut self, next: Requests, lines: u32) {
        self.ascending.append(next.ascending, |above, below| above < below);
        for (style, next) in [(&mut self.numbered, next.numbered), (&mut self.faked, next.faked)] {
            style.rows += next.rows;
            let moved = |place: Place| Place { line: place.line.saturating_add(lines), ..place };
            style.first = style.first.or(next.first.map(moved));
        }
    }

    /// Reads the `RequestId` of a row. `day` is the day of the month in the file's name.
    fn read(&mut self, row: &RawRow<'_>, layout: &Layout, day: Option<u32>, findings: &mut Findings) {
        let Some(index) = layout.position(REQUEST, row.len()) else { return };
        let value = row.inside(index);
        let (style, fault) = if let Some(found) = value.strip_prefix(b"fake:") {
            (Some(&mut self.faked), day_fault(found, day))
        } else if let Some(number) = whole_number(value) {
            self.ascending.append(InOrder::one(Some(number)), |above, below| above < below);
            let fault = (value.first() == Some(&b'0')).then(|| format!("begins with 0; write {number}"));
            (Some(&mut self.numbered), fault)
        } else {
            let fault = "is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29";
            (None, Some(fault.to_owned()))
        };
        // A value that is wrong by itself is one finding, and does not count as another style.
        if let (Some(style), None) = (style, &fault) {
            style.count(|| row.place(index));
        }
        if let Some(fault) = fault {
            findings.add(FindingKind::BadRequestId, row.line, || {
                let (value, name) = (row.text(index), COLUMNS[REQUEST]);
                FindingDraft::from((row.place(index), format!("{name} {} {fault}", quoted(&value))))
                    .field(name)
                    .value(value)
            });
        }
    }

    /// Checks that all rows have one style, and no number occurs twice.
    fn compare(self, file: &VendorFile<'_>, workers: &impl Workers, findings: &mut Findings) {
        let mut numbers = if self.ascending.is_certain() { Vec::new() } else { numbers(file, workers) };
        numbers.sort_unstable();
        for group in numbers.chunk_by(|a, b| a.number == b.number) {
            // A repeated row is already a finding.
            let first = group[0].line;
            for NumberedRow { number, line } in group[1..].iter().filter(|row| !file.are_same(row.line, first)) {
                findings.add(FindingKind::RepeatedRequestId, *line, || {
                    let text =
                        format!("RequestId {number} stands in line {first} already; every row has a number of its own");
                    file.found(*line, REQUEST, text).value(number.to_string()).line(first)
                });
            }
        }
        if let (Some(numbered), Some(faked)) = (self.numbered.first, self.faked.first) {
            let (numbers, fakes) = (self.numbered.rows, self.faked.rows);
            let text = format!(
                "RequestIds of two styles: {numbers} {} a number (first in line {}), {fakes} {} fake: and a day (first \
                 in line {}); use one of the two",
                if numbers == 1 { "row has" } else { "rows have" },
                numbered.line,
                if fakes == 1 { "row has" } else { "rows have" },
                faked.line
            );
            let found = FindingDraft::from((numbered.max(faked), text)).field(COLUMNS[REQUEST]);
            findings.report(FindingKind::MixedRequestIds, found.line(numbered.min(faked).line));
        }
    }
}

/// The numbers of a file. It is read again, because they are rarely needed: only if one may occur twice.
fn numbers(file: &VendorFile<'_>, workers: &impl Workers) -> Vec<NumberedRow> {
    let read = |row: &RawRow<'_>, layout: &Layout, _: &mut Findings, rows: &mut Vec<NumberedRow>| {
        let value = layout.position(REQUEST, row.len()).map(|index| row.inside(index));
        rows.extend(value.and_then(whole_number).map(|number| NumberedRow { number, line: row.line }));
        true
    };
    go_through(file.source, workers, RULES, &mut Findings::default(), read).map(|(_, rows)| rows).unwrap_or_default()
}

/// The message about a day after `fake:` that is not the file's; `None` if it is.
fn day_fault(found: &[u8], day: Option<u32>) -> Option<String> {
    let number = if found.len() == 2 { whole_number(found) } else { None };
    match day {
        Some(of_file) => (number != Some(of_file.into()))
            .then(|| format!("should name the day of the file in two digits, fake:{of_file:02}")),
        None => (!number.is_some_and(|number| (1..=31).contains(&number)))
            .then(|| "should name a day in two digits, such as fake:29".to_owned()),
    }
}

fn whole_number(value: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(value).ok()?;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}
