//! Numbers as messages show them.

use super::digits::push_digits;

/// A number with commas as thousands separators: `1,845`.
#[must_use]
pub fn grouped(number: usize) -> String {
    let mut text = Vec::new();
    push_digits(&mut text, number as u64, true);
    String::from_utf8_lossy(&text).into_owned()
}

/// A number with its noun, which gets an `s` unless the number is 1: `1 employee`, `1,845 employees`.
#[must_use]
pub fn counted(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", grouped(number))
}

/// The message that stands for suppressed findings: `more` are suppressed, `listed` are shown, `last_line` is the line
/// of the last.
#[must_use]
pub(crate) fn more_of_a_kind(more: usize, listed: usize, last_line: u32) -> String {
    format!("and {} more like the {} before, up to line {last_line}", grouped(more), grouped(listed))
}
