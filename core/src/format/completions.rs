//! `ContentUserCompletion_V2_*.csv`: the trainings completed in the run, one per row.

use super::identifier::{push_content_id, push_plain_id};
use super::instant::InstantWriter;

/// The columns of the file.
pub const COLUMNS: [&str; 4] = ["UserId", "ContentId", "DateStarted", "DateCompleted"];

// The positions of the columns.
pub(crate) const USER: usize = 0;
pub(crate) const CONTENT: usize = 1;
pub(crate) const STARTED: usize = 2;
pub(crate) const COMPLETED: usize = 3;

/// Appends the row of an employee and a content, with its start and end in seconds since 1970-01-01T00:00:00Z.
pub fn push_row(
    out: &mut Vec<u8>,
    instants: &mut InstantWriter,
    (employee_id, content_id): (u64, u64),
    [started, completed]: [i64; 2],
) {
    out.push(b'"');
    push_plain_id(out, employee_id);
    out.extend_from_slice(b"\",\"");
    push_content_id(out, content_id);
    out.extend_from_slice(b"\",\"");
    instants.push(out, started);
    out.extend_from_slice(b"\",\"");
    instants.push(out, completed);
    out.extend_from_slice(b"\"\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_vendors() {
        let mut row = Vec::new();
        push_row(&mut row, &mut InstantWriter::default(), (104_829, 1_915_085), [1_766_400_185, 1_766_400_443]);
        assert_eq!(
            String::from_utf8_lossy(&row),
            "\"104829\",\"1,915,085\",\"2025-12-22T10:43:05Z\",\"2025-12-22T10:47:23Z\"\n"
        );
    }
}
