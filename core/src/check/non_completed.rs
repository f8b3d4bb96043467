//! Checks of `Non_Completed_Assignments_V2_*.csv`: the fields of each row, its `RequestId` above all; no pair may occur
//! twice.

use chrono::Datelike;

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
use crate::format::non_completed::COLUMNS;
use crate::format::raw_row::{LineBreaks, RawRow};
use crate::text::problem::Place;
use crate::text::visible::quoted;

pub(super) const USER: usize = 0;
pub(super) const CREATED: usize = 1;
const REQUEST: usize = 2;
pub(super) const CONTENT: usize = 3;
pub(super) const START: usize = 4;
pub(super) const DUE: usize = 5;
pub(super) const CONTENT_TYPE: usize = 6;

const RULES: Rules =
    Rules { columns: &COLUMNS, line_breaks: LineBreaks::In(CONTENT_TYPE), byte_order_mark: true, strict: true };

/// Checks a file of assignments.
pub(super) fn check<'a>(bytes: &'a [u8], run: Option<&RunKey>, findings: &mut Findings) -> (Facts<'a>, usize) {
    let reader = FieldReader::new(&COLUMNS, run);
    let mut requests = Requests { day: run.map(|run| run.date.day()), ..Requests::default() };
    let (mut pairs, mut doubts) = (Vec::new(), Vec::new());
    let file = go_through(bytes, RULES, findings, &mut |row, layout, findings| {
        let pair = read_row(row, layout, &reader, findings, &mut doubts);
        pairs.extend(pair);
        requests.read(row, layout, findings);
        pair.is_some()
    });
    let Some(file) = file else { return (Facts::Nothing, 0) };
    requests.compare(&file, findings);
    let rows = file.rows;
    (Facts::Assignments(PairedRows::new(file, pairs, doubts, CONTENT, findings)), rows)
}

fn read_row(
    row: &RawRow<'_>,
    layout: &Layout,
    reader: &FieldReader,
    findings: &mut Findings,
    doubts: &mut Vec<Doubt>,
) -> Option<Pair> {
    let employee = reader.employee(row, layout, USER, findings);
    let created = reader.instant(row, layout, CREATED, findings);
    let content = reader.content(row, layout, CONTENT, findings);
    let start = reader.instant(row, layout, START, findings);
    let due = reader.instant(row, layout, DUE, findings);
    let pair =
        employee.zip(content).map(|(employee, content)| Pair { employee, content, line: row.line, at: row.start });
    let mut doubt = |what| doubts.push(Doubt { key: pair.map(|pair| pair.key()), line: row.line, at: row.start, what });
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
    pair
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
    /// The day of the month in the file's name.
    day: Option<u32>,
    numbers: Vec<(u64, u32, usize)>,
    numbered: Style,
    faked: Style,
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
    fn read(&mut self, row: &RawRow<'_>, layout: &Layout, findings: &mut Findings) {
        let Some(index) = layout.position(REQUEST, row.len()) else { return };
        let value = row.inside(index);
        let fault = if let Some(day) = value.strip_prefix(b"fake:") {
            self.faked.count(|| row.place(index));
            self.day_fault(day)
        } else if let Some(number) = whole_number(value) {
            self.numbered.count(|| row.place(index));
            self.numbers.push((number, row.line, row.start));
            (value.first() == Some(&b'0')).then(|| format!("begins with 0; write {number}"))
        } else {
            Some("is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29".to_owned())
        };
        if let Some(fault) = fault {
            findings.add(FindingKind::BadRequestId, row.line, || {
                let (value, name) = (row.text(index), COLUMNS[REQUEST]);
                FindingDraft::from((row.place(index), format!("{name} {} {fault}", quoted(&value))))
                    .field(name)
                    .value(value)
            });
        }
    }

    /// The message about a day after `fake:` that is not the file's; `None` if it is.
    fn day_fault(&self, day: &[u8]) -> Option<String> {
        let number = if day.len() == 2 { whole_number(day) } else { None };
        match self.day {
            Some(of_file) => (number != Some(of_file.into()))
                .then(|| format!("should name the day of the file in two digits, fake:{of_file:02}")),
            None => (!number.is_some_and(|number| (1..=31).contains(&number)))
                .then(|| "should name a day in two digits, such as fake:29".to_owned()),
        }
    }

    /// Checks that all rows have one style, and no number occurs twice.
    fn compare(mut self, file: &VendorFile<'_>, findings: &mut Findings) {
        self.numbers.sort();
        for group in self.numbers.chunk_by(|a, b| a.0 == b.0) {
            // A repeated row is already a finding.
            for (number, line, at) in group[1..].iter().filter(|(.., at)| !file.are_same(*at, group[0].2)) {
                findings.add(FindingKind::RepeatedRequestId, *line, || {
                    let first = group[0].1;
                    let text =
                        format!("RequestId {number} stands in line {first} already; every row has a number of its own");
                    file.found(*at, *line, REQUEST, text).value(number.to_string()).line(first)
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

fn whole_number(value: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(value).ok()?;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}
