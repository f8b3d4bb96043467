//! Texts of servers, as they can be shown.

/// The most characters of a server's text that are shown.
const LONGEST: usize = 300;

/// A server's text for a terminal: one line without control characters, not too long.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect::<String>().trim().to_owned()
}

/// A number with its thousands apart, as people write it.
pub(super) fn grouped(number: u64) -> String {
    btcfake_core::text::words::grouped(usize::try_from(number).unwrap_or(usize::MAX))
}
