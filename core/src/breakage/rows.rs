//! A file of the feed taken apart: a header and rows whose fields all stand in quotes, as a run writes them.

use crate::format::record::BYTE_ORDER_MARK;

/// The header and the rows of a file.
pub(super) struct Rows<'a> {
    bytes: &'a [u8],
    /// Whether it begins with a byte order mark.
    pub(super) marked: bool,
    header: std::ops::Range<usize>,
    rows: Vec<std::ops::Range<usize>>,
}

impl<'a> Rows<'a> {
    /// Takes a file apart.
    pub(super) fn of(bytes: &'a [u8]) -> Rows<'a> {
        let marked = bytes.starts_with(BYTE_ORDER_MARK);
        let mut at = if marked { BYTE_ORDER_MARK.len() } else { 0 };
        let mut next = || {
            let start = at;
            let length = line_length(&bytes[start..]);
            at = (start + length + 1).min(bytes.len());
            (start < bytes.len()).then_some(start..start + length)
        };
        let header = next().unwrap_or_default();
        let rows = std::iter::from_fn(next).collect();
        Rows { bytes, marked, header, rows }
    }

    /// How many rows there are below the header.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> Vec<&'a [u8]> {
        fields(&self.bytes[self.header.clone()])
    }

    /// A row as it stands there, without its line break.
    pub(super) fn row(&self, index: usize) -> &'a [u8] {
        &self.bytes[self.rows[index].clone()]
    }
}

/// The fields of a row, without their quotes; a quote inside is still doubled.
pub(super) fn fields(row: &[u8]) -> Vec<&[u8]> {
    let mut quoted = false;
    let is_between = |byte: &u8| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    };
    row.split(is_between)
        .map(|field| field.strip_prefix(b"\"").and_then(|f| f.strip_suffix(b"\"")).unwrap_or(field))
        .collect()
}

/// How many bytes come before the line break that ends a row; those in quotes do not.
fn line_length(bytes: &[u8]) -> usize {
    let mut quoted = false;
    let ends = |byte: &u8| {
        quoted ^= *byte == b'"';
        *byte == b'\n' && !quoted
    };
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// How many line breaks stand in a text; CRLF counts once.
pub(super) fn line_breaks(text: &[u8]) -> u32 {
    let ends = |(at, byte): (usize, &u8)| *byte == b'\n' || (*byte == b'\r' && text.get(at + 1) != Some(&b'\n'));
    u32::try_from(text.iter().enumerate().filter(|one| ends(*one)).count()).unwrap_or(u32::MAX)
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
        assert_eq!(line_breaks(b"a\r\nb\nc\rd"), 3);
    }
}
