//! What is drawn for a sample, and from which stream: each table has its own, so that a change in one leaves the
//! others as they are.

use crate::plan::draw::Draw;

/// What numbers are drawn for. The item is an employee's id where it is about an employee, else a position.
#[derive(Clone, Copy)]
pub(super) enum Table {
    /// Ids and types of employees, by position.
    Employees = 1,
    /// Ids and names of contents, by position.
    Contents = 2,
    /// Everything else about a content, by position.
    ContentDetails = 3,
    /// Ids and names of courses, by position.
    Courses = 4,
    /// What a course is made of, by position.
    Modules = 5,
    /// What an employee was assigned.
    Assignments = 6,
    /// What an employee completed.
    Completions = 7,
    /// What the recommender answers about an employee.
    Recommendations = 8,
    /// The last part of the vendor's file names.
    FileNames = 9,
}

impl Table {
    /// The numbers of one item.
    pub(super) fn draw(self, seed: u64, item: u64) -> Draw {
        Draw::for_sample(seed, self as u64, item)
    }
}
