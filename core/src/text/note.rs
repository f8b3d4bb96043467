//! A note: one line on what a command did, with its severity as a field.

use std::fmt;

/// One line on what a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whether it is a warning, which is printed in spite of `--quiet`.
    pub is_warning: bool,
    /// The file or server that it is about.
    pub place: Option<String>,
    /// The sentence.
    pub text: String,
}

impl Note {
    /// A warning.
    #[must_use]
    pub fn warning(text: impl Into<String>) -> Note {
        Note { is_warning: true, place: None, text: text.into() }
    }

    /// A remark that is no warning.
    #[must_use]
    pub fn remark(text: impl Into<String>) -> Note {
        Note { is_warning: false, place: None, text: text.into() }
    }

    /// The same about a file or server.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Note {
        Note { place: Some(place.into()), ..self }
    }
}

/// `place: warning: text`.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}{}", if self.is_warning { "warning: " } else { "" }, self.text)
    }
}
