//! The columns that a table should have, found in a header that names them exactly, or nearly so: a name that differs in
//! blanks, marks or case alone.

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
    /// The column that several names fit, and these.
    pub(super) ambiguous: Option<(&'static str, Vec<String>)>,
}

impl Wanted {
    /// How well some names fit. Where one is exact, no other is taken for it.
    pub(super) fn fit(&self, found: &[String]) -> Fit {
        let mut fit = Fit::default();
        for name in self.names {
            if found.iter().any(|one| column_name(one).eq_ignore_ascii_case(name)) {
                fit.matched += 1;
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
                    let names = several.iter().map(|index| found[*index].clone()).collect();
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
    /// The sentence about two columns that fit one name.
    pub(super) fn refusal(&self) -> Option<String> {
        let (name, found) = self.ambiguous.as_ref()?;
        let found: Vec<String> = found.iter().map(|one| quoted(one)).collect();
        Some(format!("several columns fit {name}: {}; call the right one {name}", found.join(", ")))
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
