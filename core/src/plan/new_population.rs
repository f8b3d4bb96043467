//! A made-up population: a number of employees with ids from a chosen range. The same recipe, mix and seed give the
//! same bytes of employees.csv.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::format::employees::{Employee, EmployeeType, push_header, push_row};
use crate::format::identifier::{HIGHEST_ID, parse_plain_id};
use crate::plan::draw::Draw;
use crate::plan::mix::Mix;
use crate::text::visible::quoted;
use crate::text::whole_number::whole_number;
use crate::text::words::{counted, grouped, number_text};

/// The number of employees to make up, and the range of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wish", into = "Wish")]
pub struct NewPopulation {
    employees: u32,
    ids: IdRange,
}

/// A range of employee ids, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdRange {
    first: u64,
    last: u64,
}

/// The file name of a made-up population.
pub const NAME: &str = "employees.csv";

impl NewPopulation {
    /// The maximum number of made-up employees: lines, the header's included, are counted in 32 bits.
    pub const MOST: u32 = u32::MAX - 1;

    /// A population of `employees` with ids from `ids`.
    ///
    /// # Errors
    /// [`PopulationError::EmployeeCount`] for 0 or more than [`NewPopulation::MOST`], [`PopulationError::TooFewIds`] if
    /// the range has fewer ids than employees.
    pub fn new(employees: u32, ids: IdRange) -> Result<NewPopulation, PopulationError> {
        if !(1..=NewPopulation::MOST).contains(&employees) {
            return Err(PopulationError::EmployeeCount(employees));
        }
        if ids.size() < u64::from(employees) {
            return Err(PopulationError::TooFewIds { ids, employees });
        }
        Ok(NewPopulation { employees, ids })
    }

    /// Reads a number of employees, in digits alone.
    ///
    /// # Errors
    /// [`PopulationError::NoCount`] for any other text, and for 0 or more than [`NewPopulation::MOST`].
    pub fn parse_count(text: &str) -> Result<u32, PopulationError> {
        whole_number(text, 1..=NewPopulation::MOST).ok_or_else(|| PopulationError::NoCount(text.to_owned()))
    }

    /// The number of employees.
    #[must_use]
    pub fn employee_count(self) -> u32 {
        self.employees
    }

    /// The range of their ids.
    #[must_use]
    pub fn ids(self) -> IdRange {
        self.ids
    }

    /// The bytes of employees.csv: ids in ascending order, spread evenly over the range, with the types of the mix. If
    /// the range has exactly as many ids as employees, every id is used.
    #[must_use]
    pub fn file(self, mix: Mix, seed: u64) -> Vec<u8> {
        let mut employees: Vec<Employee> = (0..u64::from(self.employees))
            .map(|position| Employee { id: self.id(seed, position), line: 0, kind: EmployeeType::A })
            .collect();
        mix.apply(seed, &mut employees);
        let mut bytes = Vec::new();
        push_header(&mut bytes);
        for employee in employees {
            push_row(&mut bytes, employee.id, employee.kind);
        }
        bytes
    }

    /// The id of the employee at a position, drawn within that employee's own part of the range. So ids ascend and
    /// never repeat.
    fn id(self, seed: u64, position: u64) -> u64 {
        let (size, all) = (u128::from(self.ids.size()), u128::from(self.employees));
        let start = |position| u64::try_from(size * u128::from(position) / all).unwrap_or(u64::MAX);
        let (from, to) = (start(position), start(position + 1));
        self.ids.first + from + Draw::for_new_population(seed, position).below(to - from)
    }
}

impl IdRange {
    /// The default range: starts like the sample's ids, and fits the 32 bits of the state tables.
    pub const USUAL: IdRange = IdRange { first: 300_000, last: 2_147_483_647 };

    /// The range with these bounds.
    ///
    /// # Errors
    /// [`PopulationError::BadBound`] for a bound that is not a valid id, [`PopulationError::Reversed`] if the last id
    /// is below the first.
    pub fn new(ids: RangeInclusive<u64>) -> Result<IdRange, PopulationError> {
        let (first, last) = ids.into_inner();
        if let Some(bound) = [first, last].into_iter().find(|bound| !(1..=HIGHEST_ID).contains(bound)) {
            return Err(PopulationError::BadBound(bound));
        }
        if first > last {
            return Err(PopulationError::Reversed { first, last });
        }
        Ok(IdRange { first, last })
    }

    /// The first id.
    #[must_use]
    pub fn first(self) -> u64 {
        self.first
    }

    /// The last id.
    #[must_use]
    pub fn last(self) -> u64 {
        self.last
    }

    fn size(self) -> u64 {
        self.last - self.first + 1
    }
}

/// The reason why a new population cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PopulationError {
    /// A number of employees that is 0, or more than [`NewPopulation::MOST`].
    #[error(
        "a new population has from 1 to {} employees, not {}",
        grouped(NewPopulation::MOST as usize), grouped(*.0 as usize)
    )]
    EmployeeCount(u32),
    /// A text that is no such number.
    #[error(
        "{} is no number of employees; a new population has from 1 to {} employees, in digits alone",
        quoted(.0), grouped(NewPopulation::MOST as usize)
    )]
    NoCount(String),
    /// Fewer ids than employees.
    #[error(
        "the ids from {} to {} are {}, too few for {} employees; choose a larger range",
        .ids.first, .ids.last, number_text(.ids.size()), grouped(*.employees as usize)
    )]
    TooFewIds {
        /// The range.
        ids: IdRange,
        /// The number of employees.
        employees: u32,
    },
    /// A bound that is not a valid id.
    #[error("{0} is no id: from 1 to {max}", max = HIGHEST_ID)]
    BadBound(u64),
    /// A range whose last id is before the first.
    #[error("the ids go from {first} to {last}. Did you mean '{last}-{first}'?")]
    Reversed {
        /// The first bound, which is the higher one.
        first: u64,
        /// The last bound, which is the lower one.
        last: u64,
    },
    /// A text that is not a range of ids.
    #[error("{} is no range of ids; write it like 300000-399999, with ids from 1 to {}", quoted(.0), HIGHEST_ID)]
    NoRange(String),
}

/// Formats as on the command line: `300000-399999`.
impl fmt::Display for IdRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// Parses `300000-399999`.
impl FromStr for IdRange {
    type Err = PopulationError;

    fn from_str(text: &str) -> Result<IdRange, PopulationError> {
        let bounds = text.split_once('-').and_then(|(first, last)| {
            Some(parse_plain_id(first.trim().as_bytes())?..=parse_plain_id(last.trim().as_bytes())?)
        });
        IdRange::new(bounds.ok_or_else(|| PopulationError::NoRange(text.to_owned()))?)
    }
}

/// Formats as messages show it: `500 employees with ids from 300000 to 399999`.
impl fmt::Display for NewPopulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let employees = counted(self.employees as usize, "employee");
        write!(f, "{employees} with ids from {} to {}", self.ids.first, self.ids.last)
    }
}

/// The fields as stored in a run file, not yet validated.
#[derive(Serialize, Deserialize)]
#[serde(expecting = "an object with employees, first_id and last_id")]
struct Wish {
    employees: u32,
    first_id: u64,
    last_id: u64,
}

impl TryFrom<Wish> for NewPopulation {
    type Error = PopulationError;

    fn try_from(wish: Wish) -> Result<NewPopulation, PopulationError> {
        NewPopulation::new(wish.employees, IdRange::new(wish.first_id..=wish.last_id)?)
    }
}

impl From<NewPopulation> for Wish {
    fn from(population: NewPopulation) -> Wish {
        let NewPopulation { employees, ids: IdRange { first, last } } = population;
        Wish { employees, first_id: first, last_id: last }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::employees::{BadRows, read};
    use proptest::prelude::*;

    fn population(employees: u32, ids: &str) -> Result<NewPopulation, PopulationError> {
        NewPopulation::new(employees, ids.parse()?)
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (employees, ids, expected) in [
            (3, "5-7", Ok("3 employees with ids from 5 to 7")),
            (1, " 5 - 5 ", Ok("1 employee with ids from 5 to 5")),
            (NewPopulation::MOST, "1-4294967294", Ok("4,294,967,294 employees with ids from 1 to 4294967294")),
            (0, "5-7", Err("a new population has from 1 to 4,294,967,294 employees, not 0")),
            (
                u32::MAX,
                "1-9999999999",
                Err("a new population has from 1 to 4,294,967,294 employees, not 4,294,967,295"),
            ),
            (4, "5-7", Err("the ids from 5 to 7 are 3, too few for 4 employees; choose a larger range")),
            (1, "7-5", Err("the ids go from 7 to 5. Did you mean '5-7'?")),
            (
                1,
                "0-5",
                Err("'0-5' is no range of ids; write it like 300000-399999, with ids from 1 to 9223372036854775807"),
            ),
            (
                1,
                "5",
                Err("'5' is no range of ids; write it like 300000-399999, with ids from 1 to 9223372036854775807"),
            ),
        ] {
            let found = population(employees, ids).map(|made| made.to_string()).map_err(|error| error.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{employees} of {ids}");
        }
        let far =
            serde_json::from_str::<NewPopulation>(r#"{"employees":1,"first_id":1,"last_id":18446744073709551615}"#);
        assert!(far.unwrap_err().to_string().starts_with("18446744073709551615 is no id"));
    }

    /// The bytes are part of the file formats: a run can be repeated to the byte only while they stay the same.
    #[test]
    fn the_file_is_pinned() {
        let file = population(5, "300000-399999").unwrap().file(Mix::USUAL, 42);
        let expected = "employee_id,employee_edu_type\n313346,a\n334776,b\n343494,a\n369051,b\n387730,a\n";
        assert_eq!(String::from_utf8(file).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn every_population_is_read_without_a_word(
            employees in 1..80u32, first in 1..=HIGHEST_ID - 100, room in 0..u64::MAX, seed: u64,
        ) {
            let last = (first + u64::from(employees) - 1).saturating_add(room).min(HIGHEST_ID);
            let population = NewPopulation::new(employees, IdRange::new(first..=last).unwrap()).unwrap();
            let reading = read(&population.file(Mix::USUAL, seed), BadRows::Refuse);
            prop_assert_eq!(reading.problems, []);
            let rows = reading.value.rows;
            prop_assert_eq!(rows.len(), employees as usize);
            prop_assert!(rows.iter().all(|row| (first..=last).contains(&row.id)));
            let kinds = EmployeeType::ALL.map(|kind| rows.iter().filter(|row| row.kind == kind).count());
            prop_assert_eq!(kinds, Mix::USUAL.counts(employees as usize));
        }
    }
}
