//! The instants in cells of a feed's files, in people's form.

use btcfake_core::format::instant::{instant_text, parse_instant};

use crate::locale::clock_in_form;

/// An instant of a file by the locale, to the second: `Jan 29, 2026, 18:00:05`. `None` for any other text, and for an instant that
/// is not written as the vendor does, so that a fault in it stays in view.
pub(super) fn instant_in_form(cell: &str) -> Option<String> {
    let instant = parse_instant(cell).filter(|instant| instant_text(*instant) == cell)?;
    let form =
        r#""day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit","second":"2-digit""#;
    Some(clock_in_form(instant.naive_utc(), form))
}
