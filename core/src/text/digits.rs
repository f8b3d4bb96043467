//! Decimal digits of whole numbers, with or without thousands separators. Written by hand instead of with `std::fmt`,
//! because every row of a feed holds ids and this is the hot path.

/// The most characters of a number: 21 digits, of which one is a leading zero, and 6 separators.
const LONGEST: usize = 27;

/// The three digits of each number below 1,000.
static TRIPLES: [[u8; 3]; 1000] = triples();

/// Appends a number in decimal digits, with a comma between groups of three if `separators` is set.
pub fn push_digits(out: &mut Vec<u8>, number: u64, separators: bool) {
    // The number ends in the middle, so that a constant number of characters follows wherever it begins: such a copy takes
    // less time than one of the length of the number.
    let mut text = [0; 2 * LONGEST];
    let (mut at, mut rest) = (LONGEST, number);
    while rest >= 1000 {
        let triple;
        (rest, triple) = split_triple(rest);
        at -= 3;
        text[at..at + 3].copy_from_slice(triple);
        if separators {
            at -= 1;
            text[at] = b',';
        }
    }
    let (_, triple) = split_triple(rest);
    let zeros = usize::from(rest < 100) + usize::from(rest < 10);
    text[at - 3..at].copy_from_slice(triple);
    at = at - 3 + zeros;
    out.extend_from_slice(&text[at..at + LONGEST]);
    out.truncate(out.len() - at);
}

/// A number without its last three digits, and these.
fn split_triple(number: u64) -> (u64, &'static [u8; 3]) {
    // A division of 32 bits is a multiplication, on wasm too.
    let (rest, triple) = match u32::try_from(number) {
        Ok(number) => (u64::from(number / 1000), (number % 1000) as usize),
        Err(_) => (number / 1000, (number % 1000) as usize),
    };
    (rest, &TRIPLES[triple])
}

#[allow(clippy::cast_possible_truncation, reason = "digits")]
const fn triples() -> [[u8; 3]; 1000] {
    let mut triples = [[b'0'; 3]; 1000];
    let mut number = 0;
    while number < triples.len() {
        let digits = [number / 100, number / 10 % 10, number % 10];
        triples[number] = [b'0' + digits[0] as u8, b'0' + digits[1] as u8, b'0' + digits[2] as u8];
        number += 1;
    }
    triples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let beside = |number: u64| [number.wrapping_sub(1), number, number.wrapping_add(1)];
        let numbers = (0..20).flat_map(|power| beside(10_u64.pow(power))).chain(beside(u32::MAX.into()));
        for number in numbers.chain([u64::MAX, 1_020_304, 12_003_040_050]) {
            let mut text = b"id ".to_vec();
            push_digits(&mut text, number, false);
            assert_eq!(text, format!("id {number}").as_bytes());
            text.clear();
            push_digits(&mut text, number, true);
            let groups: Vec<&[u8]> = text.split(|byte| *byte == b',').collect();
            assert_eq!(groups.concat(), number.to_string().as_bytes());
            assert!((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3), "{number}");
        }
    }
}
