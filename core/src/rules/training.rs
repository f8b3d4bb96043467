//! An employee's training list, how much of it is completed, and when.
//!
//! The list has open assignments, new Daily Doses, the random content and recommendations, in this order. Type a
//! completes all items, type b the first, type f none. Trainings follow one another within the shift.

use serde::{Deserialize, Serialize};

use crate::format::employees::EmployeeType;
use crate::format::recommendations::Recommendation;
use crate::inputs::state::{CompletedContent, OpenAssignment};
use crate::plan::calendar::Shift;
use crate::plan::draw::Draw;
use crate::rules::manager::NewAssignments;

use chrono::{Days, NaiveDate};
use rustc_hash::FxHashSet;

/// A content completed today or up to this many days before is not recommended again.
pub const RECENT_DAYS: u64 = 12;

/// The origin of an item of an employee's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An open assignment from before the run.
    Open,
    /// A Daily Dose assigned in this run.
    DailyDose,
    /// The random content assigned in this run.
    RandomContent,
    /// A recommendation.
    Recommendation,
}

/// The source of an item: manager or recommender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The manager assigned it.
    Manager,
    /// The recommender proposed it.
    Ai,
}

impl Source {
    /// The source as messages name it.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Ai => "recommender",
        }
    }
}

impl Origin {
    /// The source of items of this origin.
    #[must_use]
    pub fn source(self) -> Source {
        if self == Self::Recommendation { Source::Ai } else { Source::Manager }
    }

    /// The origin as messages name it.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Open => "open assignment",
            Self::DailyDose => "Daily Dose",
            Self::RandomContent => "random content",
            Self::Recommendation => "recommendation",
        }
    }
}

/// One item of an employee's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The content.
    pub content_id: u64,
    /// Its origin.
    pub origin: Origin,
}

/// The reason why a recommendation is not on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// The content is on the list already.
    AlreadyOnList,
    /// The employee completed it today or in the 12 days before.
    CompletedRecently,
}

/// An employee's training list, and the recommendations that were dropped from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrainingList {
    /// The items, in the order in which they are completed.
    pub items: Vec<Item>,
    /// The dropped recommendations, by their position in the API's answer from 0, each with the reason.
    pub dropped: Vec<(usize, DropReason)>,
}

/// Makes an employee's training list. `completed` must be sorted as in
/// [`State::completed`](crate::inputs::state::State::completed).
#[must_use]
pub fn training_list(
    open: &[OpenAssignment],
    new: &NewAssignments,
    recommendations: &[Recommendation],
    completed: &[CompletedContent],
    today: NaiveDate,
) -> TrainingList {
    let item = |origin| move |content_id| Item { content_id, origin };
    let mut list = TrainingList::default();
    list.items.extend(open.iter().map(|assignment| assignment.content_id).map(item(Origin::Open)));
    list.items.extend(new.doses.iter().copied().map(item(Origin::DailyDose)));
    list.items.extend(new.random.map(item(Origin::RandomContent)));
    if recommendations.is_empty() {
        return list;
    }
    let mut listed: FxHashSet<u64> = list.items.iter().map(|item| item.content_id).collect();
    for (position, recommendation) in recommendations.iter().enumerate() {
        let content_id = recommendation.content_id;
        if listed.contains(&content_id) {
            list.dropped.push((position, DropReason::AlreadyOnList));
        } else if was_completed_recently(completed, content_id, today) {
            list.dropped.push((position, DropReason::CompletedRecently));
        } else {
            listed.insert(content_id);
            list.items.push(Item { content_id, origin: Origin::Recommendation });
        }
    }
    list
}

/// The number of items, of a list with `items`, that an employee of a type completes.
#[must_use]
pub fn completed_items(kind: EmployeeType, items: usize) -> usize {
    match kind {
        EmployeeType::A => items,
        EmployeeType::B => items.min(1),
        EmployeeType::F => 0,
    }
}

/// The times of a training, in seconds since 1970-01-01T00:00:00Z. `started` is always before `completed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Training {
    /// DateStarted.
    pub started: i64,
    /// DateCompleted.
    pub completed: i64,
}

/// The seconds of the shortest training.
const SHORTEST_TRAINING: u64 = 60;

/// The seconds of the longest training.
pub const LONGEST_TRAINING: u64 = 15 * 60;

/// Draws the times of an employee's trainings: one after another within the shift, 1 to 15 minutes each. If they do not
/// fit, they are shortened, down to one second each. If there are more trainings than seconds, several share a second.
#[must_use]
pub fn training_times(count: usize, shift: &Shift, draw: &mut Draw) -> Vec<Training> {
    let opens = shift.opens.timestamp();
    let seconds = (shift.ends.timestamp() - opens).unsigned_abs();
    if count as u64 > seconds {
        return share_seconds(count as u64, opens, seconds);
    }
    let lengths: Vec<u64> = (0..count).map(|_| draw.between(SHORTEST_TRAINING, LONGEST_TRAINING)).collect();
    let wanted: u64 = lengths.iter().sum();
    if wanted <= seconds { spread(&lengths, opens, seconds - wanted, draw) } else { squeeze(&lengths, opens, seconds) }
}

/// Places trainings of these lengths (seconds) in a shift that has `idle` seconds to spare. The first begins after a
/// random part of them; breaks of up to five minutes use some of the rest.
fn spread(lengths: &[u64], opens: i64, idle: u64, draw: &mut Draw) -> Vec<Training> {
    const LONGEST_BREAK: u64 = 5 * 60;
    let mut at = draw.between(0, idle);
    let mut idle = idle - at;
    let mut trainings = Vec::with_capacity(lengths.len());
    for (index, length) in lengths.iter().enumerate() {
        if index > 0 {
            let pause = draw.between(0, idle.min(LONGEST_BREAK));
            idle -= pause;
            at += pause;
        }
        trainings.push(training(opens, at, at + length));
        at += length;
    }
    trainings
}

/// Shortens trainings in proportion until they exactly fill the shift of `seconds`: to at least a minute each if the
/// shift is long enough for that, else to at least a second.
fn squeeze(lengths: &[u64], opens: i64, seconds: u64) -> Vec<Training> {
    let count = lengths.len() as u64;
    let least = if count * SHORTEST_TRAINING <= seconds { SHORTEST_TRAINING } else { 1 };
    let wanted: u64 = lengths.iter().map(|length| length - least).sum();
    let available = seconds - count * least;
    let boundary = |index: u64, wanted_before: u64| index * least + wanted_before * available / wanted.max(1);
    let mut wanted_before = 0;
    let mut trainings = Vec::with_capacity(lengths.len());
    for (index, length) in (0..).zip(lengths) {
        let begins = boundary(index, wanted_before);
        wanted_before += length - least;
        trainings.push(training(opens, begins, boundary(index + 1, wanted_before)));
    }
    trainings
}

/// The times of more trainings than the shift has `seconds`: one second each, shared by several.
fn share_seconds(count: u64, opens: i64, seconds: u64) -> Vec<Training> {
    (0..count)
        .map(|index| {
            let begins = index * seconds / count;
            training(opens, begins, begins + 1)
        })
        .collect()
}

/// A training that begins and ends these seconds after the shift opens.
fn training(opens: i64, begins: u64, ends: u64) -> Training {
    Training { started: opens.saturating_add_unsigned(begins), completed: opens.saturating_add_unsigned(ends) }
}

/// True if a content was completed on `today` or one of the 12 days before. `completed` must be sorted by content id,
/// then day.
#[must_use]
pub fn was_completed_recently(completed: &[CompletedContent], content_id: u64, today: NaiveDate) -> bool {
    let earliest = CompletedContent { content_id, day: today - Days::new(RECENT_DAYS) };
    // Sorted by content id, then day: the first entry that is not too early decides.
    let first = completed.partition_point(|content| *content < earliest);
    completed.get(first).is_some_and(|content| content.content_id == content_id && content.day <= today)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::instant::parse_instant;
    use crate::plan::calendar::{BusinessZone, Calendar};

    fn shift(now: &str) -> Shift {
        Calendar::of(parse_instant(now).unwrap(), BusinessZone::UTC).shift
    }

    const LONG: &str = "2026-01-29T18:00:00Z";
    const SHORT: &str = "2026-01-26T00:30:00Z";

    #[test]
    fn trainings_lie_in_the_shift_one_after_another() {
        for now in [LONG, SHORT] {
            let shift = shift(now);
            let seconds = usize::try_from((shift.ends - shift.opens).num_seconds()).unwrap();
            for count in [0, 1, 2, 5, 30, 59, 60, 61, 400, 480, 481, 3_599, seconds - 1, seconds] {
                let trainings = training_times(count, &shift, &mut Draw::for_sample(1, 1, count as u64));
                assert_eq!(trainings.len(), count);
                let mut free_from = shift.opens.timestamp();
                for training in &trainings {
                    assert!(training.started >= free_from && training.started < training.completed, "{now} {count}");
                    let length = training.completed - training.started;
                    assert!(length <= 900 && (length >= 60 || count * 60 > seconds), "{now} {count}: {length}");
                    free_from = training.completed;
                }
                assert!(free_from <= shift.ends.timestamp(), "{now} {count}");
            }
        }
    }

    #[test]
    fn more_items_than_seconds_share_seconds() {
        let shift = shift(SHORT);
        let trainings = training_times(10_000, &shift, &mut Draw::for_sample(1, 1, 1));
        assert!(trainings.iter().all(|training| training.completed == training.started + 1));
        assert!(trainings.is_sorted_by_key(|training| training.started));
        assert_eq!(trainings[0].started, shift.opens.timestamp());
        assert!(trainings[9_999].completed <= shift.ends.timestamp());
    }

    #[test]
    fn employees_are_spread_over_the_shift() {
        let shift = shift(LONG);
        let hour = |employee| {
            let training = training_times(1, &shift, &mut Draw::for_sample(1, 1, employee))[0];
            (training.started - shift.opens.timestamp()) / 3_600
        };
        let mut hours: Vec<i64> = (0..500).map(hour).collect();
        hours.sort_unstable();
        hours.dedup();
        assert_eq!(hours, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn recommendations_drop_out_for_a_reason() {
        let recommended = |content_id| Recommendation { content_id, name: "".into() };
        let day = |content_id, day: &str| CompletedContent { content_id, day: day.parse().unwrap() };
        let new = NewAssignments { doses: vec![11, 12], random: Some(13), ..Default::default() };
        let completed = [day(1, "2026-01-29"), day(2, "2026-01-17"), day(3, "2026-01-16"), day(4, "2026-01-30")];
        let recommendations = [12, 1, 2, 3, 4, 5, 5].map(recommended);
        let list = training_list(&[], &new, &recommendations, &completed, "2026-01-29".parse().unwrap());
        let ids: Vec<u64> = list.items.iter().map(|item| item.content_id).collect();
        assert_eq!(ids, [11, 12, 13, 3, 4, 5]);
        let (on_list, recent) = (DropReason::AlreadyOnList, DropReason::CompletedRecently);
        assert_eq!(list.dropped, [(0, on_list), (1, recent), (2, recent), (6, on_list)]);
    }

    #[test]
    fn types_complete_all_one_or_nothing() {
        let completed = |kind| [0, 1, 5].map(|items| completed_items(kind, items));
        assert_eq!(EmployeeType::ALL.map(completed), [[0, 1, 5], [0, 1, 1], [0, 0, 0]]);
    }
}
