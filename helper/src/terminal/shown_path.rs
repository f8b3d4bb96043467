//! Paths as they can be shown: a name may hold anything.

use std::path::Path;

use btcfake_core::text::visible::shown_whole;

/// A path as it can be shown, on one line.
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
