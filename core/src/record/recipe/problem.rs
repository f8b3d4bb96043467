//! Problems of a recipe's text, with their places.

use super::names::{FORMAT, RECIPE, known_parts};
use crate::text::problem::Place;
use crate::text::visible::quoted;

/// A problem of a recipe's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct RecipeProblem {
    /// The place in the text.
    pub place: Place,
    /// The kind, with the data of its message.
    pub kind: RecipeProblemKind,
}

/// The kinds of problem, each with the data that its message needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeProblemKind {
    /// The beginning of a text that is not a recipe.
    #[error(
        "{} has no recipe: that is the part of a link after the #, and begins with {}={}; was the link \
         changed or cut off?",
        quoted(.0), RECIPE, FORMAT
    )]
    NoRecipe(String),
    /// A file that is not JSON, or no object, with what is wrong with it.
    #[error("this is no recipe file: {0}")]
    BadJson(String),
    /// The number of a format that this version does not know.
    #[error(
        "this recipe has the format {}, and this program reads {}; use the version that made it",
        quoted(.0), FORMAT
    )]
    OtherFormat(String),
    /// A part that this version does not know: its name, and the known name that was probably meant.
    #[error("{}", unknown_part(.0, *.1))]
    UnknownPart(String, Option<&'static str>),
    /// A part that occurs twice.
    #[error("'{0}' stands there twice; keep one of them")]
    RepeatedPart(&'static str),
    /// A required part that is missing.
    #[error("'{0}' is missing; was the link cut off? Copy the whole of it")]
    MissingPart(&'static str),
    /// A value that cannot be read.
    #[error("{part}: {why}")]
    BadValue {
        /// The part.
        part: &'static str,
        /// The reason, and the allowed values.
        why: String,
    },
}

impl RecipeProblemKind {
    /// The name of the part that the problem is in; `None` if it is in none that is there.
    pub(super) fn part(&self) -> Option<&str> {
        match self {
            Self::NoRecipe(_) | Self::BadJson(_) | Self::MissingPart(_) => None,
            Self::OtherFormat(_) => Some(RECIPE),
            Self::UnknownPart(found, _) => Some(found),
            Self::RepeatedPart(part) | Self::BadValue { part, .. } => Some(part),
        }
    }
}

fn unknown_part(found: &str, meant: Option<&str>) -> String {
    let found = quoted(found);
    match meant {
        Some(meant) => format!("a recipe has no part {found}. Did you mean '{meant}'?"),
        None => {
            let known: Vec<&str> = known_parts().collect();
            format!("this version knows no part {found} of a recipe; it knows {}", known.join(", "))
        }
    }
}
