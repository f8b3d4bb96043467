//! Reads all input files of a run and collects the problems of every file.

use std::borrow::Cow;

use crate::format::employees::{BadRows, Employee, Employees};
use crate::format::file_kind::other_kind;
use crate::format::input_role::InputRole;
use crate::format::recommendations::{Answer, Recommendation, RecordedAnswer};
use crate::format::{
    assignments_table, completions_table, course_catalog, employees, recommendations, standalone_content,
};
use crate::inputs::catalog::Catalog;
use crate::inputs::employee_index::{EmployeeIndex, PerEmployee};
use crate::inputs::input_file::{InputFile, InputOrigin};
use crate::inputs::rows_of_one::RowsOfOne;
use crate::inputs::state::{GivenTables, State};
use crate::sheet::{Choices, read_as, read_source_as};
use crate::text::chunks::{ByteSource, OneAfterAnother, Workers};
use crate::text::problem::{Place, Problem, ProblemKind, Reading};

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

/// All inputs of a run, read and joined.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The employees, in the order of employees.csv.
    pub employees: Vec<Employee>,
    /// The number of comment rows of employees.csv.
    pub comment_rows: usize,
    /// The number of bad rows of employees.csv that were left out, if that was requested.
    pub skipped_rows: usize,
    /// The assignable contents, and names of contents.
    pub catalog: Catalog,
    /// True if the catalog is the built-in sample.
    pub catalog_is_built_in: bool,
    /// Open assignments and past completions.
    pub state: State,
    /// The state tables that were given.
    pub given_tables: GivenTables,
    /// The recommender's answers; at most one for each employee.
    pub answers: PerEmployee<Answer>,
    /// True if a recommendations file was given.
    pub recommendations_given: bool,
    /// The content of the dummy file.
    pub template: Vec<u8>,
    /// Index of the employees by id.
    pub index: EmployeeIndex,
}

impl Inputs {
    /// The name of a content: from the catalogs, else from any employee's recommendation; `None` if it is unknown.
    #[must_use]
    pub fn content_name(&self, content_id: u64) -> Option<&str> {
        self.catalog.name(content_id).or_else(|| {
            let answers = (0..self.employees.len()).flat_map(|position| self.answers.of(position));
            let recommended = answers.filter_map(|answer| match answer {
                Answer::Recommendations(recommendations) => Some(recommendations),
                Answer::Failed(_) => None,
            });
            let named = |one: &&Recommendation| one.content_id == content_id && !one.name.is_empty();
            recommended.flatten().find(named).map(|one| &*one.name)
        })
    }
}

/// An input file of a run whose bytes need not be in memory.
#[derive(Clone, Copy)]
pub struct InputSource<'a> {
    /// The role in which it is read.
    pub role: InputRole,
    /// Its name, without any folder.
    pub name: &'a str,
    /// Its content.
    pub source: &'a dyn ByteSource,
    /// The origin of its content.
    pub origin: InputOrigin,
    /// The answers to its questions.
    pub choices: &'a Choices,
}

impl<'a> InputSource<'a> {
    /// A file whose bytes are in memory.
    #[must_use]
    pub fn of(file: &'a InputFile<'_>) -> InputSource<'a> {
        let InputFile { role, name, bytes, origin, choices } = file;
        InputSource { role: *role, name, source: bytes, origin: *origin, choices }
    }
}

/// Reads all files of a run. Built-in files replace a missing StandAloneContent or template, but appear in the run
/// record only if [`InputFile::missing`] was added to `files` beforehand. If the problems include an error, the run is
/// refused: do not generate anything from the returned inputs.
#[must_use]
pub fn read_inputs(files: &[InputFile<'_>], bad_rows: BadRows) -> (Inputs, Vec<FileProblems>) {
    let files: Vec<InputSource<'_>> = files.iter().map(InputSource::of).collect();
    read_sources(&files, bad_rows, &OneAfterAnother)
}

/// As [`read_inputs`]. Files that may be large, of employees, state and recommendations, are read in chunks.
#[must_use]
pub fn read_sources(
    files: &[InputSource<'_>],
    bad_rows: BadRows,
    workers: &impl Workers,
) -> (Inputs, Vec<FileProblems>) {
    let (inputs, _, problems) = read_for(files, bad_rows, None, workers);
    (inputs, problems)
}

/// The only employee for whom inputs are read, to explain the employee's rows.
#[derive(Clone, Copy, Debug)]
pub struct OnlyOne {
    /// The employee.
    pub id: u64,
    /// True if the recording was read without errors before, so that answers for other employees need not be parsed.
    pub others_are_sound: bool,
}

/// As [`read_sources`], for one employee: also returns the employee's rows, and drops the recorded answers for others.
#[must_use]
pub fn read_for_one(
    files: &[InputSource<'_>],
    bad_rows: BadRows,
    one: OnlyOne,
    workers: &impl Workers,
) -> (Inputs, RowsOfOne, Vec<FileProblems>) {
    read_for(files, bad_rows, Some(one), workers)
}

fn read_for(
    files: &[InputSource<'_>],
    bad_rows: BadRows,
    one: Option<OnlyOne>,
    workers: &impl Workers,
) -> (Inputs, RowsOfOne, Vec<FileProblems>) {
    let mut reader = InputsReader { one, ..InputsReader::new(bad_rows, workers) };
    reader.read_up_to(InputsPart::All, files);
    (reader.inputs, reader.of_one, reader.problems)
}

/// Reads employees.csv alone, converted to CSV where needed, as the answers say.
#[must_use]
pub fn read_employees(bytes: &[u8], choices: &Choices, bad_rows: BadRows) -> Reading<Employees> {
    read_input(InputRole::Employees, bytes, choices, |csv| employees::read(csv, bad_rows))
}

/// Reads a file of a run by the reader of its role, converted to CSV where needed, as the answers say.
pub(super) fn read_input<T: Default>(
    role: InputRole,
    bytes: &[u8],
    choices: &Choices,
    read: impl FnOnce(&[u8]) -> Reading<T>,
) -> Reading<T> {
    read_as(role, bytes, choices, |csv| {
        let Reading { value, problems } = read(csv);
        Reading { value, problems: of_its_kind(role, || csv.into(), problems) }
    })
}

/// The problems of a file. If the file turns out to be of another kind than its role, that is the only problem.
fn of_its_kind<'b>(role: InputRole, bytes: impl FnOnce() -> Cow<'b, [u8]>, problems: Vec<Problem>) -> Vec<Problem> {
    let is_of_kind = |problem: &Problem| {
        let kind = &problem.kind;
        matches!(
            kind,
            ProblemKind::MissingColumn { .. }
                | ProblemKind::OtherColumns { .. }
                | ProblemKind::NotCsv { .. }
                | ProblemKind::BadJson { .. }
                | ProblemKind::NoRecording { .. }
        )
    };
    let other = if problems.iter().any(is_of_kind) { other_kind(role, &bytes()) } else { None };
    other.map_or(problems, |kind| vec![Problem::error(Place::START, kind)])
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

    /// Reads a file in chunks. One that has to be converted first is read as a whole.
    fn read_in_chunks<T: Default>(
        &mut self,
        files: &[InputSource<'_>],
        role: InputRole,
        read: impl FnOnce(&dyn ByteSource) -> Reading<T>,
    ) -> Option<T> {
        with_file(files, role, |file| {
            let reading = read_source_as(role, file.source, file.choices, |source| {
                let Reading { value, problems } = read(source);
                Reading { value, problems: of_its_kind(role, || source.whole(), problems) }
            });
            self.take(file, reading)
        })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::inputs::inspection::inspect;
    use crate::text::chunks::SmallChunks;

    const ROWS: [&str; 9] = [
        "1,2,2026-01-26 00:01:00,,,,\n",
        "1,3,2026-01-26 00:01:00,,,,\"two\nlines\"\n",
        "2,3,2026-01-26 00:01:00,,,,x\r\n",
        "x,3,2026-01-26 00:01:00,,,,\"1,2,3\n1,2,,,,,\n\"\n",
        "\n",
        "\"",
        "1,2\n",
        "\u{feff}1,2,2026-01-26 00:01:00,,,,y\n",
        "2,9,,,,,\n",
    ];

    const ANSWERS: [&str; 9] = [
        "{\"ba_id\": 1, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 5}]}}}\n",
        "{\"ba_id\": 2, \"body\": {\"response\": \"none\"}}\r\n",
        "{\"ba_id\": 1, \"error\": \"timed out\"} {\"ba_id\": 2, \"error\": \"x\"}\n",
        "{\"ba_id\": 2,\n\"body\": {\"response\": {}}}\n",
        "[{\"ba_id\": 1, \"error\": \"x\"}]\n",
        "\n",
        "nothing\n",
        "{\"ba_id\": 2, \"body\": {\"response\": {\"ml_recommendations\": [{\"ba_id\": 1}, 7]}}}\n",
        "{\"body\": 1}\n",
    ];

    proptest! {
        #[test]
        fn files_are_read_in_parts_as_a_whole(
            part in 1_usize..200,
            rows in proptest::collection::vec(select(&ROWS[..]), 0..12),
            answers in proptest::collection::vec(select(&ANSWERS[..]), 0..12),
        ) {
            let table = format!("{}\n{}", assignments_table::COLUMNS.join(","), rows.concat());
            let files = [
                InputFile::given(InputRole::Employees, "e", b"employee_id,employee_edu_type\n1,a\n2,b\n".as_slice()),
                InputFile::given(InputRole::Assignments, "a", table.into_bytes()),
                InputFile::given(InputRole::Recommendations, "r", answers.concat().into_bytes()),
            ];
            let sources: Vec<InputSource<'_>> = files.iter().map(InputSource::of).collect();
            let (whole, problems) = read_inputs(&files, BadRows::Refuse);
            let (in_chunks, of_parts) = read_sources(&sources, BadRows::Refuse, &SmallChunks(part));
            prop_assert_eq!(of_parts, problems);
            prop_assert_eq!(format!("{in_chunks:?}"), format!("{whole:?}"));
        }
    }

    fn check(role: InputRole, bytes: &[u8], expected: &str) {
        let inspected = inspect(role, bytes, BadRows::Refuse).problems;
        let (_, of_run) = read_inputs(&[InputFile::given(role, "x", bytes.to_vec())], BadRows::Refuse);
        for problems in [&inspected, &of_run[0].problems] {
            let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn a_file_without_readable_rows_is_described_as_what_it_is() {
        for (role, bytes, expected) in [
            (InputRole::Employees, "employee_id,employee_edu_type\n1,a\n", "1 employee"),
            (InputRole::Employees, "employee_id,employee_edu_type\n1,x\n", "0 employees"),
            (
                InputRole::Completions,
                "employee_id,employee_edu_type\n1,a\n",
                "another kind of file: employees (employees.csv)",
            ),
            (InputRole::Employees, "", "an empty file"),
            (InputRole::Employees, "name,note\nx,y\n", "a table without the column employee_id"),
            (InputRole::Employees, "PK\u{3}\u{4}", "a table that cannot be converted"),
            (InputRole::Recommendations, "hello\n", "no recorded answers"),
        ] {
            let found = inspect(role, bytes.as_bytes(), BadRows::Refuse).contents;
            assert!(found.starts_with(expected), "{bytes:?}: {found}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_called_that() {
        let table = format!("{}\n1,2,,,,,\n", assignments_table::COLUMNS.join(","));
        check(
            InputRole::StandaloneContent,
            table.as_bytes(),
            "1:1: this is another kind of file, state table content_assignments: it belongs under Assignments table \
             (--assignments)",
        );
        check(
            InputRole::Recommendations,
            b"employee_id,employee_edu_type\n1,a\n2,b\n",
            "1:1: this is another kind of file, employees (employees.csv): it belongs under Employees file (--employees)",
        );
        check(
            InputRole::Employees,
            b"{\"ba_id\": 1, \"error\": \"\"}\n",
            "1:1: this is another kind of file, recorded recommendations (JSON lines): it belongs under Recorded \
             recommendations (--recommendations)",
        );
        check(
            InputRole::Completions,
            b"\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n",
            "1:1: this is another kind of file, vendor file of completions (ContentUserCompletion): a run makes it, and does \
             not read it",
        );
        check(
            InputRole::Completions,
            b"ba_id,content_id\n",
            "1:17: the column completion_date is missing from the header; add it",
        );
    }
}
