//! Explanation of an employee's rows: every step from the line in employees.csv to the rows of the feed.
//!
//! This module decides nothing. It calls [`Simulation::employee_day`] and [`Simulation::employee_rows`], which also
//! make the feed. [`RowsOfOne`] has the rows of the input files, which a run does not keep: their line numbers, and
//! rows without effect. [`Explanation::sections`] turns the result into text.

mod explanation;
mod lookup;
mod sections;

use rustc_hash::FxHashMap;

pub use explanation::{
    AssignmentFate, ConflictFound, Dose, Explanation, FileRows, ListItem, NamedContent, PastAssignment, PastDay,
    RandomDraw, RecommendationFate, Recommender,
};
pub use lookup::{NotInRun, find};
pub use sections::{Section, SectionTable};

use crate::breakage::BreakList;
use crate::format::assignments_table::Assignment;
use crate::format::completions_table::PastCompletion;
use crate::format::employees::EmployeeType;
use crate::format::instant::{instant_text, seconds_text};
use crate::inputs::rows_of_one::RowsOfOne;
use crate::inputs::state::{CompletedContent, OpenAssignment};
use crate::rules::day::EmployeeDay;
use crate::rules::manager::{Conflict, shared_with};
use crate::rules::training::{DropReason, Item, Training};
use crate::run::detail::recommended_names;
use crate::run::simulation::Simulation;

/// Data that a simulation does not keep: the employee's rows of the input files, with their lines, and the faults made in
/// the feed. Without a file, its rows are explained without their lines.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a> {
    /// The file of employees: its name and its bytes.
    pub employees: Option<(&'a str, &'a [u8])>,
    /// The rows of the employee.
    pub rows: RowsOfOne,
    /// The faults that were made in the feed on purpose, if any.
    pub breaks: Option<&'a BreakList>,
}

/// Explains the employee at a position in employees.csv (see [`find`]).
///
/// # Panics
/// If there is no such position.
#[must_use]
pub fn explain(simulation: &Simulation, position: usize, sources: &Sources<'_>) -> Explanation {
    let day = simulation.employee_day(position);
    let explainer = Explainer { simulation, day: &day, recommended: recommended_names(&day) };
    let calendar = simulation.calendar();
    Explanation {
        employee_id: day.employee.id,
        employee_type: day.employee.kind,
        type_before_mix: explainer.type_before_mix(sources.rows.kind),
        population: simulation.settings().population,
        line: day.employee.line,
        employees_file: lookup::shown_file(sources.employees),
        line_text: sources.employees.and_then(|(_, bytes)| lookup::line_text(bytes, day.employee.line)),
        given_tables: simulation.inputs().given_tables,
        assigned_before: explainer.assigned_before(&sources.rows.assignments),
        completed_before: explainer.completed_before(&sources.rows.completions),
        conflict: day.new.conflict.map(|(reason, content_id)| explainer.conflict(reason, content_id)),
        daily_doses: explainer.daily_doses(),
        random_content: RandomDraw {
            drawn: day.new.random.map(|content_id| explainer.named(content_id)),
            remaining: day.new.remaining,
            of: simulation.inputs().catalog.others.len(),
        },
        recommender: Recommender {
            asked: simulation.inputs().recommendations_given,
            failed_call: day.failed_call.map(str::to_owned),
            recommendations: explainer.recommendations(),
        },
        list: explainer.list(),
        shift_opens: instant_text(calendar.shift.opens),
        now: instant_text(calendar.now),
        seed: simulation.settings().seed,
        rows: explainer.rows(position),
        breaks: sources.breaks.cloned().unwrap_or_default(),
    }
}

/// The run and the employee's day, from which the parts of the explanation are made.
struct Explainer<'a> {
    simulation: &'a Simulation,
    day: &'a EmployeeDay<'a>,
    recommended: FxHashMap<u64, &'a str>,
}

impl Explainer<'_> {
    fn named(&self, content_id: u64) -> NamedContent {
        let name = self.simulation.inputs().catalog.name(content_id);
        let name = name.or_else(|| self.recommended.get(&content_id).copied());
        NamedContent { content_id, content_name: name.map(str::to_owned) }
    }

    fn type_before_mix(&self, kind: Option<EmployeeType>) -> Option<EmployeeType> {
        kind.filter(|kind| self.simulation.settings().mix.is_some() && *kind != self.day.employee.kind)
    }

    /// The employee's rows of the table, if it was given, then the assignments that are open since earlier days of a
    /// series.
    fn assigned_before(&self, rows: &[Assignment]) -> Vec<PastAssignment> {
        let mut explained = Vec::with_capacity(rows.len());
        let mut open_found = Vec::new();
        // Of equal rows the later counts, so the last is looked at first.
        for row in rows.iter().rev() {
            let line = row.line;
            let row = OpenAssignment::from(row.clone());
            let fate = if self.day.open.contains(&row) && !open_found.contains(&row.content_id) {
                open_found.push(row.content_id);
                AssignmentFate::Open
            } else if crate::inputs::state::is_completed(self.day.history, row.content_id) {
                AssignmentFate::Completed
            } else {
                AssignmentFate::Superseded
            };
            explained.push(self.past_assignment(&row, Some(line), fate));
        }
        explained.reverse();
        let others = self.day.open.iter().filter(|open| !open_found.contains(&open.content_id));
        explained.extend(others.map(|open| self.past_assignment(open, None, AssignmentFate::Open)));
        explained
    }

    fn past_assignment(&self, row: &OpenAssignment, line: Option<u32>, fate: AssignmentFate) -> PastAssignment {
        let is_open_dose =
            fate == AssignmentFate::Open && self.simulation.inputs().catalog.is_daily_dose(row.content_id);
        PastAssignment {
            line,
            content: self.named(row.content_id),
            assigned: instant_text(row.assigned),
            begin: instant_text(row.begin),
            due: instant_text(row.due),
            seconds_in_week: is_open_dose.then(|| self.seconds_in_week(row)),
            fate,
        }
    }

    /// Rounded up to whole seconds, so that anything above a day stays above a day.
    fn seconds_in_week(&self, open: &OpenAssignment) -> i64 {
        let shared = shared_with(&self.simulation.calendar().week, open);
        shared.num_seconds() + i64::from(shared.subsec_nanos() > 0)
    }

    /// The employee's rows of the table, if it was given, then the completions of earlier days of a series.
    fn completed_before(&self, rows: &[PastCompletion]) -> Vec<PastDay> {
        let past_day = |line, content: CompletedContent| PastDay {
            line,
            content: self.named(content.content_id),
            day: content.day.to_string(),
            is_daily_dose: self.simulation.inputs().catalog.is_daily_dose(content.content_id),
        };
        let content = |row: &PastCompletion| CompletedContent { content_id: row.content_id, day: row.day };
        let others = self.day.history.iter().filter(|past| !rows.iter().any(|row| content(row) == **past));
        let others = others.map(|past| past_day(None, *past));
        rows.iter().map(|row| past_day(Some(row.line), content(row))).chain(others).collect()
    }

    fn conflict(&self, reason: Conflict, content_id: u64) -> ConflictFound {
        let week = &self.simulation.calendar().week;
        let open = self.day.open.iter().find(|open| open.content_id == content_id);
        let open = open.filter(|_| reason == Conflict::OpenThisWeek);
        let completed = self.day.history.iter().find(|past| past.content_id == content_id && past.day >= week.monday);
        let completed = completed.filter(|_| reason == Conflict::CompletedThisWeek);
        let span = open.map(|open| vec![instant_text(open.begin), instant_text(open.due)]);
        ConflictFound {
            reason,
            content: self.named(content_id),
            when: span.or_else(|| completed.map(|past| vec![past.day.to_string()])).unwrap_or_default(),
            seconds_in_week: open.map(|open| self.seconds_in_week(open)),
            monday: week.monday.to_string(),
            sunday: week.sunday.to_string(),
        }
    }

    fn daily_doses(&self) -> Vec<Dose> {
        let new = &self.day.new;
        let dose = |content_id: &u64| Dose {
            content: self.named(*content_id),
            given: new.doses.contains(content_id),
            left_out: new.left_out.iter().find(|(left_out, _)| left_out == content_id).map(|(_, why)| *why),
        };
        self.simulation.inputs().catalog.chosen_doses.iter().map(dose).collect()
    }

    fn recommendations(&self) -> Vec<RecommendationFate> {
        let list = &self.day.list;
        let fate = |(position, content_id): (usize, u64)| {
            let dropped = list.dropped.iter().find(|(one, _)| *one == position).map(|(_, why)| *why);
            let today = self.simulation.calendar().today;
            let past = self.day.history.iter().filter(|past| past.content_id == content_id && past.day <= today);
            let last = past.map(|past| past.day).max().filter(|_| dropped == Some(DropReason::CompletedRecently));
            RecommendationFate {
                content: self.named(content_id),
                dropped,
                place: list.items.iter().position(|item| item.content_id == content_id).map(|index| index + 1),
                completed_on: last.map(|day| day.to_string()),
            }
        };
        self.day.recommendations.iter().map(|one| one.content_id).enumerate().map(fate).collect()
    }

    fn list(&self) -> Vec<ListItem> {
        let trainings = self.day.trainings.iter().map(Some).chain(std::iter::repeat(None));
        let item = |(item, training): (&Item, Option<&Training>)| ListItem {
            content: self.named(item.content_id),
            origin: item.origin,
            source: item.origin.source(),
            done: training.map(|done| (seconds_text(done.started), seconds_text(done.completed))),
        };
        self.day.list.items.iter().zip(trainings).map(item).collect()
    }

    fn rows(&self, position: usize) -> Vec<FileRows> {
        let names = self.simulation.file_names();
        let rows = self.simulation.employee_rows(position);
        let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).split_terminator('\n').map(str::to_owned).collect();
        vec![
            FileRows { file: names.completions, rows: lines(&rows.completions) },
            FileRows { file: names.assignments, rows: lines(&rows.assignments) },
        ]
    }
}
