//! Reads one file of a run in its role. A file of another kind is reported as that, in place of its problems.

use std::borrow::Cow;

use crate::format::employees::{self, BadRows, Employees};
use crate::format::file_kind::other_kind;
use crate::format::input_role::InputRole;
use crate::sheet::{Choices, read_as, read_source_as};
use crate::text::chunks::ByteSource;
use crate::text::problem::{Place, Problem, ProblemKind, Reading};

/// Reads employees.csv alone, converted to CSV where needed, as the answers say.
#[must_use]
pub fn read_employees(bytes: &[u8], choices: &Choices, bad_rows: BadRows) -> Reading<Employees> {
    read_input(InputRole::Employees, bytes, choices, |csv| employees::read(csv, bad_rows))
}

/// Reads a file of a run by the reader of its role, converted to CSV where needed, as the answers say.
pub(super) fn read_input<T: Default>(
    role: InputRole,
    bytes: &[u8],
    choices: &Choices,
    read: impl FnOnce(&[u8]) -> Reading<T>,
) -> Reading<T> {
    read_as(role, bytes, choices, |csv| {
        let Reading { value, problems } = read(csv);
        Reading { value, problems: of_its_kind(role, || csv.into(), problems) }
    })
}

/// As [`read_input`], in chunks. A file that has to be converted first is read as a whole.
pub(super) fn read_input_in_chunks<T: Default>(
    role: InputRole,
    source: &dyn ByteSource,
    choices: &Choices,
    read: impl FnOnce(&dyn ByteSource) -> Reading<T>,
) -> Reading<T> {
    read_source_as(role, source, choices, |source| {
        let Reading { value, problems } = read(source);
        Reading { value, problems: of_its_kind(role, || source.whole(), problems) }
    })
}

/// The problems of a file. If the file turns out to be of another kind than its role, that is the only problem.
fn of_its_kind<'b>(role: InputRole, bytes: impl FnOnce() -> Cow<'b, [u8]>, problems: Vec<Problem>) -> Vec<Problem> {
    let is_of_kind = |problem: &Problem| {
        let kind = &problem.kind;
        matches!(
            kind,
            ProblemKind::MissingColumn { .. }
                | ProblemKind::OtherColumns { .. }
                | ProblemKind::NotCsv { .. }
                | ProblemKind::BadJson { .. }
                | ProblemKind::NoRecording { .. }
        )
    };
    let other = if problems.iter().any(is_of_kind) { other_kind(role, &bytes()) } else { None };
    other.map_or(problems, |kind| vec![Problem::error(Place::START, kind)])
}
