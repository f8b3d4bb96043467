//! The kinds of problems of input files, each with the data of its message. `problem_message.rs` has the messages.

use serde::{Deserialize, Serialize};

use crate::text::separator::Separator;
use crate::text::visible::LONGEST_SHOWN;

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
        /// The separator of the fields.
        separator: Separator,
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
        /// What the file is, and the page's field that it belongs to.
        message: String,
        /// The option that it belongs to; `None` for a file that no run reads.
        option: Option<String>,
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

impl ProblemKind {
    /// True for a problem of a file as a whole, whose place says nothing.
    #[must_use]
    pub fn is_of_whole_file(&self) -> bool {
        matches!(self, Self::OtherKind { .. } | Self::Conversion { .. } | Self::EmptyFile { .. } | Self::NotCsv { .. })
    }

    /// The message for people on the page, who know fields and no options.
    #[must_use]
    pub fn text_on_page(&self) -> String {
        match self {
            Self::OtherKind { message, .. } => message.clone(),
            kind => kind.to_string(),
        }
    }

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

/// How an unreadable value probably came about, added to a message in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// A word such as NULL in a nullable column, where an empty field is meant.
    #[strum(to_string = "an empty field means NULL")]
    EmptyIsNull,
    /// A word such as NULL in a column that requires a value.
    #[strum(to_string = "an empty field means NULL, and this column must have a value")]
    NullIsNotAllowed,
    /// Only `#` characters: the spreadsheet's column is too narrow to show the value.
    #[strum(to_string = "a spreadsheet shows a value so that does not fit; make its column wider and save again")]
    TooNarrow,
    /// An error value of a spreadsheet.
    #[strum(to_string = "it is an error value of a spreadsheet; write the value itself")]
    ErrorValue,
    /// A number in exponent form, which may have lost digits.
    #[strum(
        to_string = "an exponent form may have lost digits; give the spreadsheet's column the format 0 and save again"
    )]
    ExponentForm,
    /// An ambiguous date: the day may be the month, and the month the day.
    #[strum(to_string = "which number is the day and which the month is not certain")]
    DayOrMonth,
    /// A date whose year has two digits.
    #[strum(to_string = "the year needs four digits")]
    ShortYear,
    /// A bare number, such as a spreadsheet's serial date.
    #[strum(to_string = "it is a number; give the spreadsheet's column a date format and save again")]
    BareNumber,
    /// A time of day without its seconds.
    #[strum(to_string = "the seconds are missing")]
    NoSeconds,
    /// A line break in a value that must be on one line.
    #[strum(to_string = "it goes on over the end of a line; remove the line break, or the quote that opens the field")]
    LineBreak,
    /// A NUL character, which no text has.
    #[strum(to_string = "it has a NUL character (U+0000), which no text has; remove that character")]
    NulCharacter,
}

/// The beginning of a row, one character longer than a message shows, so that the cut is visible.
#[must_use]
pub(crate) fn beginning(row: &[u8]) -> String {
    // A character takes at most four bytes in UTF-8.
    let enough = row.len().min(4 * (LONGEST_SHOWN + 1));
    String::from_utf8_lossy(&row[..enough]).chars().take(LONGEST_SHOWN + 1).collect()
}
