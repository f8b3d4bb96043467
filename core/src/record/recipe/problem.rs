//! Problems of a recipe's text, with their places.

use std::fmt;

use super::names::{FORMAT, RECIPE, known_parts};
use crate::text::problem::Place;
use crate::text::visible::quoted;

/// A problem of a recipe's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeProblem {
    /// The place in the text.
    pub place: Place,
    /// The kind, with the data of its message.
    pub kind: RecipeProblemKind,
}

/// The kinds of problem, each with the data that its message needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipeProblemKind {
    /// The text is not a recipe.
    NoRecipe {
        /// The beginning of the text.
        found: String,
    },
    /// A file that is not JSON, or no object.
    BadJson {
        /// The message of the JSON parser, with line and column.
        message: String,
    },
    /// A recipe in a format that this version does not know.
    OtherFormat {
        /// The number of the format.
        found: String,
    },
    /// A part that this version does not know.
    UnknownPart {
        /// The name.
        found: String,
        /// The name that was probably meant.
        meant: Option<&'static str>,
    },
    /// A part that occurs twice.
    RepeatedPart {
        /// The name.
        part: &'static str,
    },
    /// A required part that is missing.
    MissingPart {
        /// The name.
        part: &'static str,
    },
    /// A value that cannot be read.
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
            Self::NoRecipe { .. } | Self::BadJson { .. } | Self::MissingPart { .. } => None,
            Self::OtherFormat { .. } => Some(RECIPE),
            Self::UnknownPart { found, .. } => Some(found),
            Self::RepeatedPart { part } | Self::BadValue { part, .. } => Some(part),
        }
    }
}

impl fmt::Display for RecipeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)
    }
}

impl fmt::Display for RecipeProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecipe { found } => write!(
                f,
                "{} has no recipe: that is the part of a link after the #, and begins with {RECIPE}={FORMAT}; was the \
                 link changed or cut off?",
                quoted(found)
            ),
            Self::BadJson { message } => write!(f, "this is no recipe file: {message}"),
            Self::OtherFormat { found } => write!(
                f,
                "this recipe has the format {}, and this program reads {FORMAT}; use the version that made it",
                quoted(found)
            ),
            Self::UnknownPart { found, meant: Some(meant) } => {
                write!(f, "a recipe has no part {}. Did you mean '{meant}'?", quoted(found))
            }
            Self::UnknownPart { found, meant: None } => {
                write!(f, "this version knows no part {} of a recipe; it knows ", quoted(found))?;
                write_list(f, &known_parts().collect::<Vec<_>>())
            }
            Self::RepeatedPart { part } => write!(f, "'{part}' stands there twice; keep one of them"),
            Self::MissingPart { part } => write!(f, "'{part}' is missing; was the link cut off? Copy the whole of it"),
            Self::BadValue { part, why } => write!(f, "{part}: {why}"),
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, words: &[&str]) -> fmt::Result {
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        f.write_str(word)?;
    }
    Ok(())
}
