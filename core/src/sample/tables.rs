//! The random number streams of a sample. Each table has its own, so that a change to one table does not change the
//! others.

use crate::plan::draw::Draw;

/// The streams. An item of a stream is an employee's id where it is about an employee, else a position.
#[derive(Clone, Copy)]
pub(super) enum SampleTable {
    /// Ids and types of employees, by position.
    Employees = 1,
    /// Ids and names of contents, by position.
    Contents = 2,
    /// Everything else about a content, by position.
    ContentDetails = 3,
    /// Ids and names of courses, by position.
    Courses = 4,
    /// The modules and contents of a course, by position.
    Modules = 5,
    /// An employee's assignments, by id.
    Assignments = 6,
    /// An employee's other completions, by id.
    Completions = 7,
    /// The recommender's answer about an employee, by id.
    Recommendations = 8,
    /// The last part of the vendor's file names.
    FileNames = 9,
}

impl SampleTable {
    /// The stream of one item.
    pub(super) fn draw(self, seed: u64, item: u64) -> Draw {
        Draw::for_sample(seed, self as u64, item)
    }
}
