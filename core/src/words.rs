//! Numbers in people's words.

use crate::format::identifier::content_id_text;

/// A number with thousands separators, for people.
#[must_use]
pub fn grouped(number: usize) -> String {
    content_id_text(number as u64)
}

/// A number of things, for people: `1 employee`, `1,845 employees`.
#[must_use]
pub fn counted(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", grouped(number))
}
