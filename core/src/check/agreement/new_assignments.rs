//! Checks of new assignments: created at the opening of the shift, for the window of the week, of type Media, in the
//! order of the population. Trainings must be within the shift.

use rustc_hash::FxHashMap;

use super::compared::{ComparedRun, Disagreements, FileFacts};
use super::known::Known;
use super::population::{self, Population};
use crate::check::completions::{Training, trainings};
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::pairs::{AssignmentValues, Pair, PairedRows, RowValues, UNKNOWN};
use crate::check::sorted::Search;
use crate::check::state_assignment::StateAssignment;
use crate::format::assignments_table::DEFAULT_CONTENT_TYPE;
use crate::format::completions::{COMPLETED, STARTED};
use crate::format::instant::seconds_text;
use crate::format::non_completed::{COLUMNS, CONTENT_TYPE, CREATED, DUE, START};
use crate::plan::calendar::Calendar;
use crate::text::chunks::Workers;
use crate::text::visible::quoted;
use crate::text::words::grouped;

/// The columns of a new assignment's dates.
const DATES: [usize; 3] = [CREATED, START, DUE];

/// So many new assignments with wrong dates are each a finding in any case.
const FEW: usize = 4;

/// Compares the new assignments of a run with each other and with its calendar, if it is known which ones are new.
pub(super) fn compare(
    run: &ComparedRun<'_, '_>,
    population: Option<&Population<'_>>,
    known: &Known<'_>,
    workers: &impl Workers,
    found: &mut Disagreements,
) {
    let calendar = known.calendar();
    let mut opens = calendar.map(|calendar| calendar.shift.opens.timestamp());
    if let (Some(file), Some(table)) = (run.assignments, known.assignments) {
        let mut open = Search::new(table, StateAssignment::pair);
        let new: Vec<&Pair> = file.value.pairs.iter().filter(|pair| !open.has(pair.key())).collect();
        let right = calendar.map_or_else(|| most_frequent_dates(file, &new), of_calendar);
        opens = opens.or(right[0]);
        let mut values = file.value.assignments();
        let wrong: Vec<(&Pair, &AssignmentValues)> = new
            .iter()
            .filter_map(|pair| Some((*pair, values(pair)?)))
            .filter(|(_, values)| wrong_dates(values, right).next().is_some() || other_type(values).is_some())
            .collect();
        let dated = || wrong.iter().filter(|(_, values)| wrong_dates(values, right).next().is_some());
        match known.run_file.filter(|_| calendar.is_some() && dated().count() > (new.len() / 2).max(FEW)) {
            Some(run_file) => report_other_calendar(file, dated(), right, run_file, found),
            None => wrong.iter().for_each(|(pair, values)| report_row(file, pair, values, right, found)),
        }
        if let Some(population) = population {
            let last_open = || {
                let mut open = Search::new(table, StateAssignment::pair);
                let lines = file.value.pairs.iter().filter(|pair| open.has(pair.key())).map(|pair| pair.line);
                lines.max().unwrap_or_default()
            };
            population::check_order(file, new, population, last_open, found);
        }
    }
    if let (Some(file), Some(opens)) = (run.completions, opens) {
        check_shift(file, opens, calendar, workers, found);
    }
}

/// The instants of creation, start and due of new assignments, in seconds since 1970-01-01T00:00:00Z; `None` if
/// unknown.
type Dates = [Option<i64>; 3];

fn of_calendar(calendar: Calendar) -> Dates {
    [calendar.shift.opens, calendar.window.start, calendar.window.due].map(|instant| Some(instant.timestamp()))
}

fn most_frequent_dates(file: FileFacts<'_, PairedRows<'_>>, new: &[&Pair]) -> Dates {
    let mut counts: [FxHashMap<i64, usize>; 3] = Default::default();
    let mut values = file.value.assignments();
    for pair in new {
        let Some(values) = values(pair) else { continue };
        for (counts, date) in counts.iter_mut().zip(dates(values)) {
            if let Some(date) = date {
                *counts.entry(date).or_default() += 1;
            }
        }
    }
    counts.map(|counts| counts.into_iter().map(|(date, count)| (count, date)).max().map(|(_, date)| date))
}

fn dates(values: &AssignmentValues) -> Dates {
    values.dates.map(|date| Some(date).filter(|date| *date != UNKNOWN))
}

/// The dates that are known to be wrong: each with its column, and the right one.
fn wrong_dates(values: &AssignmentValues, right: Dates) -> impl Iterator<Item = (usize, i64, i64)> {
    let all = DATES.into_iter().zip(dates(values)).zip(right);
    all.filter_map(|((column, is), should)| Some((column, is?, should?))).filter(|(_, is, should)| is != should)
}

/// The content type, if it is another one than that of new assignments.
fn other_type(values: &AssignmentValues) -> Option<&str> {
    values.content_type.as_deref().filter(|text| *text != DEFAULT_CONTENT_TYPE)
}

/// Reports new assignments most of which have other dates than the calendar of the run file as one finding.
fn report_other_calendar<'p>(
    file: FileFacts<'_, PairedRows<'_>>,
    wrong: impl Iterator<Item = &'p (&'p Pair, &'p AssignmentValues)> + Clone,
    right: Dates,
    run_file: &str,
    found: &mut Disagreements,
) {
    let number = grouped(wrong.clone().count());
    let Some((pair, values)) = wrong.min_by_key(|(pair, _)| pair.line) else { return };
    let Some((column, is, should)) = wrong_dates(values, right).next() else { return };
    found.add(file, FindingKind::NewAssignmentDate, pair, column, |_, _| {
        let (name, is, should) = (COLUMNS[column], seconds_text(is), seconds_text(should));
        let text = format!(
            "{number} new assignments have other dates than now and time_zone in {run_file} give, this one first: its {name} is \
             {is}, not {should}. Either these rows or the run file were changed"
        );
        FindingDraft::from(text).value(is).expected(should).file(run_file)
    });
}

fn report_row(
    file: FileFacts<'_, PairedRows<'_>>,
    pair: &Pair,
    values: &AssignmentValues,
    right: Dates,
    found: &mut Disagreements,
) {
    for (column, is, should) in wrong_dates(values, right) {
        found.add(file, FindingKind::NewAssignmentDate, pair, column, |_, _| {
            let (name, is, should) = (COLUMNS[column], seconds_text(is), seconds_text(should));
            let text = format!("{name} of a new assignment is {is}; all new ones of this run have {should}");
            FindingDraft::from(text).value(is).expected(should)
        });
    }
    if let Some(other) = other_type(values) {
        found.add(file, FindingKind::NewAssignmentType, pair, CONTENT_TYPE, |_, _| {
            let text =
                format!("ContentType of a new assignment is {}; new ones are {DEFAULT_CONTENT_TYPE}", quoted(other));
            FindingDraft::from(text).value(other).expected(DEFAULT_CONTENT_TYPE)
        });
    }
}

/// Checks that trainings are between the opening of the shift and its end.
fn check_shift(
    file: FileFacts<'_, PairedRows<'_>>,
    opens: i64,
    calendar: Option<Calendar>,
    workers: &impl Workers,
    found: &mut Disagreements,
) {
    let ends = calendar.map(|calendar| calendar.now.timestamp());
    let RowValues::Trainings([first_start, last_end]) = file.value.values else { return };
    if first_start >= opens && ends.is_none_or(|ends| last_end <= ends) {
        return;
    }
    let trainings = trainings(&file.value.file, workers);
    let mut by_line = Search::new(&trainings, |training: &Training| training.line);
    for pair in &file.value.pairs {
        let Some(Training { started, completed, .. }) = by_line.of(pair.line).first().copied() else { continue };
        let mut outside = |column: usize, time: i64, text: &dyn Fn(&str) -> String| {
            found.add(file, FindingKind::OutsideShift, pair, column, |_, _| {
                let time = seconds_text(time);
                FindingDraft::from(text(&time)).value(&time)
            });
        };
        if started < opens && started != UNKNOWN {
            outside(STARTED, started, &|time| {
                format!("DateStarted {time} is before the shift, which opened at {}", seconds_text(opens))
            });
        }
        if let Some(ends) = ends.filter(|ends| completed > *ends) {
            outside(COMPLETED, completed, &|time| {
                format!("DateCompleted {time} is after the run, which was at {}", seconds_text(ends))
            });
        }
    }
}
