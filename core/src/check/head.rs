//! The beginning of a vendor file: where its header stands, and by which columns the rows below are read.

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::header::{self, Header, Layout};
use super::{quoting, stray};
use crate::format::raw_row::{LineBreaks, LineEnd, RawRow, RawRows};

/// The header of a file.
pub(super) struct Head {
    /// The columns by the header.
    pub(super) layout: Layout,
    /// The line of the header; `None` if it is missing, and the file begins with rows.
    pub(super) line: Option<u32>,
    /// The first line, whose place a missing header has.
    pub(super) first: u32,
    /// True if the file has no quotes at all, which is one finding of the header.
    pub(super) is_bare: bool,
}

/// The finding about a file that has no header by which its rows could be read.
pub(super) type NoHeader = (FindingKind, FindingDraft);

impl Head {
    /// The header in the beginning of a file, which is at a byte offset and a line; `None` if there is no row. The error is
    /// the finding that the file has none.
    pub(super) fn of(
        beginning: &[u8],
        (at, first): (usize, u32),
        columns: &'static [&'static str],
        line_breaks: LineBreaks,
    ) -> Result<Option<Head>, Box<NoHeader>> {
        let mut rows = RawRows::new(beginning, at, first, line_breaks);
        let Some(row) = next_with_text(&mut rows) else { return Ok(None) };
        let right = |line| Head { layout: Layout::right(columns), line, first, is_bare: false };
        if header::is_data(&row, columns) {
            return Ok(Some(right(None)));
        }
        let header = Header::of(&row, columns);
        let is_partial = header.width() < columns.len() || row.slip.is_some() || header.ends_early();
        if header.is_named && row.line_end == LineEnd::Missing && is_partial {
            let text = "the file is cut off here, amid its header; give the whole file";
            let found = FindingDraft::from((row.place_of(row.end), text));
            return Err(Box::new((FindingKind::UnfinishedLine, found)));
        }
        if header.is_named || header.width() == columns.len() {
            let (layout, line, is_bare) = (header.layout(), Some(row.line), quoting::is_bare(&row));
            let is_bare = is_bare && next_with_text(&mut rows).is_some_and(|row| quoting::is_bare(&row));
            return Ok(Some(Head { layout, line, first, is_bare }));
        }
        let no_header = Box::new((FindingKind::MissingHeader, header::no_header(&row, columns)));
        below_titles(&mut rows, columns).map(|line| Some(right(Some(line)))).ok_or(no_header)
    }

    /// The same head; if only the header has its columns in another order and the rows do not, with the right order. `faults`
    /// counts the faults of the first rows with some columns.
    pub(super) fn with_order_of_rows(self, columns: &[&str], faults: impl Fn(&Layout) -> usize) -> Head {
        let right = Layout::right(columns);
        if self.layout == right
            || self.layout.width() != right.width()
            || !self.layout.has_all_columns()
            || faults(&right) >= faults(&self.layout)
        {
            return self;
        }
        Head { layout: right, ..self }
    }
}

/// The next row that is not blank.
pub(super) fn next_with_text<'r>(rows: &'r mut RawRows<'_>) -> Option<RawRow<'r>> {
    let is_text = |row: &RawRow<'_>| !row.is_blank() && !row.is_without_values() && !stray::is_alone(row.whole());
    while rows.advance() {
        if is_text(&rows.last_row()) {
            return Some(rows.last_row());
        }
    }
    None
}

/// The line of a header that stands below a few other lines, such as the title of a report.
fn below_titles(rows: &mut RawRows<'_>, columns: &[&str]) -> Option<u32> {
    const TITLES: usize = 5;
    (0..TITLES).find_map(|_| next_with_text(rows).filter(|row| is_header(row, columns)).map(|row| row.line))
}

/// Whether a row is the header once more.
pub(super) fn is_header(row: &RawRow<'_>, columns: &[&str]) -> bool {
    row.len() == columns.len()
        && columns.iter().enumerate().all(|(index, column)| row.inside(index) == column.as_bytes())
}
