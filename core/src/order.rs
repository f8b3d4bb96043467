//! Sorting whose code stands in the program once.
//!
//! The standard library's sorts are made anew for every type that is sorted, and each is as large as a whole module of
//! this crate: together a tenth of the page. Here positions are sorted, which is the same code for everything, and the
//! items are moved to their places afterwards. All of it is stable: what is equal stays in order.

use std::cmp::Ordering;

/// Sorts items, least first.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts items by a key, least first. The key is taken again for each comparison.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts items as `compare` says.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let sources = sorted_positions(items.len(), &|one, other| compare(&items[one], &items[other]));
    move_to_places(sources, &mut |one, other| items.swap(one, other));
}

/// The positions of items in sorted order; none where they are sorted already.
fn sorted_positions(items: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    if (1..items).all(|place| compare(place - 1, place) != Ordering::Greater) {
        return Vec::new();
    }
    let mut positions: Vec<usize> = (0..items).collect();
    positions.sort_by(|one, other| compare(*one, *other));
    positions
}

/// Each round of places hands its items on along the ring, until it comes back to where it began.
fn move_to_places(mut sources: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..sources.len() {
        let mut place = start;
        loop {
            let source = std::mem::replace(&mut sources[place], place);
            if source == start || source == place {
                break;
            }
            swap(place, source);
            place = source;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_are_sorted_as_the_standard_library_does(items in proptest::collection::vec((0..20_u8, 0..5_u8), 0..200)) {
            let mut expected = items.clone();
            expected.sort_unstable();
            let mut sorted = items.clone();
            sort(&mut sorted);
            prop_assert_eq!(sorted, expected);

            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            let mut sorted = items;
            sort_by_key(&mut sorted, |item| item.0);
            prop_assert_eq!(sorted, expected, "what is equal stays in order");
        }
    }
}
