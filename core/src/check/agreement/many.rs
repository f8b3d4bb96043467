//! One finding in place of many. If a good part of the employees do not fit their types, the mix in the run file is the likely
//! cause; if rows of a good part of them are missing, a file that is not whole, or an input of another run.

use rustc_hash::FxHashSet;

use super::compared::{ComparedRun, Disagreements, FileFacts};
use crate::check::finding::{Finding, Says};
use crate::check::finding_kind::FindingKind as Kind;
use crate::format::employees::Employee;
use crate::text::problem::KEPT_OF_A_KIND;
use crate::text::words::counted;

/// Reports employees who do not fit their types once. `run_file` is the name of the run file, if it was given.
pub(super) fn report_types_once(
    run: &ComparedRun<'_, '_>,
    run_file: Option<&str>,
    employees: FileFacts<'_, [Employee]>,
    found: &mut Disagreements,
) {
    let types = employees.name;
    let cause = match (run_file, run.mix) {
        (Some(name), Some((mix, _))) => format!("either these rows or the mix in {name} was changed, which is {mix}"),
        (Some(name), None) => {
            format!("either these rows or the types in {types} were changed, or {name} lacks the mix of the run")
        }
        (None, _) => {
            format!("give the run file too if the run had a mix; else these rows or the types in {types} were changed")
        }
    };
    let is_of_type = |one: &Finding| one.kind == Kind::TypeMismatch;
    replace(found, employees, (Says::Surplus, is_of_type), &[Kind::TypeMismatch, Kind::MissingCompletion], |number| {
        format!("{number} do not fit their types: {cause}")
    });
}

/// Reports missing rows once.
pub(super) fn report_missing_once(
    run: &ComparedRun<'_, '_>,
    employees: FileFacts<'_, [Employee]>,
    found: &mut Disagreements,
) {
    let kinds = [Kind::TypeMismatch, Kind::MissingCompletion, Kind::MissingAssignment, Kind::LostAssignment];
    let names: Vec<&str> = run.each().map(|file| file.name).collect();
    replace(found, employees, (Says::Missing, |_| true), &kinds, |number| {
        format!("rows of {number} are missing in {}: give whole files, and the inputs of this run", names.join(" and "))
    });
}

/// Replaces findings of some kinds by one with the first of them, if those that say so are about a good part of the employees.
fn replace(
    found: &mut Disagreements,
    employees: FileFacts<'_, [Employee]>,
    (says, counts): (Says, fn(&Finding) -> bool),
    kinds: &[Kind],
    text: impl FnOnce(&str) -> String,
) {
    /// A good part: more than so many employees, and more than one of so many.
    const FEW: usize = 4;
    const FEW_OF: usize = 25;
    const EXAMPLES: usize = 3;
    let files = found.files.iter().enumerate();
    let listed = files.flat_map(|(file, findings)| findings.that_say(says).map(move |one| (file, one)));
    let mut listed: Vec<(usize, &Finding)> = listed.filter(|(_, one)| counts(one)).collect();
    let concerned: FxHashSet<Option<u64>> = listed.iter().map(|(_, one)| one.data.employee_id).collect();
    if concerned.len() <= FEW.max(employees.value.len() / FEW_OF).min(KEPT_OF_A_KIND - 1) {
        return;
    }
    listed.sort_by_key(|(file, one)| (*file, one.place));
    let Some(&(file, Finding { kind, place, .. })) = listed.first() else { return };
    let are_all = found.files.iter().all(|findings| findings.are_all_kept(kinds));
    let number = if are_all { "" } else { "more than " }.to_owned() + &counted(concerned.len(), "employee");
    let examples: Vec<&str> = listed.iter().take(EXAMPLES).map(|(_, one)| &*one.text).collect();
    let (kind, place, text) = (*kind, *place, format!("{}. The first: {}", text(&number), examples.join("; ")));
    found.files.iter_mut().for_each(|findings| findings.remove(kinds));
    found.files[file].report(kind, (place, text));
}
