//! A finding: kind, severity, place, data for programs, and a message for people.

use std::fmt;

use serde::Serialize;

use super::finding_kind::FindingKind;
use crate::text::problem::{Place, Problem, ProblemKind, Severity};

/// A finding in a file, alone or by comparison with other files. As JSON it has no file, which is named around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of the file, as given.
    #[serde(skip)]
    pub file: String,
    /// The kind.
    pub kind: FindingKind,
    /// Error or warning.
    pub severity: Severity,
    /// Line and column.
    #[serde(flatten)]
    pub place: Place,
    /// The name of the column or JSON field at the place.
    pub field: Option<String>,
    /// The data of the sentence.
    pub data: FindingData,
    /// The sentence: what was found, and what would be right.
    pub text: String,
    /// 1; for the finding in place of suppressed ones, their number.
    pub count: usize,
}

/// The data of a finding; which fields are set depends on the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FindingData {
    /// The employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<u64>,
    /// The content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<u64>,
    /// The value found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The value that would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Another file that contradicts this one, or is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_file: Option<String>,
    /// The number of a line that contradicts this one: in `other_file` if that is set, else in the same file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_line: Option<u32>,
    /// The lines of further rows of the same file with which the row is compared, besides `other_line`.
    #[serde(skip)]
    pub compared_rows: Vec<u32>,
}

impl Finding {
    /// True for an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// A finding before its kind, file and severity are known.
pub(super) struct FindingDraft {
    pub(super) place: Place,
    pub(super) field: Option<String>,
    pub(super) data: FindingData,
    pub(super) text: String,
    pub(super) says: Says,
}

/// What a finding says of rows, by which one fault that is seen from two sides is recognised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing of that kind.
    #[default]
    Nothing,
    /// A row is missing.
    Missing,
    /// A row is there that should not be.
    Surplus,
}

impl<T: Into<String>> From<(Place, T)> for FindingDraft {
    fn from((place, text): (Place, T)) -> FindingDraft {
        FindingDraft { place, field: None, data: FindingData::default(), text: text.into(), says: Says::Nothing }
    }
}

/// A message whose place is set later.
impl From<String> for FindingDraft {
    fn from(text: String) -> FindingDraft {
        FindingDraft::from((Place::START, text))
    }
}

impl From<&Problem> for FindingDraft {
    fn from(problem: &Problem) -> FindingDraft {
        let found = FindingDraft::from((problem.place, problem.kind.to_string()));
        match &problem.kind {
            ProblemKind::EmptyFile { columns } => found.expected(columns.join(",")),
            ProblemKind::NotCsv { looks_like } | ProblemKind::NoRecording { looks_like } => found.value(looks_like),
            ProblemKind::OtherColumns { missing, found: names, .. } => {
                found.value(names.join(", ")).expected(missing.join(", "))
            }
            ProblemKind::SwallowedRow { line, row, .. } => found.value(row).line(*line),
            ProblemKind::NotUtf8 { byte } => found.value(format!("0x{byte:02X}")),
            ProblemKind::MissingColumn { column, .. } | ProblemKind::RepeatedColumn { column } => found.field(column),
            ProblemKind::FieldCount { found: number, wanted, .. } => {
                found.value(number.to_string()).expected(wanted.to_string())
            }
            ProblemKind::BadId { column, found: value, meant, .. } => {
                found.field(column).value(value).perhaps(meant.as_ref())
            }
            ProblemKind::UnknownType { found: value, meant } => found.value(value).perhaps(meant.as_ref()),
            ProblemKind::RepeatedId { column, id, first_line } => {
                found.field(column).value(id.to_string()).line(*first_line)
            }
            ProblemKind::BadTime { column, found: value, example, .. } => {
                found.field(column).value(value).expected(example)
            }
            ProblemKind::BadFlag { column, found: value } | ProblemKind::BadText { column, found: value, .. } => {
                found.field(column).value(value)
            }
            ProblemKind::HiddenId { found: value } | ProblemKind::HiddenRow { found: value } => found.value(value),
            ProblemKind::BadJsonField { field, .. } => found.field(field),
            ProblemKind::BadRecommendation { ba_id, .. } => found.employee(*ba_id),
            ProblemKind::RepeatedField { ba_id, field } => found.employee(*ba_id).field(field),
            ProblemKind::RepeatedAnswer { ba_id, first_line } => found.employee(*ba_id).line(*first_line),
            ProblemKind::UnclosedQuote
            | ProblemKind::NoEmployees
            | ProblemKind::NoContents
            | ProblemKind::NoDailyDoses
            | ProblemKind::NoDates
            | ProblemKind::NoAnswers
            | ProblemKind::BadJson { .. }
            | ProblemKind::OtherKind { .. }
            | ProblemKind::Conversion { .. }
            | ProblemKind::More { .. } => found,
        }
    }
}

impl FindingDraft {
    /// Sets the name of the field.
    pub(super) fn field(self, name: impl Into<String>) -> FindingDraft {
        FindingDraft { field: Some(name.into()), ..self }
    }

    /// Sets the value found.
    pub(super) fn value(mut self, value: impl Into<String>) -> FindingDraft {
        self.data.found = Some(value.into());
        self
    }

    /// Sets the value that would be right.
    pub(super) fn expected(mut self, value: impl Into<String>) -> FindingDraft {
        self.data.expected = Some(value.into());
        self
    }

    /// Sets the value that would be right, if it is known.
    pub(super) fn perhaps(self, value: Option<&String>) -> FindingDraft {
        match value {
            Some(value) => self.expected(value),
            None => self,
        }
    }

    /// Sets the employee, if any.
    pub(super) fn employee(mut self, id: impl Into<Option<u64>>) -> FindingDraft {
        self.data.employee_id = id.into();
        self
    }

    /// Sets the content, if any.
    pub(super) fn content(mut self, id: impl Into<Option<u64>>) -> FindingDraft {
        self.data.content_id = id.into();
        self
    }

    /// Says that a row is missing.
    pub(super) fn missing(self) -> FindingDraft {
        FindingDraft { says: Says::Missing, ..self }
    }

    /// Says that a row is there that should not be.
    pub(super) fn surplus(self) -> FindingDraft {
        FindingDraft { says: Says::Surplus, ..self }
    }

    /// Sets the other file.
    pub(super) fn file(mut self, name: &str) -> FindingDraft {
        self.data.other_file = Some(name.to_owned());
        self
    }

    /// Sets the lines of further rows of the same file with which the row is compared.
    pub(super) fn compared_with(mut self, lines: impl Into<Vec<u32>>) -> FindingDraft {
        self.data.compared_rows = lines.into();
        self
    }

    /// Sets the other line.
    pub(super) fn line(mut self, line: u32) -> FindingDraft {
        self.data.other_line = Some(line);
        self
    }
}
