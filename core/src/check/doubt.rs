//! A doubt: something in a row that is an error unless the state table explains it.

use super::vendor_rows::Row;

/// Something in a row that is an error unless the state table explains it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    /// Employee and content of the row, where they can be read.
    pub(super) key: Option<(u64, u64)>,
    /// The line of the row.
    pub(super) line: u32,
    /// The possible error.
    pub(super) what: Doubtful,
}

impl Row for Doubt {
    fn further_down(self, lines: u32) -> Doubt {
        Doubt { line: self.line.saturating_add(lines), ..self }
    }
}

/// The kinds of doubt. Instants are in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug)]
pub(super) enum Doubtful {
    /// An instant after the date in the file's name.
    Future {
        /// The column of the instant.
        column: usize,
        /// The instant.
        instant: i64,
    },
    /// An assignment that is due before it starts.
    DueBeforeStart {
        /// The start.
        start: i64,
        /// The due date.
        due: i64,
    },
}
