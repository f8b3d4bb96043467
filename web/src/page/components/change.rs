//! The change of a number, for people.

use btcfake_core::format::identifier::content_id_text;

/// The change from a number to another with its sign: `+1,204`, `-340`, `0`.
pub(crate) fn signed(now: u64, before: u64) -> String {
    let sign = match now.cmp(&before) {
        std::cmp::Ordering::Less => "-",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => "+",
    };
    format!("{sign}{}", content_id_text(now.abs_diff(before)))
}

/// The same with its share of the number before, where that is not 0 and the share not too small: `+1,204 (+35 %)`.
pub(crate) fn change_text(now: u64, before: u64) -> String {
    let change = signed(now, before);
    let (difference, whole) = (u128::from(now.abs_diff(before)), u128::from(before));
    let tenths = if before == 0 { 0 } else { (difference * 2_000 + whole) / (2 * whole) };
    let sign = if now < before { "-" } else { "+" };
    match tenths {
        0 => change,
        1..=9 => format!("{change} ({sign}0.{tenths} %)"),
        _ => format!("{change} ({sign}{} %)", (difference * 200 + whole) / (2 * whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_a_sign_and_a_share() {
        for (now, before, expected) in [
            (0, 0, "0"),
            (5, 5, "0"),
            (185, 0, "+185"),
            (4_611, 3_407, "+1,204 (+35 %)"),
            (2_790, 4_650, "-1,860 (-40 %)"),
            (1_001, 1_000, "+1 (+0.1 %)"),
            (10_000_001, 10_000_000, "+1"),
            (1_010, 1_000, "+10 (+1 %)"),
            (0, 7, "-7 (-100 %)"),
            (u64::MAX, 1, "+18,446,744,073,709,551,614 (+1844674407370955161400 %)"),
        ] {
            assert_eq!(change_text(now, before), expected, "{before} to {now}");
        }
    }
}
