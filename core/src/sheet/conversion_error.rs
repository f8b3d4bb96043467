//! Why a table cannot be converted.

use super::question::Question;

/// Why a table cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConversionError {
    /// The reason, in plain words.
    pub(super) message: String,
    /// The question whose answer lets it be converted.
    pub(super) question: Option<Question>,
}

impl From<String> for ConversionError {
    fn from(message: String) -> ConversionError {
        ConversionError { message, question: None }
    }
}
