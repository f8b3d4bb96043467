//! Checks of new assignments: created at the opening of the shift, for the window of the week, of type Media, in the
//! order of the population. Trainings must be within the shift.

use rustc_hash::FxHashMap;

use super::compared::{ComparedRun, Disagreements, FileFacts};
use super::known::Known;
use super::population::{self, Population};
use crate::check::completions::{self, Training};
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::non_completed::{CONTENT_TYPE, CREATED, DUE, START};
use crate::check::pairs::{AssignmentValues, Pair, PairedRows, RowValues, UNKNOWN};
use crate::check::sorted::Search;
use crate::check::state_assignment::StateAssignment;
use crate::format::assignments_table::DEFAULT_CONTENT_TYPE;
use crate::format::non_completed::COLUMNS;
use crate::format::spelling::spelled_instant;
use crate::plan::calendar::Calendar;
use crate::text::chunks::Workers;
use crate::text::visible::quoted;

/// The columns of a new assignment's dates.
const DATES: [usize; 3] = [CREATED, START, DUE];

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
    if let (Some(file), Some(open)) = (run.assignments, known.assignments) {
        let mut open = Search::new(open, StateAssignment::pair);
        let new: Vec<&Pair> = file.value.pairs.iter().filter(|pair| !open.has(pair.key())).collect();
        let right = calendar.map_or_else(|| most_frequent_dates(file, &new), of_calendar);
        opens = opens.or(right[0]);
        let mut values = file.value.assignments();
        for pair in &new {
            values(pair).into_iter().for_each(|values| check_row(file, pair, values, right, found));
        }
        if let Some(population) = population {
            population::check_order(file, new, population, found);
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

fn check_row(
    file: FileFacts<'_, PairedRows<'_>>,
    pair: &Pair,
    values: &AssignmentValues,
    right: Dates,
    found: &mut Disagreements,
) {
    for ((is, should), column) in dates(values).into_iter().zip(right).zip(DATES) {
        let (Some(is), Some(should)) = (is, should) else { continue };
        if is != should {
            found.add(file, FindingKind::NewAssignmentDate, pair, column, |_, _| {
                let (name, is, should) = (COLUMNS[column], spelled_instant(is), spelled_instant(should));
                let text = format!("{name} of a new assignment is {is}; all new ones of this run have {should}");
                FindingDraft::from(text).value(is).expected(should)
            });
        }
    }
    let is_other = |text: &&str| *text != DEFAULT_CONTENT_TYPE;
    if let Some(other) = values.content_type.as_deref().filter(is_other) {
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
    let trainings = completions::trainings(&file.value.file, workers);
    let mut by_line = Search::new(&trainings, |training: &Training| training.line);
    for pair in &file.value.pairs {
        let Some(Training { started, completed, .. }) = by_line.of(pair.line).first().copied() else { continue };
        let mut outside = |column: usize, time: i64, text: &dyn Fn(&str) -> String| {
            found.add(file, FindingKind::OutsideShift, pair, column, |_, _| {
                let time = spelled_instant(time);
                FindingDraft::from(text(&time)).value(&time)
            });
        };
        if started < opens && started != UNKNOWN {
            outside(completions::STARTED, started, &|time| {
                format!("DateStarted {time} is before the shift, which opened at {}", spelled_instant(opens))
            });
        }
        if let Some(ends) = ends.filter(|ends| completed > *ends) {
            outside(completions::COMPLETED, completed, &|time| {
                format!("DateCompleted {time} is after the run, which was at {}", spelled_instant(ends))
            });
        }
    }
}
