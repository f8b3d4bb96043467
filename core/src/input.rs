//! The files that go into a run: read together, with every problem of every file.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::check;
use crate::digest::ByteDigest;
use crate::format::employees::{BadRows, Employee, EmployeeType, Employees};
use crate::format::recommendations::{Answer, Recommendation, RecordedAnswer};
use crate::format::{
    assignments_table, completions_table, course_catalog, employees, recommendations, standalone_content,
    user_completion,
};
use crate::mix::Mix;
use crate::new_population;
use crate::order;
use crate::population::{EmployeeIndex, PerEmployee};
use crate::problem::{Place, Problem, ProblemKind, Reading};
use crate::run_record::InputRecord;
use crate::sample;
use crate::settings::Settings;
use crate::state::State;
use crate::words::{counted, grouped};

/// What a file is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputRole {
    /// employees.csv: the population.
    Employees,
    /// StandAloneContent: what a manager can assign.
    StandaloneContent,
    /// The course catalog: more names of contents.
    CourseCatalog,
    /// The state table `content_assignments`.
    Assignments,
    /// The state table `content_completion`.
    Completions,
    /// Recorded answers of the recommender.
    Recommendations,
    /// The template of the dummy file.
    UserCompletionTemplate,
}

impl InputRole {
    /// All roles, in the order in which they are told.
    pub const ALL: [InputRole; 7] = [
        Self::Employees,
        Self::StandaloneContent,
        Self::CourseCatalog,
        Self::Assignments,
        Self::Completions,
        Self::Recommendations,
        Self::UserCompletionTemplate,
    ];
}

/// One file that goes into a run.
#[derive(Clone, Debug)]
pub struct InputFile<'a> {
    /// What it is used as.
    pub role: InputRole,
    /// Its name, without any folder.
    pub name: String,
    /// Its content.
    pub bytes: Cow<'a, [u8]>,
    /// Where its content comes from.
    pub origin: InputOrigin,
}

/// Where the content of a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputOrigin {
    /// The user gave it.
    Given,
    /// It is built into the program.
    BuiltIn,
    /// It is made up by the settings of the run.
    MadeUp,
}

impl<'a> InputFile<'a> {
    /// A file that the user gave.
    #[must_use]
    pub fn given(role: InputRole, name: &str, bytes: impl Into<Cow<'a, [u8]>>) -> InputFile<'a> {
        InputFile { role, name: name.to_owned(), bytes: bytes.into(), origin: InputOrigin::Given }
    }

    /// The built-in catalog, for runs without a StandAloneContent file.
    #[must_use]
    pub fn built_in_catalog() -> InputFile<'static> {
        let bytes = Cow::Owned(sample::built_in_standalone_content());
        let (role, name) = (InputRole::StandaloneContent, sample::BUILT_IN_NAME.to_owned());
        InputFile { role, name, bytes, origin: InputOrigin::BuiltIn }
    }

    /// The built-in template of the dummy file.
    #[must_use]
    pub fn built_in_template() -> InputFile<'static> {
        let bytes = Cow::Owned(user_completion::built_in_template());
        let name = BUILT_IN_TEMPLATE.to_owned();
        InputFile { role: InputRole::UserCompletionTemplate, name, bytes, origin: InputOrigin::BuiltIn }
    }

    /// The made-up employees.csv of a run whose settings want a new population; nothing for others.
    #[must_use]
    pub fn new_population(settings: &Settings) -> Option<InputFile<'static>> {
        let bytes = settings.population?.file(settings.mix.unwrap_or(Mix::USUAL), settings.seed);
        let (role, name) = (InputRole::Employees, new_population::NAME.to_owned());
        Some(InputFile { role, name, bytes: Cow::Owned(bytes), origin: InputOrigin::MadeUp })
    }

    /// What the run file says about it.
    #[must_use]
    pub fn record(&self) -> InputRecord {
        InputRecord {
            role: self.role,
            name: self.name.clone(),
            path: None,
            built_in: self.origin == InputOrigin::BuiltIn,
            made_up: self.origin == InputOrigin::MadeUp,
            bytes: self.bytes.len() as u64,
            sha256: crate::digest::sha256(&self.bytes),
        }
    }
}

const BUILT_IN_TEMPLATE: &str = "built-in template";

/// What the built-in file of a role is called; nothing where none is built in.
#[must_use]
pub fn built_in_name(role: InputRole) -> Option<&'static str> {
    match role {
        InputRole::StandaloneContent => Some(sample::BUILT_IN_NAME),
        InputRole::UserCompletionTemplate => Some(BUILT_IN_TEMPLATE),
        _ => None,
    }
}

/// The problems of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblems {
    /// What the file is used as.
    pub role: InputRole,
    /// Its name.
    pub name: String,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Everything that a run is made from, read and joined.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The employees, in the order of employees.csv.
    pub employees: Vec<Employee>,
    /// How many rows of employees.csv are comments.
    pub comment_rows: usize,
    /// How many bad rows of employees.csv were left out, as asked.
    pub skipped_rows: usize,
    /// The contents that can be assigned.
    pub catalog: Catalog,
    /// Whether the catalog is the built-in sample.
    pub catalog_is_built_in: bool,
    /// What is open, and what was completed.
    pub state: State,
    /// Which of the two state tables were given: assignments, completions.
    pub state_given: (bool, bool),
    /// The recommender's answers; at most one for each employee.
    pub answers: PerEmployee<Answer>,
    /// Whether recommendations were given at all.
    pub recommendations_given: bool,
    /// The content of the dummy file.
    pub template: Vec<u8>,
    /// Finds employees by id.
    pub index: EmployeeIndex,
}

impl Inputs {
    /// The name of a content, where one is known: from the catalogs, else from a recommendation of anybody.
    #[must_use]
    pub fn content_name(&self, content_id: u64) -> Option<&str> {
        self.catalog.name(content_id).or_else(|| {
            let answers = (0..self.employees.len()).flat_map(|position| self.answers.of(position));
            let recommended = answers.filter_map(|answer| match answer {
                Answer::Recommendations(recommendations) => Some(recommendations),
                Answer::Failed(_) => None,
            });
            let named = |one: &&Recommendation| one.content_id == content_id && !one.name.is_empty();
            recommended.flatten().find(named).map(|one| one.name.as_str())
        })
    }
}

/// Reads all files of a run. Where no StandAloneContent or no template is among them, the built-in ones serve; add
/// them to `files` beforehand to have them recorded. A file whose problems include an error is refused: then nothing
/// must be generated.
#[must_use]
pub fn read_inputs(files: &[InputFile<'_>], bad_rows: BadRows) -> (Inputs, Vec<FileProblems>) {
    let mut reader = InputReader { files, problems: Vec::new() };
    let employees = reader.read(InputRole::Employees, |bytes| employees::read(bytes, bad_rows));
    let Employees { rows: employees, comment_rows, skipped_rows } = employees.unwrap_or_default();
    let index = EmployeeIndex::new(&employees);
    let is_ours = |id| index.position(id).is_some();
    let contents = reader.read(InputRole::StandaloneContent, standalone_content::read);
    let courses = reader.read(InputRole::CourseCatalog, course_catalog::read);
    let assignments = reader.read(InputRole::Assignments, |bytes| assignments_table::read(bytes, is_ours));
    let completions = reader.read(InputRole::Completions, |bytes| completions_table::read(bytes, is_ours));
    let recorded = reader.read(InputRole::Recommendations, |bytes| recommendations::read(bytes, is_ours));
    let template = reader.file(InputRole::UserCompletionTemplate).map(|file| file.bytes.to_vec());
    let catalog_is_built_in =
        reader.file(InputRole::StandaloneContent).is_none_or(|file| file.origin == InputOrigin::BuiltIn);
    let contents = contents.unwrap_or_else(|| standalone_content::read(&sample::built_in_standalone_content()).value);
    let state_given = (assignments.is_some(), completions.is_some());
    let recommendations_given = recorded.is_some();
    let state = State::new(assignments.unwrap_or_default(), completions.unwrap_or_default(), &index, employees.len());
    let inputs = Inputs {
        catalog: Catalog::new(&contents, &courses.unwrap_or_default()),
        catalog_is_built_in,
        state,
        state_given,
        answers: last_answers(recorded.unwrap_or_default(), &index, employees.len()),
        recommendations_given,
        template: template.unwrap_or_else(user_completion::built_in_template),
        comment_rows,
        skipped_rows,
        employees,
        index,
    };
    (inputs, reader.problems)
}

/// What one file tells by itself, before any run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// What is in it, in people's words: `1,845 employees (a 1,107, b 554, f 184), 2 comment rows`.
    pub contents: String,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
    /// Which employees an employees.csv has, whatever their types and order: the SHA-256 of their ids. Empty for other files.
    pub who: String,
}

/// Looks at one file by itself.
#[must_use]
pub fn inspect(role: InputRole, bytes: &[u8], bad_rows: BadRows) -> Inspection {
    let mut who = String::new();
    let (contents, problems) = match role {
        InputRole::Employees => {
            let reading = employees::read(bytes, bad_rows);
            who = digest_of_ids(&reading.value);
            (describe_employees(&reading.value), reading.problems)
        }
        InputRole::StandaloneContent => {
            let reading = standalone_content::read(bytes);
            let doses = reading.value.iter().filter(|content| content.is_daily_dose).count();
            (
                format!("{}, {} of them Daily Doses", counted(reading.value.len(), "content"), grouped(doses)),
                reading.problems,
            )
        }
        InputRole::CourseCatalog => {
            let reading = course_catalog::read(bytes);
            (counted(reading.value.len(), "row"), reading.problems)
        }
        InputRole::Assignments => {
            let reading = assignments_table::read(bytes, |_| true);
            (counted(reading.value.len(), "assignment"), reading.problems)
        }
        InputRole::Completions => {
            let reading = completions_table::read(bytes, |_| true);
            (counted(reading.value.len(), "completion"), reading.problems)
        }
        InputRole::Recommendations => {
            let reading = recommendations::read(bytes, |_| true);
            (format!("answers for {}", counted(reading.value.len(), "employee")), reading.problems)
        }
        InputRole::UserCompletionTemplate => (counted(bytes.len(), "byte"), Vec::new()),
    };
    Inspection { contents, problems: of_its_kind(role, bytes, problems), who }
}

/// The problems of a file; of one that is of another kind than its role, just that.
fn of_its_kind(role: InputRole, bytes: &[u8], problems: Vec<Problem>) -> Vec<Problem> {
    let is_of_kind = |problem: &Problem| {
        let kind = &problem.kind;
        matches!(kind, ProblemKind::MissingColumn { .. } | ProblemKind::NotCsv { .. } | ProblemKind::BadJson { .. })
    };
    let other = if problems.iter().any(is_of_kind) { check::other_kind(role, bytes) } else { None };
    other.map_or(problems, |kind| vec![Problem::error(Place::START, kind)])
}

fn digest_of_ids(employees: &Employees) -> String {
    let mut ids: Vec<u64> = employees.rows.iter().map(|employee| employee.id).collect();
    order::sort(&mut ids);
    let mut digest = ByteDigest::default();
    ids.iter().for_each(|id| digest.update(&id.to_le_bytes()));
    digest.finish().1
}

fn describe_employees(employees: &Employees) -> String {
    let of_type = |kind| employees.rows.iter().filter(|employee| employee.kind == kind).count();
    let types: Vec<String> =
        EmployeeType::ALL.iter().map(|kind| format!("{} {}", kind.letter(), grouped(of_type(*kind)))).collect();
    let mut text = format!("{} ({})", counted(employees.rows.len(), "employee"), types.join(", "));
    if employees.comment_rows > 0 {
        text.push_str(&format!(", {}", counted(employees.comment_rows, "comment row")));
    }
    text
}

struct InputReader<'f, 'a> {
    files: &'f [InputFile<'a>],
    problems: Vec<FileProblems>,
}

impl<'f, 'a> InputReader<'f, 'a> {
    fn file(&self, role: InputRole) -> Option<&'f InputFile<'a>> {
        self.files.iter().find(|file| file.role == role)
    }

    fn read<T>(&mut self, role: InputRole, read: impl FnOnce(&[u8]) -> Reading<T>) -> Option<T> {
        let file = self.file(role)?;
        let Reading { value, problems } = read(&file.bytes);
        let problems = of_its_kind(role, &file.bytes, problems);
        if !problems.is_empty() {
            self.problems.push(FileProblems { role, name: file.name.clone(), problems });
        }
        Some(value)
    }
}

/// The answers by employee; of two for one employee, the later.
fn last_answers(recorded: Vec<RecordedAnswer>, index: &EmployeeIndex, employees: usize) -> PerEmployee<Answer> {
    let mut answers: Vec<(u32, Answer)> = recorded
        .into_iter()
        .filter_map(|recorded| index.position(recorded.ba_id).map(|position| (position, recorded.answer)))
        .collect();
    order::sort_by_key(&mut answers, |(position, _)| *position);
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
    use super::*;

    fn check(role: InputRole, bytes: &[u8], expected: &str) {
        let inspected = inspect(role, bytes, BadRows::Refuse).problems;
        let (_, of_run) = read_inputs(&[InputFile::given(role, "x", bytes.to_vec())], BadRows::Refuse);
        for problems in [&inspected, &of_run[0].problems] {
            let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn a_file_of_another_kind_is_called_that() {
        let table = format!("{}\n1,2,,,,,\n", assignments_table::COLUMNS.join(","));
        check(
            InputRole::StandaloneContent,
            table.as_bytes(),
            "1:1: this is another kind of file, state table content_assignments: it belongs under Assignments table CSV \
             (--assignments)",
        );
        check(
            InputRole::Recommendations,
            b"employee_id,employee_edu_type\n1,a\n2,b\n",
            "1:1: this is another kind of file, employees (employees.csv): it belongs under Employees CSV (--employees)",
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
            "1:1: the column completion_date is missing from the header; add it",
        );
    }
}
