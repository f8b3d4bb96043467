//! The faults that a feed can be given on purpose: their names, their effects, and the files that can have them.

use serde::{Deserialize, Serialize};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

use crate::format::feed_file::FeedFile;
use crate::format::{completions, non_completed};

/// The maximum number of rows for one fault.
pub const MOST_ROWS: u32 = 1_000;

/// A fault that a feed can be given. The order is that of lists and messages.
///
/// The docstring of each is its sentence, which people read; `message` is its title, and `detailed_message` is what a batch
/// job should do with it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumMessage,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Fault {
    /// A column is missing in the header and in every row.
    #[strum(message = "Column missing")]
    #[strum(detailed_message = "Refuse the file and name the column.")]
    MissingColumn,
    /// A column of the header has another name.
    #[strum(message = "Column renamed")]
    #[strum(detailed_message = "Refuse the file and name the column; never read it as another column.")]
    RenamedColumn,
    /// Two columns are swapped, in the header and in every row.
    #[strum(message = "Columns in another order")]
    #[strum(detailed_message = "Read the columns by name, or refuse the file; never swap their values.")]
    ColumnOrder,
    /// The file begins with its first row.
    #[strum(message = "Header missing")]
    #[strum(detailed_message = "Refuse the file; never read the first row as the header.")]
    MissingHeader,
    /// Semicolons separate the fields in place of commas.
    #[strum(message = "Semicolons in place of commas")]
    #[strum(detailed_message = "Refuse the file.")]
    WrongSeparator,
    /// Every line ends with CRLF in place of LF.
    #[strum(message = "Windows line ends")]
    #[strum(detailed_message = "Load the file as if it had LF; no value may end with CR.")]
    Crlf,
    /// The last line is cut off in the middle.
    #[strum(message = "File cut off")]
    #[strum(detailed_message = "Refuse the file and load no row of it.")]
    CutOff,
    /// The fields of a row have no quotes.
    #[strum(message = "Fields without quotes")]
    #[strum(detailed_message = "Load the row if its fields are clear, else reject this row alone.")]
    Unquoted,
    /// The closing quote of a field is missing.
    #[strum(message = "Quote not closed")]
    #[strum(detailed_message = "Reject the row; its field must not take in the rows below.")]
    UnclosedQuote,
    /// The last field of a row is missing.
    #[strum(message = "Row too short")]
    #[strum(detailed_message = "Reject the row and load the others.")]
    MissingField,
    /// A row begins with a byte order mark.
    #[strum(message = "Byte order mark in the middle")]
    #[strum(detailed_message = "Ignore the mark and load the row, or reject this row alone.")]
    StrayBom,
    /// A ContentType holds a byte that is not UTF-8.
    #[strum(message = "Byte that is not UTF-8")]
    #[strum(detailed_message = "Reject the row and load the others.")]
    NotUtf8,
    /// A row follows a blank line.
    #[strum(message = "Blank line")]
    #[strum(detailed_message = "Skip the line.")]
    BlankLine,
    /// A row stands once more on the next line.
    #[strum(message = "Row twice")]
    #[strum(detailed_message = "Load the row once.")]
    RepeatedRow,
    /// A row has the RequestId of another.
    #[strum(message = "RequestId twice")]
    #[strum(detailed_message = "Load neither row in place of the other; report both.")]
    RepeatedRequestId,
    /// DateCompleted is before DateStarted.
    #[strum(message = "Completed before it was started")]
    #[strum(detailed_message = "Reject the row.")]
    CompletedBeforeStart,
    /// A training is completed a week after the run.
    #[strum(message = "Completed in the future")]
    #[strum(detailed_message = "Reject the row.")]
    CompletedInFuture,
    /// A completion of a content that nobody assigned.
    #[strum(message = "Completion of nothing assigned")]
    #[strum(detailed_message = "Load the completion and close no assignment by it; report it.")]
    WithoutAssignment,
    /// A row about an employee who is not in employees.csv.
    #[strum(message = "Unknown employee")]
    #[strum(detailed_message = "Reject the row and report the employee.")]
    UnknownEmployee,
    /// A content's id has no thousands separators.
    #[strum(message = "Id without separators")]
    #[strum(detailed_message = "Load the row: the id is the same number.")]
    IdWithoutSeparators,
    /// A date and time is unreadable.
    #[strum(message = "Date that cannot be read")]
    #[strum(detailed_message = "Reject the row; never load it without the date.")]
    BadDate,
    /// The name of the file has a date a week too early.
    #[strum(message = "Wrong date in the name")]
    #[strum(detailed_message = "Refuse the file; never load it as the feed of another day.")]
    WrongDateInName,
    /// The file has 0 bytes.
    #[strum(message = "Empty file")]
    #[strum(detailed_message = "Refuse the file; an empty file is not a feed without rows.")]
    EmptyFile,
    /// The feed comes without the file.
    #[strum(message = "File missing")]
    #[strum(detailed_message = "Load nothing of the run, and report the file.")]
    MissingFile,
}

/// A group of faults, by what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum FaultGroup {
    /// The file as a whole.
    File,
    /// The header and its columns.
    Columns,
    /// Single rows that cannot be split into fields, or should not be there.
    Rows,
    /// Single rows whose values are impossible.
    Meaning,
}

impl FaultGroup {
    /// All groups, in the order of display.
    pub const ALL: &[FaultGroup] = Self::VARIANTS;

    /// The heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.into()
    }

    /// Its faults, in order.
    pub fn faults(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| fault.group() == self)
    }
}

const BOTH: &[FeedFile] = &[FeedFile::Completions, FeedFile::Assignments];
const COMPLETIONS: &[FeedFile] = &[FeedFile::Completions];
const ASSIGNMENTS: &[FeedFile] = &[FeedFile::Assignments];

impl Fault {
    /// All faults, in order.
    pub const ALL: &[Fault] = Self::VARIANTS;

    /// The name, as in a list of faults and in the run file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// A title in plain words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.get_message().unwrap_or_default()
    }

    /// The change that it makes, as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// What a batch job should do with it, as a sentence.
    #[must_use]
    pub fn batch_job(self) -> &'static str {
        self.get_detailed_message().unwrap_or_default()
    }

    /// The group in which lists show it.
    #[must_use]
    pub fn group(self) -> FaultGroup {
        match self {
            Self::MissingColumn | Self::RenamedColumn | Self::ColumnOrder | Self::MissingHeader => FaultGroup::Columns,
            Self::WrongSeparator
            | Self::Crlf
            | Self::CutOff
            | Self::WrongDateInName
            | Self::EmptyFile
            | Self::MissingFile => FaultGroup::File,
            _ if self < Self::RepeatedRequestId => FaultGroup::Rows,
            _ => FaultGroup::Meaning,
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
        match (self, file) {
            (Self::CompletedBeforeStart | Self::CompletedInFuture, _) => {
                &[completions::STARTED, completions::COMPLETED]
            }
            (Self::UnclosedQuote, _) => &[completions::USER],
            (Self::WithoutAssignment, _) => &[completions::USER, completions::CONTENT],
            (Self::IdWithoutSeparators, FeedFile::Completions) => &[completions::CONTENT],
            (Self::IdWithoutSeparators, _) => &[non_completed::CONTENT],
            (Self::BadDate | Self::MissingField, FeedFile::Completions) => &[completions::COMPLETED],
            (Self::BadDate, _) => &[non_completed::DUE],
            (Self::MissingField | Self::NotUtf8, _) => &[non_completed::CONTENT_TYPE],
            (Self::RepeatedRow | Self::UnknownEmployee, FeedFile::Completions) => {
                &[completions::USER, completions::CONTENT]
            }
            (Self::RepeatedRow | Self::UnknownEmployee, _) => &[non_completed::USER, non_completed::CONTENT],
            (Self::RepeatedRequestId, _) => &[non_completed::REQUEST],
            _ => &[],
        }
    }
}

/// The columns of a file that none of the faults needs.
pub(super) fn free_columns(file: FeedFile, faults: &[Fault]) -> Vec<usize> {
    let is_needed = |column: &usize| faults.iter().any(|fault| fault.columns(file).contains(column));
    (0..file.columns().len()).filter(|column| !is_needed(column)).collect()
}
