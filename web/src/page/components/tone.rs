//! Tones: whether a state is good or bad, shown as a colour beside its words.

/// The tone of a state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing to judge yet.
    Idle,
    /// As it should be.
    Good,
    /// Usable, with warnings.
    Warn,
    /// Not usable.
    Bad,
}

impl Tone {
    /// The CSS class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Idle => "",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}
