//! Conversion of tables to the CSV files of their kind, which the core reads.
//!
//! A timestamp is written in UTC with all its digits, a date as `2026-01-29`, text in quotes, NULL as an empty field.
//! So a row of a table has the same meaning as a row of a file. A table of recommendations is converted to a recording,
//! with one object per employee. Rows of employees who are not in the run are left out, as a query for the run's
//! employees would leave them out.

use std::hash::BuildHasher;

use arrow_array::RecordBatch;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::quoted::push_field;
use btcfake_core::text::lines::line_breaks;
use btcfake_core::text::visible::shown_whole;
use pyo3::PyResult;
use rustc_hash::FxBuildHasher;
use serde_json::json;

use crate::columns::columns_of;
use crate::field::Field;

/// Maximum number of repeated positions that a message names.
const LISTED: usize = 5;

/// A table converted to a file, and the table's row for each line of the file.
pub(crate) struct TableFile {
    pub(crate) role: InputRole,
    pub(crate) bytes: Vec<u8>,
    rows: Vec<Row>,
    /// For each column of ids or places, the number of rows in which it is NULL.
    nulls: Vec<(&'static str, usize)>,
}

/// A row of a table, with its line in the file.
struct Row {
    /// The line on which it begins.
    line: u32,
    employee: Option<i64>,
    content: Option<i64>,
    /// The position of an employee.
    position: Option<i64>,
}

impl TableFile {
    /// Converts the rows of a table whose employee `keep` accepts. They are sorted, so that the result does not depend
    /// on the order in which Spark delivers the rows: of two rows with the same ids, the order decides which one
    /// counts. Employees are in the order of `position`, recommendations of an employee in the order of `order`.
    ///
    /// # Errors
    /// A column that is missing or of another type.
    pub(crate) fn of(
        role: InputRole,
        batches: &[RecordBatch],
        keep: impl Fn(Option<i64>) -> bool,
    ) -> PyResult<TableFile> {
        let rows = SortedRows::of(role, batches, keep)?;
        let mut file = TableFile { role, bytes: Vec::new(), rows: Vec::new(), nulls: rows.nulls() };
        if role == InputRole::Recommendations {
            file.write_recording(&rows);
        } else {
            file.write(&rows);
        }
        Ok(file)
    }

    /// A file that was written before; the table's rows for its lines are unknown.
    pub(crate) fn kept(role: InputRole, bytes: Vec<u8>) -> TableFile {
        TableFile { role, bytes, rows: Vec::new(), nulls: Vec::new() }
    }

    /// The ids of the employees of the rows, in their order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = i64> {
        self.rows.iter().filter_map(|row| row.employee)
    }

    /// The positions of employees, in ascending order.
    pub(crate) fn positions(&self) -> impl Iterator<Item = i64> {
        self.rows.iter().filter_map(|row| row.position)
    }

    /// The first positions that more than one employee has. Two rows of one employee, which have one position in a table without
    /// positions, are a repeated id to the core.
    pub(crate) fn repeated_positions(&self) -> Vec<i64> {
        let rows = || self.positions().zip(self.ids());
        let repeated = rows().zip(rows().skip(1)).filter(|(one, next)| one.0 == next.0 && one.1 != next.1);
        let mut positions: Vec<i64> = repeated.map(|(one, _)| one.0).collect();
        positions.dedup();
        positions.truncate(LISTED);
        positions
    }

    /// The columns of ids and places with NULL, each with the number of such rows.
    pub(crate) fn nulls(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.nulls.iter().copied().filter(|(_, rows)| *rows > 0)
    }

    /// A number that depends on each row, and not on their order: the wrapping sum for all slices does not depend on the slices.
    pub(crate) fn fingerprint(&self) -> u64 {
        let header = usize::from(self.role != InputRole::Recommendations);
        let lines = self.bytes.split(|byte| *byte == b'\n').skip(header).filter(|line| !line.is_empty());
        lines.map(|line| FxBuildHasher.hash_one((self.role, line))).fold(0, u64::wrapping_add)
    }

    /// The row of a line: the employee's id and the content's.
    pub(crate) fn row(&self, line: u32) -> (Option<i64>, Option<i64>) {
        let at = self.rows.partition_point(|row| row.line <= line);
        let row = at.checked_sub(1).map(|at| &self.rows[at]);
        row.map_or((None, None), |row| (row.employee, row.content))
    }

    fn write(&mut self, rows: &SortedRows<'_>) {
        let columns = columns_of(self.role);
        let is_employees = self.role == InputRole::Employees;
        let indexes: Vec<usize> = columns.iter().filter_map(|name| rows.index(name)).collect();
        let content = rows.index("content_id");
        self.bytes.extend_from_slice(columns.join(",").as_bytes());
        self.bytes.push(b'\n');
        let mut line = 2;
        for (key, fields, at) in rows.iter() {
            let [employee, position] = if is_employees { [key.second, key.first] } else { [key.first, None] };
            let content = content.and_then(|column| fields[column].number(at));
            self.rows.push(Row { line, employee, content, position });
            let start = self.bytes.len();
            for (number, index) in indexes.iter().enumerate() {
                if number > 0 {
                    self.bytes.push(b',');
                }
                if is_employees {
                    push_of_employee(&mut self.bytes, &fields[*index], at);
                } else {
                    fields[*index].push(&mut self.bytes, at);
                }
            }
            self.bytes.push(b'\n');
            line += line_breaks(&self.bytes[start..]);
        }
    }

    fn write_recording(&mut self, rows: &SortedRows<'_>) {
        let [content, name] = ["recommended_content_id", "recommended_content"].map(|name| rows.index(name));
        let mut answer = (None, Vec::new());
        for (key, fields, at) in rows.iter() {
            if answer.0 != key.first {
                self.push_answer(std::mem::replace(&mut answer, (key.first, Vec::new())));
            }
            let text = |column: Option<usize>| column.and_then(|column| fields[column].text(at));
            answer.1.push(json!({"recommended_content_id": text(content), "recommended_content": text(name)}));
        }
        self.push_answer(answer);
    }

    /// Appends the answer for an employee as a line of a recording.
    fn push_answer(&mut self, (employee, items): (Option<i64>, Vec<serde_json::Value>)) {
        if let Some(id) = employee {
            let line = u32::try_from(self.rows.len()).map_or(u32::MAX, |rows| rows + 1);
            self.rows.push(Row { line, employee, content: None, position: None });
            let answer = json!({"ba_id": id, "body": {"response": {"ml_recommendations": items}}});
            self.bytes.extend_from_slice(format!("{answer}\n").as_bytes());
        }
    }
}

/// Appends a value of an employee. A file of employees can have neither NULL nor a value of several lines: the word
/// `NULL`, or the escaped value, makes the row invalid.
fn push_of_employee(out: &mut Vec<u8>, field: &Field<'_>, at: usize) {
    if let Some(lines) = field.text(at).filter(|text| text.contains(['\n', '\r'])) {
        push_field(out, shown_whole(lines).as_bytes());
    } else if !field.push(out, at) {
        out.extend_from_slice(b"NULL");
    }
}

/// The sorted rows of a table, with the columns to read them from.
struct SortedRows<'b> {
    names: Vec<&'static str>,
    batches: Vec<Vec<Field<'b>>>,
    keys: Vec<Key>,
}

/// A row, by its batch and its index in the batch, with the two numbers that are compared first. For an employee these
/// are position and id; for other rows the employee's id, and the content's id or the value of `order`.
struct Key {
    first: Option<i64>,
    second: Option<i64>,
    batch: usize,
    at: usize,
}

impl<'b> SortedRows<'b> {
    fn of(role: InputRole, batches: &'b [RecordBatch], keep: impl Fn(Option<i64>) -> bool) -> PyResult<SortedRows<'b>> {
        let mut names = columns_of(role).to_vec();
        match role {
            InputRole::Employees => names.insert(0, "position"),
            InputRole::Recommendations => names.insert(1, "order"),
            _ => {}
        }
        let employee = usize::from(role == InputRole::Employees);
        let fields = |batch| names.iter().map(|name| Field::of(batch, name)).collect::<PyResult<Vec<_>>>();
        let batches_of_fields = batches.iter().map(fields).collect::<PyResult<Vec<_>>>()?;
        let mut keys = Vec::new();
        for (batch, fields) in batches_of_fields.iter().enumerate() {
            let rows = (0..batches[batch].num_rows()).filter(|at| keep(fields[employee].number(*at)));
            keys.extend(rows.map(|at| Key { first: fields[0].number(at), second: fields[1].number(at), batch, at }));
        }
        let order = |one: &Key, other: &Key| {
            let [one_rest, other_rest] =
                [one, other].map(|key| batches_of_fields[key.batch][2..].iter().map(|field| field.value(key.at)));
            (one.first, one.second).cmp(&(other.first, other.second)).then_with(|| one_rest.cmp(other_rest))
        };
        keys.sort_by(order);
        Ok(SortedRows { names, batches: batches_of_fields, keys })
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|one| *one == name)
    }

    fn iter(&self) -> impl Iterator<Item = (&Key, &[Field<'b>], usize)> {
        self.keys.iter().map(|key| (key, &self.batches[key.batch][..], key.at))
    }

    /// Counts the rows in which an id, or the place of a row, is NULL, rows that are left out included.
    fn nulls(&self) -> Vec<(&'static str, usize)> {
        let names = ["employee_id", "ba_id", "content_id", "position", "order"];
        let needed = names.into_iter().filter_map(|name| Some((name, self.index(name)?)));
        needed.map(|(name, index)| (name, self.batches.iter().map(|fields| fields[index].null_count()).sum())).collect()
    }
}
