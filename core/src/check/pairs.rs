//! Pairs of an employee and a content, in the order in which files are compared with each other.

use std::sync::Arc;

use super::doubt::Doubt;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::request_ids::RequestStyles;
use super::vendor_rows::{Row, VendorFile};
use crate::format::identifier::content_id_text;
use crate::format::spelling;

/// An employee, a content, and the line of their row. A file has millions, so one takes 20 bytes instead of 24.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed(4))]
pub(super) struct Pair {
    employee: u64,
    content: u64,
    pub(super) line: u32,
}

/// The values of rows that are compared, beside employee and content.
pub(super) enum RowValues {
    /// Of completions: the first start and the last end. More is not needed as long as all trainings are within the shift.
    Trainings([i64; 2]),
    /// Of assignments: their values, ascending by line, and the styles of their RequestIds.
    Assignments {
        /// The values.
        values: Vec<AssignmentValues>,
        /// The styles.
        styles: Box<RequestStyles>,
    },
}

/// The instant of a value that cannot be read. It is before all valid instants and, like them, fits into 40 bits.
pub(super) const UNKNOWN: i64 = -1 << 39;

/// The dates of an assignment, in seconds since 1970-01-01T00:00:00Z or [`UNKNOWN`], and its content type. Consecutive rows
/// with equal values share one.
pub(super) struct AssignmentValues {
    /// By column: `CREATED`, `START`, `DUE`.
    pub(super) dates: [i64; 3],
    pub(super) content_type: Option<Arc<str>>,
    /// The first line with these values.
    pub(super) line: u32,
}

/// A vendor file and its pairs, sorted by employee, content and line.
pub(super) struct PairedRows<'a> {
    pub(super) file: VendorFile<'a>,
    pub(super) pairs: Vec<Pair>,
    pub(super) values: RowValues,
    /// Doubts: errors, unless the state table explains them.
    pub(super) doubts: Vec<Doubt>,
    /// The pairs that an earlier row has, of rows that are not the same as that row.
    pub(super) repeated: Vec<(u64, u64)>,
}

impl Pair {
    /// An employee and a content in a line.
    pub(super) fn new(employee: u64, content: u64, line: u32) -> Pair {
        Pair { employee, content, line }
    }

    /// The employee.
    pub(super) fn employee(&self) -> u64 {
        self.employee
    }

    /// The content.
    pub(super) fn content(&self) -> u64 {
        self.content
    }

    /// Employee and content.
    pub(super) fn key(&self) -> (u64, u64) {
        (self.employee, self.content)
    }

    /// Employee, content and line.
    pub(super) fn row_key(&self) -> (u64, u64, u32) {
        (self.employee, self.content, self.line)
    }

    /// A finding about a field of the row.
    pub(super) fn found(&self, file: &VendorFile<'_>, column: usize, text: impl Into<FindingDraft>) -> FindingDraft {
        file.found(self.line, column, text).employee(self.employee).content(self.content)
    }
}

impl Row for Pair {
    fn further_down(self, lines: u32) -> Pair {
        Pair { line: self.line.saturating_add(lines), ..self }
    }
}

impl<'a> PairedRows<'a> {
    /// Reports every row whose pair an earlier row has, and keeps a repeated pair once. The pairs must be sorted.
    pub(super) fn new(
        file: VendorFile<'a>,
        mut pairs: Vec<Pair>,
        values: RowValues,
        doubts: Vec<Doubt>,
        column: usize,
        findings: &mut Findings,
    ) -> PairedRows<'a> {
        let repeated = report_repeated(&pairs, &file, column, findings);
        pairs.dedup_by_key(|pair| pair.key());
        PairedRows { file, pairs, values, doubts, repeated }
    }

    /// The instant in a column of a row, in seconds since 1970-01-01T00:00:00Z, read again; `None` if it cannot be read.
    pub(super) fn instant(&self, pair: &Pair, column: usize) -> Option<i64> {
        spelling::instant(self.file.text(pair.line, column)?.as_bytes())
    }

    /// The dates and content type of an assignment; `None` for a completion.
    pub(super) fn assignment(&self, pair: &Pair) -> Option<&AssignmentValues> {
        self.assignments()(pair)
    }

    /// A search for the dates and content types of assignments; fast where one has the same as the one asked for before, as new
    /// ones have.
    pub(super) fn assignments<'s>(&'s self) -> impl FnMut(&Pair) -> Option<&'s AssignmentValues> {
        let values = match &self.values {
            RowValues::Trainings(_) => &[][..],
            RowValues::Assignments { values, .. } => values,
        };
        let begins_by = |index: usize, line: u32| values.get(index).is_some_and(|values| values.line <= line);
        let mut at = 0;
        move |pair| {
            let line = pair.line;
            if !begins_by(at, line) || begins_by(at + 1, line) {
                at = values.partition_point(|values| values.line <= line).checked_sub(1)?;
            }
            values.get(at)
        }
    }

    /// False if a missing column kept rows from yielding pairs.
    pub(super) fn is_usable(&self) -> bool {
        self.file.rows == 0 || !self.pairs.is_empty()
    }

    /// The row with an employee and a content.
    pub(super) fn find(&self, employee: u64, content: u64) -> Option<&Pair> {
        let at = self.pairs.binary_search_by_key(&(employee, content), Pair::key).ok()?;
        Some(&self.pairs[at])
    }

    /// True if any row names the employee.
    pub(super) fn has_employee(&self, employee: u64) -> bool {
        self.pairs.binary_search_by_key(&employee, Pair::employee).is_ok()
    }

    /// The rows of each employee.
    pub(super) fn by_employee(&self) -> impl Iterator<Item = &[Pair]> {
        self.pairs.chunk_by(|a, b| a.employee() == b.employee())
    }
}

/// Reports every row whose pair an earlier row has, and returns the pairs of those that are no copies of that row. The pairs
/// must be sorted.
fn report_repeated(pairs: &[Pair], file: &VendorFile<'_>, column: usize, findings: &mut Findings) -> Vec<(u64, u64)> {
    let mut others = Vec::new();
    for group in pairs.chunk_by(|a, b| a.key() == b.key()) {
        for pair in &group[1..] {
            if !file.are_same(pair.line, group[0].line) {
                others.push(pair.key());
            }
            findings.add(FindingKind::RepeatedPair, pair.line, || {
                let text = format!(
                    "employee {} and content {} stand in line {} already; keep one of the two rows",
                    pair.employee(),
                    content_id_text(pair.content()),
                    group[0].line
                );
                pair.found(file, column, text).line(group[0].line)
            });
        }
    }
    others
}
