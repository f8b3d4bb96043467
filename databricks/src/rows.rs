//! Rows of the vendor's files as Arrow data, for DataFrames: what the core wrote is read again by its own readers.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{Field, Schema};
use btcfake_core::format::identifier::parse_content_id;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::record::RecordReader;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

use crate::refusal;

/// A column of a DataFrame, and how its values stand in the file.
type Column = (&'static str, Value);

/// How a value stands in the file.
#[derive(Clone, Copy)]
enum Value {
    Id,
    Instant,
    Text,
}

const COMPLETIONS: [Column; 4] = [
    ("user_id", Value::Id),
    ("content_id", Value::Id),
    ("date_started", Value::Instant),
    ("date_completed", Value::Instant),
];

const ASSIGNMENTS: [Column; 7] = [
    ("user_id", Value::Id),
    ("create_date", Value::Instant),
    ("request_id", Value::Text),
    ("content_id", Value::Id),
    ("start_date", Value::Instant),
    ("due_date", Value::Instant),
    ("content_type", Value::Text),
];

/// The rows of a completions file, which are given without the header.
#[pyfunction]
pub(crate) fn completion_rows(bytes: &[u8]) -> PyResult<PyRecordBatch> {
    rows(bytes, &COMPLETIONS)
}

/// The rows of an assignments file, which are given without the header.
#[pyfunction]
pub(crate) fn assignment_rows(bytes: &[u8]) -> PyResult<PyRecordBatch> {
    rows(bytes, &ASSIGNMENTS)
}

fn rows(bytes: &[u8], columns: &[Column]) -> PyResult<PyRecordBatch> {
    let mut texts: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
    let mut reader = RecordReader::new(bytes, false);
    while let Some(record) = reader.next_record() {
        for (index, column) in texts.iter_mut().enumerate() {
            column.push(record.text(index).into_owned());
        }
    }
    let values = columns.iter().zip(&texts).map(|((_, value), texts)| array(*value, texts));
    let arrays =
        values.collect::<Option<Vec<ArrayRef>>>().ok_or_else(|| refusal("a row of the feed cannot be read"))?;
    let fields =
        columns.iter().zip(&arrays).map(|((name, _), array)| Field::new(*name, array.data_type().clone(), false));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    RecordBatch::try_new(schema, arrays).map(PyRecordBatch::new).map_err(refusal)
}

/// The values of a column; `None` where one of them is not what stands in a feed.
fn array(value: Value, texts: &[String]) -> Option<ArrayRef> {
    Some(match value {
        Value::Id => {
            let id = |text: &String| parse_content_id(text.as_bytes()).map(u64::cast_signed);
            Arc::new(Int64Array::from(texts.iter().map(id).collect::<Option<Vec<i64>>>()?))
        }
        Value::Instant => {
            let microseconds = |text: &String| parse_instant(text).map(|instant| instant.timestamp_micros());
            let values = texts.iter().map(microseconds).collect::<Option<Vec<i64>>>()?;
            Arc::new(TimestampMicrosecondArray::from(values).with_timezone("UTC"))
        }
        Value::Text => Arc::new(StringArray::from_iter_values(texts)),
    })
}
