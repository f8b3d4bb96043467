//! Where the fields of a line begin.

/// Where the fields of a line begin.
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
