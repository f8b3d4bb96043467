//! Finding rows by their state and their text, in the order of the file.

use serde::{Deserialize, Serialize};

use crate::format::employees::EmployeeType;

use super::edited_file::Roster;
use super::row::{OriginalKind, RosterRow, RowState, content_length};

/// A filter of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// The state of the rows.
    pub show: Show,
    /// Text that the rows contain, ignoring the case of ASCII letters; empty for all rows.
    pub text: String,
}

/// A filter of rows by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// All rows that are not removed, except the header and blank lines.
    #[default]
    All,
    /// Active employees of a type.
    Type(EmployeeType),
    /// Employees that are switched off.
    Off,
    /// Rows that the reader refuses.
    Problems,
    /// Rows that differ from the original file, except removed ones.
    Edited,
}

impl Roster {
    /// The numbers of the rows that match a filter, ascending.
    #[must_use]
    pub fn find(&self, filter: &Filter) -> Vec<usize> {
        let wanted = filter.text.trim().as_bytes();
        let rows = self.rows.iter().enumerate();
        rows.filter(|(number, row)| self.shows(*number, row, filter.show) && self.contains(row, wanted))
            .map(|(number, _)| number)
            .collect()
    }

    fn shows(&self, number: usize, row: &RosterRow, show: Show) -> bool {
        if row.current == RowState::Removed || matches!(row.class, OriginalKind::Blank | OriginalKind::Header) {
            return false;
        }
        match show {
            Show::All => true,
            Show::Type(kind) => row.current == RowState::On(kind),
            Show::Off => matches!(row.current, RowState::Off(_)),
            Show::Problems => {
                row.current == RowState::NoEmployee && row.is_refused() || self.repeated.binary_search(&number).is_ok()
            }
            Show::Edited => row.is_edited(),
        }
    }

    fn contains(&self, row: &RosterRow, wanted: &[u8]) -> bool {
        let piece = row.bytes(&self.bytes);
        let text = &piece[..content_length(piece)];
        wanted.is_empty() || text.windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted))
    }
}
