//! A mix: the shares of employees of type a, b and f. Applying it changes the types of as few employees as possible,
//! and of the same ones for the same seed, whatever the order of the file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::format::employees::{Employee, EmployeeType};
use crate::plan::draw::Draw;
use crate::text::visible::quoted;
use crate::text::words::tenths_text;

/// The shares of the types a, b and f in tenths of a percent. They always sum to 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mix {
    shares: [u16; 3],
}

/// An employee whose type a mix changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeChange {
    /// The employee's position in the given list, from 0.
    pub position: usize,
    /// The new type.
    pub kind: EmployeeType,
}

impl Mix {
    /// 100 % in tenths of a percent.
    pub const WHOLE: u16 = 1_000;

    /// The default mix: 60 % a, 30 % b, 10 % f.
    pub const USUAL: Mix = Mix { shares: [600, 300, 100] };

    /// The mix with these shares (a, b, f), in tenths of a percent.
    ///
    /// # Errors
    /// [`MixError::Sum`] if the shares do not sum to 100 %.
    pub fn new(shares: [u16; 3]) -> Result<Mix, MixError> {
        let sum: u32 = shares.iter().map(|share| u32::from(*share)).sum();
        if sum == u32::from(Mix::WHOLE) {
            return Ok(Mix { shares });
        }
        Err(MixError::Sum(sum))
    }

    /// The share of a type, in tenths of a percent.
    #[must_use]
    pub fn share(self, kind: EmployeeType) -> u16 {
        self.shares[kind as usize]
    }

    /// The mix nearest to these counts of employees (a, b, f); [`Mix::USUAL`] if all are 0.
    #[must_use]
    pub fn of_counts(counts: [usize; 3]) -> Mix {
        let all: usize = counts.iter().sum();
        if all == 0 {
            return Mix::USUAL;
        }
        let shares = shared_out(counts.map(|count| count as u64), usize::from(Mix::WHOLE));
        Mix { shares: shares.map(|share| u16::try_from(share).unwrap_or(Mix::WHOLE)) }
    }

    /// The same mix with the share of one type changed, in tenths of a percent (capped at 100 %). The other two types
    /// are scaled in proportion; if both are 0, they share the rest equally.
    #[must_use]
    pub fn with_share(self, kind: EmployeeType, share: u16) -> Mix {
        let share = share.min(Mix::WHOLE);
        let mut weights = self.shares.map(u64::from);
        weights[kind as usize] = 0;
        if weights.iter().all(|weight| *weight == 0) {
            weights = [1; 3];
            weights[kind as usize] = 0;
        }
        let rest = shared_out(weights, usize::from(Mix::WHOLE - share));
        let mut shares = rest.map(|share| u16::try_from(share).unwrap_or(Mix::WHOLE));
        shares[kind as usize] = share;
        Mix { shares }
    }

    /// The shares as messages show them: `60 % complete all (a), 30 % one (b), 10 % none (f)`.
    #[must_use]
    pub fn text(self) -> String {
        let share = |kind, words| format!("{} % {words}", share_text(self.share(kind)));
        let all = share(EmployeeType::A, "complete all (a)");
        format!("{all}, {}, {}", share(EmployeeType::B, "one (b)"), share(EmployeeType::F, "none (f)"))
    }

    /// The number of employees of each type (a, b, f) among `employees`, rounded by the largest remainder; of equal
    /// remainders the earlier type is rounded up.
    #[must_use]
    pub fn counts(self, employees: usize) -> [usize; 3] {
        shared_out(self.shares.map(u64::from), employees)
    }

    /// The employees whose type changes, by ascending position: as few as possible. The choice among employees of a
    /// type depends only on the seed and the employees' ids, so a slightly larger change of the mix takes the same
    /// employees and some more.
    #[must_use]
    pub fn changes(self, seed: u64, employees: &[Employee]) -> Vec<TypeChange> {
        let mut changes = Vec::new();
        self.each_change(seed, employees, |change| changes.push(change));
        changes.sort_unstable();
        changes
    }

    /// Calls `change` with each of the [`Mix::changes`], in no order.
    pub(crate) fn each_change(self, seed: u64, employees: &[Employee], mut change: impl FnMut(TypeChange)) {
        let mut missing = self.counts(employees.len());
        let mut leaving = [0; 3];
        for kind in EmployeeType::ALL {
            let have = employees.iter().filter(|employee| employee.kind == kind).count();
            let wanted = &mut missing[kind as usize];
            leaving[kind as usize] = have.saturating_sub(*wanted);
            *wanted = wanted.saturating_sub(have);
        }
        let mut changing = Vec::new();
        for kind in EmployeeType::ALL {
            let (before, leaving) = (changing.len(), leaving[kind as usize]);
            if leaving > 0 {
                changing.extend(drawn(seed, employees, kind));
                split_lowest(&mut changing[before..], leaving, employees);
                changing.truncate(before + leaving);
            }
        }
        let mut rest = &mut changing[..];
        for kind in EmployeeType::ALL {
            let (lowest, others) = split_lowest(rest, missing[kind as usize], employees);
            lowest.iter().for_each(|(_, position)| change(TypeChange { position: *position as usize, kind }));
            rest = others;
        }
    }

    /// Sets the employees' types to those of the mix, and returns the number of changed ones.
    pub fn apply(self, seed: u64, employees: &mut [Employee]) -> usize {
        let changes = self.changes(seed, employees);
        for change in &changes {
            employees[change.position].kind = change.kind;
        }
        changes.len()
    }
}

/// An employee's draw and position. Lower draws change first; of equal ones, that of the lower id.
type Drawn = (u64, u32);

/// The employees of a type with their draws, in the order of the list.
fn drawn(seed: u64, employees: &[Employee], kind: EmployeeType) -> impl Iterator<Item = Drawn> {
    let of_kind = (0..).zip(employees).filter(move |(_, employee)| employee.kind == kind);
    of_kind.map(move |(position, employee)| (Draw::for_mix(seed, employee.id).below(u64::MAX), position))
}

/// Splits off the `count` lowest draws, or all if there are fewer, in linear time. Neither part is in order.
fn split_lowest<'d>(
    drawn: &'d mut [Drawn],
    count: usize,
    employees: &[Employee],
) -> (&'d mut [Drawn], &'d mut [Drawn]) {
    if count < drawn.len() {
        let id = |(_, position): &Drawn| (employees[*position as usize].id, *position);
        drawn.select_nth_unstable_by(count, |a, b| a.0.cmp(&b.0).then_with(|| id(a).cmp(&id(b))));
    }
    drawn.split_at_mut(count.min(drawn.len()))
}

/// Divides a whole number in proportion to weights, at least one of which is not 0, by the largest remainder; of equal
/// remainders the earlier weight is rounded up.
fn shared_out(weights: [u64; 3], whole: usize) -> [usize; 3] {
    let all: u128 = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>().max(1);
    let product = |weight: u64| u128::from(weight) * whole as u128;
    let mut shares = weights.map(|weight| (product(weight) / all) as usize);
    let mut by_remainder = [0, 1, 2];
    by_remainder.sort_by_key(|index| std::cmp::Reverse(product(weights[*index]) % all));
    let left = whole.saturating_sub(shares.iter().sum());
    for index in by_remainder.into_iter().take(left) {
        shares[index] += 1;
    }
    shares
}

/// A share in tenths of a percent as text without the sign: `60`, `33.3`.
#[must_use]
pub fn percent(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

/// A share in tenths of a percent as people's text, in the style of numbers that was set: `60`, `33,3`.
#[must_use]
pub fn share_text(tenths: u16) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { tenths_text(tenths.into()) }
}

/// Parses a share such as `60`, `33.3` or `60%` to tenths of a percent, 1,000 at most.
///
/// # Errors
/// [`MixError::NoShare`] for any other text, or a share above 100 %.
pub fn parse_percent(text: &str) -> Result<u16, MixError> {
    read_percent(text).ok_or_else(|| MixError::NoShare(text.to_owned()))
}

/// The reason why a mix or a share cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MixError {
    /// Shares that do not sum to 100 %: their sum, in tenths of a percent.
    #[error("the shares are {} % together, and should be 100 %: {}", percent(*.0), difference(*.0))]
    Sum(u32),
    /// A text that is not a share.
    #[error("{} is no share: percent from 0 to 100, with one decimal at the most, such as 33.3", quoted(.0))]
    NoShare(String),
    /// A part of a mix that is not of the form `type=share`.
    #[error("{} is no share of a type; write a mix like {}", quoted(.0), Mix::USUAL)]
    NoShareOfType(String),
    /// A type that does not exist.
    #[error("{} is no type: a, b and f are. Write a mix like {}", quoted(.0), Mix::USUAL)]
    UnknownType(String),
    /// A type with two shares.
    #[error("the type {} is named twice; keep one of its shares", .0.letter())]
    RepeatedType(EmployeeType),
}

/// How far a sum of shares is from the whole: `10 % are missing`.
fn difference(sum: u32) -> String {
    let mend = if sum < Mix::WHOLE.into() { "are missing" } else { "are too much" };
    format!("{} % {mend}", percent(sum.abs_diff(Mix::WHOLE.into())))
}

fn read_percent(text: &str) -> Option<u16> {
    let text = text.trim();
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let is_number =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole, 3) || !is_number(tenth, 1) {
        return None;
    }
    let tenths = whole.parse::<u16>().ok()? * 10 + tenth.parse::<u16>().ok()?;
    (tenths <= Mix::WHOLE).then_some(tenths)
}

/// Formats as on the command line: `a=60,b=30,f=10`.
impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, rest] = self.shares.map(|share| percent(share.into()));
        write!(f, "a={a},b={b},f={rest}")
    }
}

/// Parses `a=60,b=30,f=10`: percent with at most one decimal. A type that is not named has 0.
impl FromStr for Mix {
    type Err = MixError;

    fn from_str(text: &str) -> Result<Mix, MixError> {
        let mut shares = [None; 3];
        for part in text.split(',') {
            let Some((name, share)) = part.split_once('=') else {
                return Err(MixError::NoShareOfType(part.to_owned()));
            };
            let Some(kind) = EmployeeType::parse(name.as_bytes()) else {
                return Err(MixError::UnknownType(name.to_owned()));
            };
            let share = parse_percent(share)?;
            if shares[kind as usize].replace(share).is_some() {
                return Err(MixError::RepeatedType(kind));
            }
        }
        Mix::new(shares.map(Option::unwrap_or_default))
    }
}

impl TryFrom<String> for Mix {
    type Error = MixError;

    fn try_from(text: String) -> Result<Mix, MixError> {
        text.parse()
    }
}

impl From<Mix> for String {
    fn from(mix: Mix) -> String {
        mix.to_string()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use EmployeeType::{A, B, F};
    use proptest::prelude::*;

    #[test]
    fn a_mix_is_read_as_people_write_it() {
        for (text, expected) in [
            ("a=60,b=30,f=10", Ok("a=60,b=30,f=10")),
            ("f = 33.4 %, A=33.3, b=33.3%", Ok("a=33.3,b=33.3,f=33.4")),
            ("b=100", Ok("a=0,b=100,f=0")),
            ("a=60,b=30", Err("the shares are 90 % together, and should be 100 %: 10 % are missing")),
            ("a=60.5,b=40", Err("the shares are 100.5 % together, and should be 100 %: 0.5 % are too much")),
            ("a=60,c=40", Err("'c' is no type: a, b and f are. Write a mix like a=60,b=30,f=10")),
            ("a60", Err("'a60' is no share of a type; write a mix like a=60,b=30,f=10")),
            ("", Err("'' is no share of a type; write a mix like a=60,b=30,f=10")),
            ("a=-1,b=101", Err("'-1' is no share: percent from 0 to 100, with one decimal at the most, such as 33.3")),
            ("a=33.33", Err("'33.33' is no share: percent from 0 to 100, with one decimal at the most, such as 33.3")),
            ("a=50,a=50", Err("the type a is named twice; keep one of its shares")),
        ] {
            let found = text.parse::<Mix>().map(|mix| mix.to_string()).map_err(|error| error.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn counts_are_the_nearest_whole_numbers() {
        for (mix, employees, expected) in [
            ("a=60,b=30,f=10", 10, [6, 3, 1]),
            ("a=33.3,b=33.3,f=33.4", 10, [3, 3, 4]),
            ("a=50,b=50", 3, [2, 1, 0]),
            ("a=60,b=30,f=10", 1, [1, 0, 0]),
            ("a=60,b=30,f=10", 0, [0, 0, 0]),
            ("f=100", 7, [0, 0, 7]),
        ] {
            assert_eq!(mix.parse::<Mix>().unwrap().counts(employees), expected, "{mix} of {employees}");
        }
    }

    #[test]
    fn a_share_is_taken_from_the_others_in_proportion() {
        let usual = Mix::USUAL;
        for (mix, kind, share, expected) in [
            (usual, A, 200, "a=20,b=60,f=20"),
            (usual, F, 1_000, "a=0,b=0,f=100"),
            (usual, F, 65_535, "a=0,b=0,f=100"),
            (usual.with_share(F, 1_000), F, 500, "a=25,b=25,f=50"),
            (usual.with_share(F, 1_000), A, 300, "a=30,b=0,f=70"),
            (usual, B, 301, "a=59.9,b=30.1,f=10"),
        ] {
            assert_eq!(mix.with_share(kind, share).to_string(), expected, "{mix} with {share} of {kind:?}");
        }
        assert_eq!(Mix::of_counts([6, 3, 1]), usual);
        assert_eq!(Mix::of_counts([0, 0, 0]), usual);
        assert_eq!(Mix::of_counts([1, 1, 1]).to_string(), "a=33.4,b=33.3,f=33.3");
    }

    /// The choice is part of the file formats: a run with a mix can be repeated to the byte only while it stays the
    /// same.
    #[test]
    fn who_changes_is_pinned() {
        let mut employees = everyone(10, |_| A);
        assert_eq!(Mix::USUAL.apply(42, &mut employees), 4);
        let kinds: String = employees.iter().map(|employee| employee.kind.letter()).collect();
        assert_eq!(kinds, "babbaaaaaf");
    }

    fn everyone(count: u64, kind: impl Fn(u64) -> EmployeeType) -> Vec<Employee> {
        (0..count).map(|at| Employee { id: 300_000 + 7 * at, line: 2, kind: kind(at) }).collect()
    }

    fn counts(employees: &[Employee]) -> [usize; 3] {
        EmployeeType::ALL.map(|kind| employees.iter().filter(|employee| employee.kind == kind).count())
    }

    fn any_mix() -> impl Strategy<Value = Mix> {
        (0..=1_000u16, 0..=1_000u16).prop_map(|(one, other)| {
            let (low, high) = (one.min(other), one.max(other));
            Mix::new([low, high - low, 1_000 - high]).unwrap()
        })
    }

    fn any_employees() -> impl Strategy<Value = Vec<Employee>> {
        proptest::collection::btree_map(1..u64::MAX / 2, prop_oneof![Just(A), Just(B), Just(F)], 0..60)
            .prop_map(|employees| employees.into_iter().map(|(id, kind)| Employee { id, line: 1, kind }).collect())
    }

    proptest! {
        #[test]
        fn a_mix_is_read_back_as_it_was_written(mix in any_mix()) {
            prop_assert_eq!(mix.to_string().parse::<Mix>(), Ok(mix));
        }

        #[test]
        fn any_text_is_a_mix_or_told(text in ".{0,30}") {
            let _ = text.parse::<Mix>();
        }

        #[test]
        fn a_moved_share_leaves_a_whole(mix in any_mix(), kind in prop_oneof![Just(A), Just(B), Just(F)], share: u16) {
            let moved = mix.with_share(kind, share);
            prop_assert_eq!(Mix::new(moved.shares), Ok(moved));
            prop_assert_eq!(moved.share(kind), share.min(Mix::WHOLE));
        }

        #[test]
        fn counts_are_exact_and_as_few_change_as_possible(
            mix in any_mix(), seed: u64, before in any_employees(),
        ) {
            let mut after = before.clone();
            let changed = mix.apply(seed, &mut after);
            let wanted = mix.counts(before.len());
            prop_assert_eq!(counts(&after), wanted);
            let fewest: usize =
                counts(&before).iter().zip(wanted).map(|(have, wanted)| have.saturating_sub(wanted)).sum();
            prop_assert_eq!(changed, fewest);
            prop_assert_eq!(before.iter().zip(&after).filter(|(one, other)| one.kind != other.kind).count(), fewest);
            prop_assert_eq!(mix.apply(seed, &mut after), 0);
        }

        #[test]
        fn the_lowest_draws_leave_their_type_and_become_the_missing_types_in_order(
            mix in any_mix(), seed: u64, employees in any_employees(),
        ) {
            let rank = |(draw, position): &Drawn| (*draw, employees[*position as usize].id);
            let (have, wanted) = (counts(&employees), mix.counts(employees.len()));
            let mut leaving = Vec::new();
            let mut missing = Vec::new();
            for kind in EmployeeType::ALL {
                let (have, wanted) = (have[kind as usize], wanted[kind as usize]);
                let mut ranked: Vec<Drawn> = drawn(seed, &employees, kind).collect();
                ranked.sort_by_key(rank);
                leaving.extend(ranked.into_iter().take(have.saturating_sub(wanted)));
                missing.extend(std::iter::repeat_n(kind, wanted.saturating_sub(have)));
            }
            leaving.sort_by_key(rank);
            let mut expected: Vec<TypeChange> =
                leaving.iter().zip(missing).map(|((_, position), kind)| TypeChange { position: *position as usize, kind }).collect();
            expected.sort();
            prop_assert_eq!(mix.changes(seed, &employees), expected);
        }

        #[test]
        fn the_order_of_the_file_does_not_matter(mix in any_mix(), seed: u64, employees in any_employees(), turn: usize) {
            let mut straight = employees.clone();
            let mut turned = employees;
            turned.reverse();
            let by = turn % turned.len().max(1);
            turned.rotate_left(by);
            mix.apply(seed, &mut straight);
            mix.apply(seed, &mut turned);
            turned.sort_by_key(|employee| employee.id);
            prop_assert_eq!(straight, turned);
        }

        #[test]
        fn with_less_of_a_type_the_same_ones_leave_it_and_some_besides(seed: u64, less in 0..=1_000u16, more in 0..=1_000u16) {
            let left = |share: u16| -> Vec<usize> {
                let changes = Mix::new([1_000 - share, share, 0]).unwrap().changes(seed, &everyone(50, |_| A));
                changes.iter().map(|change| change.position).collect()
            };
            let (few, many) = (left(less.min(more)), left(less.max(more)));
            prop_assert!(few.iter().all(|position| many.contains(position)));
        }
    }
}
