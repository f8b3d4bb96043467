//! Pairs of an employee and a content, in the order in which files are compared with each other.

use super::doubt::Doubt;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::vendor_rows::VendorFile;
use crate::format::identifier::content_id_text;

/// An employee and a content, and their row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) employee: u64,
    pub(super) content: u64,
    pub(super) line: u32,
    /// The position of the row's other values among those of the file.
    pub(super) values: u32,
}

/// The values of rows that are compared, beside employee and content.
pub(super) trait RowValues {
    /// The instant in a column, in seconds since 1970-01-01T00:00:00Z; `None` if it cannot be read.
    fn instant(&self, values: u32, column: usize) -> Option<i64>;

    /// The content type; `None` if the file has none.
    fn content_type(&self, values: u32) -> Option<&str>;
}

/// A vendor file and its pairs, sorted by employee, content and line.
pub(super) struct PairedRows<'a> {
    pub(super) file: VendorFile<'a>,
    pub(super) pairs: Vec<Pair>,
    values: Box<dyn RowValues + Send + Sync>,
    /// Doubts: errors, unless the state table explains them.
    pub(super) doubts: Vec<Doubt>,
}

impl Pair {
    /// The pair in a file where its part has numbers of lines and values before it.
    pub(super) fn further_down(self, lines: u32, values: u32) -> Pair {
        Pair { line: self.line.saturating_add(lines), values: self.values.saturating_add(values), ..self }
    }

    /// Employee and content.
    pub(super) fn key(&self) -> (u64, u64) {
        (self.employee, self.content)
    }

    /// A finding about a field of the row.
    pub(super) fn found(&self, file: &VendorFile<'_>, column: usize, text: impl Into<FindingDraft>) -> FindingDraft {
        file.found(self.line, column, text).employee(self.employee).content(self.content)
    }
}

impl<'a> PairedRows<'a> {
    /// Reports every row whose pair an earlier row has, and keeps a repeated pair once. The pairs must be sorted.
    pub(super) fn new(
        file: VendorFile<'a>,
        mut pairs: Vec<Pair>,
        values: Box<dyn RowValues + Send + Sync>,
        doubts: Vec<Doubt>,
        column: usize,
        findings: &mut Findings,
    ) -> PairedRows<'a> {
        report_repeated(&pairs, &file, column, findings);
        pairs.dedup_by_key(|pair| pair.key());
        PairedRows { file, pairs, values, doubts }
    }

    /// The instant in a column of a row, in seconds since 1970-01-01T00:00:00Z; `None` if it cannot be read.
    pub(super) fn instant(&self, pair: &Pair, column: usize) -> Option<i64> {
        self.values.instant(pair.values, column)
    }

    /// The content type of a row; `None` if the file has none.
    pub(super) fn content_type(&self, pair: &Pair) -> Option<&str> {
        self.values.content_type(pair.values)
    }

    /// False if a missing column kept rows from yielding pairs.
    pub(super) fn is_usable(&self) -> bool {
        self.file.rows == 0 || !self.pairs.is_empty()
    }

    /// The first row with an employee and a content.
    pub(super) fn find(&self, employee: u64, content: u64) -> Option<&Pair> {
        let at = self.pairs.partition_point(|pair| pair.key() < (employee, content));
        self.pairs.get(at).filter(|pair| pair.key() == (employee, content))
    }

    /// True if any row names the employee.
    pub(super) fn has_employee(&self, employee: u64) -> bool {
        !self.of(employee).is_empty()
    }

    /// The rows of one employee, sorted by content.
    pub(super) fn of(&self, employee: u64) -> &[Pair] {
        let from = self.pairs.partition_point(|pair| pair.employee < employee);
        let length = self.pairs[from..].partition_point(|pair| pair.employee == employee);
        &self.pairs[from..from + length]
    }

    /// The rows of each employee.
    pub(super) fn by_employee(&self) -> impl Iterator<Item = &[Pair]> {
        self.pairs.chunk_by(|a, b| a.employee == b.employee)
    }
}

/// Reports every row whose pair an earlier row has. The pairs must be sorted.
fn report_repeated(pairs: &[Pair], file: &VendorFile<'_>, column: usize, findings: &mut Findings) {
    for group in pairs.chunk_by(|a, b| a.key() == b.key()) {
        for pair in &group[1..] {
            findings.add(FindingKind::RepeatedPair, pair.line, || {
                let text = format!(
                    "employee {} and content {} stand in line {} already; keep one of the two rows",
                    pair.employee,
                    content_id_text(pair.content),
                    group[0].line
                );
                pair.found(file, column, text).line(group[0].line)
            });
        }
    }
}
