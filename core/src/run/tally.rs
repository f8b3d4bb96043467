//! The counts of a run. Counts of parts of the employees add up to those of the whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::format::employees::EmployeeType;
use crate::rules::day::EmployeeDay;
use crate::rules::manager::{LeftOut, WithoutDose};
use crate::rules::training::{DropReason, Source};
use crate::text::json_error::without_place;

/// The summary of a run with at most this many employees contains the details without being asked for them.
pub const DETAILS_WITHOUT_ASKING: usize = 50;

/// The maximum number of reasons by which failed calls are counted; calls with further ones count under
/// [`OTHER_REASONS`].
const MOST_REASONS: usize = 20;

/// The key of the failed calls whose reason is not among those that are counted.
pub const OTHER_REASONS: &str = "other reasons";

/// Counts of a run or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Employees by type: a, b, f.
    pub employees: ByType,
    /// Assignments that were open before the run.
    pub open_assignments: u64,
    /// Daily Doses assigned.
    pub new_daily_doses: u64,
    /// Random contents assigned.
    pub new_random_contents: u64,
    /// Employees who got at least one Daily Dose.
    pub given_daily_dose: u64,
    /// Employees skipped for Daily Dose because they completed one this week.
    pub skipped_completed_this_week: u64,
    /// Employees skipped for Daily Dose because they have one open this week.
    pub skipped_open_this_week: u64,
    /// Employees without a Daily Dose because they completed every one of the day in the past.
    #[serde(default)]
    pub without_dose_all_completed: u64,
    /// Employees without a Daily Dose because every one of the day is open or was completed, and at least one is open.
    #[serde(default)]
    pub without_dose_all_open_or_completed: u64,
    /// Employees without a Daily Dose because the catalog has none.
    #[serde(default)]
    pub without_dose_none_in_catalog: u64,
    /// Daily Doses left out because the employee has them open.
    pub doses_left_out_open: u64,
    /// Daily Doses left out because the employee completed them in the past.
    pub doses_left_out_completed: u64,
    /// Employees for whom no random content remained.
    pub without_random_content: u64,
    /// Employees with at least one recommendation.
    pub employees_with_recommendations: u64,
    /// Recommendations received.
    pub recommendations_received: u64,
    /// Recommendations dropped because their content was on the list already.
    pub dropped_already_on_list: u64,
    /// Recommendations dropped because the employee completed them recently.
    pub dropped_completed_recently: u64,
    /// Calls of the recommender that failed.
    pub failed_calls: u64,
    /// The ids of the first employees whose calls failed, in the order of employees.csv; at most
    /// [`DETAILS_WITHOUT_ASKING`].
    pub failed_calls_of: Vec<u64>,
    /// The number of failed calls by reason, for the first reasons; the others count as [`OTHER_REASONS`].
    #[serde(default)]
    pub failed_calls_by_reason: BTreeMap<String, u64>,
    /// Completions of items from the manager, by type of employee.
    pub completions_manager: ByType,
    /// Completions of recommendations, by type of employee.
    pub completions_ai: ByType,
    /// Assignments that were open before the run and still are.
    pub open_left: u64,
    /// New assignments that were not completed.
    pub new_left: u64,
}

/// A count for each type of employee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByType {
    /// Employees of type a, who complete all.
    pub a: u64,
    /// Employees of type b, who complete one.
    pub b: u64,
    /// Employees of type f, who complete nothing.
    pub f: u64,
}

impl ByType {
    /// The count of a type, to be changed.
    pub fn of(&mut self, kind: EmployeeType) -> &mut u64 {
        match kind {
            EmployeeType::A => &mut self.a,
            EmployeeType::B => &mut self.b,
            EmployeeType::F => &mut self.f,
        }
    }

    /// The sum of all types.
    #[must_use]
    pub fn total(self) -> u64 {
        self.a + self.b + self.f
    }

    fn add(&mut self, other: ByType) {
        self.a += other.a;
        self.b += other.b;
        self.f += other.f;
    }
}

impl Tally {
    /// Adds an employee's day. `open_left` is not counted here, but where the open assignments are written.
    pub fn count(&mut self, day: &EmployeeDay<'_>) {
        let kind = day.employee.kind;
        *self.employees.of(kind) += 1;
        self.open_assignments += day.open.len() as u64;
        self.new_daily_doses += day.new.doses.len() as u64;
        self.new_random_contents += u64::from(day.new.random.is_some());
        self.without_random_content += u64::from(day.new.random.is_none());
        self.given_daily_dose += u64::from(!day.new.doses.is_empty());
        if let Some(why) = day.new.without_dose() {
            *self.without_dose_mut(why) += 1;
        }
        for (_, why) in &day.new.left_out {
            match why {
                LeftOut::AlreadyOpen => self.doses_left_out_open += 1,
                LeftOut::AlreadyCompleted => self.doses_left_out_completed += 1,
            }
        }
        self.count_recommendations(day);
        for (item, _) in day.completed() {
            match item.origin.source() {
                Source::Manager => *self.completions_manager.of(kind) += 1,
                Source::Ai => *self.completions_ai.of(kind) += 1,
            }
        }
        self.new_left += day.new_assignments_left().count() as u64;
    }

    /// Adds the counts of the part of the run that follows in the order of employees.csv.
    pub fn add(&mut self, other: &Tally) {
        self.employees.add(other.employees);
        self.completions_manager.add(other.completions_manager);
        self.completions_ai.add(other.completions_ai);
        for (count, more) in [
            (&mut self.open_assignments, other.open_assignments),
            (&mut self.new_daily_doses, other.new_daily_doses),
            (&mut self.new_random_contents, other.new_random_contents),
            (&mut self.given_daily_dose, other.given_daily_dose),
            (&mut self.skipped_completed_this_week, other.skipped_completed_this_week),
            (&mut self.skipped_open_this_week, other.skipped_open_this_week),
            (&mut self.without_dose_all_completed, other.without_dose_all_completed),
            (&mut self.without_dose_all_open_or_completed, other.without_dose_all_open_or_completed),
            (&mut self.without_dose_none_in_catalog, other.without_dose_none_in_catalog),
            (&mut self.doses_left_out_open, other.doses_left_out_open),
            (&mut self.doses_left_out_completed, other.doses_left_out_completed),
            (&mut self.without_random_content, other.without_random_content),
            (&mut self.employees_with_recommendations, other.employees_with_recommendations),
            (&mut self.recommendations_received, other.recommendations_received),
            (&mut self.dropped_already_on_list, other.dropped_already_on_list),
            (&mut self.dropped_completed_recently, other.dropped_completed_recently),
            (&mut self.failed_calls, other.failed_calls),
            (&mut self.open_left, other.open_left),
            (&mut self.new_left, other.new_left),
        ] {
            *count += more;
        }
        let room = DETAILS_WITHOUT_ASKING.saturating_sub(self.failed_calls_of.len());
        self.failed_calls_of.extend(other.failed_calls_of.iter().take(room));
        for (reason, calls) in &other.failed_calls_by_reason {
            self.add_failed_calls(reason, *calls);
        }
    }

    /// The number of employees without a Daily Dose, for one reason.
    #[must_use]
    pub fn without_dose(&self, why: WithoutDose) -> u64 {
        match why {
            WithoutDose::CompletedThisWeek => self.skipped_completed_this_week,
            WithoutDose::OpenThisWeek => self.skipped_open_this_week,
            WithoutDose::AllCompleted => self.without_dose_all_completed,
            WithoutDose::AllOpenOrCompleted => self.without_dose_all_open_or_completed,
            WithoutDose::NoneInCatalog => self.without_dose_none_in_catalog,
        }
    }

    fn without_dose_mut(&mut self, why: WithoutDose) -> &mut u64 {
        match why {
            WithoutDose::CompletedThisWeek => &mut self.skipped_completed_this_week,
            WithoutDose::OpenThisWeek => &mut self.skipped_open_this_week,
            WithoutDose::AllCompleted => &mut self.without_dose_all_completed,
            WithoutDose::AllOpenOrCompleted => &mut self.without_dose_all_open_or_completed,
            WithoutDose::NoneInCatalog => &mut self.without_dose_none_in_catalog,
        }
    }

    /// Counts calls that failed alike: the place in a JSON text, which a reason may end with, makes no difference.
    fn add_failed_calls(&mut self, reason: &str, calls: u64) {
        let reason = without_place(reason);
        let reasons = &mut self.failed_calls_by_reason;
        let is_full = reasons.len() >= MOST_REASONS && !reasons.contains_key(reason);
        *reasons.entry(if is_full { OTHER_REASONS } else { reason }.to_owned()).or_default() += calls;
    }

    fn count_recommendations(&mut self, day: &EmployeeDay<'_>) {
        if let Some(why) = day.failed_call {
            self.failed_calls += 1;
            self.add_failed_calls(why, 1);
            if self.failed_calls_of.len() < DETAILS_WITHOUT_ASKING {
                self.failed_calls_of.push(day.employee.id);
            }
        }
        self.employees_with_recommendations += u64::from(!day.recommendations.is_empty());
        self.recommendations_received += day.recommendations.len() as u64;
        for (_, why) in &day.list.dropped {
            match why {
                DropReason::AlreadyOnList => self.dropped_already_on_list += 1,
                DropReason::CompletedRecently => self.dropped_completed_recently += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_calls_are_counted_by_reason_and_further_reasons_together() {
        let mut whole = Tally::default();
        for part in 0..4 {
            let mut tally = Tally::default();
            tally.add_failed_calls("timed out", 2);
            (0..10).for_each(|number| tally.add_failed_calls(&format!("reason {}", part * 10 + number), 1));
            (0..9).for_each(|column| tally.add_failed_calls(&format!("timed out at line 1 column {column}"), 1));
            whole.add(&tally);
        }
        assert_eq!(whole.failed_calls_by_reason.len(), MOST_REASONS + 1);
        assert_eq!(whole.failed_calls_by_reason["timed out"], 44);
        assert_eq!(whole.failed_calls_by_reason[OTHER_REASONS], 21);
    }
}
