//! Splits a file of the feed into its header and its rows.

use std::ops::Range;

use crate::format::raw_row::{LineBreaks, RawRows, without_quotes};
use crate::format::record::BYTE_ORDER_MARK;

/// The header and the rows of a file.
pub(super) struct Rows<'a> {
    bytes: &'a [u8],
    /// True if the file begins with a byte order mark.
    pub(super) marked: bool,
    header: Range<usize>,
    rows: Vec<Range<usize>>,
}

impl<'a> Rows<'a> {
    /// Splits a file.
    pub(super) fn of(bytes: &'a [u8]) -> Rows<'a> {
        let marked = bytes.starts_with(BYTE_ORDER_MARK);
        let start = if marked { BYTE_ORDER_MARK.len() } else { 0 };
        let mut reader = RawRows::new(bytes, start, 1, LineBreaks::Anywhere);
        let mut rows = std::iter::from_fn(|| reader.next_row().map(|row| row.start..row.end));
        let header = rows.next().unwrap_or_default();
        Rows { bytes, marked, header, rows: rows.collect() }
    }

    /// The number of rows below the header.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> Vec<&'a [u8]> {
        fields(&self.bytes[self.header.clone()])
    }

    /// The bytes of a row, without its line break.
    pub(super) fn row(&self, index: usize) -> &'a [u8] {
        &self.bytes[self.rows[index].clone()]
    }
}

/// The fields of a row without the quotes around them. Doubled quotes inside stay doubled.
pub(super) fn fields(row: &[u8]) -> Vec<&[u8]> {
    let mut reader = RawRows::new(row, 0, 1, LineBreaks::Anywhere);
    let Some(found) = reader.next_row() else { return Vec::new() };
    (0..found.len()).filter_map(|index| found.span(index)).map(|span| without_quotes(&row[span])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_where_no_quote_is_open() {
        let rows = Rows::of(b"\xEF\xBB\xBF\"A\",\"B\"\n\"1,2\",\"say \"\"hi\"\"\n you\"\n\"3\",\"\"\n");
        assert!(rows.marked);
        assert_eq!(rows.header(), [b"A", b"B"]);
        let found: Vec<Vec<&[u8]>> = (0..rows.len()).map(|index| fields(rows.row(index))).collect();
        assert_eq!(found, [[&b"1,2"[..], b"say \"\"hi\"\"\n you"], [b"3", b""]]);
        assert_eq!(Rows::of(b"").len(), 0);
    }
}
