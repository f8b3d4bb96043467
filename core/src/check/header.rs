//! Check of a vendor file's header, which must have exactly the right columns in order. Each deviating column is a
//! finding, and is matched with the intended one so that the rows can still be checked.

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::{quoting, stray};
use crate::format::raw_row::RawRow;
use crate::text::problem::{Place, beginning};
use crate::text::visible::quoted;

/// The positions of the columns in the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    positions: Vec<Option<usize>>,
    width: usize,
}

impl Layout {
    /// The columns in their right order.
    pub(super) fn right(columns: &[&str]) -> Layout {
        Layout { positions: (0..columns.len()).map(Some).collect(), width: columns.len() }
    }

    /// True if the header has every column.
    pub(super) fn has_all_columns(&self) -> bool {
        self.positions.iter().all(Option::is_some)
    }

    /// The number of fields that a row should have.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The position of a column in a row of `length` fields; `None` if the header lacks the column. If the row has the
    /// right number of fields although the header does not, the row is taken to have the right columns.
    pub(super) fn position(&self, column: usize, length: usize) -> Option<usize> {
        if length == self.width { self.positions[column] } else { Some(column) }
    }

    /// True if a row of `length` fields can be read.
    pub(super) fn fits(&self, length: usize) -> bool {
        length == self.width || length == self.positions.len()
    }
}

/// True if the first row looks like data: it has the right width and begins with a digit.
pub(super) fn is_data(first: &RawRow<'_>, columns: &[&str]) -> bool {
    first.len() == columns.len() && first.inside(0).first().is_some_and(u8::is_ascii_digit)
}

/// The correct header, as text.
pub(super) fn header_text(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(",")
}

/// The columns that a row names, as far as it is a header.
pub(super) struct Header<'r> {
    row: &'r RawRow<'r>,
    names: Vec<HeaderName>,
    columns: &'static [&'static str],
    /// The position of each column.
    positions: Vec<Option<usize>>,
    /// True if a column is known by its name, not only by its place.
    pub(super) is_named: bool,
}

/// A name in a header, without its quotes and stray bytes, and where it begins.
struct HeaderName {
    text: String,
    at: usize,
}

impl<'r> Header<'r> {
    /// Reads a row as a header.
    pub(super) fn of(row: &'r RawRow<'r>, columns: &'static [&'static str]) -> Header<'r> {
        let names = names_of(row);
        let (positions, is_named) = find(&names, columns);
        Header { row, names, columns, positions, is_named }
    }

    /// The number of its fields.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// True if its last name is only the beginning of the last column.
    pub(super) fn ends_early(&self) -> bool {
        let last = self.names.last().zip(self.columns.last());
        last.is_some_and(|(name, column)| name.text.len() < column.len() && column.starts_with(&name.text))
    }

    /// The positions of the columns in the rows below.
    pub(super) fn layout(&self) -> Layout {
        match self.is_named {
            true => Layout { positions: self.positions.clone(), width: self.names.len() },
            false => Layout::right(self.columns),
        }
    }

    /// Reports every difference from the right header.
    pub(super) fn report(&self, findings: &mut Findings) {
        if !self.is_named {
            findings.report(FindingKind::MissingHeader, no_header(self.row, self.columns));
            return;
        }
        self.report_misspelt(findings);
        self.report_missing(findings);
        self.report_surplus(findings);
        self.check_order(findings);
    }

    fn place(&self, index: usize) -> Place {
        self.row.place_of(self.names.get(index).map_or(self.row.end, |name| name.at))
    }

    /// Reports columns under another name. If several differ by letter case only, that is one finding.
    fn report_misspelt(&self, findings: &mut Findings) {
        let found = self.columns.iter().zip(&self.positions).filter_map(|(column, at)| Some((*column, (*at)?)));
        let misspelt: Vec<(&str, usize)> = found.filter(|(column, at)| self.names[*at].text != *column).collect();
        let (in_case, others): (Vec<_>, Vec<_>) =
            misspelt.into_iter().partition(|(column, at)| self.names[*at].text.eq_ignore_ascii_case(column));
        let mut report = |of: &[(&str, usize)]| {
            let [first, ..] = of else { return };
            let list = |texts: Vec<String>| texts.join(", ");
            let names = list(of.iter().map(|(_, at)| quoted(&self.names[*at].text)).collect());
            let right = list(of.iter().map(|(column, _)| (*column).to_owned()).collect());
            let text = match of.len() {
                1 => format!("the column {names} should be called {right}"),
                _ => format!("the columns {names} are in the wrong case; write {right}"),
            };
            let value = list(of.iter().map(|(_, at)| self.names[*at].text.clone()).collect());
            let found = FindingDraft::from((self.place(first.1), text)).field(&right).value(value).expected(right);
            findings.report(FindingKind::MisspeltColumn, found);
        };
        report(&in_case);
        others.chunks(1).for_each(report);
    }

    /// Reports columns that are missing. Neighbours are one finding.
    fn report_missing(&self, findings: &mut Findings) {
        // Where a column should stand: before the next one that is there, else at the end.
        let due = |column: usize| self.positions[column..].iter().flatten().next().copied().unwrap_or(self.names.len());
        let missing: Vec<usize> = (0..self.columns.len()).filter(|column| self.positions[*column].is_none()).collect();
        for neighbours in missing.chunk_by(|one, next| due(*one) == due(*next)) {
            let names: Vec<&str> = neighbours.iter().map(|column| self.columns[*column]).collect();
            let (names, right) = (names.join(", "), header_text(self.columns));
            let (noun, verb) = if neighbours.len() == 1 { ("column", "is") } else { ("columns", "are") };
            let text = format!("the {noun} {names} {verb} missing from the header, which should be {right}");
            let found = FindingDraft::from((self.place(due(neighbours[0])), text)).field(names);
            findings.report(FindingKind::MissingColumn, found);
        }
    }

    fn report_surplus(&self, findings: &mut Findings) {
        let is_surplus = |index: &usize| !self.positions.contains(&Some(*index));
        for index in (0..self.names.len()).filter(is_surplus) {
            let name = &self.names[index].text;
            let (kind, why) = match self.columns.contains(&name.as_str()) {
                true => (FindingKind::RepeatedColumn, "stands in the header twice"),
                false => (FindingKind::SurplusColumn, "does not belong here"),
            };
            findings.add(kind, self.row.line, || {
                let text = match name.is_empty() {
                    true => "a column without a name does not belong here; remove it with its comma".to_owned(),
                    false => format!("the column {} {why}; remove it", quoted(name)),
                };
                FindingDraft::from((self.place(index), text)).field(name)
            });
        }
    }

    fn check_order(&self, findings: &mut Findings) {
        let wanted = self.positions.iter().zip(self.columns);
        let as_wanted: Vec<(usize, &str)> = wanted.filter_map(|(at, column)| Some(((*at)?, *column))).collect();
        let mut as_found = as_wanted.clone();
        as_found.sort();
        let moved = as_found.iter().zip(&as_wanted).filter(|(found, wanted)| found != wanted).map(|(found, _)| found);
        let moved: Vec<&(usize, &str)> = moved.collect();
        if let Some((first, _)) = moved.first() {
            let names: Vec<&str> = moved.iter().map(|(_, column)| *column).collect();
            let (names, right) = (names.join(", "), header_text(self.columns));
            let text = format!("the columns {names} stand in the wrong order; the header should be {right}");
            let found = FindingDraft::from((self.place(*first), text)).value(names).expected(right);
            findings.report(FindingKind::ColumnOrder, found);
        }
    }
}

/// The finding of a first line that has no name of the columns.
pub(super) fn no_header(row: &RawRow<'_>, columns: &[&str]) -> FindingDraft {
    let right = header_text(columns);
    let text = format!("the first line is not the header: '{}'; it should be {right}", beginning(row.whole()));
    FindingDraft::from((row.place(0), text)).expected(right)
}

/// The names in a row. After a mistake in the quotes they are what stands between the commas, because no name has one.
fn names_of(row: &RawRow<'_>) -> Vec<HeaderName> {
    let name = |at: usize, bytes: &[u8]| {
        let bytes = stray::without_marks(bytes).unwrap_or_else(|| stray::text_only(bytes).into());
        HeaderName { text: String::from_utf8_lossy(&bytes).into_owned(), at }
    };
    if row.slip.is_none() {
        let field = |index: usize| Some(name(row.span(index)?.start, quoting::inside(row, index)));
        return (0..row.len()).filter_map(field).collect();
    }
    let mut at = row.start;
    let of_piece = |piece: &[u8]| {
        let start = at;
        at += piece.len() + 1;
        let is_around = |byte: &u8| *byte == b'"' || byte.is_ascii_whitespace();
        let from = piece.iter().take_while(|byte| is_around(byte)).count();
        let to = piece.len() - piece[from..].iter().rev().take_while(|byte| is_around(byte)).count();
        name(start, &piece[from..to])
    };
    row.whole().split(|byte| *byte == b',').map(of_piece).collect()
}

/// The position of each column: by name, then by similar name, then by place if no other column claims it. Also whether any is
/// found by its name.
fn find(names: &[HeaderName], columns: &[&str]) -> (Vec<Option<usize>>, bool) {
    const LIKE: f64 = 0.85;
    let mut positions: Vec<Option<usize>> = vec![None; columns.len()];
    let mut claim = |fits: &dyn Fn(usize, &str, &str) -> bool| {
        for column in 0..columns.len() {
            let free = |index: &usize| !positions.contains(&Some(*index));
            if positions[column].is_none() {
                let mut free = (0..names.len()).filter(free);
                positions[column] = free.find(|index| fits(*index, names[*index].text.trim(), columns[column]));
            }
        }
        positions.iter().any(Option::is_some)
    };
    claim(&|_, name, column| name == column);
    claim(&|_, name, column| name.eq_ignore_ascii_case(column));
    let is_named =
        claim(&|_, name, column| strsim::jaro_winkler(&name.to_ascii_lowercase(), &column.to_ascii_lowercase()) > LIKE);
    if names.len() == columns.len() {
        claim(&|index, _, column| columns.get(index) == Some(&column));
    }
    (positions, is_named)
}
