//! `Non_Completed_Assignments_V2_*.csv`: open and new assignments that were not completed, one per row.

use serde::{Deserialize, Serialize};

use super::identifier::{push_content_id, push_plain_id};
use super::instant::InstantWriter;
use super::quoted::push_field;

/// The columns of the file.
pub const COLUMNS: [&str; 7] =
    ["UserID", "CreateDate_text", "RequestId", "TrainingElementId", "Start_Date_text", "DueDate_text", "ContentType"];

// The positions of the columns.
pub(crate) const USER: usize = 0;
pub(crate) const CREATED: usize = 1;
pub(crate) const REQUEST: usize = 2;
pub(crate) const CONTENT: usize = 3;
pub(crate) const START: usize = 4;
pub(crate) const DUE: usize = 5;
pub(crate) const CONTENT_TYPE: usize = 6;

/// The format of RequestIds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestIdStyle {
    /// A number, unique per row, as in the vendor's files.
    #[default]
    Numeric,
    /// `fake:DD` with today's day of the month in two digits, by which testers find fake rows in a table.
    FakeDay,
}

/// One row. Times are seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug)]
pub struct AssignmentRow<'a> {
    /// The employee.
    pub employee_id: u64,
    /// When the content was assigned.
    pub created: i64,
    /// The RequestId.
    pub request_id: RequestId,
    /// The content.
    pub content_id: u64,
    /// The earliest time at which it may be started.
    pub start: i64,
    /// When it is due.
    pub due: i64,
    /// The kind of content.
    pub content_type: &'a str,
}

/// The RequestId of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestId {
    /// A number.
    Number(u64),
    /// `fake:DD`, with the day of the month, from 1.
    FakeDay(u32),
}

/// Appends one row. Each of `dates` writes one column, in their order.
pub fn push_row(out: &mut Vec<u8>, dates: &mut [InstantWriter; 3], row: &AssignmentRow<'_>) {
    let [created, start, due] = dates;
    out.push(b'"');
    push_plain_id(out, row.employee_id);
    out.extend_from_slice(b"\",\"");
    created.push(out, row.created);
    out.extend_from_slice(b"\",\"");
    match row.request_id {
        RequestId::Number(number) => push_plain_id(out, number),
        RequestId::FakeDay(day) => out.extend_from_slice(format!("fake:{day:02}").as_bytes()),
    }
    out.extend_from_slice(b"\",\"");
    push_content_id(out, row.content_id);
    out.extend_from_slice(b"\",\"");
    start.push(out, row.start);
    out.extend_from_slice(b"\",\"");
    due.push(out, row.due);
    out.extend_from_slice(b"\",");
    push_field(out, row.content_type.as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_vendors() {
        let row = AssignmentRow {
            employee_id: 100_049,
            created: 1_766_746_354,
            request_id: RequestId::Number(25_661),
            content_id: 1_561_228,
            start: 1_735_524_900,
            due: 1_736_128_800,
            content_type: "Media",
        };
        let mut text = Vec::new();
        let mut dates = Default::default();
        push_row(&mut text, &mut dates, &row);
        push_row(
            &mut text,
            &mut dates,
            &AssignmentRow { request_id: RequestId::FakeDay(7), content_type: "a \"b\"", ..row },
        );
        assert_eq!(
            String::from_utf8_lossy(&text),
            "\"100049\",\"2025-12-26T10:52:34Z\",\"25661\",\"1,561,228\",\"2024-12-30T02:15:00Z\",\"2025-01-06T02:00:00Z\",\"Media\"\n\
             \"100049\",\"2025-12-26T10:52:34Z\",\"fake:07\",\"1,561,228\",\"2024-12-30T02:15:00Z\",\"2025-01-06T02:00:00Z\",\"a \"\"b\"\"\"\n"
        );
    }
}
