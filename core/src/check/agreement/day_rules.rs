//! Comparison of a run with the rules: each employee has the day's Daily Doses unless there is a conflict, one random
//! content if one remains, and the completions of the type.
//!
//! It needs the population, the contents and both state tables. With the run file, the expected Daily Doses and random
//! contents are known exactly.

use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use super::compared::{ComparedRun, Disagreements, FileFacts};
use super::known::Known;
use super::population::Population;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::misplaced::{Misplaced, misplaced};
use crate::check::pairs::{Pair, PairedRows};
use crate::check::sorted::Search;
use crate::check::state_assignment::StateAssignment;
use crate::format::completions_table::PastCompletion;
use crate::format::employees::{Employee, EmployeeType};
use crate::format::identifier::content_id_text;
use crate::format::{completions, non_completed};
use crate::inputs::catalog::Catalog;
use crate::inputs::employee_index::EmployeeIndex;
use crate::inputs::state::{CompletedContent, OpenAssignment, State, is_completed};
use crate::plan::calendar::Calendar;
use crate::plan::draw::{Draw, Purpose};
use crate::rules::manager::{NewAssignments, assign, others_remaining};
use crate::rules::training::was_completed_recently;
use crate::text::chunks::Workers;
use crate::text::problem::Place;

/// Compares the new assignments and completions of each employee with the rules.
pub(super) fn compare(
    run: &ComparedRun<'_, '_>,
    population: Option<&Population<'_>>,
    known: &Known<'_>,
    workers: &impl Workers,
    found: &mut Disagreements,
) {
    /// The number of employees that are compared at a time.
    const AT_A_TIME: usize = 1 << 12;
    let (Some(population), Some(contents)) = (population, known.contents()) else { return };
    let (Some(assignments), Some(completions)) = (known.assignments, known.completions) else { return };
    let (Some(assigned), Some(completed)) = (run.assignments, run.completions) else { return };
    let catalog = Catalog::new(contents.into_owned(), &[]);
    let rules = DayRules {
        others: catalog.others.iter().copied().collect(),
        catalog,
        run: known.calendar().zip(known.seed()),
        today: known.calendar().map(|calendar| calendar.today).or(run.date),
    };
    let recommendations = known.recommendations.as_deref();
    let employees = population.employees;
    let files = found.files.len();
    let compare = |number: usize| {
        let first = number * AT_A_TIME;
        let some = &employees.value[first..employees.value.len().min(first + AT_A_TIME)];
        let state = state_of(some, assignments, completions);
        let mut assigned_rows = Search::new(&assigned.value.pairs, |pair| pair.employee());
        let mut completed_rows = Search::new(&completed.value.pairs, |pair| pair.employee());
        let mut recommended = Search::new(recommendations.unwrap_or_default(), |(employee, _)| *employee);
        let mut found = Disagreements::none(files);
        for (position, Employee { id, .. }) in some.iter().enumerate().filter(|(_, one)| !run.is_unread(one.id)) {
            let (open, history) = (state.open.of(position), state.completed.of(position));
            let change = EmployeeChange {
                employee: population.employee(first + position),
                open,
                history,
                expected: rules.expected(*id, open, history),
                recommended: recommendations.map(|_| recommended.of(*id)),
                assigned: assigned_rows.of(*id),
                completed: completed_rows.of(*id),
            };
            let mut report = Report { employees, assigned, completed, found: &mut found };
            rules.check_doses(&change, &mut report);
            rules.check_random(&change, &mut report);
            rules.check_completed(&change, &mut report);
            rules.check_order(&change, &mut report);
        }
        found
    };
    workers.in_order(employees.value.len().div_ceil(AT_A_TIME), compare, |part| found.take(part));
}

/// The state of some employees before the run, by their positions among them.
fn state_of(employees: &[Employee], assignments: &[StateAssignment], completions: &[PastCompletion]) -> State {
    let mut assigned = Search::new(assignments, |row| row.ba_id);
    let mut completed = Search::new(completions, |row| row.ba_id);
    // Each thread has its own copy of a content type: threads that count references of one `Arc` wait for each other.
    let mut content_type: Arc<str> = Arc::default();
    let row = |assigned: &StateAssignment| {
        if *content_type != *assigned.terms.content_type {
            content_type = Arc::from(&*assigned.terms.content_type);
        }
        assigned.row(Arc::clone(&content_type))
    };
    let assigned = employees.iter().flat_map(|employee| assigned.of(employee.id)).map(row).collect();
    let completed = employees.iter().flat_map(|employee| completed.of(employee.id)).copied().collect();
    State::new(assigned, completed, &EmployeeIndex::new(employees), employees.len())
}

/// The inputs of the rules.
struct DayRules {
    catalog: Catalog,
    /// The contents of the catalog that are no Daily Doses, as a set for millions of lookups.
    others: FxHashSet<u64>,
    /// The calendar and seed of the run, from the run file.
    run: Option<(Calendar, u64)>,
    today: Option<NaiveDate>,
}

/// One employee before and after the run.
struct EmployeeChange<'k> {
    employee: Employee,
    open: &'k [OpenAssignment],
    history: &'k [CompletedContent],
    /// The new assignments by the rules; `None` without the run file.
    expected: Option<NewAssignments>,
    /// The recommended pairs, if they are known.
    recommended: Option<&'k [(u64, u64)]>,
    /// The pairs in the file of assignments, by content.
    assigned: &'k [Pair],
    /// The pairs in the file of completions, by content.
    completed: &'k [Pair],
}

impl EmployeeChange<'_> {
    /// True if one of the two files has the content.
    fn shows(&self, content: u64) -> bool {
        [self.assigned, self.completed]
            .iter()
            .any(|rows| rows.binary_search_by_key(&content, |pair| pair.content()).is_ok())
    }

    /// True if the content is recommended, or if the recommendations are not known.
    fn may_be_recommended(&self, pair: &Pair) -> bool {
        self.recommended.is_none_or(|recommended| recommended.contains(&pair.key()))
    }

    fn is_new(&self, pair: &Pair) -> bool {
        !self.open.iter().any(|open| open.content_id == pair.content())
    }
}

impl DayRules {
    /// The new assignments of an employee by the rules; `None` without the run file.
    fn expected(&self, id: u64, open: &[OpenAssignment], history: &[CompletedContent]) -> Option<NewAssignments> {
        let (calendar, seed) = self.run.as_ref()?;
        let mut draw = Draw::for_employee(*seed, calendar.today, id, Purpose::RandomContent);
        Some(assign(&self.catalog, calendar, open, history, &mut draw))
    }

    /// Checks that the Daily Doses demanded by the rules are given, and no others. Does nothing without the run file.
    fn check_doses(&self, change: &EmployeeChange<'_>, report: &mut Report<'_, '_, '_>) {
        let Some(NewAssignments { doses, .. }) = &change.expected else { return };
        for dose in doses.iter().filter(|dose| !change.shows(**dose)) {
            let content = content_id_text(*dose);
            report.of_employee(change, FindingKind::MissingAssignment, Some(*dose), |names| {
                format!("gets the Daily Dose {content} in this run, but {names} do not have it; it must be in one of the two")
            });
        }
        let is_wrong = |pair: &&Pair| {
            self.catalog.is_daily_dose(pair.content()) && !doses.contains(&pair.content()) && change.is_new(pair)
        };
        for pair in change.assigned.iter().filter(is_wrong) {
            report.of_assigned(pair, "gets no such Daily Dose in this run");
        }
        for pair in change.completed.iter().filter(is_wrong).filter(|pair| !change.may_be_recommended(pair)) {
            report.of_completed(pair, "gets no such Daily Dose in this run");
        }
    }

    /// Checks that one random content is given, if one remains.
    fn check_random<'k>(&self, change: &EmployeeChange<'k>, report: &mut Report<'_, '_, '_>) {
        let is_other = |pair: &&Pair| {
            let content = pair.content();
            self.others.contains(&content) && change.is_new(pair) && !is_completed(change.history, content)
        };
        let others = |pairs: &'k [Pair]| pairs.iter().filter(is_other);
        let drawn = change.expected.as_ref().map(|expected| expected.random);
        let is_missing = match drawn {
            Some(drawn) => drawn.is_some_and(|drawn| !change.shows(drawn)),
            None => {
                others(change.assigned).chain(others(change.completed)).next().is_none() && self.remaining(change) > 0
            }
        };
        if is_missing {
            report.of_employee(change, FindingKind::MissingAssignment, drawn.flatten(), |names| {
                let content = drawn.flatten().map_or_else(String::new, |drawn| format!(", {}", content_id_text(drawn)));
                format!("gets a random content in this run{content}, but {names} do not have it; it must be in one of the two")
            });
        }
        let is_drawn = |pair: &&Pair| drawn.flatten() == Some(pair.content());
        let completed =
            others(change.completed).filter(|pair| !change.may_be_recommended(pair)).map(|pair| (pair, true));
        let assigned = others(change.assigned).map(|pair| (pair, false));
        // One stands in place of the drawn content if that is missing, and may be the drawn one if that is not known.
        let allowed = usize::from(is_missing || drawn.is_none());
        for (pair, is_completion) in completed.chain(assigned).filter(|(pair, _)| !is_drawn(pair)).skip(allowed) {
            const TEXT: &str = "gets one random content a run, and this is another";
            if is_completion {
                report.of_completed(pair, TEXT);
            } else {
                report.of_assigned(pair, TEXT);
            }
        }
    }

    fn remaining(&self, change: &EmployeeChange<'_>) -> usize {
        others_remaining(&self.catalog.others, change.open, change.history)
    }

    /// Checks the completions of an employee's type: a also completes the recommendations, b the first item of the
    /// list.
    fn check_completed(&self, change: &EmployeeChange<'_>, report: &mut Report<'_, '_, '_>) {
        match change.employee.kind {
            EmployeeType::A => self.check_recommended(change, report),
            EmployeeType::B => {
                let of_new = |new: &NewAssignments| new.doses.first().copied().or(new.random);
                let of_expected = || change.expected.as_ref().and_then(of_new);
                let first = change.open.first().map(|open| open.content_id).or_else(of_expected);
                // A content in neither file is already reported as missing.
                let has = |rows: &[Pair], content: u64| rows.iter().any(|pair| pair.content() == content);
                let is_left = |first: &u64| has(change.assigned, *first) && !has(change.completed, *first);
                if let Some(first) = first.filter(is_left) {
                    let content = content_id_text(first);
                    report.of_employee(change, FindingKind::MissingCompletion, Some(first), |_| {
                        format!("is of type b and completes the first of the list, {content}, which is not completed")
                    });
                }
            }
            EmployeeType::F => {}
        }
    }

    /// Checks that new assignments and completions are in the order of the list. `state` checks the order of open
    /// assignments.
    fn check_order(&self, change: &EmployeeChange<'_>, report: &mut Report<'_, '_, '_>) {
        let assigned = change.assigned.iter().filter(|pair| change.is_new(pair));
        let assigned = assigned.filter_map(|pair| Some((pair, self.place(change, pair, true)?)));
        for (other, pair) in out_of_order(assigned.collect(), |pair| Some(pair.line.into())) {
            report.of_misplaced(report.assigned, non_completed::CONTENT, other, pair);
        }
        let place = |pair| self.place(change, pair, !change.may_be_recommended(pair));
        let completed: Vec<_> = change.completed.iter().filter_map(|pair| Some((pair, place(pair)?))).collect();
        if !out_of_order(completed.clone(), |pair| Some(pair.line.into())).is_empty() {
            // Rows that are in another order than their times are a finding already.
            let started = |pair: &Pair| report.completed.value.instant(pair, completions::STARTED);
            let wrong: Vec<(Pair, Pair)> =
                out_of_order(completed, started).into_iter().map(|(other, pair)| (*other, *pair)).collect();
            for (other, pair) in wrong {
                report.of_misplaced(report.completed, completions::CONTENT, &other, &pair);
            }
        }
    }

    /// The place of a content on the list, if it is certain; all recommendations share one place.
    fn place(&self, change: &EmployeeChange<'_>, pair: &Pair, is_assigned: bool) -> Option<usize> {
        let (content, expected) = (pair.content(), change.expected.as_ref());
        if let Some(place) = change.open.iter().position(|open| open.content_id == content) {
            return Some(place);
        }
        let doses = expected.map_or(&self.catalog.chosen_doses, |expected| &expected.doses);
        let dose = doses.iter().position(|dose| *dose == content);
        let is_random = match expected {
            Some(expected) => expected.random == Some(content),
            None => self.others.contains(&content),
        };
        let place = match dose {
            // Without the run file, it may have been assigned or recommended.
            _ if expected.is_none() && !is_assigned => return None,
            Some(place) => place,
            None if is_random => doses.len(),
            None if is_assigned => return None,
            None => doses.len() + 1,
        };
        Some(change.open.len() + place)
    }

    fn check_recommended(&self, change: &EmployeeChange<'_>, report: &mut Report<'_, '_, '_>) {
        let (Some(recommended), Some(today)) = (change.recommended, self.today) else { return };
        let of_employee = recommended.chunk_by(|a, b| a == b).map(|same| same[0].1);
        let not_completed = of_employee
            .filter(|content| !change.shows(*content) && !was_completed_recently(change.history, *content, today));
        for id in not_completed {
            let content = content_id_text(id);
            report.of_employee(change, FindingKind::MissingCompletion, Some(id), |_| {
                format!("is of type a and completes the recommended content {content}, which is not completed")
            });
        }
    }
}

/// The rows whose places on the list are not in the order of a value, such as the line; each after one with which it is in
/// the wrong order. Rows without the value are left out.
fn out_of_order(rows: Vec<(&Pair, usize)>, value: impl Fn(&Pair) -> Option<i64>) -> Vec<(&Pair, &Pair)> {
    let mut rows: Vec<(i64, &Pair, usize)> =
        rows.into_iter().filter_map(|(pair, place)| Some((value(pair)?, pair, place))).collect();
    rows.sort_by_key(|(value, pair, _)| (*value, pair.line));
    let places: Vec<usize> = rows.iter().map(|(_, _, place)| *place).collect();
    misplaced(&places).into_iter().map(|Misplaced { at, other }| (rows[other].1, rows[at].1)).collect()
}

/// Reports findings: at the employee's row in the population if something is missing, else at the row of the pair.
struct Report<'d, 'f, 'a> {
    employees: FileFacts<'f, [Employee]>,
    assigned: FileFacts<'f, PairedRows<'a>>,
    completed: FileFacts<'f, PairedRows<'a>>,
    found: &'d mut Disagreements,
}

impl Report<'_, '_, '_> {
    fn of_employee(
        &mut self,
        change: &EmployeeChange<'_>,
        kind: FindingKind,
        content: Option<u64>,
        text: impl FnOnce(&str) -> String,
    ) {
        let Employee { id, line, .. } = change.employee;
        let names = format!("{} and {}", self.completed.name, self.assigned.name);
        self.found.files[self.employees.index].add(kind, line, || {
            let text = format!("employee {id} {}", text(&names));
            FindingDraft::from((Place::new(line, 1), text)).employee(id).content(content).missing()
        });
    }

    /// An assignment that the rules do not give.
    fn of_assigned(&mut self, pair: &Pair, text: &str) {
        self.of_wrong(self.assigned, pair, non_completed::CONTENT, text);
    }

    /// A completion of an assignment that the rules do not give.
    fn of_completed(&mut self, pair: &Pair, text: &str) {
        self.of_wrong(self.completed, pair, completions::CONTENT, text);
    }

    fn of_wrong(&mut self, file: FileFacts<'_, PairedRows<'_>>, pair: &Pair, column: usize, text: &str) {
        self.found.add(file, FindingKind::WrongAssignment, pair, column, |pair, content| {
            FindingDraft::from(format!("content {content}: employee {} {text}", pair.employee())).surplus()
        });
    }

    /// A row that is out of order with another one of the employee.
    fn of_misplaced(&mut self, file: FileFacts<'_, PairedRows<'_>>, column: usize, other: &Pair, pair: &Pair) {
        let (other_content, line) = (content_id_text(other.content()), other.line);
        self.found.add(file, FindingKind::ListOrder, pair, column, |pair, content| {
            let side = if line < pair.line { "before" } else { "after" };
            let text = format!(
                "content {content}: employee {} has content {other_content} of line {line} {side} it; what was open comes first, \
                 then Daily Doses in the order chosen, the random content, recommendations",
                pair.employee()
            );
            FindingDraft::from(text).line(line)
        });
    }
}
