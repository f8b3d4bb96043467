//! Somebody's request to end, as an error that passes through code which knows errors of the system only.

use std::fmt;
use std::io;

/// A request to end that passes through code which knows errors of the system only.
#[derive(Debug)]
pub(crate) struct EndRequest;

impl std::error::Error for EndRequest {}

impl fmt::Display for EndRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

/// Whether an error of the system is in truth somebody's request to end.
pub(crate) fn is_request(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<EndRequest>())
}
