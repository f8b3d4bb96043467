//! Tones: whether a state is good or bad, which its colour shows besides its words.

/// What a state is like, for people.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing to judge yet.
    Idle,
    /// As it should be.
    Good,
    /// Usable, with something to look at.
    Warn,
    /// Not usable.
    Bad,
}

impl Tone {
    /// The class of the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Idle => "",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}
