//! Numbers in people's words.

use super::digits::push_digits;

/// A number with thousands separators, for people.
#[must_use]
pub fn grouped(number: usize) -> String {
    let mut text = Vec::new();
    push_digits(&mut text, number as u64, true);
    String::from_utf8_lossy(&text).into_owned()
}

/// A number of things, for people: `1 employee`, `1,845 employees`.
#[must_use]
pub fn counted(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", grouped(number))
}

/// The sentence that stands for suppressed findings: their number, how many of the kind are listed, and the last line.
#[must_use]
pub(crate) fn more_of_a_kind(more: usize, listed: usize, last_line: u32) -> String {
    format!("and {} more like the {} before, up to line {last_line}", grouped(more), grouped(listed))
}
