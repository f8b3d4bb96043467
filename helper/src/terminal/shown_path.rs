//! Paths for display: file names may contain any character.

use std::path::Path;

use btcfake_core::text::visible::shown_whole;

/// Path for display, on one line, with invisible characters escaped.
pub(crate) fn shown_path(path: &Path) -> String {
    shown_whole(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_on_its_line() {
        assert_eq!(shown_path(Path::new("a\nb\u{1b}[2J/c.csv")), "a\\nb\\u{1b}[2J/c.csv");
    }
}
