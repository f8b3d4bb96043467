//! Lines of a text. A line ends with LF, CRLF or a lone CR.

use memchr::memchr2;

/// The offset of the line break that ends the line of `from`; the end of the text where none follows.
#[must_use]
pub fn line_end(text: &[u8], from: usize) -> usize {
    memchr2(b'\n', b'\r', &text[from..]).map_or(text.len(), |length| from + length)
}

/// The offset after the line break at `at`; `at` itself at the end of the text, where there is no line break.
#[must_use]
pub fn past_line_break(text: &[u8], at: usize) -> usize {
    match text[at..] {
        [b'\r', b'\n', ..] => at + 2,
        [_, ..] => at + 1,
        [] => at,
    }
}

/// The lines of a text without their line breaks. Their number is that of the line breaks plus one.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let end = line_end(text, start);
        next = (end < text.len()).then(|| past_line_break(text, end));
        Some(&text[start..end])
    })
}

/// The column behind the beginning of a line: from 1, in characters.
#[must_use]
pub fn column_behind(beginning: &[u8]) -> u32 {
    u32::try_from(String::from_utf8_lossy(beginning).chars().count() + 1).unwrap_or(u32::MAX)
}

/// The number of line breaks in a text. CRLF counts once.
#[must_use]
pub fn line_breaks(text: &[u8]) -> u32 {
    u32::try_from(lines(text).count() - 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        for (text, expected) in [
            ("", &[""][..]),
            ("a", &["a"]),
            ("a\n", &["a", ""]),
            ("a\r\n\nb\rc", &["a", "", "b", "c"]),
            ("\n\r\n", &["", "", ""]),
            ("\r\r\n", &["", "", ""]),
        ] {
            let text = text.as_bytes();
            let found: Vec<&str> = lines(text).map(|line| std::str::from_utf8(line).unwrap_or("")).collect();
            assert_eq!((found.as_slice(), line_breaks(text) as usize), (expected, expected.len() - 1));
        }
    }
}
