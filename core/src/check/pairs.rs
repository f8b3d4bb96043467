//! Rows about an employee and a content, in an order in which files are compared with each other.

use super::doubt::Doubt;
use super::findings::{Findings, Sort};
use super::vendor_rows::VendorFile;
use crate::format::identifier::content_id_text;

/// An employee and a content, and the row that names them. Ordered by employee, content, line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) employee: u64,
    pub(super) content: u64,
    pub(super) line: u32,
    /// The byte at which the row begins.
    pub(super) at: usize,
}

/// A vendor file and its pairs, in their order.
pub(super) struct PairedRows<'a> {
    pub(super) file: VendorFile<'a>,
    pub(super) pairs: Vec<Pair>,
    /// What is wrong in it unless the state table has it so.
    pub(super) doubts: Vec<Doubt>,
}

impl Pair {
    /// Employee and content: what makes it a pair.
    pub(super) fn key(&self) -> (u64, u64) {
        (self.employee, self.content)
    }
}

impl<'a> PairedRows<'a> {
    /// Puts pairs in order, and reports every row whose pair an earlier row has: it counts once.
    pub(super) fn new(
        file: VendorFile<'a>,
        mut pairs: Vec<Pair>,
        doubts: Vec<Doubt>,
        column: usize,
        findings: &mut Findings,
    ) -> PairedRows<'a> {
        pairs.sort();
        report_repeated(&pairs, &file, column, findings);
        pairs.dedup_by_key(|pair| pair.key());
        PairedRows { file, pairs, doubts }
    }

    /// Whether its rows tell of pairs: not those of a file that lacks a column.
    pub(super) fn tells(&self) -> bool {
        self.file.rows == 0 || !self.pairs.is_empty()
    }

    /// The first row with an employee and a content.
    pub(super) fn find(&self, employee: u64, content: u64) -> Option<&Pair> {
        let at = self.pairs.partition_point(|pair| pair.key() < (employee, content));
        self.pairs.get(at).filter(|pair| pair.key() == (employee, content))
    }

    /// Whether any row names an employee.
    pub(super) fn has_employee(&self, employee: u64) -> bool {
        !self.of(employee).is_empty()
    }

    /// The rows of one employee, by content.
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

/// Reports every row whose pair an earlier row has. The pairs are in order.
fn report_repeated(pairs: &[Pair], file: &VendorFile<'_>, column: usize, findings: &mut Findings) {
    for group in pairs.chunk_by(|a, b| a.key() == b.key()) {
        for pair in &group[1..] {
            findings.add(Sort::Repeated, pair.line, || {
                let said = format!(
                    "employee {} and content {} stand in line {} already; keep one of the two rows",
                    pair.employee,
                    content_id_text(pair.content),
                    group[0].line
                );
                (file.place(pair.at, pair.line, column), said)
            });
        }
    }
}
