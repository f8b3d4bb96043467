//! The columns of a table, whose values become fields of a CSV file.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Date32Array, Int64Array, LargeStringArray, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, TimeUnit};
use btcfake_core::format::instant::push_instant;
use btcfake_core::format::quoted::push_field;
use btcfake_core::text::digits::push_digits;
use chrono::{DateTime, Datelike, NaiveDate};
use pyo3::PyResult;

use crate::refusal;

/// A column of a table, by the type of its values.
pub(crate) enum Field<'b> {
    Number(&'b Int64Array),
    Text(&'b StringArray),
    LargeText(&'b LargeStringArray),
    Instant(&'b TimestampMicrosecondArray),
    Day(&'b Date32Array),
    Null,
}

impl<'b> Field<'b> {
    /// The column of a name.
    ///
    /// # Errors
    /// A column that is missing or of another type.
    pub(crate) fn of(batch: &'b RecordBatch, name: &str) -> PyResult<Field<'b>> {
        let column = batch.column_by_name(name).ok_or_else(|| refusal(format!("the column {name} is missing")))?;
        Field::of_values(column, name)
    }

    /// The values of a column, whose name is for the message.
    ///
    /// # Errors
    /// A column of another type.
    pub(crate) fn of_values(column: &'b ArrayRef, name: &str) -> PyResult<Field<'b>> {
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

    /// A number; `None` for NULL and for values of another type.
    pub(crate) fn number(&self, at: usize) -> Option<i64> {
        match self {
            Field::Number(numbers) => numbers.is_valid(at).then(|| numbers.value(at)),
            _ => None,
        }
    }

    /// A value in a form that can be compared with other values of the column.
    pub(crate) fn value(&self, at: usize) -> (Option<i64>, Option<&str>) {
        let number = match self {
            Field::Instant(instants) => instants.is_valid(at).then(|| instants.value(at)),
            Field::Day(days) => days.is_valid(at).then(|| days.value(at).into()),
            _ => self.number(at),
        };
        (number, self.text(at))
    }

    /// The number of rows in which a number is NULL.
    pub(crate) fn null_count(&self) -> usize {
        if let Field::Number(numbers) = self { numbers.null_count() } else { 0 }
    }

    /// A text; `None` for NULL and for values of another type.
    pub(crate) fn text(&self, at: usize) -> Option<&str> {
        match self {
            Field::Text(texts) => texts.is_valid(at).then(|| texts.value(at)),
            Field::LargeText(texts) => texts.is_valid(at).then(|| texts.value(at)),
            _ => None,
        }
    }

    /// Appends a value as a CSV field; returns false for NULL.
    pub(crate) fn push(&self, out: &mut Vec<u8>, at: usize) -> bool {
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

/// Appends a point in time. A point in time that the file's format cannot express is written as a number, which the
/// core refuses.
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
