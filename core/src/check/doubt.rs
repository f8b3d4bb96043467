//! A doubt: something that looks wrong in a row, and that the state table may explain.

/// Something that the state table may explain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    /// Employee and content of the row, where they can be read.
    pub(super) key: Option<(u64, u64)>,
    /// The line of the row.
    pub(super) line: u32,
    /// The byte at which it begins.
    pub(super) at: usize,
    /// What it is.
    pub(super) what: Doubtful,
}

/// What is wrong, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug)]
pub(super) enum Doubtful {
    /// Something was at an instant that lies in the future, seen from the date in the file's name.
    Future {
        /// The column of the instant.
        column: usize,
        /// The instant.
        instant: i64,
    },
    /// It is due before it starts.
    DueBeforeStart {
        /// When it starts.
        start: i64,
        /// When it is due.
        due: i64,
    },
}
