//! The kinds of findings. Their ids are part of the program's interface: `check --json`, the page and docs/findings.md
//! use them. The meaning of an id never changes.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::text::problem::ProblemKind;

/// A kind of finding, in the order of docs/findings.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FindingKind {
    /// A file of no known kind.
    UnknownFile,
    /// A file whose content is not of the kind that its name or use suggests.
    OtherKind,
    /// The name of a vendor file that does not follow the vendor's pattern.
    BadFileName,
    /// The name of a template, without a date.
    TemplateName,
    /// A file without bytes or rows.
    EmptyFile,
    /// A spreadsheet, an archive or another encoding in place of CSV.
    NotCsv,
    /// A workbook or another table than CSV, converted or refused.
    Conversion,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A control character that no text has, such as NUL.
    ControlCharacter,
    /// A byte order mark where none is allowed.
    ByteOrderMark,
    /// A first line `sep=,`.
    SeparatorLine,
    /// Lines that do not end with LF.
    LineEnding,
    /// A last line without its end.
    UnfinishedLine,
    /// A blank line, or a row without values.
    BlankLine,
    /// A quote that is not closed.
    UnclosedQuote,
    /// A quoted field over several lines, some of which look like rows.
    SwallowedRow,
    /// Text after a closing quote.
    TextAfterQuote,
    /// A field without double quotes.
    MissingQuotes,
    /// A row with too few or too many fields.
    FieldCount,
    /// A file that begins with a row of data.
    MissingHeader,
    /// The header again, among the rows.
    RepeatedHeader,
    /// A column that the header lacks.
    MissingColumn,
    /// A column under another name.
    MisspeltColumn,
    /// A column that does not belong to the file.
    SurplusColumn,
    /// A column that occurs twice in the header.
    RepeatedColumn,
    /// Columns in the wrong order.
    ColumnOrder,
    /// An id that cannot be read, or is not in the vendor's spelling.
    BadId,
    /// An instant or date that cannot be read, or is not in the vendor's spelling.
    BadTime,
    /// A flag that is neither TRUE nor FALSE.
    BadFlag,
    /// An error value or the like in place of a text.
    BadText,
    /// A type of employee that does not exist.
    UnknownType,
    /// An id that an earlier row has.
    RepeatedId,
    /// A row that is read as a comment, although it may be an employee.
    HiddenRow,
    /// A population without employees.
    NoEmployees,
    /// A catalog without contents.
    NoContents,
    /// A catalog without Daily Doses.
    NoDailyDoses,
    /// An assignment without any date of assignment.
    NoDates,
    /// Text that is not the expected JSON.
    NotJson,
    /// A field of a JSON object that is missing or wrong.
    BadJsonField,
    /// A recommendation that cannot be used, or a field that an answer has twice.
    BadRecommendation,
    /// A second answer for the same employee.
    RepeatedAnswer,
    /// A feed that was broken on purpose.
    BrokenOnPurpose,
    /// An instant after the run.
    Future,
    /// A training that ends at its start or before.
    NoDuration,
    /// A training of more than 15 minutes.
    LongTraining,
    /// Rows of one employee, separated by rows of others.
    RowsApart,
    /// Rows of one employee that are not in order of time.
    TimeOrder,
    /// Two trainings of one employee at the same time.
    Overlap,
    /// An employee and a content that an earlier row has.
    RepeatedPair,
    /// An assignment that is due before it starts.
    DueBeforeStart,
    /// An assignment without content type.
    EmptyContentType,
    /// A `RequestId` that is neither a number nor `fake:` and the day.
    BadRequestId,
    /// A `RequestId` that an earlier row has.
    RepeatedRequestId,
    /// `RequestId`s of both styles in one file.
    MixedRequestIds,
    /// A file with the name of another run.
    OtherRun,
    /// A file of the run that is missing.
    MissingFile,
    /// A file of the run that its run file does not name.
    UnrecordedFile,
    /// A file that differs from the size or digest in the run file.
    ChangedFile,
    /// State tables that are not compared with one of several runs.
    StateNotCompared,
    /// Several inputs of a kind that a run has only once.
    SeveralInputs,
    /// A pair that is both completed and listed as open.
    CompletedAndListed,
    /// An employee who is not in the population.
    UnknownEmployee,
    /// Completions or assignments that do not fit the employee's type.
    TypeMismatch,
    /// Employees in another order than that of the population.
    EmployeeOrder,
    /// A new assignment of a content that is not in StandAloneContent.
    UnknownContent,
    /// A completion without assignment or recommendation.
    UnexplainedCompletion,
    /// A new assignment with dates that are not those of the run.
    NewAssignmentDate,
    /// A new assignment with another content type than `Media`.
    NewAssignmentType,
    /// A training before the shift or after the run.
    OutsideShift,
    /// A new assignment that an employee should have.
    MissingAssignment,
    /// A new assignment that an employee should not have.
    WrongAssignment,
    /// A completion that an employee should have.
    MissingCompletion,
    /// New assignments or completions in another order than that of the training list.
    ListOrder,
    /// Open assignments in the wrong order, or after new ones.
    OpenOrder,
    /// An open assignment that is neither completed nor listed.
    LostAssignment,
    /// An open assignment with other dates or another type than before.
    ChangedAssignment,
    /// A pair that is listed or completed although it was completed before.
    CompletedBefore,
    /// An assignment that the day before should have listed but did not.
    UnlistedBefore,
    /// Daily Doses given twice in one week.
    RepeatedDose,
    /// Completions and assignments that fit no single type over the days of a series.
    TypeOverDays,
}

impl FindingKind {
    /// The id, such as `missing-column`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl From<&ProblemKind> for FindingKind {
    fn from(problem: &ProblemKind) -> FindingKind {
        match problem {
            ProblemKind::EmptyFile { .. } => FindingKind::EmptyFile,
            ProblemKind::NotCsv { .. } | ProblemKind::OtherColumns { .. } => FindingKind::NotCsv,
            ProblemKind::Conversion { .. } => FindingKind::Conversion,
            ProblemKind::NotUtf8 { .. } => FindingKind::NotUtf8,
            ProblemKind::MissingColumn { .. } => FindingKind::MissingColumn,
            ProblemKind::RepeatedColumn { .. } => FindingKind::RepeatedColumn,
            ProblemKind::FieldCount { .. } => FindingKind::FieldCount,
            ProblemKind::UnclosedQuote => FindingKind::UnclosedQuote,
            ProblemKind::BadId { .. } => FindingKind::BadId,
            ProblemKind::UnknownType { .. } => FindingKind::UnknownType,
            ProblemKind::RepeatedId { .. } => FindingKind::RepeatedId,
            ProblemKind::NoEmployees => FindingKind::NoEmployees,
            ProblemKind::NoContents => FindingKind::NoContents,
            ProblemKind::NoDailyDoses => FindingKind::NoDailyDoses,
            ProblemKind::BadTime { .. } => FindingKind::BadTime,
            ProblemKind::BadFlag { .. } => FindingKind::BadFlag,
            ProblemKind::BadText { .. } => FindingKind::BadText,
            ProblemKind::HiddenId { .. } | ProblemKind::HiddenRow { .. } => FindingKind::HiddenRow,
            ProblemKind::NoDates => FindingKind::NoDates,
            ProblemKind::SwallowedRow { .. } => FindingKind::SwallowedRow,
            ProblemKind::NoAnswers => FindingKind::EmptyFile,
            ProblemKind::BadJson { .. } | ProblemKind::NoRecording { .. } => FindingKind::NotJson,
            ProblemKind::BadJsonField { .. } => FindingKind::BadJsonField,
            ProblemKind::BadRecommendation { .. } | ProblemKind::RepeatedField { .. } => FindingKind::BadRecommendation,
            ProblemKind::RepeatedAnswer { .. } => FindingKind::RepeatedAnswer,
            ProblemKind::OtherKind { .. } => FindingKind::OtherKind,
            ProblemKind::More { like, .. } => FindingKind::from(&**like),
        }
    }
}
