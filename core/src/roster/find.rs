//! Finding rows: which of them are wanted, in the order of the file.

use crate::format::employees::EmployeeType;

use super::edited_file::Roster;
use super::row::{Class, Row, Stand, content_length};

/// Which rows are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// How they stand.
    pub show: Show,
    /// What stands in them as the file has them, in any case; with nothing, all do.
    pub text: String,
}

/// How the wanted rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Every row that is there, but the header and blank lines.
    #[default]
    All,
    /// Employees of a type.
    Type(EmployeeType),
    /// Employees that are switched off.
    Off,
    /// Rows that are refused.
    Problems,
    /// Rows that are not as they were in the file, but those that are gone.
    Edited,
}

impl Roster {
    /// The numbers of the rows that are wanted.
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
