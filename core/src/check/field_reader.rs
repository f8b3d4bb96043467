//! Strict parsing of the values of a row. A value that is not in the vendor's spelling is a finding.

use chrono::{Days, NaiveDate, NaiveTime};

use super::field_messages;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::Layout;
use super::{quoting, stray};
use crate::format::identifier::{meant_id, parse_plain_id};
use crate::format::raw_row::RawRow;
use crate::format::spelling;
use crate::text::problem::Place;

/// The first second (since 1970-01-01T00:00:00Z) that counts as the future for a date in a file name. As the time zone
/// is not known, the future begins a whole day after the end of that date in UTC.
pub(super) fn first_future(date: NaiveDate) -> Option<i64> {
    let day = date.checked_add_days(Days::new(2))?;
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp())
}

/// Reader of the fields of one row, by the columns of the header.
#[derive(Clone, Copy)]
pub(super) struct FieldReader<'r> {
    pub(super) row: &'r RawRow<'r>,
    layout: &'r Layout,
    columns: &'static [&'static str],
}

impl<'r> FieldReader<'r> {
    /// A reader of a row of a file with these columns.
    pub(super) fn new(row: &'r RawRow<'r>, layout: &'r Layout, columns: &'static [&'static str]) -> FieldReader<'r> {
        FieldReader { row, layout, columns }
    }

    /// The position of a column in the row; `None` if the header lacks the column.
    pub(super) fn position(self, column: usize) -> Option<usize> {
        self.layout.position(column, self.row.len())
    }

    /// The value of a column between its quotes, with doubled quotes still doubled.
    pub(super) fn inside(self, column: usize) -> Option<&'r [u8]> {
        self.position(column).map(|index| quoting::inside(self.row, index))
    }

    /// The place of a column; that of the first field if the header lacks the column.
    pub(super) fn place(self, column: usize) -> Place {
        self.row.place(self.position(column).unwrap_or(0))
    }

    /// A finding about a column.
    pub(super) fn found(self, column: usize, text: impl Into<String>) -> FindingDraft {
        FindingDraft::from((self.place(column), text)).field(self.columns[column])
    }

    /// Employee and content in their columns. If they stand in each other's, that is one finding, and they are exchanged.
    pub(super) fn ids(self, [user, content]: [usize; 2], findings: &mut Findings) -> (Option<u64>, Option<u64>) {
        if let Some(employee) = self.inside(user).and_then(spelling::employee_id) {
            return (Some(employee), self.content(content, findings));
        }
        if let Some((employee, content_id)) = self.inside(user).zip(self.inside(content)).and_then(exchanged) {
            findings.add(FindingKind::BadId, self.row.line, || self.exchange([user, content]));
            return (Some(employee), Some(content_id));
        }
        (self.employee(user, findings), self.content(content, findings))
    }

    /// The finding about an employee and a content in each other's columns.
    fn exchange(self, columns: [usize; 2]) -> FindingDraft {
        let [user_name, content_name] = columns.map(|column| self.columns[column]);
        let [found, right] = columns.map(|column| self.row.text(self.position(column).unwrap_or(column)).into_owned());
        let text =
            format!("{user_name} '{found}' and {content_name} '{right}' stand in each other's columns; swap the two");
        self.found(columns[0], text).value(found).expected(right)
    }

    /// The employee's id in a column. It is returned even if it is not in plain digits, as long as it is certain.
    fn employee(self, column: usize, findings: &mut Findings) -> Option<u64> {
        let meant = |value: &[u8]| parse_plain_id(meant_id(std::str::from_utf8(value).ok()?)?.as_bytes());
        let read = |value: &[u8]| spelling::employee_id(value).ok_or_else(|| meant(value));
        self.read(column, findings, (FindingKind::BadId, field_messages::employee_fault), read)
    }

    /// The content's id in a column. It is returned even if it is not in the vendor's spelling.
    fn content(self, column: usize, findings: &mut Findings) -> Option<u64> {
        let read = |value: &[u8]| match spelling::content_id(value) {
            Some((id, true)) => Ok(id),
            slip => Err(slip.map(|(id, _)| id)),
        };
        self.read(column, findings, (FindingKind::BadId, field_messages::content_fault), read)
    }

    /// The instant in a column, in seconds since 1970-01-01T00:00:00Z.
    pub(super) fn instant(self, column: usize, findings: &mut Findings) -> Option<i64> {
        let read = |value: &[u8]| spelling::instant(value).ok_or(None);
        self.read(column, findings, (FindingKind::BadTime, field_messages::instant_fault), read)
    }

    /// The value of a column. A value that is not in the vendor's spelling is a finding, unless it has stray bytes, which are
    /// one already. It is returned all the same if its meaning is known.
    fn read<T>(
        self,
        column: usize,
        findings: &mut Findings,
        (kind, fault): (FindingKind, fn(&str, &str) -> String),
        read: impl Fn(&[u8]) -> Result<T, Option<T>>,
    ) -> Option<T> {
        let value = self.inside(column)?;
        let meant = match read(value) {
            Ok(read) => return Some(read),
            Err(_) if stray::has(value) => return read(&stray::without_marks(value)?).map_or_else(|meant| meant, Some),
            Err(meant) => meant,
        };
        findings.add(kind, self.row.line, || {
            let value = String::from_utf8_lossy(value).replace("\"\"", "\"");
            self.found(column, fault(self.columns[column], &value)).value(value)
        });
        meant
    }
}

/// The employee and the content of two values that are clearly those of each other's columns.
fn exchanged((user, content): (&[u8], &[u8])) -> Option<(u64, u64)> {
    let (content_id, _) = spelling::content_id(user).filter(|(_, is_right)| *is_right)?;
    let employee = spelling::employee_id(content)?;
    spelling::content_id(content).is_some_and(|(_, is_right)| !is_right).then_some((employee, content_id))
}
