//! Comparison of a run with the state before it: an open assignment is completed, or listed with the same dates; a pair
//! that was completed before is not listed.

use chrono::Days;
use rustc_hash::FxHashSet;

use super::compared::{ComparedRun, Disagreements, FileFacts, Inputs};
use super::known::Known;
use super::population::Population;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::misplaced::{Misplaced, misplaced};
use crate::check::pairs::{Pair, PairedRows, UNKNOWN};
use crate::check::sorted::{Search, sort_by_line};
use crate::check::state_assignment::StateAssignment;
use crate::format::completions_table::PastCompletion;
use crate::format::identifier::{content_id_text, parse_rewritten_id};
use crate::format::instant::{instant_text, seconds_text};
use crate::format::non_completed::{COLUMNS, CONTENT, CONTENT_TYPE, CREATED, DUE, START};
use crate::format::table::TableReader;
use crate::format::{assignments_table, completions};
use crate::rules::training::RECENT_DAYS;
use crate::text::visible::quoted;

/// Compares a run with the state tables. A row of `content_assignments` is open unless `content_completion` has its
/// pair.
pub(super) fn compare(
    run: &ComparedRun<'_, '_>,
    inputs: &Inputs<'_>,
    population: Option<&Population<'_>>,
    known: &Known<'_>,
    found: &mut Disagreements,
) {
    let past = inputs.completions_table;
    if let Some(past) = past {
        check_past(run, past, found);
    }
    let (Some(table), Some(assignments)) = (inputs.assignments_table, run.assignments) else { return };
    let mut missing = Vec::new();
    let mut listed = Vec::new();
    let mut pairs = Search::new(&assignments.value.pairs, Pair::key);
    let mut completed = run.completions.map(|file| Search::new(&file.value.pairs, Pair::key));
    let mut members = population.map(Population::members);
    let mut is_of_run = |employee: u64| match &mut members {
        Some(member) => member(employee).is_some(),
        None => run.each().any(|file| file.value.has_employee(employee)),
    };
    for open in open_assignments(table.value, past.map_or(&[], |past| past.value)) {
        if let Some(pair) = pairs.of(open.pair()).first() {
            compare_dates(assignments, pair, open, table.name, found);
            listed.push((pair, open));
        } else if known.completions.is_some()
            && let Some(completed) = &mut completed
            && !run.is_unread(open.ba_id)
            && is_of_run(open.ba_id)
            && !completed.has(open.pair())
        {
            missing.push(open.pair());
        }
    }
    if known.assignments.is_some() {
        check_order(assignments, listed, population, found);
    }
    if !missing.is_empty() {
        report_missing(run, inputs, &missing, found);
    }
}

/// Checks that assignments from before the run come first, sorted by employee, due, begin and content.
fn check_order(
    file: FileFacts<'_, PairedRows<'_>>,
    mut listed: Vec<(&Pair, &StateAssignment)>,
    population: Option<&Population<'_>>,
    found: &mut Disagreements,
) {
    let mut old = Search::new(&listed, |(pair, _): &(&Pair, _)| pair.key());
    let mut rows: Vec<(&Pair, Option<&StateAssignment>)> = Vec::new();
    let last = listed.iter().map(|(pair, _)| pair.line).max().unwrap_or_default();
    let mut members = population.map(Population::members);
    let mut is_of_run = |pair: &&Pair| members.as_mut().is_none_or(|member| member(pair.employee()).is_some());
    let is_early = |pair: &&Pair| pair.line < last;
    let new = file.value.pairs.iter().filter(is_early).filter(|pair| !old.has(pair.key()));
    rows.extend(new.filter(|pair| is_of_run(pair)).map(|pair| (pair, None)));
    sort_by_line(&mut listed, |(pair, _)| pair.employee(), |(pair, _)| pair.line);
    let rank = |open: &StateAssignment| (open.ba_id, open.terms.due, open.terms.begin, open.content_id);
    if rows.is_empty() && listed.is_sorted_by_key(|(_, open)| rank(open)) {
        return;
    }
    rows.extend(listed.into_iter().map(|(pair, open)| (pair, Some(open))));
    rows.sort_unstable_by_key(|(pair, _)| pair.line);
    // New assignments come after all open ones.
    let keys: Vec<_> = rows.iter().map(|(_, open)| (open.is_none(), open.map(rank))).collect();
    for Misplaced { at, other } in misplaced(&keys) {
        let (pair, open) = rows[at];
        let (other, other_open) = rows[other];
        found.add(file, FindingKind::OpenOrder, pair, CONTENT, |pair, content| {
            let (employee, line) = (pair.employee(), other.line);
            let side = if line < pair.line { "before" } else { "after" };
            let text = match (open, other_open) {
                (None, _) => format!(
                    "the new assignment of content {content} to employee {employee} stands before the open one of line \
                     {line}; open ones come first"
                ),
                (Some(_), None) => format!(
                    "employee {employee} had content {content} open before the run, but it stands after the new \
                     assignment of line {line}; open ones come first"
                ),
                (Some(_), Some(_)) => format!(
                    "the open assignment of content {content} to employee {employee} belongs {side} that of line {line}; \
                     they stand by employee, due, begin and content"
                ),
            };
            let found = FindingDraft::from(text).line(line);
            if open.is_none() { found.surplus() } else { found }
        });
    }
}

/// Checks that nothing completed before is listed, and that no recently completed recommendation is completed again.
fn check_past(run: &ComparedRun<'_, '_>, past: FileFacts<'_, [PastCompletion]>, found: &mut Disagreements) {
    if let Some(file) = run.assignments {
        let mut completed = Search::new(past.value, PastCompletion::pair);
        for pair in file.value.pairs.iter().filter(|pair| completed.has(pair.key())) {
            found.add(file, FindingKind::CompletedBefore, pair, CONTENT, |pair, content| {
                let text = format!(
                    "employee {} completed content {content} before, as {} says, so it is not open; take this row out",
                    pair.employee(),
                    past.name
                );
                FindingDraft::from(text).file(past.name).surplus()
            });
        }
    }
    let (Some(file), Some(date)) = (run.completions, run.date) else { return };
    let Some(since) = date.checked_sub_days(Days::new(RECENT_DAYS)) else { return };
    let mut completed = Search::new(past.value, PastCompletion::pair);
    for pair in &file.value.pairs {
        let days = completed.of(pair.key()).iter().rev().map(|row| row.day);
        let Some(day) = days.into_iter().find(|day| (since..=date).contains(day)) else { continue };
        found.add(file, FindingKind::CompletedBefore, pair, completions::CONTENT, |pair, content| {
            let text = format!(
                "employee {} completed content {content} on {day}, as {} says; it is not done again on that day or in \
                 the {RECENT_DAYS} days after",
                pair.employee(),
                past.name
            );
            FindingDraft::from(text).file(past.name).surplus()
        });
    }
}

/// The open assignments: of rows with the same pair, the one with the latest assignment date, of equal dates the later
/// row.
fn open_assignments<'t>(
    rows: &'t [StateAssignment],
    past: &[PastCompletion],
) -> impl Iterator<Item = &'t StateAssignment> {
    let mut completed = Search::new(past, PastCompletion::pair);
    let groups = rows.chunk_by(|a, b| a.pair() == b.pair()).filter(move |rows| !completed.has(rows[0].pair()));
    // `max_by_key` returns the last of equal rows.
    groups.filter_map(|rows| rows.iter().max_by_key(|row| row.assigned))
}

fn compare_dates(
    file: FileFacts<'_, PairedRows<'_>>,
    pair: &Pair,
    open: &StateAssignment,
    table: &str,
    found: &mut Disagreements,
) {
    let Some(is) = file.value.assignment(pair) else { return };
    let wanted = [(CREATED, open.assigned), (START, open.terms.begin), (DUE, open.terms.due)];
    let mut differs = |column: usize, is: &str, should: &str| {
        found.add(file, FindingKind::ChangedAssignment, pair, column, |_, _| {
            let (shown_is, right) = (quoted(is), quoted(should));
            let text = format!("{} is {shown_is}, but {table} has {right} for this open assignment", COLUMNS[column]);
            FindingDraft::from(text).value(is).expected(should).file(table)
        });
    };
    for ((column, instant), seconds) in wanted.into_iter().zip(is.dates) {
        if seconds != UNKNOWN && seconds != instant.timestamp() {
            differs(column, &seconds_text(seconds), &instant_text(instant));
        }
    }
    let is_other = |text: &&str| **text != *open.terms.content_type;
    if let Some(text) = is.content_type.as_deref().filter(is_other) {
        differs(CONTENT_TYPE, text, &open.terms.content_type);
    }
}

/// Reports open assignments that are missing in the run, at their rows of the state table.
fn report_missing(run: &ComparedRun<'_, '_>, inputs: &Inputs<'_>, missing: &[(u64, u64)], found: &mut Disagreements) {
    let Some(table) = inputs.assignments_table else { return };
    let mut missing = Search::new(missing, |pair| *pair);
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
        if !missing.has((employee, content)) || !reported.insert((employee, content)) {
            continue;
        }
        found.files[table.index].add(FindingKind::LostAssignment, row.line(), || {
            let text = format!(
                "employee {employee} has content {} open here, but it is neither completed nor listed in {names}; it \
                 must be one of the two",
                content_id_text(content)
            );
            FindingDraft::from((row.place(0), text)).employee(employee).content(content).missing()
        });
    }
}
