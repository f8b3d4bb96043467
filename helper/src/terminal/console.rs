//! Output of commands: results to standard output, everything else to standard error.
//!
//! A reader that closes the pipe (`btcfake ... | head`) is no failure; the rest is not printed. Any other failed output
//! of a result, such as on a full disk, fails the command at its end.
//!
//! All terminal output goes through this module, which escapes control characters other than line feeds, and invisible
//! characters. Outside text that must not start a new line must pass [`shown_path`] or the core's `visible` before.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use btcfake_core::text::note::Note;
use btcfake_core::text::problem::{Place, Severity};
use btcfake_core::text::visible::{is_hidden, shown_lines, shown_whole};
use serde::Serialize;
use serde_json::Value;

use crate::terminal::failure::Failure;
pub(crate) use crate::terminal::shown_path::shown_path;

/// First failure to print a result that was not reported yet.
static NOT_PRINTED: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints a result.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    printed(output.write_all(shown_lines(text).as_bytes()));
}

/// Records the outcome of printing to standard output by other means, and flushes.
pub(crate) fn printed(result: io::Result<()>) {
    // The reader has closed the pipe on purpose.
    if let Err(error) = result.and_then(|()| io::stdout().lock().flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        NOT_PRINTED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Checks that all results since the last check were printed.
///
/// # Errors
/// The first result that was not printed, except to a closed pipe.
pub(crate) fn check_printed() -> Result<(), Failure> {
    match NOT_PRINTED.lock().unwrap_or_else(PoisonError::into_inner).take() {
        None => Ok(()),
        Some(error) => {
            Err(Failure::at("standard output", format!("cannot write to it: {error}; what was printed is not whole")))
        }
    }
}

/// Prints a result as JSON, on several lines. Invisible characters are escaped as in JSON, so values stay the same.
pub(crate) fn print_json(value: &Value) {
    print(&format!("{}\n", visible_json(&format!("{value:#}"))));
}

/// Value as JSON on one line, to be printed as part of a larger one. Invisible characters are escaped.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    // No type of this program fails to serialise.
    visible_json(&serde_json::to_string(value).unwrap_or_default())
}

fn visible_json(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for character in json.chars() {
        // Line feeds only occur between parts: within strings they are escaped already.
        if is_hidden(character) && character != '\n' {
            let units = &mut [0; 2];
            character.encode_utf16(units).iter().for_each(|unit| visible.push_str(&format!("\\u{unit:04x}")));
        } else {
            visible.push(character);
        }
    }
    visible
}

/// Prints a diagnostic text to standard error; nothing if it is empty.
pub(crate) fn print_diagnostic(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr().lock(), "{}", shown_lines(text));
    }
}

/// Prints a note to standard error, on one line.
pub(crate) fn note(note: &Note) {
    print_diagnostic(&shown_whole(&note.to_string()));
}

/// Prints a warning to standard error.
pub(crate) fn warn(text: impl Into<String>) {
    print_diagnostic(&Note::warning(text).to_string());
}

/// Prints problems of a file to standard error as `file:line:column: text`; `quiet` leaves out warnings.
pub(crate) fn print_problems<T: Display>(
    file: &dyn Display,
    problems: impl IntoIterator<Item = (Severity, Place, T)>,
    quiet: bool,
) {
    let mut output = io::BufWriter::new(io::stderr().lock());
    let file = shown_whole(&file.to_string());
    for (severity, place, text) in problems {
        let is_warning = severity == Severity::Warning;
        if !(quiet && is_warning) {
            let note = Note { is_warning, place: Some(format!("{file}:{place}")), text: text.to_string() };
            let _ = writeln!(output, "{note}");
        }
    }
}

/// Progress line on standard error, shown only on a terminal.
pub(crate) struct Progress {
    shown: bool,
    last: String,
}

impl Progress {
    /// Creates a progress line; it is never shown if `quiet` or not on a terminal.
    pub(crate) fn new(quiet: bool) -> Progress {
        Progress { shown: !quiet && io::stderr().is_terminal(), last: String::new() }
    }

    /// Replaces the line if the text has changed.
    pub(crate) fn show(&mut self, text: String) {
        if self.shown && text != self.last {
            let _ = write!(io::stderr().lock(), "\r\x1b[K{}", shown_whole(&text));
            self.last = text;
        }
    }

    /// Removes the line.
    pub(crate) fn clear(&mut self) {
        if self.shown && !self.last.is_empty() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
            self.last.clear();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_value_and_shows_everything() {
        let value = serde_json::json!({ "a\u{202e}": ["b\nc\u{7f}", "d\u{e0041}\u{feff}é", "\u{85}\u{2028}\u{a0}"] });
        let shown = visible_json(&format!("{value:#}"));
        assert!(!shown.chars().any(|character| is_hidden(character) && character != '\n'), "{shown}");
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }
}
