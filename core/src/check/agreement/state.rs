//! Comparison of a run with the state before it: an open assignment is completed, or listed with the same dates; a pair
//! that was completed before is not listed.

use chrono::Days;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compared::{ComparedRun, Disagreements, Inputs, Stated};
use super::known::Known;
use crate::check::completions;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::non_completed::{CONTENT, CONTENT_TYPE, CREATED, DUE, START};
use crate::check::pairs::{Pair, PairedRows};
use crate::format::assignments_table::{self, Assignment};
use crate::format::completions_table::PastCompletion;
use crate::format::identifier::{content_id_text, parse_rewritten_id};
use crate::format::instant::instant_text;
use crate::format::non_completed::COLUMNS;
use crate::format::spelling;
use crate::format::table::TableReader;
use crate::rules::training::RECENT_DAYS;
use crate::text::visible::quoted;

/// Compares a run with the state tables. A row of `content_assignments` is open unless `content_completion` has its
/// pair.
pub(super) fn compare(run: &ComparedRun<'_, '_>, inputs: &Inputs<'_>, known: &Known<'_>, found: &mut Disagreements) {
    let past = inputs.completions_table;
    let completed: FxHashSet<(u64, u64)> =
        past.iter().flat_map(|table| table.value).map(|row| (row.ba_id, row.content_id)).collect();
    if let Some(past) = past {
        check_past(run, past, &completed, found);
    }
    let (Some(table), Some(assignments)) = (inputs.assignments_table, run.assignments) else { return };
    let mut missing = FxHashSet::default();
    let mut listed = Vec::new();
    for open in open_assignments(table.value, &completed) {
        if let Some(pair) = assignments.value.find(open.ba_id, open.content_id) {
            compare_dates(assignments, pair, open, table.name, found);
            listed.push((pair, open));
        } else if known.completions.is_some() && is_unaccounted(run, inputs, open) {
            missing.insert((open.ba_id, open.content_id));
        }
    }
    if known.assignments.is_some() {
        check_order(assignments, listed, found);
    }
    if !missing.is_empty() {
        report_missing(run, inputs, table, &missing, found);
    }
}

/// Checks that assignments from before the run come first, sorted by employee, due, begin and content.
fn check_order(file: Stated<'_, PairedRows<'_>>, mut listed: Vec<(&Pair, &Assignment)>, found: &mut Disagreements) {
    let lines: FxHashSet<u32> = listed.iter().map(|(pair, _)| pair.line).collect();
    let first_new = file.value.pairs.iter().map(|pair| pair.line).filter(|line| !lines.contains(line)).min();
    listed.sort_by_key(|(pair, _)| pair.line);
    let rank = |open: &Assignment| (open.ba_id, open.due, open.begin, open.content_id);
    for (pair, _) in listed.iter().filter(|(pair, _)| first_new.is_some_and(|new| new < pair.line)) {
        found.add(file, FindingKind::OpenOrder, pair, CONTENT, |pair, content| {
            let (employee, new) = (pair.employee, first_new.unwrap_or_default());
            format!(
                "employee {employee} had content {content} open before the run, but it stands after the new assignment \
                 of line {new}; open ones come first"
            )
        });
    }
    for ((earlier, before), (later, after)) in listed.iter().zip(listed.iter().skip(1)) {
        if rank(after) < rank(before) {
            found.add(file, FindingKind::OpenOrder, later, CONTENT, |pair, content| {
                format!(
                    "the open assignment of content {content} to employee {} belongs before that of line {}; they stand \
                     by employee, due, begin and content",
                    pair.employee, earlier.line
                )
            });
        }
    }
}

/// Checks that nothing completed before is listed, and that no recently completed recommendation is completed again.
fn check_past(
    run: &ComparedRun<'_, '_>,
    past: Stated<'_, [PastCompletion]>,
    completed: &FxHashSet<(u64, u64)>,
    found: &mut Disagreements,
) {
    if let Some(file) = run.assignments {
        for pair in file.value.pairs.iter().filter(|pair| completed.contains(&pair.key())) {
            found.add(file, FindingKind::CompletedBefore, pair, CONTENT, |pair, content| {
                let text = format!(
                    "employee {} completed content {content} before, as {} says, so it is not open; take this row out",
                    pair.employee, past.name
                );
                FindingDraft::from(text).file(past.name)
            });
        }
    }
    let (Some(file), Some(date)) = (run.completions, run.date) else { return };
    let Some(since) = date.checked_sub_days(Days::new(RECENT_DAYS)) else { return };
    let lately = past.value.iter().filter(|row| (since..=date).contains(&row.day));
    let lately: FxHashMap<(u64, u64), chrono::NaiveDate> =
        lately.map(|row| ((row.ba_id, row.content_id), row.day)).collect();
    for pair in &file.value.pairs {
        let Some(day) = lately.get(&pair.key()) else { continue };
        found.add(file, FindingKind::CompletedBefore, pair, completions::CONTENT, |pair, content| {
            let text = format!(
                "employee {} completed content {content} on {day}, as {} says; it is not done again on that day or in \
                 the {RECENT_DAYS} days after",
                pair.employee, past.name
            );
            FindingDraft::from(text).file(past.name)
        });
    }
}

/// The open assignments: of rows with the same pair, the one with the latest assignment date, of equal dates the later
/// row.
fn open_assignments<'t>(rows: &'t [Assignment], completed: &FxHashSet<(u64, u64)>) -> Vec<&'t Assignment> {
    let mut open: Vec<&Assignment> =
        rows.iter().filter(|row| !completed.contains(&(row.ba_id, row.content_id))).collect();
    open.sort_by_key(|row| (row.ba_id, row.content_id, row.assigned));
    let groups = open.chunk_by(|a, b| (a.ba_id, a.content_id) == (b.ba_id, b.content_id));
    groups.filter_map(<[_]>::last).copied().collect()
}

/// True if an open assignment should be listed but is not: its employee is in the run and has not completed it there.
fn is_unaccounted(run: &ComparedRun<'_, '_>, inputs: &Inputs<'_>, open: &Assignment) -> bool {
    let Some(completions) = run.completions else { return false };
    if run.is_unread(open.ba_id) {
        return false;
    }
    let is_of_run = inputs.employees.is_some() || run.each().any(|file| file.value.has_employee(open.ba_id));
    is_of_run && completions.value.find(open.ba_id, open.content_id).is_none()
}

fn compare_dates(
    file: Stated<'_, PairedRows<'_>>,
    pair: &Pair,
    open: &Assignment,
    table: &str,
    found: &mut Disagreements,
) {
    let wanted = [(CREATED, open.assigned), (START, open.begin), (DUE, open.due)];
    let mut differs = |column: usize, is: &str, should: &str| {
        found.add(file, FindingKind::ChangedAssignment, pair, column, |_, _| {
            let (shown_is, right) = (quoted(is), quoted(should));
            let text = format!("{} is {shown_is}, but {table} has {right} for this open assignment", COLUMNS[column]);
            FindingDraft::from(text).value(is).expected(should).file(table)
        });
    };
    for (column, instant) in wanted {
        let seconds = file.value.instant(pair, column);
        if let Some(seconds) = seconds.filter(|seconds| *seconds != instant.timestamp()) {
            differs(column, &spelling::spelled(seconds), &instant_text(instant));
        }
    }
    // Text that is not UTF-8 is already a finding.
    let is_other = |text: &&str| **text != *open.content_type && !text.contains(char::REPLACEMENT_CHARACTER);
    if let Some(text) = file.value.content_type(pair).filter(is_other) {
        differs(CONTENT_TYPE, text, &open.content_type);
    }
}

/// Reports open assignments that are missing in the run, at their rows of the state table.
fn report_missing(
    run: &ComparedRun<'_, '_>,
    inputs: &Inputs<'_>,
    table: Stated<'_, [Assignment]>,
    missing: &FxHashSet<(u64, u64)>,
    found: &mut Disagreements,
) {
    let population: Option<FxHashSet<u64>> =
        inputs.employees.map(|employees| employees.value.iter().map(|employee| employee.id).collect());
    let names: Vec<&str> = run.each().map(|file| file.name).collect();
    let names = names.join(" and ");
    let Some(source) = inputs.assignments_source else { return };
    let bytes = source.whole();
    let Ok(mut rows) = TableReader::open(&bytes, assignments_table::COLUMNS, false) else { return };
    let mut reported = FxHashSet::default();
    while let Some(row) = rows.next_row() {
        let (Some(employee), Some(content)) = (parse_rewritten_id(row.value(0)), parse_rewritten_id(row.value(1)))
        else {
            continue;
        };
        let is_of_run = population.as_ref().is_none_or(|ids| ids.contains(&employee));
        if !is_of_run || !missing.contains(&(employee, content)) || !reported.insert((employee, content)) {
            continue;
        }
        found.files[table.index].add(FindingKind::LostAssignment, row.line(), || {
            let text = format!(
                "employee {employee} has content {} open here, but it is neither completed nor listed in {names}; it \
                 must be one of the two",
                content_id_text(content)
            );
            FindingDraft::from((row.place(0), text)).employee(employee).content(content)
        });
    }
}
