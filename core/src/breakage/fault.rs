//! The faults that a feed can be given on purpose: their names, their effects, and the files that can have them.

use serde::{Deserialize, Serialize};

use crate::format::feed_file::FeedFile;

/// The maximum number of rows for one fault.
pub const MOST_ROWS: u32 = 1_000;

/// A fault that a feed can be given. The order is that of lists and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A column is left out of header and rows.
    MissingColumn,
    /// A column of the header has another name.
    RenamedColumn,
    /// Two columns have changed places.
    ColumnOrder,
    /// The header is left out.
    MissingHeader,
    /// Semicolons in place of commas.
    WrongSeparator,
    /// Lines end with CRLF.
    Crlf,
    /// The last line is cut off.
    CutOff,
    /// Fields without quotes.
    Unquoted,
    /// A closing quote is left out.
    UnclosedQuote,
    /// A field is left out of a row.
    MissingField,
    /// A byte order mark inside the file.
    StrayBom,
    /// A byte that is not UTF-8.
    NotUtf8,
    /// A blank line.
    BlankLine,
    /// A row occurs twice.
    RepeatedRow,
    /// A `RequestId` occurs twice.
    RepeatedRequestId,
    /// A completion ends before it starts.
    CompletedBeforeStart,
    /// A completion lies in the future.
    CompletedInFuture,
    /// A completion without assignment or recommendation.
    WithoutAssignment,
    /// An employee who is not in employees.csv.
    UnknownEmployee,
    /// A content's id without thousands separators.
    IdWithoutSeparators,
    /// A date that cannot be read.
    BadDate,
    /// The date in the file's name is wrong.
    WrongDateInName,
    /// A file without any bytes.
    EmptyFile,
    /// A file is left out.
    MissingFile,
}

const BOTH: &[FeedFile] = &[FeedFile::Completions, FeedFile::Assignments];
const COMPLETIONS: &[FeedFile] = &[FeedFile::Completions];
const ASSIGNMENTS: &[FeedFile] = &[FeedFile::Assignments];

impl Fault {
    /// All faults, in order.
    pub const ALL: [Fault; 24] = [
        Self::MissingColumn,
        Self::RenamedColumn,
        Self::ColumnOrder,
        Self::MissingHeader,
        Self::WrongSeparator,
        Self::Crlf,
        Self::CutOff,
        Self::Unquoted,
        Self::UnclosedQuote,
        Self::MissingField,
        Self::StrayBom,
        Self::NotUtf8,
        Self::BlankLine,
        Self::RepeatedRow,
        Self::RepeatedRequestId,
        Self::CompletedBeforeStart,
        Self::CompletedInFuture,
        Self::WithoutAssignment,
        Self::UnknownEmployee,
        Self::IdWithoutSeparators,
        Self::BadDate,
        Self::WrongDateInName,
        Self::EmptyFile,
        Self::MissingFile,
    ];

    /// The name, as in a list of faults and in the run file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name_and_sentence().0
    }

    /// The change that it makes, as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.name_and_sentence().1
    }

    fn name_and_sentence(self) -> (&'static str, &'static str) {
        match self {
            Self::MissingColumn => ("missing-column", "A column is left out of the header and of every row."),
            Self::RenamedColumn => ("renamed-column", "A column of the header has another name."),
            Self::ColumnOrder => ("column-order", "Two columns have changed places, in the header and in every row."),
            Self::MissingHeader => ("missing-header", "The header is left out."),
            Self::WrongSeparator => ("wrong-separator", "Semicolons stand between the fields in place of commas."),
            Self::Crlf => ("crlf", "Every line ends with CRLF in place of LF."),
            Self::CutOff => ("cut-off", "The last line is cut off in the middle."),
            Self::Unquoted => ("unquoted", "The fields of a row stand without quotes."),
            Self::UnclosedQuote => ("unclosed-quote", "The closing quote of a field is left out."),
            Self::MissingField => ("missing-field", "The last field of a row is left out."),
            Self::StrayBom => ("stray-bom", "A byte order mark stands before a row."),
            Self::NotUtf8 => ("not-utf8", "A ContentType holds a byte that is not UTF-8."),
            Self::BlankLine => ("blank-line", "A blank line stands before a row."),
            Self::RepeatedRow => ("repeated-row", "A row stands there twice."),
            Self::RepeatedRequestId => ("repeated-request-id", "A row has the RequestId of another."),
            Self::CompletedBeforeStart => ("completed-before-start", "DateCompleted is before DateStarted."),
            Self::CompletedInFuture => ("completed-in-future", "A training is done a week after the run."),
            Self::WithoutAssignment => ("without-assignment", "A completion of a content that nobody assigned."),
            Self::UnknownEmployee => ("unknown-employee", "A row about an employee who is not in employees.csv."),
            Self::IdWithoutSeparators => {
                ("id-without-separators", "A content's id stands without its thousands separators.")
            }
            Self::BadDate => ("bad-date", "A date and time that cannot be read."),
            Self::WrongDateInName => ("wrong-date-in-name", "The name of the file has a date a week too early."),
            Self::EmptyFile => ("empty-file", "The file has no bytes."),
            Self::MissingFile => ("missing-file", "The file is not there."),
        }
    }

    /// The files that can have it; the first is the default.
    #[must_use]
    pub fn files(self) -> &'static [FeedFile] {
        match self {
            Self::CompletedBeforeStart | Self::CompletedInFuture | Self::WithoutAssignment => COMPLETIONS,
            Self::NotUtf8 | Self::RepeatedRequestId => ASSIGNMENTS,
            Self::WrongDateInName | Self::EmptyFile | Self::MissingFile => &FeedFile::ALL,
            _ => BOTH,
        }
    }

    /// True for a fault of single rows, which takes a number of rows.
    #[must_use]
    pub fn is_of_rows(self) -> bool {
        (Self::Unquoted..=Self::BadDate).contains(&self)
    }

    /// True if it hides every other fault of the file except those of the name.
    pub(super) fn hides_all(self) -> bool {
        matches!(self, Self::WrongSeparator | Self::EmptyFile | Self::MissingFile)
    }

    /// The columns that it needs, by position: without them it would not be visible.
    pub(super) fn columns(self, file: FeedFile) -> &'static [usize] {
        let completions = file == FeedFile::Completions;
        match self {
            Self::CompletedBeforeStart | Self::CompletedInFuture => &[2, 3],
            Self::UnclosedQuote => &[0],
            Self::WithoutAssignment => &[0, 1],
            Self::IdWithoutSeparators if completions => &[1],
            Self::IdWithoutSeparators => &[3],
            Self::BadDate | Self::MissingField if completions => &[3],
            Self::MissingField => &[6],
            Self::BadDate => &[5],
            Self::RepeatedRow | Self::UnknownEmployee if completions => &[0, 1],
            Self::RepeatedRow | Self::UnknownEmployee => &[0, 3],
            Self::RepeatedRequestId => &[2],
            Self::NotUtf8 => &[6],
            _ => &[],
        }
    }
}

/// The columns of a file that none of the faults needs.
pub(super) fn free_columns(file: FeedFile, faults: &[Fault]) -> Vec<usize> {
    let is_needed = |column: &usize| faults.iter().any(|fault| fault.columns(file).contains(column));
    (0..file.columns().len()).filter(|column| !is_needed(column)).collect()
}
