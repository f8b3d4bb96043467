//! Problems of input files. A problem is a kind with the data of its message, a severity and a place.
//!
//! Readers never stop at the first problem. They return all usable rows plus every problem, each with the line and
//! column that an editor shows. A message names what was found, what is allowed and how to mend it. The shells put the
//! file's name in front: `employees.csv:17:8: ...`.

use std::fmt;
use std::mem::{Discriminant, discriminant};

use serde::{Deserialize, Serialize};

use crate::text::visible::{LONGEST_SHOWN, quoted, shown_whole};
use crate::text::words::{grouped, more_of_a_kind};

/// A position in a text file: line and column, both from 1. The column counts characters, not bytes; a byte order mark
/// counts as no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The line, from 1. A line ends with LF, CRLF or a lone CR.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Place {
    /// The first character of a file: the place of problems that concern the whole file.
    pub const START: Place = Place { line: 1, column: 1 };

    /// The place at a line and column, both from 1.
    #[must_use]
    pub fn new(line: u32, column: u32) -> Place {
        Place { line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Severity of a problem: an error stops the run, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file is refused; nothing is generated from it.
    Error,
    /// The value or row is left out or read as documented for its kind, and the run goes on.
    Warning,
}

/// One problem in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// The place in the file.
    pub place: Place,
    /// The kind, with the data of its message.
    pub kind: ProblemKind,
}

impl Problem {
    /// An error: the file is refused and the run stops.
    #[must_use]
    pub fn error(place: Place, kind: ProblemKind) -> Problem {
        Problem { severity: Severity::Error, place, kind }
    }

    /// A warning: the run goes on.
    #[must_use]
    pub fn warning(place: Place, kind: ProblemKind) -> Problem {
        Problem { severity: Severity::Warning, place, kind }
    }

    /// The same problem as a warning, for a row that is left out.
    #[must_use]
    pub fn into_warning(self) -> Problem {
        Problem { severity: Severity::Warning, ..self }
    }

    /// Severity, place and kind; the kind formats as the message.
    #[must_use]
    pub fn line(&self) -> (Severity, Place, &ProblemKind) {
        (self.severity, self.place, &self.kind)
    }

    /// True for an error, which refuses the file.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// 1; for [`ProblemKind::More`], the number of suppressed problems.
    #[must_use]
    pub fn count(&self) -> usize {
        if let ProblemKind::More { more, .. } = &self.kind { *more } else { 1 }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)
    }
}

/// The kinds of problem, each with the data that its message needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum ProblemKind {
    /// An empty file, or one with nothing but blank lines and comments.
    EmptyFile {
        /// The columns that the header should have.
        columns: Vec<String>,
    },
    /// Content that is not CSV text, such as a ZIP archive.
    NotCsv {
        /// A description of what the content looks like.
        looks_like: String,
    },
    /// Bytes that are not UTF-8.
    NotUtf8 {
        /// The first invalid byte.
        byte: u8,
    },
    /// A header that lacks a required column.
    MissingColumn {
        /// The column that is missing.
        column: String,
        /// A column of the header with a similar name.
        similar: Option<String>,
        /// True if the first line looks like a data row, so that the header itself is probably missing.
        header_is_data: bool,
    },
    /// A header that names a column twice.
    RepeatedColumn {
        /// The column.
        column: String,
    },
    /// A row with fewer or more fields than the header.
    FieldCount {
        /// The number of fields of the row.
        found: usize,
        /// The number of fields of the header.
        wanted: usize,
        /// The beginning of the row.
        row: String,
    },
    /// A quote that opens a field and is never closed.
    UnclosedQuote,
    /// A value that is not a valid employee or content id.
    BadId {
        /// The column: `employee_id`, `ContentId` and so on.
        column: String,
        /// The value found.
        found: String,
        /// The value that was probably meant, if that is recognised.
        meant: Option<String>,
        /// How the value probably came about, if that is recognised.
        hint: Option<Hint>,
    },
    /// An employee type that does not exist.
    UnknownType {
        /// The value found.
        found: String,
        /// The value that was probably meant, if that is recognised.
        meant: Option<String>,
    },
    /// An id that an earlier row has, too.
    RepeatedId {
        /// The column.
        column: String,
        /// The id.
        id: u64,
        /// The line of the first row with this id.
        first_line: u32,
    },
    /// An employees.csv with a header and no employee.
    NoEmployees,
    /// A catalog without any usable row.
    NoContents,
    /// A catalog without any Daily Dose.
    NoDailyDoses,
    /// A timestamp or date that cannot be read.
    BadTime {
        /// The column.
        column: String,
        /// The value found.
        found: String,
        /// An example of an accepted value.
        example: String,
        /// The reason why it cannot be read, if that is recognised.
        hint: Option<Hint>,
    },
    /// A flag that is neither TRUE nor FALSE nor empty. It is read as FALSE.
    BadFlag {
        /// The column.
        column: String,
        /// The value found.
        found: String,
    },
    /// A text cell whose content was replaced by a spreadsheet or program, for example by an error value.
    BadText {
        /// The column.
        column: String,
        /// The value found.
        found: String,
        /// What the value is instead.
        hint: Hint,
    },
    /// A row of employees.csv that is read as a comment but may be an employee: in place of the id is what a
    /// spreadsheet shows for a value that it cannot display.
    HiddenId {
        /// The text in place of the id.
        found: String,
    },
    /// A row of employees.csv that is read as a comment but may be an employee: in place of the first field is what a
    /// spreadsheet shows for a value that it cannot display.
    HiddenRow {
        /// The text of the first field.
        found: String,
    },
    /// An assignment with neither an assignment date nor a begin date.
    NoDates,
    /// A quoted field that spans lines, at least one of which looks like a row of its own. A closing quote is probably
    /// missing.
    SwallowedRow {
        /// The first line that looks like a row.
        line: u32,
        /// The beginning of that line.
        row: String,
        /// The number of further such lines.
        more: usize,
    },
    /// A recommendations file that is not text, or holds no JSON.
    NoRecording {
        /// A description of what the content looks like.
        looks_like: String,
    },
    /// A recommendations file without any answer.
    NoAnswers,
    /// A line that is not the expected JSON object.
    BadJson {
        /// What is wrong with the JSON, without line and column.
        message: String,
    },
    /// A JSON field that is missing or has the wrong type.
    BadJsonField {
        /// The field.
        field: String,
        /// The reason, such as that it is missing.
        message: String,
    },
    /// A recommendation that is left out because it cannot be used.
    BadRecommendation {
        /// The id of the employee whose answer holds it.
        ba_id: u64,
        /// The reason.
        why: String,
    },
    /// A second recorded answer for the same employee. The later answer is used.
    RepeatedAnswer {
        /// The employee's id.
        ba_id: u64,
        /// The line of the earlier answer.
        first_line: u32,
    },
    /// A file of another kind than its role requires.
    OtherKind {
        /// The kind of file that it is, as messages name it.
        is: String,
        /// The whole message: what the file is, and which option it belongs to.
        message: String,
    },
    /// A table that is no plain CSV.
    Conversion {
        /// The whole message: what was converted to read it, or why it cannot be read.
        message: String,
    },
    /// Stands for the suppressed warnings of one kind, of which [`KEPT_OF_A_KIND`] are listed.
    More {
        /// The first suppressed one.
        like: Box<ProblemKind>,
        /// The number of suppressed warnings.
        more: usize,
        /// The line of the last suppressed one.
        line: u32,
    },
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files and columns and the messages of parsers are outside text, too.
        f.write_str(&shown_whole(&Message(self).to_string()))
    }
}

/// The message of a problem, with found text not yet escaped.
struct Message<'a>(&'a ProblemKind);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ProblemKind::EmptyFile { columns } => {
                write!(f, "the file is empty; its first line should be the header {}", columns.join(","))
            }
            ProblemKind::NotCsv { looks_like } => {
                write!(f, "this is not a CSV file: it looks like {looks_like}. Save it as \"CSV UTF-8\" and try again")
            }
            ProblemKind::NotUtf8 { byte } => write!(
                f,
                "byte 0x{byte:02X} is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")"
            ),
            ProblemKind::MissingColumn { column, similar, header_is_data } => {
                missing_column(f, column, similar.as_deref(), *header_is_data)
            }
            ProblemKind::RepeatedColumn { column } => {
                write!(f, "the header names the column {column} twice; keep one of them")
            }
            ProblemKind::FieldCount { found, wanted, row } => field_count(f, *found, *wanted, row),
            ProblemKind::UnclosedQuote => {
                write!(f, "a quote opens here and is never closed; close it, or write the field without quotes")
            }
            ProblemKind::BadId { column, found, meant, hint } => {
                write!(f, "{column} {} is no id: digits only, from 1 to {}", quoted(found), i64::MAX)?;
                did_you_mean(f, meant.as_deref())?;
                if meant.is_none() { and_hint(f, *hint) } else { Ok(()) }
            }
            ProblemKind::UnknownType { found, meant } => {
                write!(
                    f,
                    "unknown employee type {}: a (completes all), b (completes one) or f (completes none) is allowed",
                    quoted(found)
                )?;
                did_you_mean(f, meant.as_deref())
            }
            ProblemKind::RepeatedId { column, id, first_line } => {
                write!(f, "{column} {id} stands in line {first_line} already; keep one of the two rows")
            }
            ProblemKind::NoEmployees => {
                write!(f, "no employee in the file; add a row such as 63492,a below the header")
            }
            ProblemKind::NoContents => write!(f, "no usable content in the file"),
            ProblemKind::NoDailyDoses => {
                write!(f, "no content has TRUE in Daily_Dose_BA, so no Daily Dose can be assigned")
            }
            ProblemKind::BadTime { column, found, example, hint } => {
                write!(f, "{column} {} cannot be read; write it like {example}", quoted(found))?;
                and_hint(f, *hint)
            }
            ProblemKind::BadFlag { column, found } => {
                write!(
                    f,
                    "{column} {} is neither TRUE nor FALSE and counts as FALSE; write one of the two",
                    quoted(found)
                )
            }
            ProblemKind::BadText { column, found, hint } => write!(f, "{column} {} is no text: {hint}", quoted(found)),
            ProblemKind::HiddenId { found } => write!(
                f,
                "this row counts as a comment, because its employee_id is {}: a spreadsheet shows a value so that does not \
                 fit its column or cannot be computed. Write the id, or put '# ' before the row to keep it as a comment",
                quoted(found)
            ),
            ProblemKind::HiddenRow { found } => write!(
                f,
                "this row counts as a comment, because it begins with {}: a spreadsheet shows a value so that does not fit \
                 its column or cannot be computed. Write the value itself, or put '# ' before the row to keep it as a comment",
                quoted(found)
            ),
            ProblemKind::NoDates => write!(
                f,
                "assignment_date and assignment_begin_date are both empty; at least one must say when it was assigned"
            ),
            ProblemKind::SwallowedRow { line, row, more } => swallowed_row(f, *line, row, *more),
            ProblemKind::NoRecording { looks_like } => write!(
                f,
                "these are no recorded recommendations: the file looks like {looks_like}. They are UTF-8 text: {RECORDED_LINE}"
            ),
            ProblemKind::NoAnswers => write!(f, "no answer in the file; {RECORDED_LINE}"),
            ProblemKind::BadJson { message } => write!(f, "not a JSON object ({message}); {RECORDED_LINE}"),
            ProblemKind::BadJsonField { field, message } => write!(f, "{field}: {message}"),
            ProblemKind::BadRecommendation { ba_id, why } => {
                write!(f, "a recommendation for {ba_id} is left out: {why}")
            }
            ProblemKind::RepeatedAnswer { ba_id, first_line } => write!(
                f,
                "an answer for {ba_id} stands in line {first_line} already; this later one counts. Remove one of the two"
            ),
            ProblemKind::OtherKind { message, .. } | ProblemKind::Conversion { message } => f.write_str(message),
            ProblemKind::More { more, line, .. } => f.write_str(&more_of_a_kind(*more, KEPT_OF_A_KIND, *line)),
        }
    }
}

/// The expected form of a line, as messages quote it.
const RECORDED_LINE: &str = "each line is {\"ba_id\": 88563, \"body\": ...}";

/// How an unreadable value probably came about, added to a message in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// A word such as NULL in a nullable column, where an empty field is meant.
    EmptyIsNull,
    /// A word such as NULL in a column that requires a value.
    NullIsNotAllowed,
    /// Only `#` characters: the spreadsheet's column is too narrow to show the value.
    TooNarrow,
    /// An error value of a spreadsheet.
    ErrorValue,
    /// A number in exponent form, which may have lost digits.
    ExponentForm,
    /// A date whose day and month cannot be told apart with certainty.
    DayOrMonth,
    /// A date whose year has two digits.
    ShortYear,
    /// A bare number, such as a spreadsheet's serial date.
    BareNumber,
    /// A time of day without its seconds.
    NoSeconds,
    /// A line break in a value that must be on one line.
    LineBreak,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyIsNull => "an empty field means NULL",
            Self::NullIsNotAllowed => "an empty field means NULL, and this column must have a value",
            Self::TooNarrow => "a spreadsheet shows a value so that does not fit; make its column wider and save again",
            Self::ErrorValue => "it is an error value of a spreadsheet; write the value itself",
            Self::ExponentForm => {
                "an exponent form may have lost digits; give the spreadsheet's column the format 0 and save again"
            }
            Self::DayOrMonth => "which number is the day and which the month is not certain",
            Self::ShortYear => "the year needs four digits",
            Self::BareNumber => "it is a number; give the spreadsheet's column a date format and save again",
            Self::NoSeconds => "the seconds are missing",
            Self::LineBreak => {
                "it goes on over the end of a line; remove the line break, or the quote that opens the field"
            }
        })
    }
}

fn and_hint(f: &mut fmt::Formatter<'_>, hint: Option<Hint>) -> fmt::Result {
    hint.map_or(Ok(()), |hint| write!(f, " ({hint})"))
}

fn missing_column(
    f: &mut fmt::Formatter<'_>,
    column: &str,
    similar: Option<&str>,
    header_is_data: bool,
) -> fmt::Result {
    write!(f, "the column {column} is missing from the header")?;
    match similar {
        Some(similar) => write!(f, ". Did you mean '{column}' where it says {}?", quoted(similar)),
        None if header_is_data => write!(f, "; this line looks like data: put the header line before it"),
        None => write!(f, "; add it"),
    }
}

fn field_count(f: &mut fmt::Formatter<'_>, found: usize, wanted: usize, row: &str) -> fmt::Result {
    let fields = if found == 1 { "field" } else { "fields" };
    write!(f, "{found} {fields} in this row, but the header has {wanted}; ")?;
    if found < wanted {
        write!(f, "add what is missing, with a comma before each field")?;
    } else {
        write!(f, "remove what is too much, or put a field that holds a comma into double quotes")?;
    }
    write!(f, ". The row is {}", quoted(row))
}

fn swallowed_row(f: &mut fmt::Formatter<'_>, line: u32, row: &str, more: usize) -> fmt::Result {
    let rows = match more {
        0 => format!("line {line}, which looks like a row by itself"),
        more => format!("line {line} and {} more that look like rows by themselves", grouped(more)),
    };
    write!(
        f,
        "the quote that opens here takes in {rows}: {}. Close the quote where its field ends, or double it where it belongs \
         to the text",
        quoted(row)
    )
}

fn did_you_mean(f: &mut fmt::Formatter<'_>, meant: Option<&str>) -> fmt::Result {
    match meant {
        Some(meant) => write!(f, ". Did you mean '{meant}'?"),
        None => Ok(()),
    }
}

/// The beginning of a row, one character longer than a message shows, so that the cut is visible.
#[must_use]
pub(crate) fn beginning(row: &[u8]) -> String {
    // A character takes at most four bytes in UTF-8.
    let enough = row.len().min(4 * (LONGEST_SHOWN + 1));
    String::from_utf8_lossy(&row[..enough]).chars().take(LONGEST_SHOWN + 1).collect()
}

/// The number of warnings of one kind that are listed individually; further ones are only counted.
pub const KEPT_OF_A_KIND: usize = 1_000;

/// The problems in the order of the file, with at most [`KEPT_OF_A_KIND`] warnings of each kind. One
/// [`ProblemKind::More`] at the place of the first suppressed warning stands for the rest. Errors are never suppressed:
/// each must be mended before the file can be used.
#[must_use]
pub(crate) fn limited(problems: Vec<Problem>) -> Vec<Problem> {
    if problems.len() <= KEPT_OF_A_KIND {
        return problems;
    }
    let mut kinds: Vec<WarningTally> = Vec::new();
    let mut kept = Vec::new();
    for problem in problems {
        if problem.is_error() {
            kept.push(problem);
            continue;
        }
        let of_kind = discriminant(&problem.kind);
        let at = kinds.iter().position(|tally| tally.kind == of_kind).unwrap_or_else(|| {
            kinds.push(WarningTally { kind: of_kind, kept: 0, more: None });
            kinds.len() - 1
        });
        let tally = &mut kinds[at];
        if tally.kept < KEPT_OF_A_KIND {
            tally.kept += 1;
            kept.push(problem);
        } else {
            let (_, more, line) = tally.more.get_or_insert_with(|| (problem.clone(), 0, 0));
            (*more, *line) = (*more + 1, problem.place.line);
        }
    }
    for (first, more, line) in kinds.into_iter().filter_map(|tally| tally.more) {
        kept.push(Problem::warning(first.place, ProblemKind::More { like: Box::new(first.kind), more, line }));
    }
    kept.sort_by_key(|problem| problem.place);
    kept
}

/// The count of warnings of one kind.
struct WarningTally {
    kind: Discriminant<ProblemKind>,
    /// The number listed individually.
    kept: usize,
    /// The first suppressed warning, the number of suppressed ones, and the line of the last.
    more: Option<(Problem, usize, u32)>,
}

/// The result of a reader: everything usable, and every problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The usable content.
    pub value: T,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
}

impl Problem {
    /// The problem in a file that has this many more lines before it.
    pub(crate) fn further_down(mut self, lines: u32) -> Problem {
        self.place.line = self.place.line.saturating_add(lines);
        if let ProblemKind::SwallowedRow { line, .. } = &mut self.kind {
            *line = line.saturating_add(lines);
        }
        self
    }
}

impl<T> Reading<T> {
    /// True if at least one problem is an error: the file is refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }
}
