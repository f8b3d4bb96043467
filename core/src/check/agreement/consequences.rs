//! One fault, two findings: where a row has a wrong employee or content, or cannot be read, the right row is missing. The finding
//! about the wrong row is kept, and names the missing row; the finding about the missing row is dropped. Each wrong row explains
//! at most one missing row.

use rustc_hash::FxHashSet;

use super::compared::{ComparedRun, Disagreements, FileFacts};
use super::population::Population;
use crate::check::finding::{Finding, FindingDraft, Says};
use crate::check::finding_kind::FindingKind;
use crate::check::findings::Findings;
use crate::check::pairs::PairedRows;
use crate::format::employees::EmployeeType;
use crate::format::identifier::content_id_text;
use crate::text::problem::Place;
use crate::text::words::counted;

/// The most rows that are tried as explanations. More of them are one fault of the whole file.
const TRIED: usize = 4_000;

/// A row that is there in place of a missing one: its employee and content, as far as they are known.
#[derive(Clone, Copy)]
struct WrongRow {
    employee: Option<u64>,
    content: Option<u64>,
    /// True if it may be the row of any employee, because its own cannot be read or does not exist.
    is_of_anybody: bool,
    /// The finding about it among those between files: the file, the kind and the place.
    finding: Option<(usize, FindingKind, Place)>,
}

impl WrongRow {
    /// How well it explains a missing row: the lower, the better; `None` if it does not.
    fn fits(&self, missing: &Finding) -> Option<u8> {
        let (employee, content) = (missing.data.employee_id, content_of(missing));
        let is_employee = self.employee.is_some() && self.employee == employee;
        let is_content = self.content.is_some() && self.content == content;
        let may_be_content = self.content.is_none() || content.is_none();
        match (is_employee, is_content) {
            (true, true) => Some(0),
            (_, true) => Some(1),
            (true, _) => Some(2),
            _ => (self.is_of_anybody && may_be_content).then_some(3),
        }
    }
}

/// Drops the findings about missing rows if a file is cut off or has no rows, which is one finding.
pub(super) fn drop_of_cut_file<'p>(
    run: &ComparedRun<'_, '_>,
    population: impl FnOnce() -> Option<Population<'p>>,
    found: &mut Disagreements,
) {
    let missing: Vec<u64> =
        found.files.iter().flat_map(|findings| findings.that_say(Says::Missing)).map(employee_of).collect();
    if missing.is_empty() {
        return;
    }
    // Of a file that is cut off, all rows behind are missing.
    if run.each().any(|file| file.value.file.is_cut) {
        found.files.iter_mut().for_each(|findings| findings.retain_missing(|_| false));
        return;
    }
    if let Some(empty) = empty_file(run, population, &missing) {
        found.files.iter_mut().for_each(|findings| findings.retain_missing(|_| false));
        let rows = counted(missing.len(), "row");
        let text =
            format!("no row below the header, but by the other files {rows} are missing; give the file with its rows");
        found.add_to_file(empty, FindingKind::EmptyFile, FindingDraft::from(text));
    }
}

/// Drops the findings about missing rows that other findings explain.
pub(super) fn drop_explained(run: &ComparedRun<'_, '_>, found: &mut Disagreements) {
    if found.files.iter().all(|findings| findings.that_say(Says::Missing).next().is_none()) {
        return;
    }
    drop_repeated(found);
    let mut rows = wrong_rows(run, found);
    let mut amended: Vec<(usize, FindingKind, Place, String)> = Vec::new();
    // The best explanations first, so that none is used up by a worse one.
    for most in 0..=3 {
        for findings in &mut found.files {
            findings.retain_missing(|missing| {
                let fits = |row: &WrongRow| row.fits(missing).is_some_and(|fit| fit <= most);
                let Some(at) = rows.iter().position(fits) else { return true };
                let finding = rows.remove(at).finding;
                amended.extend(finding.map(|(file, kind, place)| (file, kind, place, perhaps(missing))));
                false
            });
        }
    }
    for (file, kind, place, text) in amended {
        found.files[file].amend(kind, place, &text);
    }
}

/// Drops the findings that repeat another one about a missing row: that a recommended content is not completed which was assigned
/// too, and that an employee has completed nothing.
fn drop_repeated(found: &mut Disagreements) {
    let mut named: FxHashSet<(u64, Option<u64>)> = FxHashSet::default();
    for one in found.files.iter().flat_map(|findings| findings.that_say(Says::Missing)) {
        let (employee, content) = (employee_of(one), one.data.content_id);
        match one.kind {
            FindingKind::TypeMismatch => {}
            FindingKind::MissingCompletion => _ = named.insert((employee, None)),
            _ => named.extend([(employee, None), (employee, content)]),
        }
    }
    for findings in &mut found.files {
        findings.retain_missing(|one| match one.kind {
            FindingKind::TypeMismatch => !named.contains(&(employee_of(one), None)),
            FindingKind::MissingCompletion => !named.contains(&(employee_of(one), one.data.content_id)),
            _ => true,
        });
    }
}

/// The content of a missing row. An employee who has completed nothing may lack any.
fn content_of(missing: &Finding) -> Option<u64> {
    missing.data.content_id.filter(|_| missing.kind != FindingKind::TypeMismatch)
}

fn employee_of(missing: &Finding) -> u64 {
    missing.data.employee_id.unwrap_or_default()
}

/// The position of a file without rows that may lack all that is missing: completions of types a and b, assignments of b and f.
fn empty_file<'p>(
    run: &ComparedRun<'_, '_>,
    population: impl FnOnce() -> Option<Population<'p>>,
    missing: &[u64],
) -> Option<usize> {
    let is_empty = |file: &FileFacts<'_, PairedRows<'_>>| file.value.file.rows == 0;
    let completions = run.completions.filter(is_empty).map(|file| (file.index, EmployeeType::F));
    let assignments = run.assignments.filter(is_empty).map(|file| (file.index, EmployeeType::A));
    let mut empty = [completions, assignments].into_iter().flatten().peekable();
    empty.peek().filter(|_| missing.len() > 1)?;
    let population = population()?;
    let mut member = population.members();
    let kinds: Vec<Option<EmployeeType>> =
        missing.iter().map(|employee| member(*employee).map(|one| one.kind)).collect();
    empty
        .find(|(_, without)| kinds.iter().all(|kind| kind.is_some_and(|kind| kind != *without)))
        .map(|(index, _)| index)
}

/// The sentence about a missing row in place of which another one stands.
fn perhaps(missing: &Finding) -> String {
    let employee = missing.data.employee_id.map_or_else(String::new, |id| format!(" of employee {id}"));
    match content_of(missing) {
        Some(content) => format!(". Perhaps content {}{employee} is meant, which is missing", content_id_text(content)),
        None => format!(". Perhaps a row{employee} is meant, which is missing"),
    }
}

fn wrong_rows<'f>(run: &ComparedRun<'_, '_>, found: &'f Disagreements) -> Vec<WrongRow> {
    let of_file = |(file, findings): (usize, &'f Findings)| {
        findings.that_say(Says::Surplus).map(move |finding| WrongRow {
            employee: finding.data.employee_id,
            content: finding.data.content_id,
            is_of_anybody: finding.kind == FindingKind::UnknownEmployee,
            finding: Some((file, finding.kind, finding.place)),
        })
    };
    let surplus = found.files.iter().enumerate().flat_map(of_file);
    let other = |(employee, content), is_of_anybody| WrongRow { employee, content, is_of_anybody, finding: None };
    let repeated = run.each().flat_map(|file| &file.value.repeated);
    let repeated = repeated.map(|(employee, content)| other((Some(*employee), Some(*content)), false));
    let unread = run.each().flat_map(|file| file.value.file.unread_of_anybody());
    let unread = unread.map(|row| other((row.employee.map(u64::from), row.content.map(u64::from)), true));
    surplus.chain(repeated).chain(unread).take(TRIED).collect()
}
