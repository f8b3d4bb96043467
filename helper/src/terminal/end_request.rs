//! Request to end, wrapped as an `io::Error` for code that only returns those.

use std::fmt;
use std::io;

/// Request to end, inside an `io::Error`.
#[derive(Debug)]
pub(crate) struct EndRequest;

impl std::error::Error for EndRequest {}

impl fmt::Display for EndRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

/// True if an I/O error is a wrapped request to end.
pub(crate) fn is_request(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<EndRequest>())
}
