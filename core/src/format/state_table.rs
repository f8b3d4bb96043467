//! Reading of the two state tables: each row begins with an employee and a content, and one unreadable row refuses the
//! file.

use super::identifier::{parse_rewritten_id, unwrapped};
use super::table::{Row, TableReader};
use crate::text::chunks::{ByteSource, Chunk, Workers, first_chunk, in_chunks};
use crate::text::problem::{Problem, Reading};

/// The name of the first column.
pub(super) const BA_ID_NAME: &str = "ba_id";

/// The name of the second column.
pub(super) const CONTENT_ID_NAME: &str = "content_id";

const BA_ID: usize = 0;
const CONTENT_ID: usize = 1;

/// A row of a state table.
pub(super) trait StateRow: Send {
    /// Adds `lines` to the row's line. `before` is the row before it, with which it may share memory.
    fn move_below(&mut self, lines: u32, before: Option<&Self>);
}

/// The rows of some lines of a table: of a chunk, whose lines count from its first one, or of all chunks so far.
struct RowsOfLines<T> {
    bytes: usize,
    lines: u32,
    rows: Vec<T>,
    problems: Vec<Problem>,
}

impl<T> Default for RowsOfLines<T> {
    fn default() -> RowsOfLines<T> {
        RowsOfLines { bytes: 0, lines: 0, rows: Vec::new(), problems: Vec::new() }
    }
}

/// Reads a state table with these columns, of which the ids and `needed` must be there. Returns the rows accepted by
/// `keep`.
pub(super) fn read<T: StateRow, const WIDTH: usize>(
    source: &dyn ByteSource,
    workers: &impl Workers,
    (columns, needed): ([&'static str; WIDTH], &[usize]),
    read_row: impl Fn(&Row<'_, WIDTH>) -> Result<T, Vec<Problem>> + Sync,
    keep: impl Fn(&T) -> bool + Sync,
) -> Reading<Vec<T>> {
    let needed = [&[BA_ID, CONTENT_ID], needed].concat();
    let head = first_chunk(source);
    let (header, _) = TableReader::open_to_check(&head, columns, &needed, false);
    let read = |chunk: Chunk<'_>| {
        let (table, problems) = TableReader::open_chunk(header.as_ref(), chunk, columns, &needed, false);
        let mut found = RowsOfLines { bytes: chunk.bytes.len(), problems, ..RowsOfLines::default() };
        let Some(mut table) = table else { return chunk.is_last.then_some(found) };
        while let Some(row) = table.next_row() {
            let is_id = |row: &Row<'_, WIDTH>, column| parse_rewritten_id(row.value(column)).is_some();
            let swallowed = row.swallowed_rows(|row| is_id(row, BA_ID) && is_id(row, CONTENT_ID));
            match swallowed.or_else(|| row.fault()).map_or_else(|| read_row(&row), |fault| Err(vec![fault])) {
                Ok(mut read) if keep(&read) => {
                    read.move_below(0, found.rows.last());
                    found.rows.push(read);
                }
                Ok(_) => {}
                Err(problems) => found.problems.extend(problems),
            }
        }
        found.lines = table.records.rows().lines_read();
        (chunk.is_last || !table.records.rows().ran_out()).then_some(found)
    };
    let RowsOfLines { rows, problems, .. } = in_chunks(source, workers, read, |table: &mut RowsOfLines<T>, chunk| {
        if table.bytes == 0 {
            // Growing later would copy all rows time and again.
            table.bytes = chunk.bytes.max(1);
            table.rows.reserve(chunk.rows.len() * source.size().div_ceil(table.bytes));
        }
        for mut row in chunk.rows {
            row.move_below(table.lines, table.rows.last());
            table.rows.push(row);
        }
        table.problems.extend(chunk.problems.into_iter().map(|problem| problem.further_down(table.lines)));
        table.lines = table.lines.saturating_add(chunk.lines);
    });
    Reading { value: rows, problems }
}

/// The ids of employee and content. For each that is not valid, adds a problem and returns 0.
pub(super) fn read_ids<const WIDTH: usize>(row: &Row<'_, WIDTH>, problems: &mut Vec<Problem>) -> [u64; 2] {
    [BA_ID, CONTENT_ID].map(|column| {
        parse_rewritten_id(row.value(column)).unwrap_or_else(|| {
            problems.push(row.bad_id(column));
            0
        })
    })
}

/// True if a field means NULL: empty, `NULL`, `null` or `\N`.
pub(super) fn is_null(field: &[u8]) -> bool {
    matches!(unwrapped(field), b"" | b"NULL" | b"null" | b"\\N")
}
