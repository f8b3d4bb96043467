//! Reader of the inputs of a run. It joins the rows of each file with what was read before.

use crate::format::assignments_table::Assignment;
use crate::format::completions_table::PastCompletion;
use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::format::recommendations::{self, Answer, RecordedAnswer};
use crate::format::{assignments_table, completions_table, course_catalog, standalone_content};
use crate::inputs::catalog::Catalog;
use crate::inputs::employee_index::{EmployeeIndex, PerEmployee, keep_last_of_each};
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
            let (employees, problems) = read_part(files, |files| read_employees(files, self.workers, self.bad_rows));
            self.problems.extend(problems);
            self.inputs.index = EmployeeIndex::new(&employees.rows);
            self.inputs.employees = employees.rows;
            self.inputs.comment_rows = employees.comment_rows;
            self.inputs.skipped_rows = employees.skipped_rows;
        }
        self.read_for_employees(is_due(InputsPart::CatalogsAndState), is_due(InputsPart::All), files);
    }

    /// Reads the catalogs and the state, and the rest, if they are due. While one worker has work that cannot be divided, a
    /// catalog or the joining of rows, the others read a large file.
    fn read_for_employees(&mut self, state_is_due: bool, rest_is_due: bool, files: &[InputSource<'_>]) {
        let (workers, known) = (self.workers, Known { inputs: &self.inputs, one: self.one });
        let (mut catalog, mut rows, mut state, mut answers) = (None, None, None, None);
        workers.call_all(&mut [
            &mut || rows = state_is_due.then(|| read_part(files, |files| StateRows::read(files, workers, known))),
            &mut || catalog = state_is_due.then(|| read_part(files, read_catalog)),
        ]);
        workers.call_all(&mut [
            &mut || answers = rest_is_due.then(|| read_part(files, |files| read_answers(files, workers, known))),
            &mut || state = rows.take().map(|(rows, problems)| (rows.join(known), problems)),
        ]);
        if let Some((catalog, problems)) = catalog {
            (self.inputs.catalog, self.inputs.catalog_is_built_in) = catalog;
            self.problems.extend(problems);
        }
        if let Some((state, problems)) = state {
            (self.inputs.given_tables, self.inputs.state, self.of_one) = state;
            self.problems.extend(problems);
        }
        if let Some((answers, problems)) = answers {
            (self.inputs.recommendations_given, self.inputs.answers) = answers;
            self.problems.extend(problems);
            self.inputs.template = read_template(files);
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
}

/// What is known when the files for the employees are read.
#[derive(Clone, Copy)]
struct Known<'r> {
    /// The employees.
    inputs: &'r Inputs,
    one: Option<OnlyOne>,
}

/// The files of a run, and the problems of those that were read.
struct RunFiles<'f> {
    files: &'f [InputSource<'f>],
    problems: Vec<FileProblems>,
}

impl RunFiles<'_> {
    /// Reads the file of a role, or else the built-in one; `None` without either.
    fn read<T: Default>(&mut self, role: InputRole, read: impl FnOnce(&[u8]) -> Reading<T>) -> Option<T> {
        with_file(self.files, role, |file| self.take(file, read_input(role, &file.source.whole(), file.choices, read)))
    }

    /// As [`RunFiles::read`], for a file that is read in chunks.
    fn read_in_chunks<T: Default>(
        &mut self,
        role: InputRole,
        read: impl FnOnce(&dyn ByteSource) -> Reading<T>,
    ) -> Option<T> {
        with_file(self.files, role, |file| self.take(file, read_input_in_chunks(role, file.source, file.choices, read)))
    }

    fn take<T>(&mut self, file: InputSource<'_>, Reading { value, problems }: Reading<T>) -> T {
        if !problems.is_empty() {
            self.problems.push(FileProblems { role: file.role, name: file.name.to_owned(), problems });
        }
        value
    }
}

/// Reads some of the files, and returns their problems, too.
fn read_part<T>(files: &[InputSource<'_>], read: impl FnOnce(&mut RunFiles<'_>) -> T) -> (T, Vec<FileProblems>) {
    let mut files = RunFiles { files, problems: Vec::new() };
    let value = read(&mut files);
    (value, files.problems)
}

fn read_employees(files: &mut RunFiles<'_>, workers: &impl Workers, bad_rows: BadRows) -> employees::Employees {
    let read = |source: &dyn ByteSource| employees::read_from(source, workers, bad_rows);
    files.read_in_chunks(InputRole::Employees, read).unwrap_or_default()
}

/// The catalog, and whether it is the built-in one.
fn read_catalog(files: &mut RunFiles<'_>) -> (Catalog, bool) {
    let contents = files.read(InputRole::StandaloneContent, standalone_content::read).unwrap_or_default();
    let courses = files.read(InputRole::CourseCatalog, course_catalog::read).unwrap_or_default();
    let given = files.files.iter().find(|file| file.role == InputRole::StandaloneContent);
    (Catalog::new(contents, &courses), given.is_none_or(|file| file.origin == InputOrigin::BuiltIn))
}

/// The rows of the run's employees in the state tables; `None` for a table that is not given.
struct StateRows {
    assignments: Option<Vec<Assignment>>,
    completions: Option<Vec<PastCompletion>>,
}

impl StateRows {
    fn read(files: &mut RunFiles<'_>, workers: &impl Workers, known: Known<'_>) -> StateRows {
        let is_ours = |id| known.inputs.index.position(id).is_some();
        StateRows {
            assignments: files.read_in_chunks(InputRole::Assignments, |source| {
                assignments_table::read_from(source, workers, is_ours)
            }),
            completions: files.read_in_chunks(InputRole::Completions, |source| {
                completions_table::read_from(source, workers, is_ours)
            }),
        }
    }

    /// The state, and the rows of the only employee.
    fn join(self, known: Known<'_>) -> (GivenTables, State, RowsOfOne) {
        let Inputs { employees, index, .. } = known.inputs;
        let given = GivenTables { assignments: self.assignments.is_some(), completions: self.completions.is_some() };
        let (assignments, completions) = (self.assignments.unwrap_or_default(), self.completions.unwrap_or_default());
        let among = |one: OnlyOne| RowsOfOne::among(one.id, employees, &assignments, &completions);
        let of_one = known.one.map(among).unwrap_or_default();
        (given, State::new(assignments, completions, index, employees.len()), of_one)
    }
}

/// Whether there is a recording, and its answers for the run's employees, or for the only one.
fn read_answers(files: &mut RunFiles<'_>, workers: &impl Workers, known: Known<'_>) -> (bool, PerEmployee<Answer>) {
    let Inputs { employees, index, .. } = known.inputs;
    let is_wanted = |id| index.position(id).is_some() && known.one.is_none_or(|one| one.id == id);
    let recorded = files.read_in_chunks(InputRole::Recommendations, |source| match known.one {
        Some(OnlyOne { id, others_are_sound: true }) => recommendations::read_of_one(source, workers, id),
        _ => recommendations::read_from(source, workers, is_wanted),
    });
    (recorded.is_some(), last_answers(recorded.unwrap_or_default(), index, employees.len()))
}

fn read_template(files: &[InputSource<'_>]) -> Vec<u8> {
    let whole = |file: InputSource<'_>| file.source.whole().into_owned();
    with_file(files, InputRole::UserCompletionTemplate, whole).unwrap_or_default()
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
    keep_last_of_each(&mut answers, |(position, _)| *position);
    PerEmployee::from_sorted(answers, employees)
}
