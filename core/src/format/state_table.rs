//! What the two state tables have in common: an employee and a content lead each row, and one unreadable row refuses the
//! file.

use super::identifier::{parse_rewritten_id, unwrapped};
use super::table::{Row, TableReader, bad_id};
use crate::text::problem::{Problem, Reading};

/// The name of the first column.
pub(super) const BA_ID_NAME: &str = "ba_id";

/// The name of the second column.
pub(super) const CONTENT_ID_NAME: &str = "content_id";

const BA_ID: usize = 0;
const CONTENT_ID: usize = 1;

/// Reads a state table with these columns, of which the ids and `needed` must be there. Returns the rows accepted by
/// `keep`.
pub(super) fn read<T, const WIDTH: usize>(
    bytes: &[u8],
    columns: [&str; WIDTH],
    needed: &[usize],
    read_row: impl Fn(&Row<'_, WIDTH>) -> Result<T, Vec<Problem>>,
    keep: impl Fn(&T) -> bool,
) -> Reading<Vec<T>> {
    let needed = [&[BA_ID, CONTENT_ID], needed].concat();
    let (table, mut problems) = TableReader::open_to_check(bytes, columns, &needed, false);
    let Some(mut table) = table else { return Reading { value: Vec::new(), problems } };
    let mut rows = Vec::new();
    while let Some(row) = table.next_row() {
        let is_id = |row: &Row<'_, WIDTH>, column| parse_rewritten_id(row.value(column)).is_some();
        let swallowed = row.swallowed_rows(|row| is_id(row, BA_ID) && is_id(row, CONTENT_ID));
        match swallowed.or_else(|| row.fault()).map_or_else(|| read_row(&row), |fault| Err(vec![fault])) {
            Ok(read) if keep(&read) => rows.push(read),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
    }
    Reading { value: rows, problems }
}

/// The ids of employee and content. For each that is not valid, adds a problem and returns 0.
pub(super) fn read_ids<const WIDTH: usize>(row: &Row<'_, WIDTH>, problems: &mut Vec<Problem>) -> [u64; 2] {
    [(BA_ID, BA_ID_NAME), (CONTENT_ID, CONTENT_ID_NAME)].map(|(column, name)| {
        parse_rewritten_id(row.value(column)).unwrap_or_else(|| {
            problems.push(bad_id(row, column, name));
            0
        })
    })
}

/// True if a field means NULL: empty, `NULL`, `null` or `\N`.
pub(super) fn is_null(field: &[u8]) -> bool {
    matches!(unwrapped(field), b"" | b"NULL" | b"null" | b"\\N")
}
