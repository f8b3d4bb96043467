//! The rows that stand in the wrong place: the fewest whose removal puts the others in order. So one row that is out of place is
//! one finding, at its line, and its neighbours are blamed for nothing.

use rustc_hash::FxHashMap;

/// A row in the wrong place, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// Its position.
    pub(super) at: usize,
    /// The position of a row in its right place, with which it is in the wrong order.
    pub(super) other: usize,
}

/// The fewest rows without which the keys of the others do not descend; of two rows that are swapped, the later one.
pub(super) fn misplaced<K: Ord + Copy>(keys: &[K]) -> Vec<Misplaced> {
    if keys.is_sorted() {
        return Vec::new();
    }
    let kept = longest_in_order(keys);
    let mut is_kept = vec![false; keys.len()];
    kept.iter().for_each(|at| is_kept[*at] = true);
    let other = |at: usize| {
        let next = kept.partition_point(|kept| *kept < at);
        let above = kept[..next].last().filter(|above| keys[**above] > keys[at]);
        above.or(kept.get(next)).copied().unwrap_or(at)
    };
    (0..keys.len()).filter(|at| !is_kept[*at]).map(|at| Misplaced { at, other: other(at) }).collect()
}

/// The positions of the longest selection whose keys do not descend. It is searched from the end, which keeps earlier rows.
fn longest_in_order<K: Ord + Copy>(keys: &[K]) -> Vec<usize> {
    // For each length, the position at which a selection of this length can best go on.
    let mut ends: Vec<usize> = Vec::new();
    let mut behind: Vec<Option<usize>> = vec![None; keys.len()];
    for at in (0..keys.len()).rev() {
        let length = ends.partition_point(|end| keys[*end] >= keys[at]);
        behind[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut selection = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        selection.push(at);
        next = behind[at];
    }
    selection
}

/// Consecutive rows with the same owner, by the positions of the first and of the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    /// The position of the first row.
    pub(super) first: usize,
    /// The position after the last row.
    pub(super) end: usize,
    /// The positions of rows of one owner above and below, which these rows part; `None` if these rows are apart themselves.
    pub(super) parted: Option<(usize, usize)>,
    /// The position of another row of their owner, from which they are apart.
    pub(super) home: usize,
}

/// The fewest rows without which the rows of each owner stand together.
pub(super) fn apart(owners: &[u64]) -> Vec<Stray> {
    let mut strays = Vec::new();
    // The groups in their right places, each with its first and last position and its number of rows.
    let mut groups: Vec<Group> = Vec::new();
    let mut of_owner: FxHashMap<u64, usize> = FxHashMap::default();
    let mut at = 0;
    for rows in owners.chunk_by(|one, next| one == next) {
        let group = Group { owner: rows[0], first: at, last: at + rows.len() - 1, rows: rows.len() };
        at += rows.len();
        let Some(index) = of_owner.get(&group.owner).copied() else {
            of_owner.insert(group.owner, groups.len());
            groups.push(group);
            continue;
        };
        let known = groups[index];
        let few = known.rows.min(group.rows);
        let between = &groups[index + 1..];
        let are_few = between.len() <= few && between.iter().map(|group| group.rows).sum::<usize>() <= few;
        if are_few {
            let parted = Some((known.last, group.first));
            strays.extend(between.iter().map(|one| one.stray(parted, one.first)));
            between.iter().for_each(|group| _ = of_owner.remove(&group.owner));
            groups.truncate(index + 1);
            groups[index] = Group { last: group.last, rows: known.rows + group.rows, ..known };
        } else if group.rows <= known.rows {
            strays.push(group.stray(None, known.last));
        } else {
            strays.push(known.stray(None, group.first));
            // Its place stays taken, so that the positions of the others do not change.
            groups[index].rows = 0;
            of_owner.insert(group.owner, groups.len());
            groups.push(group);
        }
    }
    strays.sort_by_key(|stray| stray.first);
    strays
}

/// Rows of one owner.
#[derive(Clone, Copy)]
struct Group {
    owner: u64,
    first: usize,
    last: usize,
    rows: usize,
}

impl Group {
    fn stray(&self, parted: Option<(usize, usize)>, home: usize) -> Stray {
        Stray { first: self.first, end: self.last + 1, parted, home }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_rows_are_misplaced() {
        for (keys, expected) in [
            (&[][..], &[][..]),
            (&[1, 2, 2, 3], &[]),
            (&[1, 3, 2, 4], &[(2, 1)]),
            (&[1, 9, 2, 3], &[(1, 2)]),
            (&[2, 3, 4, 1], &[(3, 2)]),
            (&[9, 1, 2], &[(0, 1)]),
            (&[3, 1], &[(1, 0)]),
            (&[1, 9, 2, 8, 3, 4], &[(1, 2), (3, 4)]),
        ] {
            let found: Vec<(usize, usize)> = misplaced(keys).iter().map(|one| (one.at, one.other)).collect();
            assert_eq!(found, expected, "{keys:?}");
        }
    }

    #[test]
    fn the_fewest_rows_are_apart() {
        for (owners, expected) in [
            (&[][..], &[][..]),
            (&[1, 1, 2, 3], &[]),
            // A row amid those of another, moved ones, and two that are swapped.
            (&[1, 1, 2, 1], &[(2, 3, Some((1, 3)))]),
            (&[1, 2, 1], &[(1, 2, Some((0, 2)))]),
            (&[1, 1, 2, 2, 3, 3, 1], &[(6, 7, None)]),
            (&[1, 2, 2, 3, 3, 1, 1], &[(0, 1, None)]),
            (&[1, 2, 1, 2, 2], &[(1, 2, Some((0, 2)))]),
        ] {
            let found: Vec<_> = apart(owners).iter().map(|one| (one.first, one.end, one.parted)).collect();
            assert_eq!(found, expected, "{owners:?}");
        }
    }
}
