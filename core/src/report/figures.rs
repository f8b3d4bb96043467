//! The figures of a run's charts: completions by type, source, time of day and content, assigned against completed
//! items, and employees without Daily Dose. A [`Bar`] identifies one count, and selects the employees who contribute to
//! it.
//!
//! Figures of parts of a population add up to those of the whole.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::format::employees::EmployeeType;
use crate::format::instant::parse_instant;
use crate::plan::calendar::{Calendar, Shift};
use crate::rules::day::EmployeeDay;
use crate::rules::manager::{LeftOut, WithoutDose};
use crate::rules::training::{Origin, Source};
use crate::run::detail::Detail;

/// Identifies one count of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// Completions by employees of one type, of items from one source.
    Completions(EmployeeType, Source),
    /// Items on employees' lists, of one origin.
    OnLists(Origin),
    /// Completed items of one origin.
    Completed(Origin),
    /// Completions in one part of the shift, by index from 0, by `DateCompleted`.
    InPart(usize),
    /// Employees without a Daily Dose, for one reason.
    Skipped(WithoutDose),
    /// Individual Daily Doses that were left out, for one reason.
    LeftOut(LeftOut),
    /// Completions of one content.
    Content(u64),
    /// Employees who complete nothing.
    NothingDone,
}

/// Counts of a run or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    parts: ShiftParts,
    /// The counts of all bars but those of contents, by [`place_of`].
    counts: Vec<u64>,
    pub(super) contents: FxHashMap<u64, u64>,
}

/// The counts of a run that matter first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headlines {
    /// Completions.
    pub completed: u64,
    /// Assignments that are open after the run.
    pub still_open: u64,
    /// Employees who complete nothing.
    pub nothing_done: u64,
    /// Completions of recommendations.
    pub recommended: u64,
}

/// The division of the shift into parts of equal length, of which the last may be shorter. Times are seconds since
/// 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftParts {
    opens: i64,
    ends: i64,
    pub(super) length: i64,
}

/// The origins of the items on lists, in the order of the charts.
pub(super) const ORIGINS: [Origin; 4] =
    [Origin::Open, Origin::DailyDose, Origin::RandomContent, Origin::Recommendation];

/// The index in [`Figures::counts`] at which the counts of each kind of bar begin; index 0 is [`Bar::NothingDone`]. The
/// parts of the shift come last, because their number depends on the shift.
const COMPLETIONS: usize = 1;
const ON_LISTS: usize = COMPLETIONS + 2 * EmployeeType::ALL.len();
const COMPLETED: usize = ON_LISTS + ORIGINS.len();
const SKIPPED: usize = COMPLETED + ORIGINS.len();
const LEFT_OUT: usize = SKIPPED + WithoutDose::ALL.len();
const IN_PART: usize = LEFT_OUT + 2;

/// The origins of assignments. Recommendations are none.
const ASSIGNED: [Origin; 3] = [Origin::Open, Origin::DailyDose, Origin::RandomContent];

impl Bar {
    /// The amount that one employee's day adds to this count. 0 means that the employee is not among those selected by
    /// the bar.
    #[must_use]
    pub fn count(self, day: &EmployeeDay<'_>, parts: &ShiftParts) -> u64 {
        let count = match self {
            Self::Completions(kind, source) if day.employee.kind == kind => {
                day.completed().filter(|(item, _)| item.origin.source() == source).count()
            }
            Self::Completions(..) => 0,
            Self::OnLists(origin) => day.list.items.iter().filter(|item| item.origin == origin).count(),
            Self::Completed(origin) => day.completed().filter(|(item, _)| item.origin == origin).count(),
            Self::InPart(part) => {
                day.completed().filter(|(_, training)| parts.part_of(training.completed) == part).count()
            }
            Self::Skipped(why) => usize::from(day.new.without_dose() == Some(why)),
            Self::LeftOut(why) => day.new.left_out.iter().filter(|(_, reason)| *reason == why).count(),
            Self::Content(content_id) => day.completed().filter(|(item, _)| item.content_id == content_id).count(),
            Self::NothingDone => usize::from(day.trainings.is_empty()),
        };
        count as u64
    }

    /// True if a detail of a selected employee is to be shown for this bar. Details of the kind that the bar counts are
    /// shown only if the bar counts them; details of other kinds always.
    #[must_use]
    pub fn includes(self, detail: &Detail, parts: &ShiftParts) -> bool {
        match (self, detail) {
            (Self::Completions(kind, behind), Detail::Completed { employee_type, source, .. }) => {
                (kind, behind) == (*employee_type, *source)
            }
            (Self::Completed(from), Detail::Completed { origin, .. }) => from == *origin,
            (Self::InPart(part), Detail::Completed { completed, .. }) => {
                parse_instant(completed).is_some_and(|instant| parts.part_of(instant.timestamp()) == part)
            }
            (Self::Content(id), Detail::Completed { content_id, .. }) => id == *content_id,
            (Self::LeftOut(why), Detail::DailyDoseLeftOut { reason, .. }) => why == *reason,
            _ => true,
        }
    }
}

impl Figures {
    /// Empty figures for a run with this calendar.
    #[must_use]
    pub fn new(calendar: &Calendar) -> Figures {
        let parts = ShiftParts::of(&calendar.shift);
        Figures { parts, counts: vec![0; IN_PART + parts.count()], contents: FxHashMap::default() }
    }

    /// Adds an employee's day.
    pub fn count(&mut self, day: &EmployeeDay<'_>) {
        let kind = day.employee.kind;
        for item in &day.list.items {
            self.one_more(Bar::OnLists(item.origin));
        }
        for (item, training) in day.completed() {
            self.one_more(Bar::Completions(kind, item.origin.source()));
            self.one_more(Bar::Completed(item.origin));
            self.one_more(Bar::InPart(self.parts.part_of(training.completed)));
            self.one_more(Bar::Content(item.content_id));
        }
        if day.trainings.is_empty() {
            self.one_more(Bar::NothingDone);
        }
        if let Some(why) = day.new.without_dose() {
            self.one_more(Bar::Skipped(why));
        }
        for (_, why) in &day.new.left_out {
            self.one_more(Bar::LeftOut(*why));
        }
    }

    /// Adds the figures of another part of the same run.
    pub fn add(&mut self, other: &Figures) {
        for (sum, count) in self.counts.iter_mut().zip(&other.counts) {
            *sum += count;
        }
        for (content_id, count) in &other.contents {
            *self.contents.entry(*content_id).or_default() += count;
        }
    }

    /// The count of a bar.
    #[must_use]
    pub fn of(&self, bar: Bar) -> u64 {
        let count = match bar {
            Bar::Content(content_id) => self.contents.get(&content_id),
            _ => self.counts.get(place_of(bar)),
        };
        count.copied().unwrap_or_default()
    }

    /// The parts of the shift by which completions are counted.
    #[must_use]
    pub fn parts(&self) -> &ShiftParts {
        &self.parts
    }

    /// The counts that matter first.
    #[must_use]
    pub fn headlines(&self) -> Headlines {
        let sum = |of: fn(Origin) -> Bar| ASSIGNED.iter().map(|origin| self.of(of(*origin))).sum::<u64>();
        let (assigned, done) = (sum(Bar::OnLists), sum(Bar::Completed));
        let recommended = self.of(Bar::Completed(Origin::Recommendation));
        Headlines {
            completed: done + recommended,
            still_open: assigned - done,
            nothing_done: self.of(Bar::NothingDone),
            recommended,
        }
    }

    fn one_more(&mut self, bar: Bar) {
        match bar {
            Bar::Content(content_id) => *self.contents.entry(content_id).or_default() += 1,
            _ => self.counts[place_of(bar)] += 1,
        }
    }
}

impl ShiftParts {
    /// The allowed lengths of a part in minutes, and the maximum number of parts.
    const MINUTES: [i64; 4] = [5, 10, 15, 30];
    const AT_MOST: i64 = 16;

    /// Divides a shift into parts of the shortest allowed length that gives at most sixteen parts.
    #[must_use]
    pub fn of(shift: &Shift) -> ShiftParts {
        let (opens, ends) = (shift.opens.timestamp(), shift.ends.timestamp());
        let are_few = |length: &i64| ends - opens <= length * Self::AT_MOST;
        let lengths = Self::MINUTES.map(|minutes| minutes * 60);
        let length = lengths.into_iter().find(are_few).unwrap_or(lengths[lengths.len() - 1]);
        ShiftParts { opens, ends, length }
    }

    /// The number of parts.
    #[must_use]
    pub fn count(&self) -> usize {
        self.index((self.ends - self.opens + self.length - 1) / self.length).max(1)
    }

    /// The index of the part that contains an instant of the shift; the end of the shift belongs to the last part.
    #[must_use]
    pub fn part_of(&self, instant: i64) -> usize {
        self.index((instant - self.opens) / self.length).min(self.count() - 1)
    }

    /// The instant at which a part begins.
    #[must_use]
    pub fn begins(&self, part: usize) -> i64 {
        self.opens.saturating_add(i64::try_from(part).unwrap_or(i64::MAX).saturating_mul(self.length))
    }

    fn index(&self, number: i64) -> usize {
        usize::try_from(number).unwrap_or_default()
    }
}

/// The index of a bar's count in [`Figures::counts`]. [`Bar::Content`] has none, because any number of contents may be
/// completed.
fn place_of(bar: Bar) -> usize {
    match bar {
        Bar::NothingDone | Bar::Content(_) => 0,
        Bar::Completions(kind, source) => COMPLETIONS + 2 * kind as usize + source as usize,
        Bar::OnLists(origin) => ON_LISTS + origin as usize,
        Bar::Completed(origin) => COMPLETED + origin as usize,
        Bar::Skipped(why) => SKIPPED + why as usize,
        Bar::LeftOut(why) => LEFT_OUT + why as usize,
        Bar::InPart(part) => IN_PART.saturating_add(part),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::instant::parse_instant;
    use crate::plan::calendar::BusinessZone;

    fn parts(now: &str) -> ShiftParts {
        ShiftParts::of(&Calendar::of(parse_instant(now).unwrap(), BusinessZone::UTC).shift)
    }

    #[test]
    fn the_shift_is_cut_into_sixteen_parts_at_the_most() {
        for (now, minutes, count) in [
            ("2026-01-29T18:00:00Z", 30, 16),
            ("2026-01-26T00:01:00Z", 5, 12),
            ("2026-01-26T01:21:00Z", 5, 16),
            ("2026-01-26T01:21:01Z", 10, 9),
            ("2026-01-26T05:00:00Z", 30, 10),
        ] {
            let parts = parts(now);
            assert_eq!((parts.length / 60, parts.count()), (minutes, count), "{now}");
            assert_eq!(parts.part_of(parts.opens), 0, "{now}");
            assert_eq!(parts.part_of(parts.ends), count - 1, "{now}");
            for part in 0..count {
                let begins = parts.begins(part);
                assert_eq!(parts.part_of(begins), part, "{now}");
                assert_eq!(parts.part_of((begins + parts.length - 1).min(parts.ends)), part, "{now}");
            }
        }
    }
}
