//! Lines and fields of a text, by their bytes.

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

/// Where the line ends that a byte stands in: at its line break, or at the end of the text.
pub(super) fn line_end(text: &[u8], from: usize) -> usize {
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
    text[from..].iter().position(ends).map_or(text.len(), |length| from + length)
}

/// Where the line begins that follows a line break.
pub(super) fn past_break(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\r') if text.get(at + 1) == Some(&b'\n') => at + 2,
        Some(_) => at + 1,
        None => at,
    }
}
