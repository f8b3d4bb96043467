//! Chance, made repeatable: one generator for each (seed, day, employee, purpose).
//!
//! What is drawn for an employee depends on nothing else, so the same employee gets the same in a file of 10 or of
//! 10,000 employees, in any order, on one thread or many, natively and in the browser. The generator is ChaCha8, whose
//! stream is the same everywhere; numbers are taken from it as 64-bit words.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// What is drawn. Each purpose has a stream of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The random content of an employee.
    RandomContent = 1,
    /// When an employee's trainings begin and end.
    Times = 2,
    /// The last part of the file names.
    FileNames = 3,
    /// Where the RequestIds begin.
    RequestIds = 4,
    /// Made-up sample inputs.
    Sample = 5,
    /// Who gets another type by a mix.
    Mix = 6,
    /// The ids of a made-up population.
    NewPopulation = 7,
    /// What is broken on purpose.
    Breakage = 8,
}

/// A source of numbers for one purpose.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The numbers of one employee on one day.
    #[must_use]
    pub fn for_employee(seed: u64, day: NaiveDate, employee_id: u64, purpose: Purpose) -> Draw {
        Draw::keyed(seed, u64::from(day.num_days_from_ce().unsigned_abs()), employee_id, purpose)
    }

    /// The numbers of a run: of its seed and its instant.
    #[must_use]
    pub fn for_run(seed: u64, now: DateTime<Utc>, purpose: Purpose) -> Draw {
        Draw::keyed(seed, now.timestamp().cast_unsigned(), 0, purpose)
    }

    /// The numbers of one fault that a run's feed is given on purpose.
    #[must_use]
    pub fn for_breakage(seed: u64, now: DateTime<Utc>, fault: u64) -> Draw {
        Draw::keyed(seed, now.timestamp().cast_unsigned(), fault, Purpose::Breakage)
    }

    /// The numbers of one item of a sample.
    #[must_use]
    pub fn for_sample(seed: u64, table: u64, item: u64) -> Draw {
        Draw::keyed(seed, table, item, Purpose::Sample)
    }

    /// The numbers by which a mix chooses an employee.
    #[must_use]
    pub fn for_mix(seed: u64, employee_id: u64) -> Draw {
        Draw::keyed(seed, 0, employee_id, Purpose::Mix)
    }

    /// The numbers of one employee of a made-up population.
    #[must_use]
    pub fn for_new_population(seed: u64, position: u64) -> Draw {
        Draw::keyed(seed, 0, position, Purpose::NewPopulation)
    }

    /// A whole number below `bound`, all equally likely; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(bound);
        (wide >> 64) as u64
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `of` cases `times`.
    pub fn happens(&mut self, times: u64, of: u64) -> bool {
        self.below(of) < times
    }

    /// One of the items, all equally likely; nothing where there is none.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(items.len() as u64)).ok()?;
        items.get(index)
    }

    fn keyed(seed: u64, when: u64, whom: u64, purpose: Purpose) -> Draw {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&when.to_le_bytes());
        key[16..24].copy_from_slice(&whom.to_le_bytes());
        key[24] = purpose as u8;
        Draw(ChaCha8Rng::from_seed(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(seed: u64, day: &str, employee_id: u64, purpose: Purpose) -> u64 {
        let day = day.parse().unwrap_or_default();
        Draw::for_employee(seed, day, employee_id, purpose).below(1_000_000)
    }

    /// The stream is a promise: a run is repeated to the byte only while these numbers stay what they are.
    #[test]
    fn the_stream_is_pinned() {
        let found = [
            first(42, "2026-01-29", 63_492, Purpose::RandomContent),
            first(42, "2026-01-29", 63_492, Purpose::Times),
            first(43, "2026-01-29", 63_492, Purpose::Times),
            first(42, "2026-01-30", 63_492, Purpose::Times),
            first(42, "2026-01-29", 63_493, Purpose::Times),
        ];
        assert_eq!(found, [335711, 846585, 933785, 341866, 725482]);
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut draw = Draw::for_sample(1, 2, 3);
        for bound in [1, 2, 3, 10, 1_000_003, u64::MAX] {
            assert!(draw.below(bound) < bound);
        }
        assert_eq!(draw.below(0), 0);
        assert!((5..=7).contains(&draw.between(5, 7)));
        assert_eq!(draw.one_of::<u8>(&[]), None);
    }
}
