//! Check of a vendor file's header, which must have exactly the right columns in order. Each deviating column is a
//! finding, and is matched with the intended one so that the rows can still be checked.

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use crate::format::raw_row::RawRow;
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

/// Compares a header with the columns that it should have.
pub(super) fn compare(header: &RawRow<'_>, columns: &[&str], findings: &mut Findings) -> Layout {
    let names: Vec<String> = (0..header.len()).map(|index| header.text(index).into_owned()).collect();
    if names == columns {
        return Layout::right(columns);
    }
    let positions = find(&names, columns);
    for (column, position) in columns.iter().zip(&positions) {
        let found = |place, text: String| FindingDraft::from((place, text)).field(*column);
        match position.map(|index| (header.place(index), &names[index])) {
            Some((place, name)) if name != column => {
                let text = format!("the column {} should be called {column}", quoted(name));
                findings.report(FindingKind::MisspeltColumn, found(place, text).value(name).expected(*column));
            }
            Some(_) => {}
            None => {
                let text =
                    format!("the column {column} is missing from the header, which should be {}", header_text(columns));
                // Where it should stand: before the next one that is there, else at the end.
                let behind = columns.iter().zip(&positions).skip_while(|(other, _)| *other != column);
                let next = behind.filter_map(|(_, position)| *position).next().unwrap_or(header.len());
                findings.report(FindingKind::MissingColumn, found(header.place(next), text));
            }
        }
    }
    for (index, name) in names.iter().enumerate().filter(|(index, _)| !positions.contains(&Some(*index))) {
        let (kind, why) = match columns.contains(&name.as_str()) {
            true => (FindingKind::RepeatedColumn, "stands in the header twice"),
            false => (FindingKind::SurplusColumn, "does not belong here"),
        };
        findings.add(kind, header.line, || {
            FindingDraft::from((header.place(index), format!("the column {} {why}; remove it", quoted(name))))
                .field(name)
        });
    }
    check_order(header, columns, &positions, findings);
    Layout { positions, width: names.len() }
}

/// The position of each column: by name, then by similar name, then by place if no other column claims it.
fn find(names: &[String], columns: &[&str]) -> Vec<Option<usize>> {
    const LIKE: f64 = 0.85;
    let mut positions: Vec<Option<usize>> = vec![None; columns.len()];
    let mut claim = |fits: &dyn Fn(usize, &str, &str) -> bool| {
        for column in 0..columns.len() {
            let free = |index: &usize| !positions.contains(&Some(*index));
            if positions[column].is_none() {
                positions[column] =
                    (0..names.len()).filter(free).find(|index| fits(*index, names[*index].trim(), columns[column]));
            }
        }
    };
    claim(&|_, name, column| name == column);
    claim(&|_, name, column| name.eq_ignore_ascii_case(column));
    claim(&|_, name, column| strsim::jaro_winkler(&name.to_ascii_lowercase(), &column.to_ascii_lowercase()) > LIKE);
    if names.len() == columns.len() {
        claim(&|index, _, column| columns.get(index) == Some(&column));
    }
    positions
}

fn check_order(header: &RawRow<'_>, columns: &[&str], positions: &[Option<usize>], findings: &mut Findings) {
    let as_wanted: Vec<(usize, &str)> =
        positions.iter().zip(columns).filter_map(|(at, column)| at.map(|at| (at, *column))).collect();
    let mut as_found = as_wanted.clone();
    as_found.sort();
    let moved: Vec<&(usize, &str)> =
        as_found.iter().zip(&as_wanted).filter(|(found, wanted)| found != wanted).map(|(found, _)| found).collect();
    if let Some((first, _)) = moved.first() {
        let names: Vec<&str> = moved.iter().map(|(_, column)| *column).collect();
        let (names, right) = (names.join(", "), header_text(columns));
        let text = format!("the columns {names} stand in the wrong order; the header should be {right}");
        let found = FindingDraft::from((header.place(*first), text)).value(names).expected(right);
        findings.report(FindingKind::ColumnOrder, found);
    }
}
