//! Splitting a file of the feed into several of its kind with a maximum size. Each begins with the header, and rows
//! stay whole.

/// Splitter of one file. Pass the bytes of its rows to [`Split::push`], in order.
#[derive(Debug)]
pub struct Split {
    head: Vec<u8>,
    most_bytes: usize,
    sequence: u64,
    /// Bytes of the current file.
    size: usize,
    has_row: bool,
    /// Bytes of the current file that were not returned yet.
    ready: Vec<u8>,
    /// The beginning of a row whose end was not passed yet.
    row: Vec<u8>,
    is_quoted: bool,
}

/// Some bytes of one of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePart {
    /// The sequence number of the file, from 1.
    pub sequence: u64,
    /// The bytes; those of a file follow each other.
    pub bytes: Vec<u8>,
}

impl Split {
    /// A splitter into files that each begin with `head`, the bytes of the header row, and have at most `most_bytes`
    /// bytes. A file with a single row may be larger.
    #[must_use]
    pub fn new(head: &[u8], most_bytes: usize) -> Split {
        let (head, ready, size) = (head.to_vec(), head.to_vec(), head.len());
        Split { head, most_bytes, sequence: 1, size, has_row: false, ready, row: Vec::new(), is_quoted: false }
    }

    /// Takes the next bytes of the rows, which may end within a row, and returns all bytes of complete rows, in order.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<FilePart> {
        let mut parts = Vec::new();
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            self.is_quoted ^= *byte == b'"';
            if *byte == b'\n' && !self.is_quoted {
                self.row.extend_from_slice(&bytes[start..=at]);
                start = at + 1;
                parts.extend(self.take_row());
            }
        }
        self.row.extend_from_slice(&bytes[start..]);
        parts.extend(self.take_ready());
        parts
    }

    /// The bytes that are left after the last row: a row without line end, or the header if there is no row.
    #[must_use]
    pub fn finish(&mut self) -> Vec<FilePart> {
        self.ready.append(&mut self.row);
        self.take_ready().into_iter().collect()
    }

    /// Adds the row to the current file. If it does not fit, begins a new file and returns the remaining bytes of the
    /// one before.
    fn take_row(&mut self) -> Option<FilePart> {
        let is_full = self.has_row && self.size + self.row.len() > self.most_bytes;
        let rest = if is_full { self.take_ready() } else { None };
        if is_full {
            self.sequence += 1;
            self.size = self.head.len();
            self.ready.extend_from_slice(&self.head);
        }
        self.has_row = true;
        self.size += self.row.len();
        self.ready.append(&mut self.row);
        rest
    }

    fn take_ready(&mut self) -> Option<FilePart> {
        let bytes = std::mem::take(&mut self.ready);
        (!bytes.is_empty()).then_some(FilePart { sequence: self.sequence, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &str, most_bytes: usize, expected: &[&str]) {
        // However the bytes are passed, the files are the same.
        for step in [1, 3, rows.len().max(1)] {
            let mut split = Split::new(b"\"H\"\n", most_bytes);
            let mut parts: Vec<FilePart> = rows.as_bytes().chunks(step).flat_map(|bytes| split.push(bytes)).collect();
            parts.extend(split.finish());
            let mut files: Vec<String> = Vec::new();
            for part in parts {
                files.resize(usize::try_from(part.sequence).unwrap_or_default(), String::new());
                if let Some(file) = files.last_mut() {
                    file.push_str(&String::from_utf8_lossy(&part.bytes));
                }
            }
            assert_eq!(files, expected, "in steps of {step}");
        }
    }

    #[test]
    fn each_file_has_the_header_and_as_many_whole_rows_as_fit() {
        check("", 10, &["\"H\"\n"]);
        check("\"1\"\n\"2\"\n\"3\"\n", 12, &["\"H\"\n\"1\"\n\"2\"\n", "\"H\"\n\"3\"\n"]);
        check("\"1\"\n\"2\"\n\"3\"\n", 16, &["\"H\"\n\"1\"\n\"2\"\n\"3\"\n"]);
    }

    #[test]
    fn a_row_above_the_size_is_a_file_of_its_own() {
        check("\"1\"\n\"long\"\n\"3\"\n", 1, &["\"H\"\n\"1\"\n", "\"H\"\n\"long\"\n", "\"H\"\n\"3\"\n"]);
    }

    #[test]
    fn a_line_end_in_quotes_ends_no_row() {
        check("\"1\n\"\"\n\"\n\"2\"\n", 8, &["\"H\"\n\"1\n\"\"\n\"\n", "\"H\"\n\"2\"\n"]);
    }
}
