//! The kinds of problems of input files, each with the data and the text of its message. A message names what was found, what
//! is allowed and how to mend it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::separator::Separator;
use crate::text::visible::{LONGEST_SHOWN, quoted, shown_whole};
use crate::text::words::{grouped, more_of_a_kind};

/// The number of warnings of one kind that are listed individually; further ones are only counted.
pub const KEPT_OF_A_KIND: usize = 1_000;

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
    /// A header whose fields are separated by something other than commas, and which lacks required columns.
    OtherColumns {
        /// The separator.
        separator: Separator,
        /// The columns that are missing.
        missing: Vec<String>,
        /// The columns that the header has.
        found: Vec<String>,
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
    /// A field that an answer has twice. The later one is used.
    RepeatedField {
        /// The id of the employee whose answer it is.
        ba_id: u64,
        /// The field.
        field: String,
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
            ProblemKind::OtherColumns { separator, missing, found } => {
                const NAMED: usize = 12;
                let names: Vec<String> = found.iter().take(NAMED).map(|name| quoted(name)).collect();
                let more = found.len().saturating_sub(NAMED);
                let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
                write!(
                    f,
                    "no column of this table is called {}. Its fields are separated by {}, and its columns are {}{more}",
                    missing.join(" or "),
                    separator.plural(),
                    names.join(", ")
                )?;
                match found.first().is_some_and(|name| name.starts_with(|c: char| c.is_ascii_digit())) {
                    true => write!(f, ": this line looks like data, so put the header before it"),
                    false => write!(f, ". Give the right ones these names"),
                }
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
            ProblemKind::RepeatedField { ba_id, field } => {
                write!(f, "the answer for {ba_id} has the field {field} twice; the later one counts")
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

impl ProblemKind {
    /// True for a problem of a table as a whole: its encoding, its separators, its sheet or its header.
    #[must_use]
    pub fn is_of_whole_table(&self) -> bool {
        matches!(
            self,
            Self::Conversion { .. }
                | Self::MissingColumn { .. }
                | Self::OtherColumns { .. }
                | Self::NotCsv { .. }
                | Self::NotUtf8 { .. }
        )
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
    /// An ambiguous date: the day may be the month, and the month the day.
    DayOrMonth,
    /// A date whose year has two digits.
    ShortYear,
    /// A bare number, such as a spreadsheet's serial date.
    BareNumber,
    /// A time of day without its seconds.
    NoSeconds,
    /// A line break in a value that must be on one line.
    LineBreak,
    /// A NUL character, which no text has.
    NulCharacter,
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
            Self::NulCharacter => "it has a NUL character (U+0000), which no text has; remove that character",
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
