//! A note: one line of output about what a command did, with its severity as a field.

use std::fmt;

/// One line of output about what a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// True for a warning. Warnings are printed even with `--quiet`.
    pub is_warning: bool,
    /// The file or server that the note is about.
    pub place: Option<String>,
    /// The message, without place and severity.
    pub text: String,
}

impl Note {
    /// A warning without a place.
    #[must_use]
    pub fn warning(text: impl Into<String>) -> Note {
        Note { is_warning: true, place: None, text: text.into() }
    }

    /// An informational note without a place.
    #[must_use]
    pub fn remark(text: impl Into<String>) -> Note {
        Note { is_warning: false, place: None, text: text.into() }
    }

    /// The same note, about the file or server `place`.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Note {
        Note { place: Some(place.into()), ..self }
    }
}

/// Formats as `place: warning: text`; `place: ` and `warning: ` appear only where they apply.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}{}", if self.is_warning { "warning: " } else { "" }, self.text)
    }
}
