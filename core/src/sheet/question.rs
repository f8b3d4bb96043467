//! What a table may leave open, as a question with its choices, and the choices.

use serde::{Deserialize, Serialize};

/// A question about a table that has several readings, or none that is sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which of these sheets holds the table.
    Sheet(Vec<String>),
    /// Which column of the file is the one with the name `wanted`.
    Column {
        /// The name that the column should have.
        wanted: String,
        /// Its choices: position in the header, from 0, and name.
        found: Vec<(usize, String)>,
    },
    /// Whether the first row is a row of the table, whose header is missing.
    Header {
        /// The first row.
        first_row: String,
    },
    /// Whether the text is in the encoding Windows-1252 (Western European).
    WesternEuropean {
        /// The first text that looks different in another encoding, as it reads in this one.
        shown: String,
    },
}

/// A choice among those of a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// The table is in this sheet.
    Sheet(String),
    /// The column is the one at a position of the header.
    Column {
        /// The name that the column should have.
        wanted: String,
        /// The position, from 0.
        position: usize,
    },
    /// The first row is a row of the table: the header is added above it.
    Header,
    /// The text is in the encoding Windows-1252.
    WesternEuropean,
}
