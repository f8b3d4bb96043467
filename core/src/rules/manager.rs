//! The manager's rules: which new training each employee is given.
//!
//! Each employee without a Daily Dose conflict is given up to three Daily Doses, and each employee one random other
//! content. A content that is open or was completed at any time in the past, according to the state tables, is never
//! given.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::inputs::catalog::Catalog;
use crate::inputs::state::{CompletedContent, OpenAssignment, is_completed};
use crate::plan::calendar::{Calendar, Week};
use crate::plan::draw::Draw;

/// The reason why an employee gets no Daily Dose at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// A Daily Dose was completed this week, up to and including today.
    CompletedThisWeek,
    /// An open Daily Dose has a span from begin to due that shares more than 24 hours with this week.
    OpenThisWeek,
}

/// The reason why one Daily Dose was left out for an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// The employee has it open.
    AlreadyOpen,
    /// The employee completed it in the past.
    AlreadyCompleted,
}

/// The reason why an employee has no new Daily Dose. Exactly one applies to each employee without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutDose {
    /// A Daily Dose was completed this week.
    CompletedThisWeek,
    /// A Daily Dose is open this week.
    OpenThisWeek,
    /// Every Daily Dose of the day was completed in the past.
    AllCompleted,
    /// Every Daily Dose of the day is open or was completed, and at least one is open.
    AllOpenOrCompleted,
    /// The catalog has no Daily Dose.
    NoneInCatalog,
}

impl WithoutDose {
    /// All reasons, in the order of display.
    pub const ALL: [WithoutDose; 5] = [
        Self::CompletedThisWeek,
        Self::OpenThisWeek,
        Self::AllCompleted,
        Self::AllOpenOrCompleted,
        Self::NoneInCatalog,
    ];

    /// The reason in a few words: "skipped for Daily Dose: one open this week".
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::CompletedThisWeek => "completed one this week",
            Self::OpenThisWeek => "one open this week",
            Self::AllCompleted => "completed all before",
            Self::AllOpenOrCompleted => "all open or completed",
            Self::NoneInCatalog => "none in the catalog",
        }
    }
}

/// The new assignments of one employee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAssignments {
    /// The reason why there are no Daily Doses, with the content that causes it; `None` without a conflict.
    pub conflict: Option<(Conflict, u64)>,
    /// The ids of the given Daily Doses, latest created first.
    pub doses: Vec<u64>,
    /// The ids of the Daily Doses that were left out, each with the reason.
    pub left_out: Vec<(u64, LeftOut)>,
    /// The id of the random other content; `None` if none remains.
    pub random: Option<u64>,
    /// The number of contents that the random one was drawn from.
    pub remaining: usize,
}

impl NewAssignments {
    /// The reason why there is no Daily Dose; `None` if there is one.
    #[must_use]
    pub fn without_dose(&self) -> Option<WithoutDose> {
        match self.conflict {
            Some((Conflict::CompletedThisWeek, _)) => Some(WithoutDose::CompletedThisWeek),
            Some((Conflict::OpenThisWeek, _)) => Some(WithoutDose::OpenThisWeek),
            None if !self.doses.is_empty() => None,
            None if self.left_out.is_empty() => Some(WithoutDose::NoneInCatalog),
            None if self.left_out.iter().any(|(_, why)| *why == LeftOut::AlreadyOpen) => {
                Some(WithoutDose::AllOpenOrCompleted)
            }
            None => Some(WithoutDose::AllCompleted),
        }
    }
}

/// Decides the new assignments of one employee. `draw` is the employee's stream for the random content.
#[must_use]
pub fn assign(
    catalog: &Catalog,
    calendar: &Calendar,
    open: &[OpenAssignment],
    completed: &[CompletedContent],
    draw: &mut Draw,
) -> NewAssignments {
    let mut given = NewAssignments { conflict: conflict(catalog, calendar, open, completed), ..Default::default() };
    if given.conflict.is_none() {
        for dose in &catalog.chosen_doses {
            match why_not(*dose, open, completed) {
                Some(why) => given.left_out.push((*dose, why)),
                None => given.doses.push(*dose),
            }
        }
    }
    (given.random, given.remaining) = draw_other(&catalog.others, open, completed, draw);
    given
}

/// The number of other contents that an employee has neither open nor completed.
#[must_use]
pub fn others_remaining(others: &[u64], open: &[OpenAssignment], completed: &[CompletedContent]) -> usize {
    others.len() - taken(others, open, completed).len()
}

/// The Daily Dose that keeps the employee from getting any, with the reason; `None` if there is none.
fn conflict(
    catalog: &Catalog,
    calendar: &Calendar,
    open: &[OpenAssignment],
    completed: &[CompletedContent],
) -> Option<(Conflict, u64)> {
    let last_day = calendar.week.sunday.min(calendar.today);
    let this_week = calendar.week.monday..=last_day;
    let was_completed = completed
        .iter()
        .find(|content| this_week.contains(&content.day) && catalog.is_daily_dose(content.content_id))
        .map(|content| (Conflict::CompletedThisWeek, content.content_id));
    was_completed.or_else(|| {
        open.iter()
            .find(|assignment| {
                catalog.is_daily_dose(assignment.content_id) && fills_a_day_of(&calendar.week, assignment)
            })
            .map(|assignment| (Conflict::OpenThisWeek, assignment.content_id))
    })
}

/// True if the span from begin to due shares more than 24 hours with the week.
fn fills_a_day_of(week: &Week, assignment: &OpenAssignment) -> bool {
    shared_with(week, assignment) > TimeDelta::hours(24)
}

/// The part of the span from begin to due that lies in the week; zero if none does.
#[must_use]
pub fn shared_with(week: &Week, assignment: &OpenAssignment) -> TimeDelta {
    (assignment.due.min(week.ends) - assignment.begin.max(week.begins)).max(TimeDelta::zero())
}

fn why_not(content_id: u64, open: &[OpenAssignment], completed: &[CompletedContent]) -> Option<LeftOut> {
    if open.iter().any(|assignment| assignment.content_id == content_id) {
        Some(LeftOut::AlreadyOpen)
    } else if is_completed(completed, content_id) {
        Some(LeftOut::AlreadyCompleted)
    } else {
        None
    }
}

/// Draws one of the contents that the employee neither has open nor completed, uniformly. Also returns the number of
/// these.
fn draw_other(
    others: &[u64],
    open: &[OpenAssignment],
    completed: &[CompletedContent],
    draw: &mut Draw,
) -> (Option<u64>, usize) {
    let taken = taken(others, open, completed);
    let remaining = others.len() - taken.len();
    if remaining == 0 {
        return (None, 0);
    }
    let mut position = usize::try_from(draw.below(remaining as u64)).unwrap_or_default();
    for skipped in taken {
        if skipped <= position {
            position += 1;
        }
    }
    (others.get(position).copied(), remaining)
}

/// The positions in `others` of contents that are open or completed, ascending, without duplicates.
fn taken(others: &[u64], open: &[OpenAssignment], completed: &[CompletedContent]) -> Vec<usize> {
    let open_ids = open.iter().map(|assignment| assignment.content_id);
    let completed_ids = completed.iter().map(|content| content.content_id);
    let mut taken: Vec<usize> = open_ids.chain(completed_ids).filter_map(|id| others.binary_search(&id).ok()).collect();
    taken.sort();
    taken.dedup();
    taken
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::format::instant::parse_instant;
    use crate::format::standalone_content::Content;
    use crate::plan::calendar::BusinessZone;

    const DOSES: [u64; 4] = [104, 103, 102, 101];

    fn catalog() -> Catalog {
        let dose = |id| Content {
            id,
            name: String::new(),
            name_french: String::new(),
            is_daily_dose: true,
            created: parse_instant(&format!("2026-01-01T00:00:0{}Z", id % 10)),
        };
        let other = |id| Content { is_daily_dose: false, created: None, ..dose(id) };
        let contents: Vec<Content> = DOSES.into_iter().map(dose).chain((1..=5).map(other)).collect();
        Catalog::new(contents, &[])
    }

    fn open(content_id: u64, begin: &str, due: &str) -> OpenAssignment {
        let begin = parse_instant(begin).unwrap();
        let due = parse_instant(due).unwrap();
        OpenAssignment { content_id, assigned: begin, begin, due, content_type: Arc::from("Media") }
    }

    fn completed(content_id: u64, day: &str) -> CompletedContent {
        CompletedContent { content_id, day: day.parse().unwrap() }
    }

    /// The assignments given at `now`.
    fn given(now: &str, open: &[OpenAssignment], completed: &[CompletedContent], employee: u64) -> NewAssignments {
        let calendar = Calendar::of(parse_instant(now).unwrap(), BusinessZone::UTC);
        assign(&catalog(), &calendar, open, completed, &mut Draw::for_sample(1, 1, employee))
    }

    const THURSDAY: &str = "2026-01-29T18:00:00Z";

    fn check_conflict(now: &str, open: &[OpenAssignment], completed: &[CompletedContent], expected: Option<Conflict>) {
        let found = given(now, open, completed, 1);
        assert_eq!(found.conflict.map(|(conflict, _)| conflict), expected, "{open:?} {completed:?}");
        assert!(found.random.is_some());
        if expected.is_some() {
            assert!(found.doses.is_empty() && found.left_out.is_empty());
        }
    }

    #[test]
    fn without_state_everybody_gets_three_doses_and_a_random_content() {
        let found = given(THURSDAY, &[], &[], 1);
        assert_eq!((found.doses, found.random.is_some()), (vec![104, 103, 102], true));
    }

    #[test]
    fn a_dose_completed_this_week_is_a_conflict() {
        let this_week = Some(Conflict::CompletedThisWeek);
        for (content_id, day, expected) in [
            (101, "2026-01-26", this_week),
            (104, "2026-01-29", this_week),
            (104, "2026-01-25", None),
            (104, "2026-01-30", None),
            (1, "2026-01-28", None),
            (999, "2026-01-28", None),
        ] {
            check_conflict(THURSDAY, &[], &[completed(content_id, day)], expected);
        }
        check_conflict("2026-01-26T00:00:30Z", &[], &[completed(101, "2026-01-20")], this_week);
        check_conflict("2026-01-26T00:00:30Z", &[], &[completed(101, "2026-01-26")], None);
    }

    #[test]
    fn an_open_dose_that_shares_more_than_24_hours_with_the_week_is_a_conflict() {
        let this_week = Some(Conflict::OpenThisWeek);
        for (begin, due, expected) in [
            ("2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z", this_week),
            ("2026-01-19T00:00:00Z", "2026-01-27T00:00:00Z", None),
            ("2026-01-19T00:00:00Z", "2026-01-27T00:00:01Z", this_week),
            ("2026-01-19T00:00:00Z", "2026-01-27T00:00:00.000001Z", this_week),
            ("2026-02-01T00:00:00Z", "2026-02-09T00:00:00Z", None),
            ("2026-01-31T23:59:59Z", "2026-02-09T00:00:00Z", this_week),
            ("2026-01-10T00:00:00Z", "2026-01-20T00:00:00Z", None),
            ("2026-02-10T00:00:00Z", "2026-02-20T00:00:00Z", None),
            ("2026-01-30T00:00:00Z", "2026-01-27T00:00:00Z", None),
        ] {
            check_conflict(THURSDAY, &[open(101, begin, due)], &[], expected);
            check_conflict(THURSDAY, &[open(1, begin, due)], &[], None);
        }
    }

    #[test]
    fn nobody_is_given_what_is_open_or_was_completed() {
        let long_ago = open(104, "2025-01-01T00:00:00Z", "2025-01-08T00:00:00Z");
        let found = given(THURSDAY, &[long_ago], &[completed(102, "2024-05-05")], 1);
        assert_eq!(found.doses, [103]);
        assert_eq!(found.left_out, [(104, LeftOut::AlreadyOpen), (102, LeftOut::AlreadyCompleted)]);
    }

    #[test]
    fn an_employee_without_a_dose_has_one_reason() {
        const BEFORE: &str = "2025-01-05";
        let before = |ids: &[u64]| ids.iter().map(|id| completed(*id, BEFORE)).collect::<Vec<_>>();
        let long_ago = |id| open(id, "2025-01-01T00:00:00Z", "2025-01-08T00:00:00Z");
        let this_week = open(101, "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z");
        for (open, done, expected) in [
            (vec![], before(&[104, 103]), None),
            (vec![], vec![completed(101, "2026-01-27")], Some(WithoutDose::CompletedThisWeek)),
            (vec![this_week], before(&[104, 103, 102]), Some(WithoutDose::OpenThisWeek)),
            (vec![], before(&[102, 103, 104]), Some(WithoutDose::AllCompleted)),
            (vec![long_ago(104)], before(&[102, 103]), Some(WithoutDose::AllOpenOrCompleted)),
        ] {
            assert_eq!(given(THURSDAY, &open, &done, 1).without_dose(), expected, "{open:?} {done:?}");
        }
        assert_eq!(NewAssignments::default().without_dose(), Some(WithoutDose::NoneInCatalog));
    }

    #[test]
    fn the_random_content_is_drawn_from_what_remains() {
        let open = [open(2, "2025-01-01T00:00:00Z", "2025-01-08T00:00:00Z")];
        let completed = [completed(2, "2024-01-01"), completed(4, "2024-01-01"), completed(4, "2024-01-02")];
        let drawn: BTreeSet<u64> =
            (0..200).filter_map(|employee| given(THURSDAY, &open, &completed, employee).random).collect();
        assert_eq!(drawn, BTreeSet::from([1, 3, 5]));
        assert_eq!(given(THURSDAY, &open, &completed, 1).remaining, 3);
        let all: Vec<CompletedContent> = (1..=5).map(|id| self::completed(id, "2024-01-01")).collect();
        assert_eq!(given(THURSDAY, &[], &all, 1).random, None);
    }
}
