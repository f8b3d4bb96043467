//! Request to end, wrapped as an `io::Error` for code that only returns those.

use std::io;

/// Request to end, inside an `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
pub(crate) struct EndRequest;

/// True if an I/O error is a wrapped request to end.
pub(crate) fn is_request(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<EndRequest>())
}
