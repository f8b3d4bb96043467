//! One employee's day: what was open and known before, what the manager gave, what was completed and when.

use crate::format::employees::Employee;
use crate::format::recommendations::Recommendation;
use crate::inputs::state::{CompletedContent, OpenAssignment};
use crate::rules::manager::NewAssignments;
use crate::rules::training::{Item, Origin, Training, TrainingList};

/// Everything about one employee on the day of the run.
#[derive(Debug)]
pub struct EmployeeDay<'a> {
    /// The employee.
    pub employee: Employee,
    /// What was open before the run.
    pub open: &'a [OpenAssignment],
    /// What was completed in the past.
    pub history: &'a [CompletedContent],
    /// What the manager gave.
    pub new: NewAssignments,
    /// What the recommender proposed.
    pub recommendations: &'a [Recommendation],
    /// Why the call of the recommender failed, if it did.
    pub failed_call: Option<&'a str>,
    /// What there was to do, in order.
    pub list: TrainingList,
    /// The trainings done: of the first items of the list.
    pub trainings: Vec<Training>,
}

impl EmployeeDay<'_> {
    /// The items that were completed, each with its times.
    pub fn completed(&self) -> impl Iterator<Item = (&Item, &Training)> {
        self.list.items.iter().zip(&self.trainings)
    }

    /// The new assignments that were not completed, in the order in which they were given.
    pub fn new_assignments_left(&self) -> impl Iterator<Item = u64> {
        let left = &self.list.items[self.trainings.len()..];
        let is_new = |item: &&Item| matches!(item.origin, Origin::DailyDose | Origin::RandomContent);
        left.iter().filter(is_new).map(|item| item.content_id)
    }
}
