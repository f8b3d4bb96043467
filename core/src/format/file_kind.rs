//! Recognition of a file's kind: by its header and content first, then by its name.
//!
//! A header that is close to that of a kind (a column missing, renamed or moved) counts as that kind. The checker of
//! that kind then reports what is wrong with it.

use serde::Serialize;

use super::employees::EmployeeType;
use super::file_name::VendorKind;
use super::foreign_format::{binary, foreign_format, foreign_to_json, is_json};
use super::input_role::InputRole;
use super::raw_row::{LineBreaks, RawRows};
use super::record::{BYTE_ORDER_MARK, separator_line};
use super::table::{TableReader, column_name};
use super::{
    assignments_table, completions, completions_table, course_catalog, employees, non_completed, spelling,
    standalone_content, user_completion,
};
use crate::text::problem::ProblemKind;

/// The kinds of file that a run reads or makes, and that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// employees.csv: the population of a run.
    Employees,
    /// StandAloneContent: the assignable contents.
    StandAloneContent,
    /// CourseCatalog: courses and their contents.
    CourseCatalog,
    /// The state table `content_assignments`.
    ContentAssignments,
    /// The state table `content_completion`.
    ContentCompletion,
    /// Recorded answers of the recommender.
    Recommendations,
    /// The vendor's file of completions.
    ContentUserCompletion,
    /// The vendor's file of assignments that were not completed.
    NonCompletedAssignments,
    /// The vendor's dummy file.
    UserCompletion,
    /// The run file, which records a run.
    RunFile,
    /// The details of a run: what happened to each employee, one JSON object a line.
    Details,
    /// Not recognised.
    Unknown,
}

impl FileKind {
    /// The kind as messages name it.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Employees => "employees (employees.csv)",
            Self::StandAloneContent => "catalog of contents (StandAloneContent)",
            Self::CourseCatalog => "catalog of courses (CourseCatalog)",
            Self::ContentAssignments => "state table content_assignments",
            Self::ContentCompletion => "state table content_completion",
            Self::Recommendations => "recorded recommendations (JSON lines)",
            Self::ContentUserCompletion => "vendor file of completions (ContentUserCompletion)",
            Self::NonCompletedAssignments => "vendor file of assignments (Non_Completed_Assignments)",
            Self::UserCompletion => "vendor's dummy file (UserCompletion)",
            Self::RunFile => "run file (JSON)",
            Self::Details => "details of a run (JSON lines)",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of file that a run reads in a role.
    #[must_use]
    pub fn of_input(role: InputRole) -> FileKind {
        match role {
            InputRole::Employees => Self::Employees,
            InputRole::StandaloneContent => Self::StandAloneContent,
            InputRole::CourseCatalog => Self::CourseCatalog,
            InputRole::Assignments => Self::ContentAssignments,
            InputRole::Completions => Self::ContentCompletion,
            InputRole::Recommendations => Self::Recommendations,
            InputRole::UserCompletionTemplate => Self::UserCompletion,
        }
    }

    /// True if files of this kind follow rules that can be checked. The details of a run are for people.
    #[must_use]
    pub fn is_checked(self) -> bool {
        self != Self::Details
    }

    /// The role in which a run reads a file of this kind; `None` for kinds that no run reads.
    #[must_use]
    pub fn input_role(self) -> Option<InputRole> {
        InputRole::ALL.into_iter().find(|role| Self::of_input(*role) == self)
    }

    /// The kind of the file's name, for files that a run makes; `None` for inputs, which may have any name.
    pub(crate) fn vendor_kind(self) -> Option<VendorKind> {
        match self {
            Self::ContentUserCompletion => Some(VendorKind::ContentUserCompletion),
            Self::NonCompletedAssignments => Some(VendorKind::NonCompletedAssignments),
            Self::UserCompletion => Some(VendorKind::UserCompletion),
            Self::RunFile => Some(VendorKind::Run),
            _ => None,
        }
    }
}

/// The kinds of CSV files, with the columns of their headers.
const TABLES: [(FileKind, &[&str]); 8] = [
    (FileKind::Employees, &employees::COLUMNS),
    (FileKind::StandAloneContent, &standalone_content::COLUMNS),
    (FileKind::CourseCatalog, &course_catalog::COLUMNS),
    (FileKind::ContentAssignments, &assignments_table::COLUMNS),
    (FileKind::ContentCompletion, &completions_table::COLUMNS),
    (FileKind::ContentUserCompletion, &completions::COLUMNS),
    (FileKind::NonCompletedAssignments, &non_completed::COLUMNS),
    (FileKind::UserCompletion, &user_completion::COLUMNS),
];

/// Prefixes of file names, in lower case. A prefix comes before any shorter one that it contains.
const NAMES: [(&str, FileKind); 12] = [
    ("contentusercompletion", FileKind::ContentUserCompletion),
    ("non_completed_assignments", FileKind::NonCompletedAssignments),
    ("usercompletion", FileKind::UserCompletion),
    ("standalonecontent", FileKind::StandAloneContent),
    ("coursecatalog", FileKind::CourseCatalog),
    ("content_assignments", FileKind::ContentAssignments),
    ("content_completion", FileKind::ContentCompletion),
    ("employees", FileKind::Employees),
    ("recommendations", FileKind::Recommendations),
    ("recommender", FileKind::Recommendations),
    ("run_", FileKind::RunFile),
    ("details", FileKind::Details),
];

/// True if a name has the extension of an input or of a file of a feed, in either case. Of a folder, only such files
/// are checked.
#[must_use]
pub fn has_known_extension(name: &str) -> bool {
    const EXTENSIONS: [&str; 7] = ["csv", "json", "jsonl", "tsv", "xlsx", "xlsm", "ods"];
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    EXTENSIONS.iter().any(|one| extension.eq_ignore_ascii_case(one))
}

/// Recognises the kind of a file.
#[must_use]
pub fn recognise(name: &str, bytes: &[u8]) -> FileKind {
    // The columns that are left of a header that is cut off may resemble those of another kind.
    let is_cut = !bytes.contains(&b'\n') && surely(bytes).is_none();
    let kind =
        if is_cut { by_name(name).or_else(|| by_content(bytes)) } else { by_content(bytes).or_else(|| by_name(name)) };
    kind.unwrap_or(FileKind::Unknown)
}

/// The message about a file of no known kind.
pub(crate) fn unknown(bytes: &[u8]) -> String {
    if text_of(bytes).trim_ascii().is_empty() {
        return "the file is empty, and its name is not that of a kind that is known here".to_owned();
    }
    match foreign(bytes) {
        Some(kind) if bytes.starts_with(b"PK") => format!("{kind}; what is in a ZIP archive must be unpacked first"),
        Some(kind) if !matches!(bytes.trim_ascii_start(), [b'{' | b'[', ..]) => kind.to_string(),
        _ => "neither the header nor the name is that of a kind that is known here: employees.csv, StandAloneContent, \
              CourseCatalog, content_assignments, content_completion, recorded recommendations (JSON lines with ba_id), \
              ContentUserCompletion, Non_Completed_Assignments, UserCompletion, or a run file (JSON with outputs)"
            .to_owned(),
    }
}

/// The problem of a file that is certainly of another kind than its role requires; `None` if that is not certain.
pub(crate) fn other_kind(role: InputRole, bytes: &[u8]) -> Option<ProblemKind> {
    let kind = surely(bytes)?;
    // Any CSV may be the template, also a file that a run makes.
    let own_role = kind.input_role().unwrap_or(InputRole::UserCompletionTemplate);
    if own_role == role {
        return None;
    }
    let field = match own_role {
        InputRole::Employees => Some("Employees file"),
        InputRole::StandaloneContent => Some("StandAloneContent file"),
        InputRole::CourseCatalog => Some("Course catalog file"),
        InputRole::Assignments => Some("Assignments table"),
        InputRole::Completions => Some("Completions table"),
        InputRole::Recommendations => Some("Recorded recommendations"),
        InputRole::UserCompletionTemplate => None,
    };
    let is = kind.describe().to_owned();
    let message = match field {
        Some(field) => format!("this is another kind of file, {is}: it belongs under {field}"),
        None => format!("this is another kind of file, {is}: a run makes it, and does not read it"),
    };
    Some(ProblemKind::OtherKind { is, message, option: field.map(|_| format!("--{}", own_role.name())) })
}

/// The kind of a file that is certain by its content: its header has all columns of the kind, or it is JSON with the
/// names of the kind.
pub(crate) fn surely(bytes: &[u8]) -> Option<FileKind> {
    let text = text_of(bytes);
    if is_json(text) {
        return by_json(text);
    }
    let names = header_names(text)?;
    let has_all = |columns: &[&str]| columns.iter().all(|column| names.contains(&column.to_ascii_lowercase()));
    TABLES.into_iter().find(|(_, columns)| has_all(columns)).map(|(kind, _)| kind)
}

/// The problem of a file that is no text, or a web page, if its first bytes show what it is.
pub(crate) fn no_text(bytes: &[u8]) -> Option<ProblemKind> {
    foreign_to_json(text_of(bytes)).map(|looks_like| ProblemKind::NotCsv { looks_like: looks_like.to_owned() })
}

/// True if the first bytes of a text show that it is no table, but a web page, JSON, a document or the like.
pub(crate) fn is_no_table(text: &[u8]) -> bool {
    no_text(text).is_some() || is_json(text_of(text))
}

/// The problem of a file that is not CSV at all, such as an Excel workbook or UTF-16. NUL characters below a header that is
/// known do not make it so: they are faults of their fields.
pub(crate) fn foreign(bytes: &[u8]) -> Option<ProblemKind> {
    let is_table = || header_names(text_of(bytes)).is_some_and(|names| nearest_header(&names).is_some());
    if foreign_format(bytes).is_none() && binary(bytes).is_some() && is_table() {
        return None;
    }
    let problems = TableReader::open(&bytes[..bytes.len().min(10_000)], [""; 0], false).err()?;
    problems.into_iter().map(|problem| problem.kind).find(|kind| matches!(kind, ProblemKind::NotCsv { .. }))
}

fn text_of(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// The kind of a file by its name alone.
pub(crate) fn by_name(name: &str) -> Option<FileKind> {
    let name = name.to_ascii_lowercase();
    let (_, kind) = NAMES.into_iter().find(|(start, _)| name.starts_with(start))?;
    let extension = match kind {
        FileKind::RunFile => ".json",
        FileKind::Details => ".jsonl",
        _ => "",
    };
    name.ends_with(extension).then_some(kind)
}

/// The kind that a content resembles most, by its JSON, its header, or the values of its first row; `None` if it
/// resembles no kind enough.
pub(crate) fn by_content(bytes: &[u8]) -> Option<FileKind> {
    let text = text_of(bytes);
    if is_json(text) { by_json(text) } else { by_header(text) }
}

/// The kind of a JSON text, by the names in it. `ba_id` must occur in the first 20 lines. The text need not be valid.
fn by_json(text: &[u8]) -> Option<FileKind> {
    const FIRST_LINES: usize = 20;
    let has = |line: &[u8], name: &[u8]| line.windows(name.len()).any(|window| window == name);
    let answers = |line: &&[u8]| has(line, b"\"ba_id\"");
    let is_event = |line: &[u8]| has(line, b"\"event\"") && has(line, b"\"employee_id\"");
    if text.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).is_some_and(is_event) {
        return Some(FileKind::Details);
    }
    if text.split(|byte| *byte == b'\n').take(FIRST_LINES).any(|line| answers(&line)) {
        return Some(FileKind::Recommendations);
    }
    has(text, b"\"outputs\"").then_some(FileKind::RunFile)
}

fn by_header(text: &[u8]) -> Option<FileKind> {
    let names = header_names(text)?;
    nearest_header(&names).or_else(|| by_values(&names))
}

/// The fields of the first row that is neither blank nor a comment, as column names in lower case.
fn header_names(text: &[u8]) -> Option<Vec<String>> {
    let start = separator_line(text).map_or(0, |line| line.length);
    let mut rows = RawRows::new(text, start, 1, LineBreaks::Nowhere);
    while let Some(row) = rows.next_row() {
        if !row.is_without_values() && !row.whole().trim_ascii_start().starts_with(b"#") {
            return Some((0..row.len()).map(|index| column_name(&row.text(index)).to_ascii_lowercase()).collect());
        }
    }
    None
}

/// The kind whose columns the header matches best, if it matches at least half of them.
fn nearest_header(names: &[String]) -> Option<FileKind> {
    const ENOUGH: f64 = 0.5;
    let rated = TABLES.into_iter().map(|(kind, columns)| (kind, likeness(names, columns)));
    let (kind, likeness) = rated.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (likeness >= ENOUGH).then_some(kind)
}

/// A score from 0 to 1 for the share of `columns` in the header; surplus columns reduce it slightly.
fn likeness(names: &[String], columns: &[&str]) -> f64 {
    const NEARLY: f64 = 0.85;
    const MOST_NAMES: usize = 100;
    let count = |length: usize| f64::from(u32::try_from(length).unwrap_or(u32::MAX));
    let rate = |column: &&str| {
        let column = column.to_ascii_lowercase();
        let rates = names.iter().take(MOST_NAMES).map(|name| strsim::jaro_winkler(name, &column));
        rates.filter(|rate| *rate > NEARLY).fold(0.0, f64::max)
    };
    let named: f64 = columns.iter().map(rate).sum();
    let widest = columns.len().max(names.len());
    named / count(columns.len()) * 0.9 + named / count(widest) * 0.1
}

/// The kind of a file without header, by the values of its first row.
fn by_values(values: &[String]) -> Option<FileKind> {
    let is_instant = |index: usize| {
        values
            .get(index)
            .is_some_and(|value: &String| spelling::instant(value.to_ascii_uppercase().as_bytes()).is_some())
    };
    let is_employee = values.first().is_some_and(|value| spelling::employee_id(value.as_bytes()).is_some());
    match values.len() {
        2 if is_employee && EmployeeType::parse(values[1].as_bytes()).is_some() => Some(FileKind::Employees),
        4 if is_instant(2) && is_instant(3) => Some(FileKind::ContentUserCompletion),
        7 if is_instant(4) && is_instant(5) => Some(FileKind::NonCompletedAssignments),
        _ => None,
    }
}
