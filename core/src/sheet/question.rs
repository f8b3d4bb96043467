//! Questions about ambiguous tables, and the choices that answer them.

use serde::{Deserialize, Serialize};

/// A question about a table that has several readings, or no certain one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which of these sheets holds the table?
    Sheet(Vec<String>),
    /// Which column of the file is the one that should have the name `wanted`?
    Column {
        /// The name that the column should have.
        wanted: String,
        /// Its choices: position in the header, from 0, and name.
        found: Vec<(usize, String)>,
    },
    /// Is the header missing, so that the first row is a row of the table?
    Header {
        /// The first row.
        first_row: String,
    },
    /// Is the text in the encoding Windows-1252 (Western European)?
    WesternEuropean {
        /// The first word with a character beyond ASCII, decoded from Windows-1252.
        shown: String,
    },
}

/// The answer to a [`Question`].
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
