//! The columns that a table should have, found in a header that names them exactly, or nearly so: a name that differs in
//! blanks, marks or case alone.

use super::conversion_error::ConversionError;
use super::question::Question;
use crate::format::blank::is_blank_character;
use crate::format::table::column_name;
use crate::text::visible::quoted;

/// A table that is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The names of its columns.
    pub(super) names: &'static [&'static str],
    /// The columns whose dates need a time of day.
    pub(super) instants: &'static [&'static str],
    /// Whether lines that begin with `#` are comments.
    pub(super) comments: bool,
}

/// How well a line names the columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// How many of the columns it names.
    pub(super) matched: usize,
    /// The names that differ, by position, with the right one.
    pub(super) renamed: Vec<(usize, &'static str)>,
    /// The columns that are named exactly, by position.
    exact: Vec<(usize, &'static str)>,
    /// The first column that several names fit, and these by position.
    ambiguous: Option<(&'static str, Vec<(usize, String)>)>,
}

impl Wanted {
    /// How well some names fit. Where one is exact, no other is taken for it.
    pub(super) fn fit(&self, found: &[String]) -> Fit {
        let mut fit = Fit::default();
        for name in self.names {
            if let Some(exact) = found.iter().position(|one| column_name(one).eq_ignore_ascii_case(name)) {
                fit.matched += 1;
                fit.exact.push((exact, *name));
                continue;
            }
            let is_near = |index: &usize| {
                let is_another = self.names.iter().any(|other| column_name(&found[*index]).eq_ignore_ascii_case(other));
                !is_another && letters(&found[*index]) == letters(name)
            };
            let near: Vec<usize> = (0..found.len()).filter(is_near).collect();
            match near.as_slice() {
                [] => continue,
                [only] => fit.renamed.push((*only, *name)),
                several => {
                    let names = several.iter().map(|index| (*index, found[*index].clone())).collect();
                    fit.ambiguous = fit.ambiguous.or(Some((*name, names)));
                }
            }
            fit.matched += 1;
        }
        fit
    }

    /// Whether so many matches make a line the header.
    pub(super) fn is_header(&self, fit: &Fit) -> bool {
        fit.matched * 2 >= self.names.len()
    }
}

impl Fit {
    /// The refusal of two columns that fit one name; `place` is where the header is.
    pub(super) fn doubt(&self, place: &str) -> Option<ConversionError> {
        let (name, found) = self.ambiguous.as_ref()?;
        let names: Vec<String> = found.iter().map(|(_, one)| quoted(one)).collect();
        let message = format!("{place}: several columns fit {name}: {}; call the right one {name}", names.join(", "));
        let question = Question::Column { wanted: (*name).to_owned(), found: found.clone() };
        Some(ConversionError { message, question: Some(question) })
    }

    /// The position of a column that is named exactly, or by one name that is near.
    pub(super) fn position_of(&self, name: &str) -> Option<usize> {
        self.exact.iter().chain(&self.renamed).find(|(_, one)| *one == name).map(|(position, _)| *position)
    }

    /// Whether a position is that of a known column.
    pub(super) fn is_taken(&self, position: usize) -> bool {
        self.exact.iter().chain(&self.renamed).any(|(one, _)| *one == position)
    }
}

/// What a name has besides blanks, marks and case.
fn letters(name: &str) -> String {
    column_name(name).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name without the blanks around it.
pub(super) fn trimmed_name(name: &str) -> String {
    name.trim_matches(is_blank_character).to_owned()
}
