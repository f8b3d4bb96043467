//! Tables as the CSV files of their kind, which the core reads.
//!
//! A timestamp is written in UTC with all its digits, a date as `2026-01-29`, text in quotes, NULL as an empty field: so a row
//! means what it means in a file. Recommendations become the recording of their kind, an object for each employee. Rows of other
//! employees are left out, as a query for the employees of the run would.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, Date32Array, Int64Array, LargeStringArray, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, TimeUnit};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::push_instant;
use btcfake_core::format::quoted::push_field;
use btcfake_core::text::digits::push_digits;
use btcfake_core::text::lines::line_breaks;
use chrono::{DateTime, Datelike, NaiveDate};
use pyo3::PyResult;
use pyo3_arrow::PyTable;
use rustc_hash::FxHashSet;
use serde_json::json;

use crate::columns::columns_of;
use crate::refusal;

/// A table as a file, and which rows its lines are.
pub(crate) struct TableFile {
    pub(crate) role: InputRole,
    pub(crate) bytes: Vec<u8>,
    /// For each row the line on which it begins, the employee's id and the content's.
    rows: Vec<(u32, Option<i64>, Option<i64>)>,
}

impl TableFile {
    /// The employees, in the order of the rows.
    ///
    /// # Errors
    /// A column that is missing or of another type.
    pub(crate) fn of_employees(table: PyTable) -> PyResult<TableFile> {
        // A file has no NULL in these columns: the word makes the row one that cannot be read.
        TableFile::write(InputRole::Employees, table, b"NULL", |_| true)
    }

    /// A state table or recommendations, for some employees. The rows of recommendations are in the order of the employees.
    ///
    /// # Errors
    /// A column that is missing or of another type.
    pub(crate) fn of_some(role: InputRole, table: PyTable, ids: &FxHashSet<i64>) -> PyResult<TableFile> {
        let keep = |id: Option<i64>| id.is_some_and(|id| ids.contains(&id));
        match role {
            InputRole::Recommendations => TableFile::write_recording(table, keep),
            role => TableFile::write(role, table, b"", keep),
        }
    }

    /// A file that was written before; which rows its lines are is not known.
    pub(crate) fn kept(role: InputRole, bytes: Vec<u8>) -> TableFile {
        TableFile { role, bytes, rows: Vec::new() }
    }

    /// The ids of the rows.
    pub(crate) fn ids(&self) -> FxHashSet<i64> {
        self.rows.iter().filter_map(|row| row.1).collect()
    }

    /// The row of a line: the employee's id and the content's.
    pub(crate) fn row(&self, line: u32) -> (Option<i64>, Option<i64>) {
        let at = self.rows.partition_point(|row| row.0 <= line);
        let row = at.checked_sub(1).map(|at| &self.rows[at]);
        row.map_or((None, None), |(_, employee, content)| (*employee, *content))
    }

    fn write(role: InputRole, table: PyTable, null: &[u8], keep: impl Fn(Option<i64>) -> bool) -> PyResult<TableFile> {
        let columns = columns_of(role);
        let mut file = TableFile { role, bytes: Vec::new(), rows: Vec::new() };
        file.bytes.extend_from_slice(columns.join(",").as_bytes());
        file.bytes.push(b'\n');
        let mut line = 2;
        for batch in table.into_inner().0 {
            let fields: Vec<Field<'_>> = columns.iter().map(|name| Field::of(&batch, name)).collect::<PyResult<_>>()?;
            let content = columns.iter().position(|name| *name == "content_id");
            for at in 0..batch.num_rows() {
                let id = fields[0].number(at);
                if !keep(id) {
                    continue;
                }
                file.rows.push((line, id, content.and_then(|column| fields[column].number(at))));
                line += file.push_row(&fields, at, null);
            }
        }
        Ok(file)
    }

    fn write_recording(table: PyTable, keep: impl Fn(Option<i64>) -> bool) -> PyResult<TableFile> {
        let mut file = TableFile { role: InputRole::Recommendations, bytes: Vec::new(), rows: Vec::new() };
        let mut of_employee = (None, Vec::new());
        for batch in table.into_inner().0 {
            let [id, content, name] = [0, 1, 2].map(|at| Field::of(&batch, columns_of(InputRole::Recommendations)[at]));
            let (id, content, name) = (id?, content?, name?);
            for at in (0..batch.num_rows()).filter(|at| keep(id.number(*at))) {
                if of_employee.0 != id.number(at) {
                    file.push_answer(std::mem::replace(&mut of_employee, (id.number(at), Vec::new())));
                }
                let item = json!({"recommended_content_id": content.text(at), "recommended_content": name.text(at)});
                of_employee.1.push(item);
            }
        }
        file.push_answer(of_employee);
        Ok(file)
    }

    /// Appends the answer for an employee, as a recording has it.
    fn push_answer(&mut self, (id, items): (Option<i64>, Vec<serde_json::Value>)) {
        if let Some(id) = id {
            self.rows.push((u32::try_from(self.rows.len()).map_or(u32::MAX, |rows| rows + 1), Some(id), None));
            let answer = json!({"ba_id": id, "body": {"response": {"ml_recommendations": items}}});
            push_text(&mut self.bytes, &format_args!("{answer}\n"));
        }
    }

    /// Appends a row, and returns the number of its lines.
    fn push_row(&mut self, fields: &[Field<'_>], at: usize, null: &[u8]) -> u32 {
        let start = self.bytes.len();
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.bytes.push(b',');
            }
            if !field.push(&mut self.bytes, at) {
                self.bytes.extend_from_slice(null);
            }
        }
        self.bytes.push(b'\n');
        line_breaks(&self.bytes[start..])
    }
}

/// A column of a table, by the type of its values.
enum Field<'b> {
    Number(&'b Int64Array),
    Text(&'b StringArray),
    LargeText(&'b LargeStringArray),
    Instant(&'b TimestampMicrosecondArray),
    Day(&'b Date32Array),
    Null,
}

impl<'b> Field<'b> {
    fn of(batch: &'b RecordBatch, name: &str) -> PyResult<Field<'b>> {
        let column = batch.column_by_name(name).ok_or_else(|| refusal(format!("the column {name} is missing")))?;
        Ok(match column.data_type() {
            DataType::Int64 => Field::Number(column.as_primitive::<Int64Type>()),
            DataType::Utf8 => Field::Text(column.as_string()),
            DataType::LargeUtf8 => Field::LargeText(column.as_string()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Field::Instant(column.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Date32 => Field::Day(column.as_primitive::<Date32Type>()),
            DataType::Null => Field::Null,
            other => return Err(refusal(format!("the column {name} has the type {other}"))),
        })
    }

    fn number(&self, at: usize) -> Option<i64> {
        match self {
            Field::Number(numbers) => numbers.is_valid(at).then(|| numbers.value(at)),
            _ => None,
        }
    }

    fn text(&self, at: usize) -> Option<&str> {
        match self {
            Field::Text(texts) => texts.is_valid(at).then(|| texts.value(at)),
            Field::LargeText(texts) => texts.is_valid(at).then(|| texts.value(at)),
            _ => None,
        }
    }

    /// Appends a value; `false` for NULL.
    fn push(&self, out: &mut Vec<u8>, at: usize) -> bool {
        if let Some(text) = self.text(at) {
            push_field(out, text.as_bytes());
            return true;
        }
        match self {
            Field::Number(numbers) if numbers.is_valid(at) => match u64::try_from(numbers.value(at)) {
                Ok(number) => push_digits(out, number, false),
                Err(_) => push_text(out, &numbers.value(at)),
            },
            Field::Instant(instants) if instants.is_valid(at) => push_microseconds(out, instants.value(at)),
            Field::Day(days) if days.is_valid(at) => push_day(out, days.value(at)),
            _ => return false,
        }
        true
    }
}

fn push_text(out: &mut Vec<u8>, value: &impl ToString) {
    out.extend_from_slice(value.to_string().as_bytes());
}

/// Appends a point in time. One that no file can hold is written as a number, which the core refuses.
fn push_microseconds(out: &mut Vec<u8>, microseconds: i64) {
    let instant = DateTime::from_timestamp_micros(microseconds).filter(|instant| (1..=9999).contains(&instant.year()));
    match instant {
        Some(instant) if microseconds % 1_000_000 == 0 => push_instant(out, instant.timestamp()),
        Some(instant) => push_text(out, &instant.format("%Y-%m-%dT%H:%M:%S%.fZ")),
        None => push_text(out, &format_args!("{microseconds} microseconds since 1970")),
    }
}

fn push_day(out: &mut Vec<u8>, days: i32) {
    match NaiveDate::from_epoch_days(days) {
        Some(day) => push_text(out, &day),
        None => push_text(out, &format_args!("{days} days since 1970")),
    }
}
