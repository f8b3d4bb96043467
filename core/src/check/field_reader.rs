//! The values of a row, read strictly; what is wrong with one is found at its place.

use chrono::{Days, NaiveTime};

use super::fields;
use super::findings::{Findings, Sort};
use super::header::Layout;
use super::raw_row::RawRow;
use super::runs::RunKey;

/// Reads the values of one file's rows.
pub(super) struct FieldReader {
    columns: &'static [&'static str],
    /// The first second that lies in the future.
    future: Option<i64>,
    canonical: Vec<u8>,
}

impl FieldReader {
    /// A reader for a file with these columns. The zone of the date in its name is not known, so the future begins a
    /// whole day after that day has ended in UTC.
    pub(super) fn new(columns: &'static [&'static str], run: Option<&RunKey>) -> FieldReader {
        let day = run.and_then(|run| run.date.checked_add_days(Days::new(2)));
        let future = day.map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp());
        FieldReader { columns, future, canonical: Vec::new() }
    }

    /// The employee's id in a column.
    pub(super) fn employee(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
    ) -> Option<u64> {
        let index = layout.position(column, row.len())?;
        let id = fields::employee_id(row.inside(index));
        if id.is_none() {
            findings.add(Sort::Employee, row.line, || {
                (row.place(index), fields::employee_fault(self.columns[column], &row.text(index)))
            });
        }
        id
    }

    /// The content's id in a column; it is returned in spite of a spelling that is not the vendor's.
    pub(super) fn content(
        &mut self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
    ) -> Option<u64> {
        let index = layout.position(column, row.len())?;
        let id = fields::content_id(row.inside(index), &mut self.canonical);
        if id.is_none_or(|(_, is_spelled_right)| !is_spelled_right) {
            findings.add(Sort::Content, row.line, || {
                (row.place(index), fields::content_fault(self.columns[column], &row.text(index)))
            });
        }
        id.map(|(id, _)| id)
    }

    /// The instant in a column, in seconds; with `past`, one that may not lie in the future.
    pub(super) fn instant(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        past: bool,
        findings: &mut Findings,
    ) -> Option<i64> {
        let index = layout.position(column, row.len())?;
        let Some(seconds) = fields::instant(row.inside(index)) else {
            findings.add(Sort::Instant, row.line, || {
                (row.place(index), fields::instant_fault(self.columns[column], &row.text(index)))
            });
            return None;
        };
        if let Some(future) = self.future.filter(|future| past && seconds >= *future) {
            findings.add(Sort::Future, row.line, || {
                let said = format!(
                    "{} {} lies in the future, seen from the date in the file's name; at the latest it is {}",
                    self.columns[column],
                    fields::spelled(seconds),
                    fields::spelled(future - 1)
                );
                (row.place(index), said)
            });
        }
        Some(seconds)
    }
}
