//! One employee's day: open assignments and history before it, new assignments, and what was completed when.

use crate::format::employees::Employee;
use crate::format::recommendations::Recommendation;
use crate::inputs::state::{CompletedContent, OpenAssignment};
use crate::rules::manager::NewAssignments;
use crate::rules::training::{Item, Origin, Training, TrainingList};

/// The outcome of the rules for one employee on the day of the run.
#[derive(Debug)]
pub struct EmployeeDay<'a> {
    /// The employee.
    pub employee: Employee,
    /// Open assignments before the run.
    pub open: &'a [OpenAssignment],
    /// Past completions before the run.
    pub history: &'a [CompletedContent],
    /// The new assignments of the manager.
    pub new: NewAssignments,
    /// The recommendations received, dropped ones included.
    pub recommendations: &'a [Recommendation],
    /// The reason why the recommender's call failed; `None` if it did not.
    pub failed_call: Option<&'a str>,
    /// The training list, in order.
    pub list: TrainingList,
    /// The times of the completed items, which are the first ones of the list.
    pub trainings: Vec<Training>,
}

impl EmployeeDay<'_> {
    /// The completed items, each with its times.
    pub fn completed(&self) -> impl Iterator<Item = (&Item, &Training)> {
        self.list.items.iter().zip(&self.trainings)
    }

    /// The new assignments that were not completed, as content ids in the order in which they were given.
    pub fn new_assignments_left(&self) -> impl Iterator<Item = u64> {
        let left = &self.list.items[self.trainings.len()..];
        let is_new = |item: &&Item| matches!(item.origin, Origin::DailyDose | Origin::RandomContent);
        left.iter().filter(is_new).map(|item| item.content_id)
    }
}
