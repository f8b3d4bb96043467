//! A check of the order of rows in chunks. Of each chunk only the first and the last row are kept, which is enough to join
//! chunks.

/// Whether consecutive rows are in order, with the first and the last of them.
pub(super) struct InOrder<T> {
    ends: Option<(T, T)>,
    is_broken: bool,
}

impl<T> Default for InOrder<T> {
    fn default() -> InOrder<T> {
        InOrder { ends: None, is_broken: false }
    }
}

impl<T: Copy> InOrder<T> {
    /// A single row. `None`, for a row that cannot be read, counts as out of order.
    pub(super) fn one(row: Option<T>) -> InOrder<T> {
        InOrder { ends: row.map(|row| (row, row)), is_broken: row.is_none() }
    }

    /// Appends the rows below. `may_follow` is called with the last row and the first one below.
    pub(super) fn append(&mut self, below: InOrder<T>, may_follow: impl Fn(T, T) -> bool) {
        let meet = self.ends.zip(below.ends);
        self.is_broken |= below.is_broken || meet.is_some_and(|((_, above), (below, _))| !may_follow(above, below));
        self.ends = meet.map(|((first, _), (_, last))| (first, last)).or(self.ends).or(below.ends);
    }

    /// True if each row may follow the one above it.
    pub(super) fn is_certain(&self) -> bool {
        !self.is_broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order_however_they_are_divided() {
        for (rows, expected) in [
            (&[][..], true),
            (&[Some(1), Some(2), Some(9)], true),
            (&[Some(1), Some(1)], false),
            (&[Some(3), Some(1), Some(2)], false),
            (&[Some(1), None, Some(2)], false),
        ] {
            for at in 0..=rows.len() {
                let (above, below) = rows.split_at(at);
                let [mut above, below] = [above, below].map(|part| {
                    let mut rows = InOrder::default();
                    part.iter().for_each(|row| rows.append(InOrder::one(*row), |above, below| above < below));
                    rows
                });
                above.append(below, |above, below| above < below);
                assert_eq!(above.is_certain(), expected, "{rows:?} {at}");
            }
        }
    }
}
