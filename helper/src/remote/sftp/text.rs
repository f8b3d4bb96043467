//! Server text, prepared for display.

/// Maximum number of characters shown of a server's text.
const LONGEST: usize = 300;

/// Server text as one line without control characters, cut to `LONGEST` characters.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect::<String>().trim().to_owned()
}
