//! Comparison of the files of a set: of each run's files with each other, with its run file, and with the inputs.
//!
//! Population and state tables are compared if the set has one of each; refused inputs are not. State tables describe a
//! single moment: of several runs they are compared with those whose run files name them. The days of a series are compared
//! with each other.

mod catalogs;
mod compared;
mod consequences;
mod day_rules;
mod days;
mod known;
mod known_catalog;
mod many;
mod new_assignments;
mod population;
mod record;
mod state;

use super::facts::{Examined, Facts};
use super::finding::{Finding, FindingDraft};
use super::finding_kind::FindingKind;
use super::recorded_run::RecordedRun;
use super::runs::{GivenRun, Runs};
use super::vendor_name;
use crate::format::file_kind::FileKind;
use crate::format::file_name::{VendorKind, VendorName};
use crate::format::non_completed;
use crate::text::chunks::Workers;
pub(super) use compared::Inputs;
use compared::{ComparedRun, Disagreements};
pub(super) use known::Known;
use population::Population;

/// Compares the files of a set.
pub(super) fn compare(files: &[Examined<'_>], Runs { runs, strays }: &Runs, workers: &impl Workers) -> Vec<Finding> {
    let mut found = Disagreements::none(files.len());
    for index in strays {
        report_stray(files, *index, runs, &mut found);
    }
    let inputs = Inputs::of(files);
    if !runs.is_empty() {
        warn_of_several_inputs(files, &mut found);
    }
    let employees = inputs.employees.map_or(&[][..], |employees| employees.value);
    let mut by_id: Vec<u32> = (0..).zip(employees).map(|(position, _)| position).collect();
    by_id.sort_by_key(|position| employees[*position as usize].id);
    for run in runs {
        let of_run = ComparedRun::of(files, run);
        let known = Known::of(files, &inputs, run, runs.len());
        report_missing_files(files, run, &mut found);
        // The seed decides which employees a mix changes.
        let types_are_known = of_run.mix.is_none() || !known.is_contradicted();
        let employees = inputs.employees.filter(|_| types_are_known);
        let population = || employees.map(|employees| Population::new(employees, &by_id, of_run.mix));
        let rows = |found: &mut Disagreements| {
            let population = population();
            let population = population.as_ref();
            let of_rows: [&(dyn Fn(&mut Disagreements) + Sync); 6] = [
                &|found| completed_and_listed(&of_run, found),
                &|found| population.into_iter().for_each(|population| population::compare(&of_run, population, found)),
                &|found| catalogs::compare(&of_run, &inputs, &known, found),
                &|found| new_assignments::compare(&of_run, population, &known, workers, found),
                &|found| day_rules::compare(&of_run, population, &known, workers, found),
                &|found| {
                    if known.has_given_state {
                        state::compare(&of_run, &inputs, population, &known, found);
                    } else {
                        warn_of_other_state(files, run, &inputs, found);
                    }
                },
            ];
            compare_all(&of_rows, files.len(), workers, found);
        };
        // The digests of large files take about as long as all comparisons of rows.
        let record = |found: &mut Disagreements| record::compare(files, run, workers, found);
        let mut of_this_run = Disagreements::none(files.len());
        compare_all(&[&record, &rows], files.len(), workers, &mut of_this_run);
        consequences::drop_of_cut_file(&of_run, population, &mut of_this_run);
        if let Some(employees) = employees {
            many::report_types_once(&of_run, known.run_file, employees, &mut of_this_run);
        }
        consequences::drop_explained(&of_run, &mut of_this_run);
        if let Some(employees) = employees {
            many::report_missing_once(&of_run, employees, &mut of_this_run);
        }
        let _ = found.take(of_this_run);
    }
    days::compare(files, runs, &inputs, &mut found);
    let named = found.files.into_iter().zip(files);
    named.flat_map(|(findings, file)| findings.of_file(file.given.name)).collect()
}

/// Warns that the state tables are not compared with a run that may have been made from others. The later days of a series
/// have the state of the days before.
fn warn_of_other_state(files: &[Examined<'_>], run: &GivenRun, inputs: &Inputs<'_>, found: &mut Disagreements) {
    let record = run.recorded(files);
    let is_carried_on = record.is_some_and(RecordedRun::is_carried_on);
    let tables = [inputs.assignments_table.map(|table| table.name), inputs.completions_table.map(|table| table.name)];
    let names: Vec<&str> = tables.into_iter().flatten().collect();
    let Some(place) = run.files().next().filter(|_| !is_carried_on && !names.is_empty()) else { return };
    let why = if record.is_some() { "its run file does not name them" } else { "its run file is not given" };
    let text = format!(
        "not compared with {}: there are several runs, and {why}; check this run alone with the tables of its day",
        names.join(" and ")
    );
    found.files[place].warn(FindingKind::StateNotCompared, FindingDraft::from(text).file(names[0]));
}

/// Warns of inputs that are compared with no run because another one of their kind is given.
fn warn_of_several_inputs(files: &[Examined<'_>], found: &mut Disagreements) {
    for kind in [FileKind::Employees, FileKind::ContentAssignments, FileKind::ContentCompletion] {
        let is_compared =
            |index: &usize| !matches!(files[*index].facts, Facts::Nothing) && files[*index].checked.kind == kind;
        let mut of_kind = (0..files.len()).filter(is_compared);
        let Some(first) = of_kind.next() else { continue };
        let name = files[first].given.name;
        for other in of_kind {
            let text = format!(
                "neither this file nor {name} is compared with a run: a run has one of this kind; check with one of them"
            );
            found.files[other].warn(FindingKind::SeveralInputs, FindingDraft::from(text).file(name));
        }
    }
}

/// Makes comparisons, possibly several at the same time.
fn compare_all(
    comparisons: &[&(dyn Fn(&mut Disagreements) + Sync)],
    files: usize,
    workers: &impl Workers,
    found: &mut Disagreements,
) {
    let compare = |number: usize| {
        let mut found = Disagreements::none(files);
        comparisons[number](&mut found);
        found
    };
    workers.each(comparisons.len(), compare).into_iter().for_each(|part| _ = found.take(part));
}

fn report_stray(files: &[Examined<'_>], index: usize, runs: &[GivenRun], found: &mut Disagreements) {
    let Some((run, key)) = runs.first().and_then(|run| Some((run, run.key.as_ref()?))) else { return };
    let Some(own) = files[index].run.as_ref() else { return };
    let other = run.files().find(|other| files[*other].run.as_ref() == Some(key));
    let other = other.map_or("", |other| files[other].given.name);
    let mut differences = Vec::new();
    if own.date != key.date {
        differences.push(format!("the date {} where {other} has {}", own.date, key.date));
    }
    // A last part of another form is a finding already.
    if own.random != key.random && vendor_name::is_random_part(&own.random) {
        differences.push(format!("the last part {} where {other} has {}", own.random, key.random));
    }
    if differences.is_empty() {
        return;
    }
    let text = format!("its name has {}; the files of one run share date and last part", differences.join(" and "));
    found.add_to_file(index, FindingKind::OtherRun, FindingDraft::from(text).file(other));
}

/// Reports missing files. A run has three files; a missing one is a finding if two are given, or if the run file names
/// fewer. Files that the run file names are compared in `record`.
fn report_missing_files(files: &[Examined<'_>], run: &GivenRun, found: &mut Disagreements) {
    let given: Vec<usize> = run.feed().into_iter().flatten().collect();
    let record = run.record.zip(run.recorded(files).filter(|record| record.is_sound));
    let place = record.map(|(index, _)| index).or_else(|| given.first().copied().filter(|_| given.len() > 1));
    let Some(place) = place else { return };
    for (file, kind) in run.feed().into_iter().zip(GivenRun::FEED) {
        let is_named =
            record.is_some_and(|(_, record)| record.outputs.iter().any(|output| is_of_kind(&output.name, kind)));
        if file.is_none() && !is_named {
            let name =
                run.key.as_ref().map_or_else(|| kind.prefix().to_owned(), |key| kind.name(key.date, &key.random));
            let text = format!("{name} is missing; a run has this file too");
            found.add_to_file(place, FindingKind::MissingFile, FindingDraft::from(text).file(&name));
        }
    }
}

fn is_of_kind(name: &str, kind: VendorKind) -> bool {
    VendorName::parse(name).is_some_and(|name| name.kind == kind)
}

/// Checks that no completed pair is listed as open.
fn completed_and_listed(run: &ComparedRun<'_, '_>, found: &mut Disagreements) {
    let (Some(completions), Some(assignments)) = (run.completions, run.assignments) else { return };
    let mut completed = completions.value.pairs.iter().peekable();
    for pair in &assignments.value.pairs {
        while completed.next_if(|other| other.key() < pair.key()).is_some() {}
        let Some(other) = completed.peek().filter(|other| other.key() == pair.key()) else { continue };
        found.add(assignments, FindingKind::CompletedAndListed, pair, non_completed::CONTENT, |pair, content| {
            let text = format!(
                "employee {} has completed content {content} in {} line {}, so it is no longer open; take this row out",
                pair.employee(),
                completions.name,
                other.line
            );
            FindingDraft::from(text).file(completions.name).line(other.line).surplus()
        });
    }
}
