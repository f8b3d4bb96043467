//! The one call that shells use: inputs and settings become a [`Simulation`], which writes the feed part by part.
//!
//! A part is a range of employees in the order of employees.csv. Parts do not depend on each other, so that a shell can
//! make them on many threads, write each as it comes and forget it. [`Simulation::employee_day`] is the way of one
//! employee from employees.csv to the last output row.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::format::employees::Employee;
use crate::format::non_completed::{AssignmentRow, RequestId, RequestIdStyle};
use crate::format::quoted::push_line;
use crate::format::recommendations::Answer;
use crate::format::record::BYTE_ORDER_MARK;
use crate::format::{completions, non_completed};
use crate::inputs::reading::Inputs;
use crate::inputs::state::{OpenAssignment, State};
use crate::plan::calendar::Calendar;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::mix::Mix;
use crate::plan::settings::Settings;
use crate::rules::day::EmployeeDay;
use crate::rules::manager::{self};
use crate::rules::training::{Training, completed_items, training_list, training_times};
use crate::run::detail::Detail;
use crate::run::feed_names::FeedNames;
use crate::run::slice::Slice;
use crate::run::tally::Tally;

/// A run, ready to be written.
pub struct Simulation {
    inputs: Inputs,
    settings: Settings,
    calendar: Calendar,
    first_request_id: u64,
    changed_by_mix: usize,
    slice: Slice,
}

/// What came of a range of employees.
#[derive(Debug, Default)]
pub struct Part {
    /// Rows of the completions file.
    pub completions: Vec<u8>,
    /// Rows of new assignments for the assignments file.
    pub assignments: Vec<u8>,
    /// What there was to count.
    pub tally: Tally,
    /// What each employee did, if asked for.
    pub details: Vec<Detail>,
}

/// One employee's rows of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmployeeRows {
    /// Those of the completions file.
    pub completions: Vec<u8>,
    /// Those of the assignments file for open assignments, in its first part.
    pub open_left: Vec<u8>,
    /// Those of the assignments file for new assignments.
    pub new_left: Vec<u8>,
}

/// A whole feed in memory.
#[derive(Debug, Default)]
pub struct Feed {
    /// The completions file.
    pub completions: Vec<u8>,
    /// The assignments file.
    pub assignments: Vec<u8>,
    /// All counts.
    pub tally: Tally,
}

/// New assignments take up to this many RequestIds an employee: three Daily Doses and the random content.
const REQUEST_IDS_PER_EMPLOYEE: u64 = 4;

impl Simulation {
    /// A run over inputs that were not refused. The mix of the settings is applied to the employees here.
    #[must_use]
    pub fn new(mut inputs: Inputs, settings: Settings) -> Simulation {
        let calendar = Calendar::of(settings.now, settings.time_zone);
        let first_request_id = Draw::for_run(settings.seed, calendar.now, Purpose::RequestIds).between(10_000, 99_999);
        let changed_by_mix = settings.mix.map_or(0, |mix| mix.apply(settings.seed, &mut inputs.employees));
        Simulation { inputs, settings, calendar, first_request_id, changed_by_mix, slice: Slice::default() }
    }

    /// The same employees as a slice of a larger run, with the RequestIds that they have there. A mix is for all employees:
    /// the settings of a slice have none.
    #[must_use]
    pub fn as_slice(self, slice: Slice) -> Simulation {
        Simulation { slice, ..self }
    }

    /// Makes it the run of another instant, over the same inputs but for the state.
    pub fn go_on(&mut self, now: DateTime<Utc>, state: State) {
        // The mix was applied already, and stays.
        let inputs = Inputs { state, state_given: (true, true), ..std::mem::take(&mut self.inputs) };
        let settings = Settings { now, ..self.settings };
        let changed_by_mix = self.changed_by_mix;
        *self = Simulation { settings, changed_by_mix, ..Simulation::new(inputs, Settings { mix: None, ..settings }) };
    }

    /// Makes it the run of another mix, over the same inputs; the employees are those before any mix.
    pub fn remix(&mut self, employees: &[Employee], mix: Mix) {
        let inputs = Inputs { employees: employees.to_vec(), ..std::mem::take(&mut self.inputs) };
        *self = Simulation::new(inputs, Settings { mix: Some(mix), ..self.settings });
    }

    /// What the run is made from.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The settings of the run.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The calendar of the run.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// How many employees there are.
    #[must_use]
    pub fn employees(&self) -> usize {
        self.inputs.employees.len()
    }

    /// How many employees have another type by the mix than in employees.csv.
    #[must_use]
    pub fn changed_by_mix(&self) -> usize {
        self.changed_by_mix
    }

    /// The names of the run's files; their last part is drawn from the seed and `now`.
    #[must_use]
    pub fn file_names(&self) -> FeedNames {
        FeedNames::of(self.settings.seed, &self.calendar)
    }

    /// What the completions file begins with.
    #[must_use]
    pub fn completions_head(&self) -> Vec<u8> {
        self.head(&completions::COLUMNS)
    }

    /// What the assignments file begins with: its header, and the open assignments that are left, by employee id, due,
    /// begin and content id.
    #[must_use]
    pub fn assignments_head(&self, tally: &mut Tally) -> Vec<u8> {
        let mut head = Vec::new();
        let left = self.hand_on_assignments_head(|piece| {
            head.extend(piece);
            Ok::<(), std::convert::Infallible>(())
        });
        tally.open_left += left.unwrap_or_default();
        head
    }

    /// The same piece by piece, for runs with more open assignments than memory should hold rows of. The number of
    /// rows is returned.
    ///
    /// # Errors
    /// What `hand_on` says; then it is not called again.
    pub fn hand_on_assignments_head<E>(&self, mut hand_on: impl FnMut(Vec<u8>) -> Result<(), E>) -> Result<u64, E> {
        const PIECE: usize = 1 << 20;
        let mut out = self.head(&non_completed::COLUMNS);
        let mut left = 0;
        if self.inputs.state.open.is_empty() {
            return hand_on(out).map(|()| left);
        }
        let mut request_number = self.first_request_id + self.slice.open_before;
        for position in self.inputs.index.positions_by_id() {
            left += self.push_open_left(&mut out, position, &mut request_number);
            if out.len() >= PIECE {
                hand_on(std::mem::take(&mut out))?;
            }
        }
        hand_on(out).map(|()| left)
    }

    /// Appends the open assignments of one employee that are left, and tells how many. Each open assignment takes a
    /// number.
    fn push_open_left(&self, out: &mut Vec<u8>, position: usize, request_number: &mut u64) -> u64 {
        let employee = self.inputs.employees[position];
        let open = self.inputs.state.open.of(position);
        // Open assignments lead the list, in this very order: the first are completed, the rest is left.
        let completed = completed_items(employee.kind, open.len());
        for (assignment, number) in open.iter().zip(*request_number..).skip(completed) {
            push_open_assignment(out, employee.id, assignment, self.request_id(number));
        }
        *request_number += open.len() as u64;
        (open.len() - completed) as u64
    }

    /// One employee's rows as they stand in the feed, by the position in employees.csv.
    ///
    /// # Panics
    /// Where there is no such position.
    #[must_use]
    pub fn employee_rows(&self, position: usize) -> EmployeeRows {
        let before = self.inputs.index.positions_by_id().take_while(|one| *one != position);
        let numbers_before: usize = before.map(|one| self.inputs.state.open.of(one).len()).sum();
        let mut rows = EmployeeRows::default();
        let mut request_number = self.first_request_id + self.slice.open_before + numbers_before as u64;
        self.push_open_left(&mut rows.open_left, position, &mut request_number);
        let part = self.simulate(position..position + 1, false);
        EmployeeRows { completions: part.completions, new_left: part.assignments, ..rows }
    }

    /// The content of the dummy file.
    #[must_use]
    pub fn user_completion(&self) -> &[u8] {
        &self.inputs.template
    }

    /// Simulates some employees, by their positions in employees.csv. Positions past the last are ignored.
    #[must_use]
    pub fn simulate(&self, positions: Range<usize>, with_details: bool) -> Part {
        self.simulate_watched(positions, with_details, |_| {})
    }

    /// The same, and `watch` is shown each employee's day.
    pub fn simulate_watched(
        &self,
        positions: Range<usize>,
        with_details: bool,
        mut watch: impl FnMut(&EmployeeDay<'_>),
    ) -> Part {
        let mut part = Part::default();
        for position in positions.start..positions.end.min(self.employees()) {
            let day = self.employee_day(position);
            self.push_rows(&day, position, &mut part);
            part.tally.count(&day);
            watch(&day);
            if with_details {
                part.details.extend(crate::run::detail::details(&day, &self.inputs.catalog));
            }
        }
        part
    }

    /// The whole feed at once, for runs that are small enough to be held in memory.
    #[must_use]
    pub fn feed(&self) -> Feed {
        let Part { completions, assignments, tally, .. } = self.simulate(0..self.employees(), false);
        let mut feed = Feed { completions: self.completions_head(), assignments: Vec::new(), tally };
        feed.assignments = self.assignments_head(&mut feed.tally);
        feed.completions.extend(completions);
        feed.assignments.extend(assignments);
        feed
    }

    /// The whole way of one employee, by the position in employees.csv.
    ///
    /// # Panics
    /// Where there is no such position.
    #[must_use]
    pub fn employee_day(&self, position: usize) -> EmployeeDay<'_> {
        let Inputs { employees, catalog, state, answers, .. } = &self.inputs;
        let employee = employees[position];
        let (open, history) = (state.open.of(position), state.completed.of(position));
        let new =
            manager::assign(catalog, &self.calendar, open, history, &mut self.draw(employee, Purpose::RandomContent));
        let (recommendations, failed_call) = match answers.of(position).first() {
            Some(Answer::Recommendations(recommendations)) => (recommendations.as_slice(), None),
            Some(Answer::Failed(why)) => (&[][..], Some(why.as_str())),
            None => (&[][..], None),
        };
        let list = training_list(open, &new, recommendations, history, self.calendar.today);
        let trainings = match completed_items(employee.kind, list.items.len()) {
            0 => Vec::new(),
            count => training_times(count, &self.calendar.shift, &mut self.draw(employee, Purpose::Times)),
        };
        EmployeeDay { employee, open, history, new, recommendations, failed_call, list, trainings }
    }

    fn push_rows(&self, day: &EmployeeDay<'_>, position: usize, part: &mut Part) {
        for (item, training) in day.completed() {
            let Training { started, completed } = *training;
            completions::push_row(&mut part.completions, day.employee.id, item.content_id, started, completed);
        }
        let open_in_all = self.slice.open_in_all.unwrap_or(self.inputs.state.open.len() as u64);
        let employees_before = self.slice.employees_before + position as u64;
        let first_of_employee = self.first_request_id + open_in_all + employees_before * REQUEST_IDS_PER_EMPLOYEE;
        for (request_number, content_id) in (first_of_employee..).zip(day.new_assignments_left()) {
            let row = AssignmentRow {
                employee_id: day.employee.id,
                created: self.calendar.shift.opens.timestamp(),
                request_id: self.request_id(request_number),
                content_id,
                start: self.calendar.window.start.timestamp(),
                due: self.calendar.window.due.timestamp(),
                content_type: crate::format::assignments_table::DEFAULT_CONTENT_TYPE,
            };
            non_completed::push_row(&mut part.assignments, &row);
        }
    }

    fn head(&self, columns: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        if self.settings.byte_order_mark {
            out.extend_from_slice(BYTE_ORDER_MARK);
        }
        push_line(&mut out, columns);
        out
    }

    fn draw(&self, employee: Employee, purpose: Purpose) -> Draw {
        Draw::for_employee(self.settings.seed, self.calendar.today, employee.id, purpose)
    }

    fn request_id(&self, number: u64) -> RequestId {
        match self.settings.request_id {
            RequestIdStyle::Numeric => RequestId::Number(number),
            RequestIdStyle::FakeDay => RequestId::FakeDay(chrono::Datelike::day(&self.calendar.today)),
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
    non_completed::push_row(out, &row);
}
