//! Numbers and times as messages show them, in a style that a shell may set: the page sets that of the browser's
//! locale. The bytes of files never depend on this module.

use std::sync::OnceLock;

use super::digits::push_digits;

/// Formats a number for people, with one decimal or with none.
pub type NumberStyle = fn(number: f64, has_decimal: bool) -> String;

/// Formats for people a day (`2026-01-29`) or an instant (`2026-01-29T18:00:00Z`) as it stands in a file: all of it, or
/// only its time of day. `None` for any other text.
pub type ClockStyle = fn(text: &str, is_time_only: bool) -> Option<String>;

static STYLE: OnceLock<NumberStyle> = OnceLock::new();
static CLOCK_STYLE: OnceLock<ClockStyle> = OnceLock::new();

/// Sets the styles in which all messages of the program show numbers and times. Only the first call has an effect.
pub fn set_styles(numbers: NumberStyle, clock: ClockStyle) {
    STYLE.get_or_init(|| numbers);
    CLOCK_STYLE.get_or_init(|| clock);
}

/// A day or an instant in the style that was set; `None` if no style was set, or for any other text.
pub(crate) fn clock_in_style(text: &str, is_time_only: bool) -> Option<String> {
    CLOCK_STYLE.get().and_then(|style| style(text, is_time_only))
}

/// A day or an instant in the style that was set, with ` UTC` after an instant. Without a style, the text unchanged.
#[must_use]
pub fn utc_text(text: &str) -> String {
    let zone = if text.ends_with('Z') { " UTC" } else { "" };
    clock_in_style(text, false).map_or_else(|| text.to_owned(), |clock| clock + zone)
}

/// A number with thousands separators, `1,845`, or in the style that was set.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "what is counted here is far below 2^53")]
pub fn number_text(number: u64) -> String {
    STYLE.get().map_or_else(|| english(number), |style| style(number as f64, false))
}

/// As [`number_text`], for a number of items.
#[must_use]
pub fn grouped(number: usize) -> String {
    number_text(number as u64)
}

/// A number of tenths as a number with one decimal: `6.1` for 61.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "as above")]
pub fn tenths_text(tenths: u64) -> String {
    let english = || format!("{}.{}", english(tenths / 10), tenths % 10);
    STYLE.get().map_or_else(english, |style| style(tenths as f64 / 10.0, true))
}

fn english(number: u64) -> String {
    let mut text = Vec::new();
    push_digits(&mut text, number, true);
    String::from_utf8_lossy(&text).into_owned()
}

/// A number with its noun, which gets an `s` unless the number is 1: `1 employee`, `1,845 employees`.
#[must_use]
pub fn counted(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", grouped(number))
}

/// A size for people, in decimal units and rounded to one decimal: `999 bytes`, `1.2 kB`, `6.1 MB`.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    const GIGABYTE: (u64, &str) = (1_000_000_000, "GB");
    if bytes < 1_000 {
        return counted(usize::try_from(bytes).unwrap_or_default(), "byte");
    }
    // A size that would be rounded to 1000.0 has the next unit.
    let fits = |(unit, _): &(u64, &str)| bytes < unit * 1_000 - unit / 20;
    let (unit, name) = [(1_000, "kB"), (1_000_000, "MB")].into_iter().find(fits).unwrap_or(GIGABYTE);
    let tenths = bytes.saturating_add(unit / 20) / (unit / 10);
    format!("{} {name}", tenths_text(tenths))
}

/// The message that stands for suppressed findings: `more` are suppressed, `listed` are shown, `last_line` is the line
/// of the last.
#[must_use]
pub(crate) fn more_of_a_kind(more: usize, listed: usize, last_line: u32) -> String {
    format!("and {} more like the {} before, up to line {last_line}", grouped(more), grouped(listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_and_change_their_unit_where_they_would_have_four_digits() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (1_049, "1.0 kB"),
            (1_050, "1.1 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_049_950, "1.0 MB"),
            (1_234_567, "1.2 MB"),
            (6_098_409, "6.1 MB"),
            (999_950_000, "1.0 GB"),
            (2_560_000_000, "2.6 GB"),
            (u64::MAX, "18,446,744,073.7 GB"),
        ] {
            assert_eq!(size_text(bytes), expected, "{bytes}");
        }
    }
}
