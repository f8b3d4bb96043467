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

/// A group of faults, by what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultGroup {
    /// The file as a whole.
    File,
    /// The header and its columns.
    Columns,
    /// Single rows that cannot be split into fields, or should not be there.
    Rows,
    /// Single rows whose values make no sense.
    Meaning,
}

/// The name, title and descriptions of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultWords {
    /// The name, as in a list of faults and in the run file.
    pub name: &'static str,
    /// A title in plain words.
    pub title: &'static str,
    /// The group in which lists show it.
    pub group: FaultGroup,
    /// The change that it makes, as a sentence.
    pub sentence: &'static str,
    /// What a batch job should do with it, as a sentence.
    pub batch_job: &'static str,
}

impl FaultGroup {
    /// All groups, in the order of display.
    pub const ALL: [FaultGroup; 4] = [Self::File, Self::Columns, Self::Rows, Self::Meaning];

    /// The heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Columns => "Columns",
            Self::Rows => "Rows",
            Self::Meaning => "Meaning",
        }
    }

    /// Its faults, in order.
    pub fn faults(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.into_iter().filter(move |fault| fault.words().group == self)
    }
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
        self.words().name
    }

    /// The change that it makes, as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.words().sentence
    }

    /// Its name, title and descriptions.
    #[must_use]
    pub fn words(self) -> FaultWords {
        match self {
            Self::MissingColumn => FaultWords {
                name: "missing-column",
                title: "Column missing",
                group: FaultGroup::Columns,
                sentence: "A column is left out of the header and of every row.",
                batch_job: "Refuse the file and name the column.",
            },
            Self::RenamedColumn => FaultWords {
                name: "renamed-column",
                title: "Column renamed",
                group: FaultGroup::Columns,
                sentence: "A column of the header has another name.",
                batch_job: "Refuse the file and name the column; never take the column for another.",
            },
            Self::ColumnOrder => FaultWords {
                name: "column-order",
                title: "Columns in another order",
                group: FaultGroup::Columns,
                sentence: "Two columns have changed places, in the header and in every row.",
                batch_job: "Read the columns by name, or refuse the file; never mix their values up.",
            },
            Self::MissingHeader => FaultWords {
                name: "missing-header",
                title: "Header missing",
                group: FaultGroup::Columns,
                sentence: "The header is left out.",
                batch_job: "Refuse the file; never take the first row for the header.",
            },
            Self::WrongSeparator => FaultWords {
                name: "wrong-separator",
                title: "Semicolons in place of commas",
                group: FaultGroup::File,
                sentence: "Semicolons stand between the fields in place of commas.",
                batch_job: "Refuse the file.",
            },
            Self::Crlf => FaultWords {
                name: "crlf",
                title: "Windows line ends",
                group: FaultGroup::File,
                sentence: "Every line ends with CRLF in place of LF.",
                batch_job: "Load the file as if it had LF; no value may end with CR.",
            },
            Self::CutOff => FaultWords {
                name: "cut-off",
                title: "File cut off",
                group: FaultGroup::File,
                sentence: "The last line is cut off in the middle.",
                batch_job: "Refuse the file and load no row of it.",
            },
            Self::Unquoted => FaultWords {
                name: "unquoted",
                title: "Fields without quotes",
                group: FaultGroup::Rows,
                sentence: "The fields of a row stand without quotes.",
                batch_job: "Load the row if its fields are clear, else reject this row alone.",
            },
            Self::UnclosedQuote => FaultWords {
                name: "unclosed-quote",
                title: "Quote not closed",
                group: FaultGroup::Rows,
                sentence: "The closing quote of a field is left out.",
                batch_job: "Reject the row; the rows below must not get lost in its field.",
            },
            Self::MissingField => FaultWords {
                name: "missing-field",
                title: "Row too short",
                group: FaultGroup::Rows,
                sentence: "The last field of a row is left out.",
                batch_job: "Reject the row and load the others.",
            },
            Self::StrayBom => FaultWords {
                name: "stray-bom",
                title: "Byte order mark in the middle",
                group: FaultGroup::Rows,
                sentence: "A byte order mark stands before a row.",
                batch_job: "Ignore the mark and load the row, or reject this row alone.",
            },
            Self::NotUtf8 => FaultWords {
                name: "not-utf8",
                title: "Byte that is not UTF-8",
                group: FaultGroup::Rows,
                sentence: "A ContentType holds a byte that is not UTF-8.",
                batch_job: "Reject the row and load the others.",
            },
            Self::BlankLine => FaultWords {
                name: "blank-line",
                title: "Blank line",
                group: FaultGroup::Rows,
                sentence: "A blank line stands before a row.",
                batch_job: "Pass over the line.",
            },
            Self::RepeatedRow => FaultWords {
                name: "repeated-row",
                title: "Row twice",
                group: FaultGroup::Rows,
                sentence: "A row stands there twice.",
                batch_job: "Load the row once.",
            },
            Self::RepeatedRequestId => FaultWords {
                name: "repeated-request-id",
                title: "RequestId twice",
                group: FaultGroup::Meaning,
                sentence: "A row has the RequestId of another.",
                batch_job: "Load neither row over the other; report both.",
            },
            Self::CompletedBeforeStart => FaultWords {
                name: "completed-before-start",
                title: "Completed before it was started",
                group: FaultGroup::Meaning,
                sentence: "DateCompleted is before DateStarted.",
                batch_job: "Reject the row.",
            },
            Self::CompletedInFuture => FaultWords {
                name: "completed-in-future",
                title: "Completed in the future",
                group: FaultGroup::Meaning,
                sentence: "A training is done a week after the run.",
                batch_job: "Reject the row.",
            },
            Self::WithoutAssignment => FaultWords {
                name: "without-assignment",
                title: "Completion of nothing assigned",
                group: FaultGroup::Meaning,
                sentence: "A completion of a content that nobody assigned.",
                batch_job: "Load the completion and close no assignment by it; report it.",
            },
            Self::UnknownEmployee => FaultWords {
                name: "unknown-employee",
                title: "Unknown employee",
                group: FaultGroup::Meaning,
                sentence: "A row about an employee who is not in employees.csv.",
                batch_job: "Reject the row and report the employee.",
            },
            Self::IdWithoutSeparators => FaultWords {
                name: "id-without-separators",
                title: "Id without separators",
                group: FaultGroup::Meaning,
                sentence: "A content's id stands without its thousands separators.",
                batch_job: "Load the row: the id is the same number.",
            },
            Self::BadDate => FaultWords {
                name: "bad-date",
                title: "Date that cannot be read",
                group: FaultGroup::Meaning,
                sentence: "A date and time that cannot be read.",
                batch_job: "Reject the row; never load it without the date.",
            },
            Self::WrongDateInName => FaultWords {
                name: "wrong-date-in-name",
                title: "Wrong date in the name",
                group: FaultGroup::File,
                sentence: "The name of the file has a date a week too early.",
                batch_job: "Refuse the file; never load it as the feed of another day.",
            },
            Self::EmptyFile => FaultWords {
                name: "empty-file",
                title: "Empty file",
                group: FaultGroup::File,
                sentence: "The file has no bytes.",
                batch_job: "Refuse the file; an empty file is no feed without rows.",
            },
            Self::MissingFile => FaultWords {
                name: "missing-file",
                title: "File missing",
                group: FaultGroup::File,
                sentence: "The file is not there.",
                batch_job: "Load nothing of the run, and report the file.",
            },
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
