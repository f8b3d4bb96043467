//! What is wrong with an input, and where: a problem is a kind, a place and the data that explain it.
//!
//! Readers never stop at the first problem. They return everything good plus every problem, each with its line and
//! column as an editor shows them; its text says what was found, what is allowed and how to mend it. A shell puts the
//! file's name in front: `employees.csv:17:8: ...`.

use std::cmp::Ordering;
use std::fmt;
use std::mem::{Discriminant, discriminant};

use serde::{Deserialize, Serialize};

use crate::text::visible::{LONGEST_SHOWN, quoted, shown_whole};
use crate::text::words::grouped;

/// Where in a text something stands: line and column, both from 1, the column in characters (not bytes). A byte order
/// mark has no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The line, from 1. A line ends with LF, CRLF or a lone CR.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Place {
    /// The first character of a file: where problems of a whole file are put.
    pub const START: Place = Place { line: 1, column: 1 };

    /// A place.
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

/// Whether a problem stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file is refused; nothing is generated from it.
    Error,
    /// What is meant is left out, and the run goes on.
    Warning,
}

/// One thing that is wrong in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Whether it stops the run.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: ProblemKind,
}

impl Problem {
    /// A problem that refuses the file.
    #[must_use]
    pub fn error(place: Place, kind: ProblemKind) -> Problem {
        Problem { severity: Severity::Error, place, kind }
    }

    /// A problem that the run survives.
    #[must_use]
    pub fn warning(place: Place, kind: ProblemKind) -> Problem {
        Problem { severity: Severity::Warning, place, kind }
    }

    /// The same problem as one that the run survives: the row is left out.
    #[must_use]
    pub fn into_warning(self) -> Problem {
        Problem { severity: Severity::Warning, ..self }
    }

    /// Whether it refuses the file.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// How many problems it stands for: one, unless it is the number of those that are not told one by one.
    #[must_use]
    pub fn count(&self) -> usize {
        if let ProblemKind::More { more, .. } = self.kind { more } else { 1 }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)
    }
}

/// What can be wrong with an input, with the data that its text needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum ProblemKind {
    /// The file has no bytes, or nothing but blank lines and comments.
    EmptyFile {
        /// The columns that its header should name.
        columns: Vec<String>,
    },
    /// The bytes are not text of the kind that is read here.
    NotCsv {
        /// What they look like.
        looks_like: String,
    },
    /// Bytes that are not UTF-8.
    NotUtf8 {
        /// The first byte that does not fit.
        byte: u8,
    },
    /// A header without a column that is needed.
    MissingColumn {
        /// The column that is missing.
        column: String,
        /// A column of the file that is nearly called so.
        similar: Option<String>,
        /// Whether the line in the header's place looks like a row of data.
        header_is_data: bool,
    },
    /// A header that names a column twice.
    RepeatedColumn {
        /// The column.
        column: String,
    },
    /// A row with fewer or more fields than the header.
    FieldCount {
        /// How many fields the row has.
        found: usize,
        /// How many the header has.
        wanted: usize,
        /// How the row begins.
        row: String,
    },
    /// A quote that opens a field and is never closed.
    UnclosedQuote,
    /// An employee's or a content's id that is none.
    BadId {
        /// Whose id: `employee_id`, `ContentId` and so on.
        column: String,
        /// What stands there.
        found: String,
        /// What was probably meant.
        meant: Option<String>,
        /// What the value was made from, where that can be seen.
        hint: Option<Hint>,
    },
    /// An employee type that does not exist.
    UnknownType {
        /// What stands there.
        found: String,
        /// What was probably meant.
        meant: Option<String>,
    },
    /// An id that an earlier row has already.
    RepeatedId {
        /// The column.
        column: String,
        /// The id.
        id: u64,
        /// The line of the first row that has it.
        first_line: u32,
    },
    /// A file with a header and no employee.
    NoEmployees,
    /// A catalog without one usable row.
    NoContents,
    /// A catalog without any Daily Dose.
    NoDailyDoses,
    /// A timestamp or date that cannot be read.
    BadTime {
        /// The column.
        column: String,
        /// What stands there.
        found: String,
        /// How it should look.
        example: String,
        /// Why it cannot be read, where that can be seen.
        hint: Option<Hint>,
    },
    /// A flag that is neither TRUE nor FALSE nor empty: it counts as FALSE.
    BadFlag {
        /// The column.
        column: String,
        /// What stands there.
        found: String,
    },
    /// A text that a spreadsheet or a program put in place of the real one.
    BadText {
        /// The column.
        column: String,
        /// What stands there.
        found: String,
        /// What it is.
        hint: Hint,
    },
    /// A row of employees.csv that counts as a comment, though it may be an employee: its id is what a spreadsheet shows for
    /// a value that it cannot show.
    HiddenId {
        /// What stands in place of the id.
        found: String,
    },
    /// A row of employees.csv that counts as a comment, though it may be an employee: its first field is what a spreadsheet
    /// shows for a value that it cannot show.
    HiddenRow {
        /// What stands in the first field.
        found: String,
    },
    /// An assignment that has neither an assignment date nor a begin.
    NoDates,
    /// A line that is not the JSON object that is expected there.
    BadJson {
        /// What the JSON reader said, without its place.
        said: String,
    },
    /// A field of a JSON object that is missing or of the wrong kind.
    BadJsonField {
        /// The field.
        field: String,
        /// What is wrong with it.
        said: String,
    },
    /// A recommended item that cannot be used.
    BadRecommendation {
        /// The employee whose answer holds it.
        ba_id: u64,
        /// Why.
        why: String,
    },
    /// An employee for whom recorded answers stand twice: the later counts.
    RepeatedAnswer {
        /// The employee.
        ba_id: u64,
        /// The line of the earlier answer.
        first_line: u32,
    },
    /// A file of another kind than the one that is read here.
    OtherKind {
        /// What it is, and where it belongs.
        said: String,
    },
    /// A table that is no plain CSV: what was converted to read it, or why it cannot be.
    Conversion {
        /// What was done, or the reason.
        said: String,
    },
    /// A breach of a vendor file's format or of the rules, found by `check`.
    Feed {
        /// What was found and what would be right.
        said: String,
    },
    /// Findings of `check` that are not told one by one.
    More {
        /// How many there are.
        more: usize,
        /// How many of the same sort are told before.
        told: usize,
        /// The line of the last.
        line: u32,
    },
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files and columns, and what other readers reported, are text from outside, too.
        f.write_str(&shown_whole(&Message(self).to_string()))
    }
}

/// The message of a problem, with what stands in the file as it is.
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
            ProblemKind::BadJson { said } => {
                write!(f, "not a JSON object ({said}); each line is {{\"ba_id\": 88563, \"body\": ...}}")
            }
            ProblemKind::BadJsonField { field, said } => write!(f, "{field}: {said}"),
            ProblemKind::BadRecommendation { ba_id, why } => {
                write!(f, "a recommendation for {ba_id} is left out: {why}")
            }
            ProblemKind::RepeatedAnswer { ba_id, first_line } => write!(
                f,
                "an answer for {ba_id} stands in line {first_line} already; this later one counts. Remove one of the two"
            ),
            ProblemKind::OtherKind { said } | ProblemKind::Conversion { said } | ProblemKind::Feed { said } => {
                f.write_str(said)
            }
            ProblemKind::More { more, told, line } => {
                write!(f, "and {} more like the {} before, up to line {line}", grouped(*more), grouped(*told))
            }
        }
    }
}

/// What a value was made from that cannot be read, so far as that can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// A word for NULL in a column that may be NULL.
    EmptyIsNull,
    /// A word for NULL in a column that must have a value.
    NullIsNotAllowed,
    /// A row of `#`: a spreadsheet's column is too narrow.
    TooNarrow,
    /// An error value of a spreadsheet.
    ErrorValue,
    /// A number in exponent form, which may have lost digits.
    ExponentForm,
    /// A date whose day and month may be taken for each other.
    DayOrMonth,
    /// A date whose year has two digits.
    ShortYear,
    /// A number in place of a date.
    BareNumber,
    /// A time of day without its seconds.
    NoSeconds,
    /// A line break in a text that is one line.
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

fn did_you_mean(f: &mut fmt::Formatter<'_>, meant: Option<&str>) -> fmt::Result {
    match meant {
        Some(meant) => write!(f, ". Did you mean '{meant}'?"),
        None => Ok(()),
    }
}

/// How a row begins: as much of it as is shown.
#[must_use]
pub(crate) fn beginning(row: &[u8]) -> String {
    // Any character takes four bytes at the most; one more tells that there is more.
    let enough = row.len().min(4 * (LONGEST_SHOWN + 1));
    String::from_utf8_lossy(&row[..enough]).chars().take(LONGEST_SHOWN + 1).collect()
}

/// How many warnings of one kind are reported one by one.
pub const KEPT_OF_A_KIND: usize = 1_000;

/// Problems, in the order of the file, with no more than the first thousand warnings of each kind; a number stands for the
/// rest. Errors all stay: they say what must be mended before anything can be made.
#[must_use]
pub(crate) fn limited(problems: Vec<Problem>) -> Vec<Problem> {
    if problems.len() <= KEPT_OF_A_KIND {
        return problems;
    }
    let mut kinds: Vec<(Discriminant<ProblemKind>, usize, Place, u32)> = Vec::new();
    let mut kept = Vec::new();
    for problem in problems {
        if problem.is_error() {
            kept.push(problem);
            continue;
        }
        let (kind, place) = (discriminant(&problem.kind), problem.place);
        let at = kinds.iter().position(|(known, ..)| *known == kind).unwrap_or_else(|| {
            kinds.push((kind, 0, place, place.line));
            kinds.len() - 1
        });
        let (_, count, first_left_out, last_line) = &mut kinds[at];
        match (*count).cmp(&KEPT_OF_A_KIND) {
            Ordering::Less => kept.push(problem),
            Ordering::Equal => *first_left_out = place,
            Ordering::Greater => {}
        }
        *count += 1;
        *last_line = place.line;
    }
    for (_, count, first_left_out, line) in kinds {
        if let Some(more) = count.checked_sub(KEPT_OF_A_KIND).filter(|more| *more > 0) {
            let kind = ProblemKind::More { more, told: KEPT_OF_A_KIND, line };
            kept.push(Problem::warning(first_left_out, kind));
        }
    }
    kept.sort_by_key(|problem| problem.place);
    kept
}

/// What a reader returns: everything good, and every problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// What could be read.
    pub value: T,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
}

impl<T> Reading<T> {
    /// Whether a problem refuses the file.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }
}
