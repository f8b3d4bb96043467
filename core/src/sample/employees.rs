//! The sample's employees.csv: ids in ascending order with gaps, types in usual proportions.
//!
//! About 60 % of the employees are of type a (complete all training), 30 % of type b (complete one) and 10 % of type f
//! (complete none). A few comment lines about people on leave stand between them, as in hand-kept files.

use super::sample_recipe::{SampleFile, SampleRecipe};
use super::tables::SampleTable;
use crate::format::employees::{EmployeeType, push_header, push_row};
use crate::format::identifier::push_plain_id;

/// The lowest id.
const FIRST_ID: u64 = 300_000;

/// The limit of ids while the ids fit below it, since the state tables hold ids in 32 bits.
const HIGHEST_ID: u64 = 2_147_483_647;

/// A made-up employee.
pub(super) struct SampleEmployee {
    /// The employee's id.
    pub(super) id: u64,
    /// The employee's type.
    pub(super) kind: EmployeeType,
}

impl SampleEmployee {
    /// An id that is not in employees.csv but appears in the other files.
    pub(super) fn former_colleague(&self) -> u64 {
        self.id + 1
    }
}

/// The employees of a sample, by ascending id.
pub(super) fn employees(recipe: &SampleRecipe) -> impl Iterator<Item = SampleEmployee> + use<> {
    let (seed, count) = (recipe.seed, recipe.employees as u64);
    let distance = distance(count);
    (0..count).map(move |position| {
        let mut draw = SampleTable::Employees.draw(seed, position);
        let id = FIRST_ID + position * distance + draw.below(distance - 1);
        let kind = match draw.below(10) {
            0..=5 => EmployeeType::A,
            6..=8 => EmployeeType::B,
            _ => EmployeeType::F,
        };
        SampleEmployee { id, kind }
    })
}

/// The average distance between ids. It changes in large steps, so that the first 10 employees are the same in a sample
/// of 10 and in one of 2,000. It is at least 2, so that every employee has a former colleague.
fn distance(count: u64) -> u64 {
    let has_room = |distance: &u64| count.saturating_mul(*distance) <= HIGHEST_ID - FIRST_ID;
    [1_000_000, 100_000, 10_000, 1_000, 100, 10].into_iter().find(has_room).unwrap_or(2)
}

/// The name of the file.
pub(super) const NAME: &str = "employees.csv";

/// Makes the file.
pub(super) fn file(recipe: &SampleRecipe) -> SampleFile {
    const BYTES_PER_ROW: usize = 13;
    let mut bytes = Vec::with_capacity(recipe.employees.min(SampleRecipe::MOST) * BYTES_PER_ROW);
    push_header(&mut bytes);
    bytes.extend_from_slice(b"# a completes all training, b the first one, f none\n");
    let comment_every = (recipe.employees / 3).max(1);
    for (position, employee) in employees(recipe).enumerate() {
        push_row(&mut bytes, employee.id, employee.kind);
        if position % comment_every == comment_every / 2 {
            bytes.extend_from_slice(b"# ");
            push_plain_id(&mut bytes, employee.former_colleague());
            bytes.extend_from_slice(b",a  <- on leave\n");
        }
    }
    SampleFile { name: NAME.to_owned(), bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::employees::{BadRows, read};

    fn recipe(seed: u64, employees: usize) -> SampleRecipe {
        SampleRecipe { seed, today: "2026-01-29".parse().unwrap_or_default(), employees, contents: 10 }
    }

    #[test]
    fn every_employee_is_there_once_in_ascending_order() {
        for count in [1, 2, 10, 2_000, 30_000] {
            let reading = read(&file(&recipe(7, count)).bytes, BadRows::Refuse);
            assert_eq!(reading.problems, []);
            let rows = reading.value.rows;
            assert_eq!(rows.len(), count);
            assert!(rows.is_sorted_by(|earlier, later| earlier.id < later.id));
            assert!(rows.iter().all(|row| (FIRST_ID..=HIGHEST_ID).contains(&row.id)));
            assert!((2..=6).contains(&reading.value.comment_rows), "{count}");
        }
    }

    #[test]
    fn types_have_their_shares() {
        let mut counts = [0; 3];
        for employee in employees(&recipe(7, 10_000)) {
            counts[employee.kind as usize] += 1;
        }
        let expected = [6_000, 3_000, 1_000];
        assert!(counts.iter().zip(expected).all(|(found, share)| (share - 200..share + 200).contains(found)));
    }

    #[test]
    fn ids_do_not_run_out() {
        assert_eq!(distance(2_000), 1_000_000);
        assert_eq!(distance(1_000_000), 1_000);
        assert_eq!(distance(u64::MAX), 2);
    }

    #[test]
    fn employees_are_the_same_among_few_and_many() {
        let ids = |count| employees(&recipe(7, count)).take(10).map(|employee| employee.id).collect::<Vec<_>>();
        assert_eq!(ids(10), ids(2_000));
    }

    #[test]
    fn a_former_colleague_is_nobody_of_the_file() {
        let all: Vec<SampleEmployee> = employees(&recipe(7, 300_000)).collect();
        assert!(all.windows(2).all(|pair| pair[0].former_colleague() < pair[1].id));
    }
}
