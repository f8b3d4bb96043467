//! Finding rows by their state and their text, in the order of the file.

use serde::{Deserialize, Serialize};

use crate::format::employees::EmployeeType;

use super::edited_file::Roster;
use super::row::{Class, Row, Stand, content_length};

/// A choice of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Their state.
    pub show: Show,
    /// A part of their text in the file, in any case; every row has the empty text.
    pub text: String,
}

/// A choice of rows by their state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// Every row that is there, except the header and blank lines.
    #[default]
    All,
    /// Employees of a type.
    Type(EmployeeType),
    /// Employees that are switched off.
    Off,
    /// Rows that are refused.
    Problems,
    /// Rows that differ from the file, except removed ones.
    Edited,
}

impl Roster {
    /// The numbers of the chosen rows.
    #[must_use]
    pub fn find(&self, filter: &Filter) -> Vec<usize> {
        let wanted = filter.text.trim().as_bytes();
        let rows = self.rows.iter().enumerate();
        rows.filter(|(number, row)| self.shows(*number, row, filter.show) && self.contains(row, wanted))
            .map(|(number, _)| number)
            .collect()
    }

    fn shows(&self, number: usize, row: &Row, show: Show) -> bool {
        if row.stands == Stand::Gone || matches!(row.class, Class::Blank | Class::Header) {
            return false;
        }
        match show {
            Show::All => true,
            Show::Type(kind) => row.stands == Stand::On(kind),
            Show::Off => matches!(row.stands, Stand::Off(_)),
            Show::Problems => {
                row.stands == Stand::AsItIs && row.is_refused() || self.repeated.binary_search(&number).is_ok()
            }
            Show::Edited => row.is_edited(),
        }
    }

    fn contains(&self, row: &Row, wanted: &[u8]) -> bool {
        let piece = row.bytes(&self.bytes);
        let text = &piece[..content_length(piece)];
        wanted.is_empty() || text.windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted))
    }
}
