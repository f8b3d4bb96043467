//! `ContentUserCompletion_V2_*.csv`: the trainings completed in the run, one per row.

use super::identifier::{push_content_id, push_plain_id};
use super::instant::push_instant;

/// The columns of the file.
pub const COLUMNS: [&str; 4] = ["UserId", "ContentId", "DateStarted", "DateCompleted"];

/// Appends one row. Times are seconds since 1970-01-01T00:00:00Z.
pub fn push_row(out: &mut Vec<u8>, employee_id: u64, content_id: u64, started: i64, completed: i64) {
    out.push(b'"');
    push_plain_id(out, employee_id);
    out.extend_from_slice(b"\",\"");
    push_content_id(out, content_id);
    out.extend_from_slice(b"\",\"");
    push_instant(out, started);
    out.extend_from_slice(b"\",\"");
    push_instant(out, completed);
    out.extend_from_slice(b"\"\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_vendors() {
        let mut row = Vec::new();
        push_row(&mut row, 104_829, 1_915_085, 1_766_400_185, 1_766_400_443);
        assert_eq!(
            String::from_utf8_lossy(&row),
            "\"104829\",\"1,915,085\",\"2025-12-22T10:43:05Z\",\"2025-12-22T10:47:23Z\"\n"
        );
    }
}
