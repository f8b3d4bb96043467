//! Splitting of one line into fields, to map places between a table and its CSV.

/// The byte offsets at which the fields of a line begin; the first is 0. Separators inside of quotes do not count.
pub(super) fn field_starts(line: &[u8], separator: u8) -> Vec<usize> {
    let mut starts = vec![0];
    let mut is_quoted = false;
    for (at, byte) in line.iter().enumerate() {
        match *byte {
            b'"' => is_quoted = !is_quoted,
            byte if byte == separator && !is_quoted => starts.push(at + 1),
            _ => {}
        }
    }
    starts
}
