//! The rows of one employee in the feed: completions, open assignments that stay open, and new assignments, each with its
//! RequestId.

use crate::format::assignments_table::DEFAULT_CONTENT_TYPE;
use crate::format::completions;
use crate::format::instant::InstantWriter;
use crate::format::non_completed::{self, AssignmentRow, RequestId, RequestIdStyle};
use crate::inputs::state::OpenAssignment;
use crate::rules::day::EmployeeDay;
use crate::rules::training::{Training, completed_items};
use crate::run::simulation::Simulation;
use crate::run::slice::Slice;

/// RequestIds reserved for the new assignments of one employee: three Daily Doses and one random content.
const REQUEST_IDS_PER_EMPLOYEE: u64 = 4;

/// Appends the rows of the contents that an employee completed, in the order of the completions.
pub(super) fn push_completions(out: &mut Vec<u8>, instants: &mut InstantWriter, day: &EmployeeDay<'_>) {
    for (item, training) in day.completed() {
        let Training { started, completed } = *training;
        completions::push_row(out, instants, (day.employee.id, item.content_id), [started, completed]);
    }
}

impl Simulation {
    /// Appends the rows of one employee's open assignments that were not completed, and returns their number.
    /// `request_id` is that of the employee's first open assignment, and becomes that of the next employee's. Every
    /// open assignment uses up a RequestId, even if it was completed.
    pub(super) fn push_open_left(&self, out: &mut Vec<u8>, position: usize, request_id: &mut u64) -> u64 {
        let employee = self.inputs().employees[position];
        let open = self.inputs().state.open.of(position);
        // Open assignments are first on the list, in this very order, so the first ones are the completed ones.
        let completed = completed_items(employee.kind, open.len());
        for (assignment, number) in open.iter().zip(*request_id..).skip(completed) {
            push_open_assignment(out, employee.id, assignment, self.request_id(number));
        }
        *request_id += open.len() as u64;
        (open.len() - completed) as u64
    }

    /// Appends the rows of an employee's new assignments that were not completed. Their RequestIds follow those of all
    /// open assignments: four are reserved for each employee, in the order of employees.csv.
    pub(super) fn push_new_left(
        &self,
        out: &mut Vec<u8>,
        dates: &mut [InstantWriter; 3],
        day: &EmployeeDay<'_>,
        position: usize,
    ) {
        let calendar = self.calendar();
        let Slice { employees_before, open_in_all, .. } = self.slice();
        let open_in_all = open_in_all.unwrap_or(self.inputs().state.open.len() as u64);
        let first_of_employee =
            self.first_request_id() + open_in_all + (employees_before + position as u64) * REQUEST_IDS_PER_EMPLOYEE;
        for (number, content_id) in (first_of_employee..).zip(day.new_assignments_left()) {
            let row = AssignmentRow {
                employee_id: day.employee.id,
                created: calendar.shift.opens.timestamp(),
                request_id: self.request_id(number),
                content_id,
                start: calendar.window.start.timestamp(),
                due: calendar.window.due.timestamp(),
                content_type: DEFAULT_CONTENT_TYPE,
            };
            non_completed::push_row(out, dates, &row);
        }
    }

    /// A RequestId in the format of the settings.
    fn request_id(&self, number: u64) -> RequestId {
        match self.settings().request_id {
            RequestIdStyle::Numeric => RequestId::Number(number),
            RequestIdStyle::FakeDay => RequestId::FakeDay(chrono::Datelike::day(&self.calendar().today)),
        }
    }
}

fn push_open_assignment(out: &mut Vec<u8>, employee_id: u64, assignment: &OpenAssignment, request_id: RequestId) {
    let row = AssignmentRow {
        employee_id,
        created: assignment.assigned.timestamp(),
        request_id,
        content_id: assignment.content_id,
        start: assignment.begin.timestamp(),
        due: assignment.due.timestamp(),
        content_type: &assignment.content_type,
    };
    non_completed::push_row(out, &mut Default::default(), &row);
}
