//! Inspection of a single file before any run: a summary of its content, and its problems.

use crate::format::employees::{BadRows, EmployeeType, Employees};
use crate::format::input_role::InputRole;
use crate::format::{assignments_table, completions_table, course_catalog, recommendations, standalone_content};
use crate::inputs::single_file::{read_employees, read_input};
use crate::sheet::Choices;
use crate::text::digest::ByteDigest;
use crate::text::problem::{Problem, ProblemKind};
use crate::text::words::{counted, grouped, size_text};

/// The result of inspecting one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// A summary of its content: `1,845 employees, 2 comment rows`. Of a file without readable rows, what it is instead:
    /// `another kind of file: catalog of courses (CourseCatalog)`.
    pub contents: String,
    /// Every problem, in the order of the file; without the warning of a conversion, which `converted` has.
    pub problems: Vec<Problem>,
    /// One line of text about what was converted before the file could be read; `None` if nothing was.
    pub converted: Option<String>,
    /// For employees.csv, the SHA-256 of the sorted ids, which identifies the set of employees whatever their types and
    /// order; empty for other files.
    pub who: String,
    /// For employees.csv, the number of employees of each type, in the order of [`EmployeeType::ALL`].
    pub types: Option<[usize; EmployeeType::ALL.len()]>,
}

/// Reads one file in a role, without the other files of a run.
#[must_use]
pub fn inspect(role: InputRole, bytes: &[u8], bad_rows: BadRows) -> Inspection {
    let (mut who, mut types) = (String::new(), None);
    let (contents, mut problems) = match role {
        InputRole::Employees => {
            let reading = read_employees(bytes, &Choices::NONE, bad_rows);
            who = digest_of_ids(&reading.value);
            let of_type = |kind| reading.value.rows.iter().filter(|employee| employee.kind == kind).count();
            types = Some(EmployeeType::ALL.map(of_type));
            (describe_employees(&reading.value), reading.problems)
        }
        InputRole::StandaloneContent => {
            let reading = read_input(role, bytes, &Choices::NONE, standalone_content::read);
            let doses = reading.value.iter().filter(|content| content.is_daily_dose).count();
            (
                format!("{}, {} of them Daily Doses", counted(reading.value.len(), "content"), grouped(doses)),
                reading.problems,
            )
        }
        InputRole::CourseCatalog => {
            let reading = read_input(role, bytes, &Choices::NONE, course_catalog::read);
            (counted(reading.value.len(), "row"), reading.problems)
        }
        InputRole::Assignments => {
            let reading = read_input(role, bytes, &Choices::NONE, |csv| assignments_table::read(csv, |_| true));
            (counted(reading.value.len(), "assignment"), reading.problems)
        }
        InputRole::Completions => {
            let reading = read_input(role, bytes, &Choices::NONE, |csv| completions_table::read(csv, |_| true));
            (counted(reading.value.len(), "completion"), reading.problems)
        }
        InputRole::Recommendations => {
            let reading = read_input(role, bytes, &Choices::NONE, |csv| recommendations::read(csv, |_| true));
            let contents = match reading.value.len() {
                0 if reading.problems.iter().any(Problem::is_error) => "no recorded answers".to_owned(),
                answers => format!("answers for {}", counted(answers, "employee")),
            };
            (contents, reading.problems)
        }
        InputRole::UserCompletionTemplate => (size_text(bytes.len() as u64), Vec::new()),
    };
    let contents = problems.iter().find_map(what_it_is_instead).unwrap_or(contents);
    let is_note = |problem: &Problem| matches!(problem.kind, ProblemKind::Conversion { .. }) && !problem.is_error();
    let note = problems.iter().position(is_note).map(|at| problems.remove(at));
    let converted = note.map(|note| note.kind.to_string());
    Inspection { contents, problems, converted, who, types }
}

/// A description of a file without a readable row because of this problem; `None` if the problem does not concern all
/// rows.
fn what_it_is_instead(problem: &Problem) -> Option<String> {
    match &problem.kind {
        _ if !problem.is_error() => None,
        ProblemKind::OtherKind { is, .. } => Some(format!("another kind of file: {is}")),
        ProblemKind::NotCsv { looks_like } | ProblemKind::NoRecording { looks_like } => {
            Some(format!("another kind of file: {looks_like}"))
        }
        ProblemKind::EmptyFile { .. } => Some("an empty file".to_owned()),
        ProblemKind::MissingColumn { column, .. } => Some(format!("a table without the column {column}")),
        ProblemKind::OtherColumns { missing, .. } => {
            Some(format!("a table without the column {}", missing.join(" or ")))
        }
        ProblemKind::Conversion { .. } => Some("a table that cannot be converted".to_owned()),
        _ => None,
    }
}

fn digest_of_ids(employees: &Employees) -> String {
    let mut ids: Vec<u64> = employees.rows.iter().map(|employee| employee.id).collect();
    ids.sort();
    let mut digest = ByteDigest::default();
    ids.iter().for_each(|id| digest.update(&id.to_le_bytes()));
    digest.finish().1
}

fn describe_employees(employees: &Employees) -> String {
    let mut text = counted(employees.rows.len(), "employee");
    if employees.comment_rows > 0 {
        text.push_str(&format!(", {}", counted(employees.comment_rows, "comment row")));
    }
    text
}
