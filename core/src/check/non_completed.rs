//! Checks of `Non_Completed_Assignments_V2_*.csv`: the fields of each row, its `RequestId` above all; no pair may occur
//! twice.

use std::borrow::Cow;

use super::doubt::{Doubt, Doubtful};
use super::facts::Facts;
use super::field_reader::{FieldReader, first_future};
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::pairs::{AssignmentValues, Pair, PairedRows, RowValues, UNKNOWN};
use super::request_ids::{self, Requests};
use super::sorted::sort_by_pair;
use super::vendor_name::RunKey;
use super::vendor_rows::{KeptRows, Rules, go_through};
use super::{quoting, stray};
use crate::format::non_completed::{COLUMNS, CONTENT, CONTENT_TYPE, CREATED, DUE, START, USER};
use crate::format::raw_row::LineBreaks;
use crate::text::chunks::{ByteSource, Workers};
use crate::text::shared_texts::SharedTexts;

const RULES: Rules = Rules {
    columns: &COLUMNS,
    content: CONTENT,
    line_breaks: LineBreaks::In(CONTENT_TYPE),
    byte_order_mark: true,
    strict: true,
};

/// Checks a file of assignments.
pub(super) fn check<'a>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    run: Option<&RunKey>,
    findings: &mut Findings,
) -> (Facts<'a>, usize) {
    let future = run.and_then(|run| first_future(run.date));
    let read = go_through(source, workers, RULES, findings, |fields, findings, rows: &mut AssignmentRows| {
        let is_pair = read_row(fields, future, findings, rows);
        rows.requests.read(fields, findings);
        is_pair
    });
    let Some((file, AssignmentRows { mut pairs, mut values, doubts, requests, .. })) = read else {
        return (Facts::Nothing, 0);
    };
    let Requests { ascending, styles } = requests;
    if !ascending.is_certain() {
        request_ids::report_repeated(&file, workers, findings);
    }
    values.shrink_to_fit();
    sort_by_pair(&mut pairs, Pair::row_key);
    let rows = file.rows;
    let values = RowValues::Assignments { values, styles: Box::new(styles) };
    (Facts::Rows(PairedRows::new(file, pairs, values, doubts, CONTENT, findings)), rows)
}

/// The rows of assignments.
#[derive(Default)]
struct AssignmentRows {
    pairs: Vec<Pair>,
    /// The values of the rows. Consecutive rows with equal values share one entry.
    values: Vec<AssignmentValues>,
    /// The content types of the file, each once.
    types: SharedTexts,
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
            let content_type = content_type.map(|text| self.types.of(&text));
            self.values.push(AssignmentValues { dates, content_type, line: line.saturating_add(lines) });
        }
        KeptRows::append(&mut self.doubts, next.doubts, lines);
        self.requests.append(next.requests, lines);
    }

    fn doubts(&self) -> usize {
        self.doubts.len()
    }
}

/// Reads a row. An assignment made from `future` on is a doubt.
fn read_row(fields: FieldReader<'_>, future: Option<i64>, findings: &mut Findings, rows: &mut AssignmentRows) -> bool {
    let (employee, content) = fields.ids([USER, CONTENT], findings);
    let created = fields.instant(CREATED, findings);
    let start = fields.instant(START, findings);
    let due = fields.instant(DUE, findings);
    let line = fields.row.line;
    let key = employee.zip(content);
    let mut doubt = |what| rows.doubts.push(Doubt { key, line, what });
    if let (Some(created), Some(future)) = (created, future)
        && created >= future
    {
        doubt(Doubtful::Future { column: CREATED, instant: created });
    }
    if let (Some(start), Some(due)) = (start, due)
        && due < start
    {
        doubt(Doubtful::DueBeforeStart { start, due });
    }
    check_content_type(fields, findings);
    let Some((employee, content)) = key else { return false };
    let content_type = content_type(fields);
    let dates = [created, start, due].map(|instant| instant.unwrap_or(UNKNOWN));
    let is_as_before =
        |last: &AssignmentValues| (last.dates, last.content_type.as_deref()) == (dates, content_type.as_deref());
    if !rows.values.last().is_some_and(is_as_before) {
        let content_type = content_type.map(|text| rows.types.of(&text));
        rows.values.push(AssignmentValues { dates, content_type, line });
    }
    rows.pairs.push(Pair::new(employee, content, line));
    true
}

/// The content type of a row; `None` if it is empty or cannot be read, which is a finding of its own.
fn content_type(fields: FieldReader<'_>) -> Option<Cow<'_, str>> {
    let (row, index) = (fields.row, fields.position(CONTENT_TYPE)?);
    let text = match row.slip {
        None if row.is_quoted(index) => row.text(index),
        _ => String::from_utf8_lossy(quoting::inside(row, index)),
    };
    Some(text).filter(|text| !text.trim().is_empty() && !stray::has(row.raw(index)))
}

fn check_content_type(fields: FieldReader<'_>, findings: &mut Findings) {
    let Some(index) = fields.position(CONTENT_TYPE) else { return };
    let value = quoting::inside(fields.row, index);
    // Without its quotes, too, it is reported as that.
    let is_told = value.is_empty() && !fields.row.is_quoted(index);
    if value.trim_ascii().is_empty() && !is_told {
        findings.add(FindingKind::EmptyContentType, fields.row.line, || {
            fields.found(CONTENT_TYPE, "ContentType is empty; write the kind of content, usually Media")
        });
    }
}
