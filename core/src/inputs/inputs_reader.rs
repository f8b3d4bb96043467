//! Reader of the inputs of a run. It joins the rows of each file with what was read before.

use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::format::recommendations::{self, Answer, RecordedAnswer};
use crate::format::{assignments_table, completions_table, course_catalog, standalone_content};
use crate::inputs::catalog::Catalog;
use crate::inputs::employee_index::{EmployeeIndex, PerEmployee};
use crate::inputs::input_file::{InputFile, InputOrigin, InputSource};
use crate::inputs::rows_of_one::RowsOfOne;
use crate::inputs::run_inputs::Inputs;
use crate::inputs::single_file::{read_input, read_input_in_chunks};
use crate::inputs::state::{GivenTables, State};
use crate::text::chunks::{ByteSource, Workers};
use crate::text::problem::{Problem, Reading};

/// The problems of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblems {
    /// The role in which the file was read.
    pub role: InputRole,
    /// Its name.
    pub name: String,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
}

/// The only employee for whom inputs are read, to explain the employee's rows.
#[derive(Clone, Copy, Debug)]
pub struct OnlyOne {
    /// The employee.
    pub id: u64,
    /// True if the recording was read without errors before, so that answers for other employees need not be parsed.
    pub others_are_sound: bool,
}

/// The parts of a run's inputs, in the order in which they are read: what comes later is read for the employees only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputsPart {
    /// Nothing.
    Nothing,
    /// employees.csv.
    Employees,
    /// Also the catalogs and the state tables.
    CatalogsAndState,
    /// Also recorded answers and the template.
    All,
}

/// Reader of the inputs of a run whose files may arrive one after another. Each file is read once.
pub struct InputsReader<'w, W> {
    bad_rows: BadRows,
    one: Option<OnlyOne>,
    workers: &'w W,
    part: InputsPart,
    inputs: Inputs,
    of_one: RowsOfOne,
    problems: Vec<FileProblems>,
}

impl<'w, W: Workers> InputsReader<'w, W> {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(bad_rows: BadRows, workers: &'w W) -> InputsReader<'w, W> {
        InputsReader {
            bad_rows,
            one: None,
            workers,
            part: InputsPart::Nothing,
            inputs: Inputs::default(),
            of_one: RowsOfOne::default(),
            problems: Vec::new(),
        }
    }

    /// A reader for one employee.
    pub(super) fn for_one(bad_rows: BadRows, one: OnlyOne, workers: &'w W) -> InputsReader<'w, W> {
        InputsReader { one: Some(one), ..InputsReader::new(bad_rows, workers) }
    }

    /// Reads what was not read yet, up to and with a part. `files` must have the files of these parts.
    pub fn read_up_to(&mut self, part: InputsPart, files: &[InputSource<'_>]) {
        let before = self.part;
        self.part = before.max(part);
        let is_due = |one: InputsPart| before < one && one <= part;
        if is_due(InputsPart::Employees) {
            self.employees(files);
        }
        if is_due(InputsPart::CatalogsAndState) {
            self.catalog(files);
            self.state(files);
        }
        if is_due(InputsPart::All) {
            self.answers(files);
            self.template(files);
        }
    }

    /// The inputs read so far.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The problems found so far.
    #[must_use]
    pub fn problems(&self) -> &[FileProblems] {
        &self.problems
    }

    /// The inputs and the problems of their files.
    #[must_use]
    pub fn finish(self) -> (Inputs, Vec<FileProblems>) {
        (self.inputs, self.problems)
    }

    /// As [`InputsReader::finish`], with the rows of the only employee.
    pub(super) fn finish_for_one(self) -> (Inputs, RowsOfOne, Vec<FileProblems>) {
        (self.inputs, self.of_one, self.problems)
    }

    fn employees(&mut self, files: &[InputSource<'_>]) {
        let (workers, bad_rows) = (self.workers, self.bad_rows);
        let read = |source: &dyn ByteSource| employees::read_from(source, workers, bad_rows);
        let employees = self.read_in_chunks(files, InputRole::Employees, read).unwrap_or_default();
        self.inputs.index = EmployeeIndex::new(&employees.rows);
        self.inputs.employees = employees.rows;
        self.inputs.comment_rows = employees.comment_rows;
        self.inputs.skipped_rows = employees.skipped_rows;
    }

    fn catalog(&mut self, files: &[InputSource<'_>]) {
        let contents = self.read(files, InputRole::StandaloneContent, standalone_content::read);
        let courses = self.read(files, InputRole::CourseCatalog, course_catalog::read);
        self.inputs.catalog = Catalog::new(&contents.unwrap_or_default(), &courses.unwrap_or_default());
        let given = files.iter().find(|file| file.role == InputRole::StandaloneContent);
        self.inputs.catalog_is_built_in = given.is_none_or(|file| file.origin == InputOrigin::BuiltIn);
    }

    /// Reads the rows of the run's employees in the state tables.
    fn state(&mut self, files: &[InputSource<'_>]) {
        let (workers, index) = (self.workers, std::mem::take(&mut self.inputs.index));
        let is_ours = |id| index.position(id).is_some();
        let assignments = self.read_in_chunks(files, InputRole::Assignments, |source| {
            assignments_table::read_from(source, workers, is_ours)
        });
        let completions = self.read_in_chunks(files, InputRole::Completions, |source| {
            completions_table::read_from(source, workers, is_ours)
        });
        let given_tables = GivenTables { assignments: assignments.is_some(), completions: completions.is_some() };
        let (assignments, completions) = (assignments.unwrap_or_default(), completions.unwrap_or_default());
        let employees = &self.inputs.employees;
        if let Some(one) = self.one {
            self.of_one = RowsOfOne::among(one.id, employees, &assignments, &completions);
        }
        self.inputs.state = State::new(assignments, completions, &index, employees.len());
        (self.inputs.given_tables, self.inputs.index) = (given_tables, index);
    }

    /// Reads the answers for the run's employees, or for the only one, in the recording.
    fn answers(&mut self, files: &[InputSource<'_>]) {
        let (workers, one, index) = (self.workers, self.one, std::mem::take(&mut self.inputs.index));
        let is_wanted = |id| index.position(id).is_some() && one.is_none_or(|one| one.id == id);
        let recorded = self.read_in_chunks(files, InputRole::Recommendations, |source| match one {
            Some(OnlyOne { id, others_are_sound: true }) => recommendations::read_of_one(source, workers, id),
            _ => recommendations::read_from(source, workers, is_wanted),
        });
        self.inputs.recommendations_given = recorded.is_some();
        self.inputs.answers = last_answers(recorded.unwrap_or_default(), &index, self.inputs.employees.len());
        self.inputs.index = index;
    }

    fn template(&mut self, files: &[InputSource<'_>]) {
        let template = with_file(files, InputRole::UserCompletionTemplate, |file| file.source.whole().into_owned());
        self.inputs.template = template.unwrap_or_default();
    }

    fn read<T: Default>(
        &mut self,
        files: &[InputSource<'_>],
        role: InputRole,
        read: impl FnOnce(&[u8]) -> Reading<T>,
    ) -> Option<T> {
        with_file(files, role, |file| self.take(file, read_input(role, &file.source.whole(), file.choices, read)))
    }

    fn read_in_chunks<T: Default>(
        &mut self,
        files: &[InputSource<'_>],
        role: InputRole,
        read: impl FnOnce(&dyn ByteSource) -> Reading<T>,
    ) -> Option<T> {
        with_file(files, role, |file| self.take(file, read_input_in_chunks(role, file.source, file.choices, read)))
    }

    fn take<T>(&mut self, file: InputSource<'_>, Reading { value, problems }: Reading<T>) -> T {
        if !problems.is_empty() {
            self.problems.push(FileProblems { role: file.role, name: file.name.to_owned(), problems });
        }
        value
    }
}

/// Calls a function with the file of a role, or else with the built-in one; `None` without either.
fn with_file<T>(files: &[InputSource<'_>], role: InputRole, read: impl FnOnce(InputSource<'_>) -> T) -> Option<T> {
    match files.iter().find(|file| file.role == role) {
        Some(file) => Some(read(*file)),
        None => InputFile::built_in(role).map(|file| read(InputSource::of(&file))),
    }
}

/// The answers grouped by employee; of several for one employee, the last.
fn last_answers(recorded: Vec<RecordedAnswer>, index: &EmployeeIndex, employees: usize) -> PerEmployee<Answer> {
    let mut answers: Vec<(u32, Answer)> = recorded
        .into_iter()
        .filter_map(|recorded| index.position(recorded.ba_id).map(|position| (position, recorded.answer)))
        .collect();
    answers.sort_by_key(|(position, _)| *position);
    answers.dedup_by(|later, earlier| {
        let same_employee = later.0 == earlier.0;
        if same_employee {
            std::mem::swap(later, earlier);
        }
        same_employee
    });
    PerEmployee::from_sorted(answers, employees)
}
