//! The values of a row, read strictly; what is wrong with one is found at its place.

use chrono::{Days, NaiveDate, NaiveTime};

use super::fields;
use super::findings::{Findings, Sort};
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
        self.read(row, layout, column, findings, (Sort::Employee, fields::employee_fault), read)
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
        self.read(row, layout, column, findings, (Sort::Content, fields::content_fault), read)
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
        self.read(row, layout, column, findings, (Sort::Instant, fields::instant_fault), read)
    }

    /// The value of a column. One that is not as it should be is told; what is meant by it may be read all the same.
    fn read<T>(
        &self,
        row: &RawRow<'_>,
        layout: &Layout,
        column: usize,
        findings: &mut Findings,
        (sort, fault): (Sort, fn(&str, &str) -> String),
        read: impl FnOnce(&[u8]) -> Result<T, Option<T>>,
    ) -> Option<T> {
        let index = layout.position(column, row.len())?;
        read(row.inside(index)).map_or_else(
            |meant| {
                findings.add(sort, row.line, || (row.place(index), fault(self.columns[column], &row.text(index))));
                meant
            },
            Some,
        )
    }
}
