//! The scale of a chart: round numbers from 0 to the next round one above the largest count.

/// A scale from 0 to `steps` times `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    /// The distance between two marks.
    step: u64,
    /// The number of steps.
    steps: u64,
}

impl Scale {
    /// The scale for counts up to `most`, with two to four steps of 1, 2 or 5 times a power of ten.
    pub(crate) fn of(most: u64) -> Scale {
        let mut power = 1_u64;
        loop {
            for digit in [1, 2, 5] {
                let step = power.saturating_mul(digit);
                if step.saturating_mul(4) >= most {
                    return Scale { step, steps: most.div_ceil(step).max(2) };
                }
            }
            power = power.saturating_mul(10);
        }
    }

    /// The number at its end.
    pub(crate) fn top(self) -> u64 {
        self.step.saturating_mul(self.steps)
    }

    /// The numbers that are marked, from 0.
    pub(crate) fn marks(self) -> impl Iterator<Item = u64> {
        (0..=self.steps).map(move |at| at.saturating_mul(self.step))
    }

    /// The length for a count, where the top of the scale has the length `whole`; rounded down.
    pub(crate) fn part(self, count: u64, whole: u64) -> u64 {
        u64::try_from(u128::from(count) * u128::from(whole) / u128::from(self.top())).unwrap_or(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        for (most, expected) in [
            (0, vec![0, 1, 2]),
            (1, vec![0, 1, 2]),
            (4, vec![0, 1, 2, 3, 4]),
            (5, vec![0, 2, 4, 6]),
            (399, vec![0, 100, 200, 300, 400]),
            (3_504, vec![0, 1_000, 2_000, 3_000, 4_000]),
            (4_611, vec![0, 2_000, 4_000, 6_000]),
        ] {
            assert_eq!(Scale::of(most).marks().collect::<Vec<_>>(), expected, "{most}");
        }
        assert!(Scale::of(u64::MAX).top() >= u64::MAX / 2);
    }

    #[test]
    fn parts_are_measured_by_the_top() {
        let scale = Scale::of(4_611);
        assert_eq!((scale.part(0, 1_000), scale.part(3_000, 1_000), scale.part(6_000, 1_000)), (0, 500, 1_000));
    }
}
