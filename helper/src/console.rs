//! Standard output for results, standard error for everything else.
//!
//! A reader that goes away (`btcfake ... | head`) is no failure: what is left is not printed. Anything else that keeps a
//! result from being printed, such as a full disk, fails the command in the end.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use btcfake_core::problem::{Problem, Severity};

use crate::failure::Failure;

/// The first thing that kept a result from being printed.
static NOT_PRINTED: OnceLock<io::Error> = OnceLock::new();

/// Prints a result.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    printed(output.write_all(text.as_bytes()));
}

/// What came of printing to standard output by other means; what is still held back is printed now.
pub(crate) fn printed(result: io::Result<()>) {
    // A closed pipe is the reader's choice.
    if let Err(error) = result.and_then(|()| io::stdout().lock().flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = NOT_PRINTED.set(error);
    }
}

/// Whether all results so far were printed.
///
/// # Errors
/// One that was not.
pub(crate) fn check_printed() -> Result<(), Failure> {
    match NOT_PRINTED.get() {
        None => Ok(()),
        Some(error) => {
            Err(Failure::Other(format!("standard output: cannot write to it: {error}; what was printed is not whole")))
        }
    }
}

/// Prints one line of a diagnosis.
pub(crate) fn complain(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// Prints the problems of a file as `file:line:column: what`.
pub(crate) fn complain_of(file: &dyn Display, problems: &[Problem], quiet: bool) {
    let mut output = io::BufWriter::new(io::stderr().lock());
    for problem in problems {
        let warning = problem.severity == Severity::Warning;
        if !(quiet && warning) {
            let prefix = if warning { "warning: " } else { "" };
            let _ = writeln!(output, "{file}:{}: {prefix}{}", problem.place, problem.kind);
        }
    }
}

/// A line of progress on standard error, where a person is watching.
pub(crate) struct Progress {
    shown: bool,
    last: String,
}

impl Progress {
    /// Progress that is shown on a terminal only, and not when quiet.
    pub(crate) fn new(quiet: bool) -> Progress {
        Progress { shown: !quiet && io::stderr().is_terminal(), last: String::new() }
    }

    /// Replaces the line.
    pub(crate) fn show(&mut self, text: String) {
        if self.shown && text != self.last {
            let _ = write!(io::stderr().lock(), "\r\x1b[K{text}");
            self.last = text;
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&mut self) {
        if self.shown && !self.last.is_empty() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
            self.last.clear();
        }
    }
}
