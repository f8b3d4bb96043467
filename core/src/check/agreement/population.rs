//! Comparison of a run with its population: each employee is in employees.csv, and completions fit the type, or the
//! run's mix.

use super::compared::{ComparedRun, Disagreements, FileFacts};
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::misplaced::{Misplaced, misplaced};
use crate::check::pairs::{Pair, PairedRows};
use crate::check::sorted::{Search, sort_by_line};
use crate::format::completions::USER;
use crate::format::employees::{Employee, EmployeeType};
use crate::plan::mix::Mix;
use crate::text::words::counted;

/// The employees of a run.
pub(super) struct Population<'f> {
    /// The rows of employees.csv.
    pub(super) employees: FileFacts<'f, [Employee]>,
    /// The positions of the rows, by ascending id.
    by_id: &'f [u32],
    /// The type of each in the run, by the position of its row.
    kinds: Vec<EmployeeType>,
}

impl<'f> Population<'f> {
    /// The employees with the types that a mix and its seed give them. `by_id` has their positions by ascending id.
    pub(super) fn new(
        employees: FileFacts<'f, [Employee]>,
        by_id: &'f [u32],
        mix: Option<(Mix, u64)>,
    ) -> Population<'f> {
        let mut kinds: Vec<EmployeeType> = employees.value.iter().map(|employee| employee.kind).collect();
        if let Some((mix, seed)) = mix {
            mix.each_change(seed, employees.value, |change| kinds[change.position] = change.kind);
        }
        Population { employees, by_id, kinds }
    }

    /// The employee at a position, of the type in the run.
    pub(super) fn employee(&self, position: usize) -> Employee {
        Employee { kind: self.kinds[position], ..self.employees.value[position] }
    }

    /// A search for employees by id, which returns each with the type in the run; fast where ids ascend.
    pub(super) fn members(&self) -> impl FnMut(u64) -> Option<Employee> {
        let mut search = Search::new(self.by_id, |position| self.employees.value[*position as usize].id);
        move |id| search.of(id).first().map(|position| self.employee(*position as usize))
    }
}

/// Compares a run with the population.
pub(super) fn compare(run: &ComparedRun<'_, '_>, population: &Population<'_>, found: &mut Disagreements) {
    if let Some(completions) = run.completions {
        check_completions(completions, population, found);
        check_order(completions, completions.value.by_employee().map(first_row).collect(), population, || 0, found);
    }
    if let Some(assignments) = run.assignments {
        check_assignments(assignments, run.completions, population, found);
    }
}

fn report_unknown(
    file: FileFacts<'_, PairedRows<'_>>,
    rows: &[Pair],
    population: &Population<'_>,
    found: &mut Disagreements,
) {
    let employees = population.employees;
    found.add(file, FindingKind::UnknownEmployee, first_row(rows), USER, |pair, _| {
        let text = format!("employee {} is not in {}; every employee of a run is", pair.employee(), employees.name);
        FindingDraft::from(text).file(employees.name).surplus()
    });
}

/// Checks that type f completes nothing and type b at most one.
fn check_completions(file: FileFacts<'_, PairedRows<'_>>, population: &Population<'_>, found: &mut Disagreements) {
    let mut members = population.members();
    for rows in file.value.by_employee() {
        match members(rows[0].employee()).map(|one| one.kind) {
            None => report_unknown(file, rows, population, found),
            Some(EmployeeType::F) => {
                found.add(file, FindingKind::TypeMismatch, first_row(rows), USER, |pair, _| {
                    let (employee, count) = (pair.employee(), counted(rows.len(), "training"));
                    let text =
                        format!("employee {employee} is of type f, who completes nothing, but has completed {count}");
                    FindingDraft::from(text).surplus()
                });
            }
            Some(EmployeeType::B) if rows.len() > 1 => {
                let mut by_line: Vec<&Pair> = rows.iter().collect();
                by_line.sort_by_key(|pair| pair.line);
                found.add(file, FindingKind::TypeMismatch, by_line[1], USER, |pair, _| {
                    let (employee, count) = (pair.employee(), counted(rows.len(), "training"));
                    let text = format!(
                        "employee {employee} is of type b, who completes one training, but has completed {count}; this \
                         is the second"
                    );
                    let others: Vec<u32> = by_line.iter().map(|pair| pair.line).collect();
                    FindingDraft::from(text).surplus().compared_with(others)
                });
            }
            _ => {}
        }
    }
}

/// Checks that the employees of rows, which are sorted by employee, are in the order of the population. Rows up to the line
/// `last_of_others` stand among others and are reported as that; it is only asked for if the order is wrong.
pub(super) fn check_order(
    file: FileFacts<'_, PairedRows<'_>>,
    mut rows: Vec<&Pair>,
    population: &Population<'_>,
    last_of_others: impl FnOnce() -> u32,
    found: &mut Disagreements,
) {
    let (employees, mut members) = (population.employees, population.members());
    sort_by_line(&mut rows, |pair| pair.employee(), |pair| pair.line);
    rows.dedup_by_key(|pair| pair.employee());
    let mut line_of = |pair: &Pair| members(pair.employee()).map(|employee| employee.line);
    if rows.iter().filter_map(|pair| line_of(pair)).is_sorted() {
        return;
    }
    let last_of_others = last_of_others();
    rows.retain(|pair| pair.line > last_of_others);
    let placed: Vec<(&Pair, u32)> = rows.into_iter().filter_map(|pair| Some((pair, line_of(pair)?))).collect();
    let lines: Vec<u32> = placed.iter().map(|(_, line)| *line).collect();
    for Misplaced { at, other } in misplaced(&lines) {
        let ((pair, line), (other, other_line)) = (placed[at], placed[other]);
        let (stands, belongs) = if other.line < pair.line { ("after", "before") } else { ("before", "after") };
        found.add(file, FindingKind::EmployeeOrder, pair, USER, |pair, _| {
            let text = format!(
                "employee {} stands {stands} employee {}, but {belongs} in {} (lines {line} and {other_line}); the \
                 employees stand in its order",
                pair.employee(),
                other.employee(),
                employees.name
            );
            FindingDraft::from(text).file(employees.name).line(line).compared_with([other.line])
        });
    }
}

/// Checks that no assignment of type a is left, and that type b has completed one if any is left.
fn check_assignments(
    file: FileFacts<'_, PairedRows<'_>>,
    completions: Option<FileFacts<'_, PairedRows<'_>>>,
    population: &Population<'_>,
    found: &mut Disagreements,
) {
    let mut members = population.members();
    let mut done = completions.map(|file| Search::new(&file.value.pairs, |pair: &Pair| pair.employee()));
    let mut has_done = |employee| done.as_mut().is_some_and(|done| done.has(employee));
    for rows in file.value.by_employee() {
        let employee = rows[0].employee();
        match (members(employee).map(|one| one.kind), completions) {
            (None, _) => report_unknown(file, rows, population, found),
            (Some(EmployeeType::A), _) => {
                found.add(file, FindingKind::TypeMismatch, first_row(rows), USER, |pair, _| {
                    let (employee, count) = (pair.employee(), counted(rows.len(), "training"));
                    let text = format!(
                        "employee {employee} is of type a, who completes everything, but has {count} left here"
                    );
                    FindingDraft::from(text).surplus()
                });
            }
            // An unreadable row may be a completion.
            (Some(EmployeeType::B), Some(completions))
                if !has_done(employee) && !completions.value.file.is_unread(employee) =>
            {
                found.add(file, FindingKind::TypeMismatch, first_row(rows), USER, |pair, _| {
                    let text = format!(
                        "employee {} is of type b, who completes one training, but has completed none in {}",
                        pair.employee(),
                        completions.name
                    );
                    FindingDraft::from(text).missing()
                });
            }
            _ => {}
        }
    }
}

fn first_row(rows: &[Pair]) -> &Pair {
    rows.iter().min_by_key(|pair| pair.line).unwrap_or(&rows[0])
}
