//! The change of a number as text.

use btcfake_core::text::words::number_text;

/// The change from a number to another with its sign: `+1,204`, `−1,860`, `±0`.
pub(crate) fn signed(now: u64, before: u64) -> String {
    let sign = match now.cmp(&before) {
        std::cmp::Ordering::Less => "\u{2212}",
        std::cmp::Ordering::Equal => "\u{b1}",
        std::cmp::Ordering::Greater => "+",
    };
    format!("{sign}{}", number_text(now.abs_diff(before)))
}

/// The change with its percentage of the number before, unless that is 0: `+312 (+7 %)`.
pub(crate) fn change_text(now: u64, before: u64) -> String {
    let (change, more) = (signed(now, before), now.abs_diff(before));
    if more == 0 || before == 0 {
        return change;
    }
    let percent = (u128::from(more) * 200 + u128::from(before)) / (2 * u128::from(before));
    let sign = if now < before { "\u{2212}" } else { "+" };
    let percent = match u64::try_from(percent).unwrap_or(u64::MAX) {
        0 => "<\u{2009}1".to_owned(),
        percent => format!("{sign}{}", number_text(percent)),
    };
    format!("{change} ({percent} %)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_number_and_its_share() {
        for (now, before, expected) in [
            (4_611, 4_299, "+312 (+7 %)"),
            (2_790, 4_650, "\u{2212}1,860 (\u{2212}40 %)"),
            (5, 5, "\u{b1}0"),
            (5, 0, "+5"),
            (100_001, 100_000, "+1 (<\u{2009}1 %)"),
            (0, 3, "\u{2212}3 (\u{2212}100 %)"),
            (3, 2, "+1 (+50 %)"),
            (643, 5, "+638 (+12,760 %)"),
        ] {
            assert_eq!(change_text(now, before), expected, "{now} after {before}");
        }
    }
}
