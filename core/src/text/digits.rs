//! Decimal digits of whole numbers, with or without thousands separators. Written by hand instead of with `std::fmt`,
//! because every row of a feed holds ids and this is the hot path.

/// Appends a number in decimal digits, with a comma between groups of three if `separators` is set.
pub fn push_digits(out: &mut Vec<u8>, mut id: u64, separators: bool) {
    let mut text = [0u8; 26];
    let digits = id.checked_ilog10().unwrap_or(0) as usize + 1;
    let length = if separators { digits + (digits - 1) / 3 } else { digits };
    let mut at = length;
    let mut written = 0;
    loop {
        if separators && written > 0 && written % 3 == 0 {
            at -= 1;
            text[at] = b',';
        }
        at -= 1;
        text[at] = b'0' + (id % 10) as u8;
        written += 1;
        id /= 10;
        if id == 0 {
            break;
        }
    }
    // A copy of a constant length takes less time than one of the length of the number.
    out.extend_from_slice(&text);
    out.truncate(out.len() - text.len() + length);
}
