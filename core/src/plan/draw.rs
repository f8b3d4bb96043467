//! Repeatable random numbers: one generator for each (seed, day, employee, purpose).
//!
//! An employee's draws depend on nothing else. So an employee gets the same in a file of 10 or of 10,000 employees, in
//! any order, on one thread or many, natively and in the browser. The generator is ChaCha8, whose stream is the same on
//! every platform; numbers are taken from it as 64-bit words.
//!
//! Most streams end within their first block, of eight words. `rand`'s own ChaCha8 always makes four blocks at once, which
//! takes four times as long where there are no wide registers, as in WebAssembly; the stream is the same.

use chacha20::cipher::StreamCipherCore;
use chacha20::variants::Ietf;
use chacha20::{ChaChaCore, KeyIvInit, R8};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rand::rand_core::block::{BlockRng, Generator};

/// What the numbers are used for. Each purpose has its own stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The random content of an employee.
    RandomContent = 1,
    /// The start and completion times of an employee's trainings.
    Times = 2,
    /// The last part of the file names.
    FileNames = 3,
    /// The first RequestId of a run.
    RequestIds = 4,
    /// Made-up sample inputs.
    Sample = 5,
    /// The employees whose type a mix changes.
    Mix = 6,
    /// The ids of a made-up population.
    NewPopulation = 7,
    /// The faults that are made on purpose.
    Breakage = 8,
}

/// A random number stream for one purpose.
pub struct Draw(BlockRng<Blocks>);

/// The blocks of a stream, one after another.
struct Blocks(ChaChaCore<R8, Ietf>);

impl Generator for Blocks {
    type Output = [u64; 8];

    fn generate(&mut self, words: &mut [u64; 8]) {
        let mut block = [0; 64].into();
        self.0.write_keystream_block(&mut block);
        for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
    }
}

impl Draw {
    /// The stream of one employee on one day.
    #[must_use]
    pub fn for_employee(seed: u64, day: NaiveDate, employee_id: u64, purpose: Purpose) -> Draw {
        Draw::keyed(seed, u64::from(day.num_days_from_ce().unsigned_abs()), employee_id, purpose)
    }

    /// The stream of a run, keyed by its seed and instant.
    #[must_use]
    pub fn for_run(seed: u64, now: DateTime<Utc>, purpose: Purpose) -> Draw {
        Draw::keyed(seed, now.timestamp().cast_unsigned(), 0, purpose)
    }

    /// The stream of one fault made on purpose; `fault` distinguishes the faults of a run.
    #[must_use]
    pub fn for_breakage(seed: u64, now: DateTime<Utc>, fault: u64) -> Draw {
        Draw::keyed(seed, now.timestamp().cast_unsigned(), fault, Purpose::Breakage)
    }

    /// The stream of one item of one table of a sample.
    #[must_use]
    pub fn for_sample(seed: u64, table: u64, item: u64) -> Draw {
        Draw::keyed(seed, table, item, Purpose::Sample)
    }

    /// The stream that decides whether a mix changes an employee.
    #[must_use]
    pub fn for_mix(seed: u64, employee_id: u64) -> Draw {
        Draw::keyed(seed, 0, employee_id, Purpose::Mix)
    }

    /// The stream of one employee of a made-up population, by position from 0.
    #[must_use]
    pub fn for_new_population(seed: u64, position: u64) -> Draw {
        Draw::keyed(seed, 0, position, Purpose::NewPopulation)
    }

    /// A uniformly drawn whole number below `bound`; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let word = self.0.next_word();
        if bound <= u64::from(u32::MAX) {
            // The same number by halves of the word: WebAssembly has no product of 128 bits.
            let (high, low) = (word >> 32, word & u64::from(u32::MAX));
            return (high * bound + ((low * bound) >> 32)) >> 32;
        }
        ((u128::from(word) * u128::from(bound)) >> 64) as u64
    }

    /// A uniformly drawn whole number from `low` to `high`, both inclusive.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True with probability `times`/`of`.
    pub fn happens(&mut self, times: u64, of: u64) -> bool {
        self.below(of) < times
    }

    /// A uniformly drawn item; `None` if there are no items.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(items.len() as u64)).ok()?;
        items.get(index)
    }

    /// The last part of a vendor file's name: six characters of 0-9 and a-z.
    pub(crate) fn random_part(&mut self) -> String {
        const CHARACTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        (0..6).map(|_| char::from(self.one_of(CHARACTERS).copied().unwrap_or(b'0'))).collect()
    }

    fn keyed(seed: u64, when: u64, whom: u64, purpose: Purpose) -> Draw {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&when.to_le_bytes());
        key[16..24].copy_from_slice(&whom.to_le_bytes());
        key[24] = purpose as u8;
        Draw(BlockRng::new(Blocks(ChaChaCore::new(&key.into(), &[0; 12].into()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(seed: u64, day: &str, employee_id: u64, purpose: Purpose) -> u64 {
        let day = day.parse().unwrap_or_default();
        Draw::for_employee(seed, day, employee_id, purpose).below(1_000_000)
    }

    /// The stream is part of the file formats: a run can be repeated to the byte only while these numbers stay the
    /// same.
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
    fn a_number_is_the_high_half_of_word_times_bound() {
        let (mut words, mut draw) = (Draw::for_sample(1, 2, 3), Draw::for_sample(1, 2, 3));
        for bound in [0, 1, 2, 3, 7, 1_000_003, u64::from(u32::MAX), 1 << 32, u64::MAX].into_iter().cycle().take(900) {
            let product = u128::from(words.0.next_word()) * u128::from(bound);
            assert_eq!(u128::from(draw.below(bound)), product >> 64, "{bound}");
        }
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
