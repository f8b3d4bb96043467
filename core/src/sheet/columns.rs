//! Matching of a header with the columns that a table should have. A name matches exactly, or nearly: it differs only
//! in blanks, punctuation or case.

use super::conversion_error::ConversionError;
use super::question::{FoundColumn, Question};
use crate::format::blank::{is_blank, is_blank_character};
use crate::format::table::column_name;
use crate::text::separator::Separator;
use crate::text::visible::quoted;

/// The number of non-blank rows among which the header is looked for.
pub(super) const HEADER_WITHIN: usize = 100;

/// The table that a file should hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The names of its columns.
    pub(super) names: &'static [&'static str],
    /// The column with the id by which a row of it is recognised.
    pub(super) id: &'static str,
    /// The columns that hold instants: a date without a time of day in them counts as midnight.
    pub(super) instants: &'static [&'static str],
    /// True if lines that begin with `#` are comments.
    pub(super) comments: bool,
}

/// The match of a line with the columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// The number of columns that the line names, exactly or nearly.
    pub(super) matched: usize,
    /// The names that match nearly: position in the line, from 0, and the correct name.
    pub(super) renamed: Vec<(usize, &'static str)>,
    /// The names that match exactly: position in the line, from 0, and the name.
    exact: Vec<(usize, &'static str)>,
    /// The first column that several names match nearly, with the columns of these names.
    ambiguous: Option<(&'static str, Vec<FoundColumn>)>,
}

impl Wanted {
    /// Matches the names of a line. Names that match a column nearly count only if none matches it exactly.
    pub(super) fn fit(&self, found: &[String]) -> Fit {
        let mut fit = Fit::default();
        // A line without a table may be very long, so each of its names is prepared once.
        let columns: Vec<(&str, String)> = found.iter().map(|name| (column_name(name), letters(name))).collect();
        for name in self.names {
            if let Some(exact) = columns.iter().position(|(column, _)| column.eq_ignore_ascii_case(name)) {
                fit.matched += 1;
                fit.exact.push((exact, *name));
                continue;
            }
            let wanted = letters(name);
            let is_near = |index: &usize| {
                let (column, letters) = &columns[*index];
                *letters == wanted && !self.names.iter().any(|other| column.eq_ignore_ascii_case(other))
            };
            let near: Vec<usize> = (0..found.len()).filter(is_near).collect();
            match near.as_slice() {
                [] => continue,
                [only] => fit.renamed.push((*only, *name)),
                several => {
                    let names = FoundColumn::at(found, several.iter().copied());
                    fit.ambiguous = fit.ambiguous.or(Some((*name, names)));
                }
            }
            fit.matched += 1;
        }
        fit
    }

    /// The separator inside of the only column of a table, if the names of columns stand on both sides of it: what becomes
    /// of a CSV in the cells of one column.
    pub(super) fn separator_inside(&self, names: &[String]) -> Option<Separator> {
        let [only] = names else { return None };
        // A quote that is never closed is reported as such.
        if only.contains('"') {
            return None;
        }
        let fits = |separator: &Separator| {
            let inside: Vec<String> = only.split(separator.char()).map(trimmed_name).collect();
            inside.len() > 1 && self.is_header(&self.fit(&inside))
        };
        Separator::ALL.into_iter().find(fits)
    }

    /// True if a text may hold a line that names all columns: it has the letters of the first name. It may have them
    /// elsewhere, too.
    pub(super) fn may_be_named_in(&self, text: &[u8]) -> bool {
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
        let found: Vec<u8> = text.iter().filter(|byte| is_letter(byte)).map(u8::to_ascii_lowercase).collect();
        self.names.first().is_some_and(|name| memchr::memmem::find(&found, letters(name).as_bytes()).is_some())
    }

    /// True if a line is taken for the header: it names at least half of the columns.
    pub(super) fn is_header(&self, fit: &Fit) -> bool {
        fit.matched * 2 >= self.names.len()
    }
}

impl Fit {
    /// The error if several names match one column; `None` if none does. `place` is the place of the header, for the
    /// message.
    pub(super) fn doubt(&self, place: &str) -> Option<ConversionError> {
        let (name, found) = self.ambiguous.as_ref()?;
        let names: Vec<String> = found.iter().map(|one| quoted(&one.name)).collect();
        let message = format!("{place}: several columns fit {name}: {}; call the right one {name}", names.join(", "));
        let question = Question::Column { wanted: (*name).to_owned(), found: found.clone() };
        Some(ConversionError { message, question: Some(question) })
    }

    /// The position of a column, from 0; `None` if no name or several names match it.
    pub(super) fn position_of(&self, name: &str) -> Option<usize> {
        self.exact.iter().chain(&self.renamed).find(|(_, one)| *one == name).map(|(position, _)| *position)
    }

    /// True if the name at a position matches a column.
    pub(super) fn is_taken(&self, position: usize) -> bool {
        self.exact.iter().chain(&self.renamed).any(|(one, _)| *one == position)
    }
}

/// True if the first two values of a row look like those of a table's row, and not like a title: an id and another value.
pub(super) fn looks_like_row(first: &str, second: &str) -> bool {
    let first = first.trim_matches(is_blank_character);
    !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()) && !is_blank(second.as_bytes())
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    column_name(name).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name without the blanks around it.
pub(super) fn trimmed_name(name: &str) -> String {
    name.trim_matches(is_blank_character).to_owned()
}
