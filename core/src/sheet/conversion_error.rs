//! The error of a table that cannot be converted to CSV.

use super::question::Question;

/// The reason why a table cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConversionError {
    /// The reason, as a message.
    pub(super) message: String,
    /// The question whose answer would allow the conversion; `None` if no answer helps.
    pub(super) question: Option<Question>,
}

impl From<String> for ConversionError {
    fn from(message: String) -> ConversionError {
        ConversionError { message, question: None }
    }
}
