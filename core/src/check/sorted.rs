//! Rows that are sorted by a key, and the search in them.

/// Sorts rows by employee, content and line. In most files the employees ascend already, so only the few rows of each employee
/// are sorted. Other files are sorted in place, because they may have millions of rows.
pub(super) fn sort_by_pair<T>(rows: &mut [T], key: impl Fn(&T) -> (u64, u64, u32)) {
    if rows.is_sorted_by_key(|row| key(row).0) {
        rows.chunk_by_mut(|a, b| key(a).0 == key(b).0).for_each(|of_one| of_one.sort_unstable_by_key(&key));
    } else {
        rows.sort_unstable_by_key(key);
    }
}

/// Sorts rows that are in the order of employees by line. Where the lines are in that order, too, only the few rows of each
/// employee are sorted.
pub(super) fn sort_by_line<T>(rows: &mut [T], employee: impl Fn(&T) -> u64, line: impl Fn(&T) -> u32) {
    rows.chunk_by_mut(|a, b| employee(a) == employee(b)).for_each(|of_one| of_one.sort_unstable_by_key(&line));
    // Rows in order take one pass.
    rows.sort_unstable_by_key(line);
}

/// A search for keys in sorted rows. It is fast if the keys are searched in ascending order.
pub(super) struct Search<'t, T, F> {
    rows: &'t [T],
    key: F,
    at: usize,
}

impl<'t, T, K: Ord + Copy, F: Fn(&T) -> K> Search<'t, T, F> {
    /// A search in rows that are sorted by this key.
    pub(super) fn new(rows: &'t [T], key: F) -> Search<'t, T, F> {
        Search { rows, key, at: 0 }
    }

    /// The rows with a key.
    pub(super) fn of(&mut self, key: K) -> &'t [T] {
        /// The number of rows ahead that are compared one by one before a binary search.
        const NEAR: usize = 4;
        let is_before = |row: &T| (self.key)(row) < key;
        if self.at > 0 && !is_before(&self.rows[self.at - 1]) {
            self.at = 0;
        }
        let near = self.rows[self.at..].iter().take(NEAR).take_while(|row| is_before(row)).count();
        self.at += near;
        if near == NEAR {
            let mut step = NEAR;
            while self.rows.get(self.at + step - 1).is_some_and(is_before) {
                self.at += step;
                step *= 2;
            }
            let ahead = &self.rows[self.at..self.rows.len().min(self.at + step)];
            self.at += ahead.partition_point(is_before);
        }
        let rows = &self.rows[self.at..];
        &rows[..rows.iter().take_while(|row| (self.key)(row) == key).count()]
    }

    /// True if a row has the key.
    pub(super) fn has(&mut self, key: K) -> bool {
        !self.of(key).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_order() {
        let rows: Vec<(u32, usize)> = [1, 3, 3, 4, 9, 9, 9, 20].into_iter().zip(0..).collect();
        let wanted = || 0..22;
        for order in [wanted().collect::<Vec<u32>>(), wanted().rev().collect(), wanted().chain(wanted()).collect()] {
            let mut search = Search::new(&rows, |row: &(u32, usize)| row.0);
            for key in order {
                let expected: Vec<(u32, usize)> = rows.iter().copied().filter(|row| row.0 == key).collect();
                assert_eq!(search.of(key), expected, "{key}");
            }
        }
    }

    #[test]
    fn rows_are_sorted_by_line_wherever_an_employee_s_stand() {
        for rows in [[(1, 2), (1, 1), (2, 4), (2, 3)], [(1, 4), (1, 1), (2, 3), (2, 2)]] {
            let mut sorted = rows;
            sort_by_line(&mut sorted, |row| row.0, |row| row.1);
            assert!(sorted.map(|row| row.1).is_sorted(), "{rows:?}");
        }
    }

    #[test]
    fn rows_are_sorted_by_employee_content_and_line() {
        for rows in [[(2, 1, 3), (1, 2, 4), (2, 1, 2), (1, 1, 5)], [(1, 2, 4), (1, 1, 5), (2, 1, 3), (2, 1, 2)]] {
            let mut sorted = rows;
            sort_by_pair(&mut sorted, |row| *row);
            assert_eq!(sorted, [(1, 1, 5), (1, 2, 4), (2, 1, 2), (2, 1, 3)], "{rows:?}");
        }
    }
}
