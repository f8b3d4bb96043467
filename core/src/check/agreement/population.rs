//! Comparison of a run with its population: each employee is in employees.csv, and completions fit the type, or the
//! run's mix.

use rustc_hash::FxHashMap;

use super::compared::{ComparedRun, Disagreements, Inputs, Stated};
use crate::check::completions::USER;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::pairs::{Pair, PairedRows};
use crate::format::employees::{Employee, EmployeeType};
use crate::text::words::counted;

/// Compares a run with the population.
pub(super) fn compare(run: &ComparedRun<'_, '_>, inputs: &Inputs<'_>, found: &mut Disagreements) {
    let Some(employees) = inputs.employees else { return };
    let mut types: FxHashMap<u64, EmployeeType> =
        employees.value.iter().map(|employee| (employee.id, employee.kind)).collect();
    if let Some((mix, seed)) = run.mix {
        let changes = mix.changes(seed, employees.value);
        types.extend(changes.iter().map(|change| (employees.value[change.position].id, change.kind)));
    }
    for file in run.each() {
        for rows in file.value.by_employee() {
            if !types.contains_key(&rows[0].employee) {
                found.add(file, FindingKind::UnknownEmployee, first_row(rows), USER, |pair, _| {
                    let text =
                        format!("employee {} is not in {}; every employee of a run is", pair.employee, employees.name);
                    FindingDraft::from(text).file(employees.name)
                });
            }
        }
    }
    if let Some(completions) = run.completions {
        check_completions(completions, &types, found);
        check_order(completions, completions.value.by_employee().map(first_row).collect(), employees, found);
    }
    if let Some(assignments) = run.assignments {
        check_assignments(assignments, run.completions, &types, found);
    }
}

/// Checks that type f completes nothing and type b at most one.
fn check_completions(
    file: Stated<'_, PairedRows<'_>>,
    types: &FxHashMap<u64, EmployeeType>,
    found: &mut Disagreements,
) {
    for rows in file.value.by_employee() {
        match types.get(&rows[0].employee) {
            Some(EmployeeType::F) => {
                found.add(file, FindingKind::TypeMismatch, first_row(rows), USER, |pair, _| {
                    let (employee, count) = (pair.employee, counted(rows.len(), "training"));
                    format!("employee {employee} is of type f, who completes nothing, but has completed {count}")
                });
            }
            Some(EmployeeType::B) if rows.len() > 1 => {
                let mut by_line: Vec<&Pair> = rows.iter().collect();
                by_line.sort_by_key(|pair| pair.line);
                found.add(file, FindingKind::TypeMismatch, by_line[1], USER, |pair, _| {
                    let (employee, count) = (pair.employee, counted(rows.len(), "training"));
                    format!(
                        "employee {employee} is of type b, who completes one training, but has completed {count}; this \
                         is the second"
                    )
                });
            }
            _ => {}
        }
    }
}

/// Checks that the employees of rows are in the order of the population.
pub(super) fn check_order(
    file: Stated<'_, PairedRows<'_>>,
    mut rows: Vec<&Pair>,
    employees: Stated<'_, [Employee]>,
    found: &mut Disagreements,
) {
    let lines: FxHashMap<u64, u32> = employees.value.iter().map(|employee| (employee.id, employee.line)).collect();
    rows.sort_by_key(|pair| pair.line);
    rows.dedup_by_key(|pair| pair.employee);
    let mut furthest: Option<(&Pair, u32)> = None;
    for (pair, line) in rows.into_iter().filter_map(|pair| Some((pair, *lines.get(&pair.employee)?))) {
        match furthest {
            Some((other, other_line)) if line < other_line => {
                found.add(file, FindingKind::EmployeeOrder, pair, USER, |pair, _| {
                    let text = format!(
                        "employee {} stands after employee {}, but before in {} (lines {line} and {other_line}); the \
                         employees stand in its order",
                        pair.employee, other.employee, employees.name
                    );
                    FindingDraft::from(text).file(employees.name).line(line)
                });
            }
            _ => furthest = Some((pair, line)),
        }
    }
}

/// Checks that no assignment of type a is left, and that type b has completed one if any is left.
fn check_assignments(
    file: Stated<'_, PairedRows<'_>>,
    completions: Option<Stated<'_, PairedRows<'_>>>,
    types: &FxHashMap<u64, EmployeeType>,
    found: &mut Disagreements,
) {
    for rows in file.value.by_employee() {
        match (types.get(&rows[0].employee), completions) {
            (Some(EmployeeType::A), _) => {
                found.add(file, FindingKind::TypeMismatch, first_row(rows), USER, |pair, _| {
                    let (employee, count) = (pair.employee, counted(rows.len(), "training"));
                    format!("employee {employee} is of type a, who completes everything, but has {count} left here")
                });
            }
            (Some(EmployeeType::B), Some(completions)) if has_nothing(completions, rows[0].employee) => {
                found.add(file, FindingKind::TypeMismatch, first_row(rows), USER, |pair, _| {
                    format!(
                        "employee {} is of type b, who completes one training, but has completed none in {}",
                        pair.employee, completions.name
                    )
                });
            }
            _ => {}
        }
    }
}

/// True if certainly no row names the employee: none does, and no row of the employee is unreadable.
fn has_nothing(file: Stated<'_, PairedRows<'_>>, employee: u64) -> bool {
    !file.value.has_employee(employee) && !file.value.file.is_unread(employee)
}

fn first_row(rows: &[Pair]) -> &Pair {
    rows.iter().min_by_key(|pair| pair.line).unwrap_or(&rows[0])
}
