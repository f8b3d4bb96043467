//! The values of a row, read strictly. A value that is not spelled as the vendor does is a finding.

use chrono::{Days, NaiveDate, NaiveTime};

use super::fields;
use super::finding::Found;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::Layout;
use super::run_key::RunKey;
use crate::format::raw_row::RawRow;
use crate::format::spelling;

/// The first second that lies in the future, seen from the date in a name. Its zone is not known, so the future begins a
/// whole day after that day has ended in UTC.
pub(super) fn first_future(date: NaiveDate) -> Option<i64> {
    let day = date.checked_add_days(Days::new(2))?;
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp())
}

/// Reads the values of one file's rows.
pub(super) struct FieldReader {
    columns: &'static [&'static str],
    /// The first second that lies in the future, seen from the date in the file's name.
    pub(super) future: Option<i64>,
}

impl FieldReader {
    /// A reader for a file with these columns.
    pub(super) fn new(columns: &'static [&'static str], run: Option<&RunKey>) -> FieldReader {
        FieldReader { columns, future: run.and_then(|run| first_future(run.date)) }
    }

    /// The employee's id in a column.
    pub(super) fn employee(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
    ) -> Option<u64> {
        let read = |value: &[u8]| spelling::employee_id(value).ok_or(None);
        self.read(row, layout, column, findings, (FindingKind::BadId, fields::employee_fault), read)
    }

    /// The content's id in a column; it is returned in spite of a spelling that is not the vendor's.
    pub(super) fn content(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
    ) -> Option<u64> {
        let read = |value: &[u8]| match spelling::content_id(value) {
            Some((id, true)) => Ok(id),
            slip => Err(slip.map(|(id, _)| id)),
        };
        self.read(row, layout, column, findings, (FindingKind::BadId, fields::content_fault), read)
    }

    /// The instant in a column, in seconds.
    pub(super) fn instant(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
    ) -> Option<i64> {
        let read = |value: &[u8]| spelling::instant(value).ok_or(None);
        self.read(row, layout, column, findings, (FindingKind::BadTime, fields::instant_fault), read)
    }

    /// The value of a column. A value that is not spelled as it should be is a finding; what it means is returned where
    /// it is known.
    fn read<T>(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
        (kind, fault): (FindingKind, fn(&str, &str) -> String),
        read: impl FnOnce(&[u8]) -> Result<T, Option<T>>,
    ) -> Option<T> {
        let index = layout.position(column, row.len())?;
        read(row.inside(index)).map_or_else(
            |meant| {
                findings.add(kind, row.line, || {
                    let (name, value) = (self.columns[column], row.text(index));
                    Found::from((row.place(index), fault(name, &value))).field(name).value(value)
                });
                meant
            },
            Some,
        )
    }
}
