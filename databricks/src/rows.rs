//! Rows of the vendor's files as Arrow data, for DataFrames and tables. The files that the core wrote are read again
//! with the core's own readers.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{Field, Schema};
use btcfake_core::format::identifier::parse_content_id;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::record::RecordReader;
use btcfake_core::plan::calendar::BusinessZone;
use chrono::Datelike;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

use crate::{field, refusal};

/// A column of a DataFrame: its name, the index of the file's column, and the format of the values in the file.
type Column = (&'static str, usize, Value);

/// Format of a value in the file.
#[derive(Clone, Copy)]
enum Value {
    Id,
    Instant,
    /// The day of an instant in the business time zone.
    Day,
    Text,
}

impl Value {
    /// The type of the column in Spark.
    fn type_name(self) -> &'static str {
        match self {
            Value::Id => "bigint",
            Value::Instant => "timestamp",
            Value::Day => "date",
            Value::Text => "string",
        }
    }
}

const COMPLETIONS: [Column; 4] = [
    ("user_id", 0, Value::Id),
    ("content_id", 1, Value::Id),
    ("date_started", 2, Value::Instant),
    ("date_completed", 3, Value::Instant),
];

const ASSIGNMENTS: [Column; 7] = [
    ("user_id", 0, Value::Id),
    ("create_date", 1, Value::Instant),
    ("request_id", 2, Value::Text),
    ("content_id", 3, Value::Id),
    ("start_date", 4, Value::Instant),
    ("due_date", 5, Value::Instant),
    ("content_type", 6, Value::Text),
];

/// Columns of content_completion, as the batch job derives them from a completion.
const COMPLETION_STATE: [Column; 3] =
    [("ba_id", 0, Value::Id), ("content_id", 1, Value::Id), ("completion_date", 3, Value::Day)];

/// Columns of content_assignments, as the batch job derives them from an assignment.
const ASSIGNMENT_STATE: [Column; 7] = [
    ("ba_id", 0, Value::Id),
    ("content_id", 3, Value::Id),
    ("assignment_date", 1, Value::Instant),
    ("update_date", 1, Value::Day),
    ("assignment_begin_date", 4, Value::Instant),
    ("assignment_due_date", 5, Value::Instant),
    ("content_type", 6, Value::Text),
];

fn columns_of(kind: &str) -> PyResult<&'static [Column]> {
    match kind {
        "completions" => Ok(&COMPLETIONS),
        "assignments" => Ok(&ASSIGNMENTS),
        "content_completion" => Ok(&COMPLETION_STATE),
        "content_assignments" => Ok(&ASSIGNMENT_STATE),
        _ => Err(refusal(format!("{kind} is no kind of rows"))),
    }
}

/// The columns of a kind of rows, with their types in Spark. The kind is a file of the feed (completions, assignments)
/// or the state table into which this file is loaded.
#[pyfunction]
pub(crate) fn row_schema(kind: &str) -> PyResult<String> {
    let columns = columns_of(kind)?.iter().map(|(name, _, value)| format!("{name} {}", value.type_name()));
    Ok(columns.collect::<Vec<_>>().join(", "))
}

/// The rows of a file of the feed (completions, assignments), given without its header.
#[pyfunction]
pub(crate) fn file_rows(kind: &str, bytes: &[u8]) -> PyResult<PyRecordBatch> {
    let columns = columns_of(kind)?;
    let mut texts: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
    let mut reader = RecordReader::new(bytes, false);
    while let Some(record) = reader.next_record() {
        for (index, column) in texts.iter_mut().enumerate() {
            column.push(record.text(index).into_owned());
        }
    }
    rows(columns, &texts, BusinessZone::UTC)
}

/// The rows of a state table, from the columns of the feed's file as text.
#[pyfunction]
pub(crate) fn state_rows(table: &str, texts: PyRecordBatch, time_zone: &str) -> PyResult<PyRecordBatch> {
    let zone = time_zone.parse().map_err(refusal)?;
    let text_of = |column: &ArrayRef| {
        let texts = field::Field::of_values(column, "of the feed")?;
        Ok((0..column.len()).map(|at| texts.text(at).unwrap_or_default().to_owned()).collect())
    };
    let texts: Vec<Vec<String>> = texts.into_inner().columns().iter().map(text_of).collect::<PyResult<_>>()?;
    rows(columns_of(table)?, &texts, zone)
}

fn rows(columns: &[Column], texts: &[Vec<String>], zone: BusinessZone) -> PyResult<PyRecordBatch> {
    let values = columns.iter().map(|(_, index, value)| array(*value, texts.get(*index)?, zone));
    let arrays =
        values.collect::<Option<Vec<ArrayRef>>>().ok_or_else(|| refusal("a row of the feed cannot be read"))?;
    let names = columns.iter().map(|(name, ..)| *name);
    record_batch(names.zip(arrays))
}

/// Named columns without NULL as a record batch.
pub(crate) fn record_batch<'n>(columns: impl Iterator<Item = (&'n str, ArrayRef)>) -> PyResult<PyRecordBatch> {
    let (names, arrays): (Vec<&str>, Vec<ArrayRef>) = columns.unzip();
    let fields = names.iter().zip(&arrays).map(|(name, array)| Field::new(*name, array.data_type().clone(), false));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    RecordBatch::try_new(schema, arrays).map(PyRecordBatch::new).map_err(refusal)
}

/// Instants as the type TIMESTAMP of Spark.
pub(crate) fn instants(microseconds: Vec<i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(microseconds).with_timezone("UTC"))
}

/// Days as the type DATE of Spark.
pub(crate) fn days(days: impl Iterator<Item = chrono::NaiveDate>) -> ArrayRef {
    let epoch = chrono::NaiveDate::default().num_days_from_ce();
    Arc::new(Date32Array::from_iter_values(days.map(|day| day.num_days_from_ce() - epoch)))
}

/// The values of a column; `None` if one of the texts does not have the format of a feed.
fn array(value: Value, texts: &[String], zone: BusinessZone) -> Option<ArrayRef> {
    let moments = || texts.iter().map(|text| parse_instant(text)).collect::<Option<Vec<_>>>();
    Some(match value {
        Value::Id => {
            let id = |text: &String| parse_content_id(text.as_bytes()).map(u64::cast_signed);
            Arc::new(Int64Array::from(texts.iter().map(id).collect::<Option<Vec<i64>>>()?))
        }
        Value::Instant => instants(moments()?.iter().map(chrono::DateTime::timestamp_micros).collect()),
        Value::Day => days(moments()?.into_iter().map(|moment| zone.date_of(moment))),
        Value::Text => Arc::new(StringArray::from_iter_values(texts)),
    })
}
