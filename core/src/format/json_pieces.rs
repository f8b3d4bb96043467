//! Splitting of JSON text into its values, each with its place, without interpreting them.
//!
//! Recorded answers should be one per line, but programs also write pretty-printed JSON or one list.

use std::ops::Range;

use memchr::memchr;

use super::blank::is_blank;
use crate::text::problem::Place;

/// A value in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JsonPiece<'a> {
    /// Its text, possibly of several lines.
    pub(super) text: &'a [u8],
    /// Where it begins.
    pub(super) place: Place,
}

/// Splits a text into values: one or several per line, or over several lines, in any mix. A list is replaced by its
/// elements, and an object that only wraps one list of answers by the elements of that list. Commas between values are
/// allowed; blank lines are skipped.
///
/// Invalid text is returned as a piece, too: its line, or, if the brackets of an object do not match, all lines up to
/// the next one that begins a value at the same or a smaller indentation.
pub(super) fn values(text: &[u8]) -> Vec<JsonPiece<'_>> {
    let outer = outer_values(text);
    let is_only = outer.len() == 1;
    outer.into_iter().flat_map(|piece| piece.elements(is_only).unwrap_or_else(|| vec![piece])).collect()
}

/// The values of a line by itself, if all are objects that begin as an answer does; their places are those in the line. `None`
/// for any other line: what it means depends on the lines around it.
pub(super) fn answers_of_line(line: &[u8]) -> Option<Vec<JsonPiece<'_>>> {
    let mut scanner = Scanner { text: line, budget: line.len().saturating_mul(Scanner::TIMES) };
    let (ranges, _) = scanner.values_of_lines(0)?;
    let mut places = PlaceFinder { text: line, at: 0, place: Place::START };
    let piece = |range: Range<usize>| {
        let piece = JsonPiece { place: places.of(range.start), text: &line[range] };
        begins_as_answer(piece.text).then_some(piece)
    };
    ranges.into_iter().map(piece).collect()
}

/// True for an object whose first member is `ba_id`.
fn begins_as_answer(text: &[u8]) -> bool {
    matches!(text, [b'{', inside @ ..] if inside.trim_ascii_start().starts_with(b"\"ba_id\""))
}

/// The outermost values, and the invalid text between them.
fn outer_values(text: &[u8]) -> Vec<JsonPiece<'_>> {
    let in_brackets = stands_in_brackets(text);
    let mut places = PlaceFinder { text, at: 0, place: Place::START };
    let mut scanner = Scanner { text, budget: text.len().saturating_mul(Scanner::TIMES) };
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = match scanner.values_of_lines(at) {
            Some((ranges, end)) => {
                let piece = |range: Range<usize>| JsonPiece { place: places.of(range.start), text: &text[range] };
                found.extend(ranges.into_iter().map(piece));
                end
            }
            None if in_brackets && is_bracket(&text[at..line_end(text, at)]) => line_end(text, at),
            None => {
                let end = end_of_broken(text, at);
                found.push(JsonPiece { place: places.of(at), text: &text[at..end] });
                end
            }
        };
        at = end + 1;
    }
    found
}

/// True if the opening and closing bracket of a list are alone on the first and the last line. They are then ignored,
/// should something between them prevent reading the list as a whole.
fn stands_in_brackets(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let last = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    text[..line_end(text, 0)].trim_ascii() == b"[" && text[last..].trim_ascii() == b"]"
}

fn is_bracket(line: &[u8]) -> bool {
    matches!(line.trim_ascii(), b"[" | b"]")
}

/// Finder of the ends of values.
struct Scanner<'a> {
    text: &'a [u8],
    /// The number of bytes that may still be scanned in vain. It bounds the time for texts with many broken values.
    budget: usize,
}

impl Scanner<'_> {
    /// The budget as a multiple of the text's length.
    const TIMES: usize = 16;

    /// The ranges of the values that begin on the line of `at`, and the end of the line on which the last one ends.
    /// `None` if the line has anything else. A blank line has no values.
    fn values_of_lines(&mut self, mut at: usize) -> Option<(Vec<Range<usize>>, usize)> {
        let text = self.text;
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut after_comma = false;
        loop {
            let end = line_end(text, at);
            if is_blank(&text[at..end]) {
                return Some((found, end));
            }
            match text[at] {
                b'{' | b'[' => {
                    let range = at..self.value_end(at)?;
                    at = range.end;
                    found.push(range);
                    after_comma = false;
                }
                b',' if !after_comma => {
                    at += 1;
                    after_comma = true;
                }
                byte if byte.is_ascii_whitespace() => at += 1,
                _ => return None,
            }
        }
    }

    /// The end of the object or list that begins at `start`. `None` if its brackets do not match, or if a string or an
    /// object is where JSON does not allow one.
    fn value_end(&mut self, start: usize) -> Option<usize> {
        let mut open = Vec::new();
        let mut before = b':';
        let mut at = start;
        let end = loop {
            let Some(byte) = self.text.get(at).filter(|_| at - start < self.budget) else { break None };
            match byte {
                b'"' => match string_end(self.text, at) {
                    Some(end) => at = end,
                    None => break None,
                },
                b'{' | b'[' => {
                    let may_begin = match open.last() {
                        Some(b'{') => before == b':',
                        _ => matches!(before, b'[' | b',' | b':'),
                    };
                    if !may_begin {
                        break None;
                    }
                    open.push(*byte);
                }
                b'}' | b']' if open.pop().is_none_or(|opened| (opened == b'{') != (*byte == b'}')) => break None,
                b'}' | b']' if open.is_empty() => break Some(at + 1),
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                before = *byte;
            }
            at += 1;
        };
        if end.is_none() {
            self.budget = self.budget.saturating_sub(at - start);
        }
        end
    }
}

/// The offset of the closing quote of a string. A string ends on its line.
fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at),
            b'\n' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The end of the lines of the invalid text at `start`.
fn end_of_broken(text: &[u8], start: usize) -> usize {
    let mut end = line_end(text, start);
    let first = &text[start..end];
    if first.trim_ascii_start().first() != Some(&b'{') {
        return end;
    }
    while end + 1 < text.len() {
        let next = line_end(text, end + 1);
        let line = &text[end + 1..next];
        let begins_value = matches!(line.trim_ascii_start(), [b'{' | b'[', ..]);
        if begins_value && indent(line) <= indent(first) {
            break;
        }
        end = next;
    }
    end
}

/// The number of leading blank bytes of a line.
fn indent(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

/// The offset of the line feed that ends the line of `from`, or the end of the text.
pub(super) fn line_end(text: &[u8], from: usize) -> usize {
    memchr(b'\n', &text[from..]).map_or(text.len(), |length| from + length)
}

/// The names of an object's members, with their quotes; `None` if the brackets do not match.
pub(super) fn member_names(object: &[u8]) -> Option<Vec<&[u8]>> {
    Some(pieces(object)?.into_iter().step_by(2).map(|member| member.text).collect())
}

impl<'a> JsonPiece<'a> {
    /// Moves pieces found inside this one to their places in the whole text.
    fn inside(self, pieces: Vec<JsonPiece<'a>>) -> Vec<JsonPiece<'a>> {
        let moved = |piece: JsonPiece<'a>| {
            let column = if piece.place.line == 1 { self.place.column - 1 } else { 0 };
            let place = Place::new(piece.place.line + self.place.line - 1, piece.place.column + column);
            JsonPiece { place, ..piece }
        };
        pieces.into_iter().map(moved).collect()
    }

    /// The elements that replace this value: those of a list, or of the only list in an object. If this value is not
    /// the only one (`is_only`), all elements must be answers.
    fn elements(self, is_only: bool) -> Option<Vec<JsonPiece<'a>>> {
        let elements = match self.text {
            [b'[', ..] => self.inside(pieces(self.text)?),
            [b'{', ..] if !begins_as_answer(self.text) => self.only_list()?,
            _ => return None,
        };
        let are_answers = || !elements.is_empty() && elements.iter().all(|element| element.is_answer());
        (is_only || are_answers()).then_some(elements)
    }

    /// True for an object with the members of an answer.
    fn is_answer(self) -> bool {
        let names = if self.text.first() == Some(&b'{') { member_names(self.text) } else { None };
        let has = |name: &[u8]| names.iter().flatten().any(|one| *one == name);
        has(b"\"ba_id\"") && (has(b"\"body\"") || has(b"\"error\""))
    }

    /// The elements of the only list of objects in an object that is not an answer itself.
    fn only_list(self) -> Option<Vec<JsonPiece<'a>>> {
        let members = pieces(self.text)?;
        if members.iter().any(|member| member.text == b"\"ba_id\"") {
            return None;
        }
        // Other members must not be lost if they may hold an answer or an error.
        if members.chunks(2).any(may_be_answer) {
            return None;
        }
        let mut lists = members.into_iter().filter(|member| member.text.first() == Some(&b'['));
        let list = lists.next().filter(|_| lists.next().is_none())?;
        let elements = list.inside(pieces(list.text)?);
        let are_objects = elements.iter().all(|element| element.text.first() == Some(&b'{'));
        are_objects.then(|| self.inside(elements))
    }
}

/// True if a member of an object (name and value) may hold an answer or an error outside of a list.
fn may_be_answer(member: &[JsonPiece<'_>]) -> bool {
    const WORDS: [&str; 5] = ["ba_id", "body", "response", "recommend", "error"];
    const NOTHING: [&[u8]; 6] = [b"null", b"false", b"0", b"\"\"", b"{}", b"[]"];
    let [name, value] = member else { return true };
    if value.text.first() == Some(&b'[') || NOTHING.contains(&value.text) {
        return false;
    }
    let text = [name.text, value.text].map(|text| String::from_utf8_lossy(text).to_lowercase()).concat();
    WORDS.iter().any(|word| text.contains(word))
}

/// The values in a list or an object, including names of members; `None` if the brackets do not match.
fn pieces(text: &[u8]) -> Option<Vec<JsonPiece<'_>>> {
    let mut found = Vec::new();
    let (mut depth, mut in_string, mut start) = (0_usize, false, None);
    let mut places = PlaceFinder { text, at: 0, place: Place::START };
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        let ends = match byte {
            b'\\' if in_string => {
                at += 1;
                false
            }
            b'"' => {
                in_string = !in_string;
                !in_string
            }
            _ if in_string => false,
            b'{' | b'[' => {
                depth += 1;
                false
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                true
            }
            _ => {
                !matches!(text.get(at + 1), Some(next) if next.is_ascii_alphanumeric() || matches!(next, b'.' | b'-' | b'+'))
            }
        };
        let is_separator = !in_string && (byte.is_ascii_whitespace() || matches!(byte, b',' | b':'));
        let begins = match byte {
            b'{' | b'[' if !in_string => depth == 2,
            b'}' | b']' if !in_string => false,
            _ => depth == 1 && !is_separator,
        };
        if begins && start.is_none() {
            start = Some(at);
        }
        if let (Some(from), true, true) = (start, ends, depth == 1) {
            found.push(JsonPiece { text: &text[from..=at], place: places.of(from) });
            start = None;
        }
        at += 1;
    }
    (depth == 0 && !in_string && start.is_none()).then_some(found)
}

/// Converts ascending offsets to places. It scans each byte once, however long a line is.
struct PlaceFinder<'a> {
    text: &'a [u8],
    at: usize,
    place: Place,
}

impl PlaceFinder<'_> {
    fn of(&mut self, at: usize) -> Place {
        for byte in &self.text[self.at..at] {
            match byte {
                b'\n' => self.place = Place::new(self.place.line + 1, 1),
                // A UTF-8 continuation byte does not start a character.
                0x80..=0xBF => {}
                _ => self.place.column = self.place.column.saturating_add(1),
            }
        }
        self.at = at;
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = values(text.as_bytes())
            .iter()
            .map(|piece| format!("{} {}", piece.place, String::from_utf8_lossy(piece.text).replace('\n', "~")))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn values_stand_one_a_line_or_in_one_list_or_over_several_lines() {
        check("", &[]);
        check("{\"a\":1}\n\u{a0}\n{\"b\":[2]}\n", &["1:1 {\"a\":1}", "3:1 {\"b\":[2]}"]);
        check("[]", &[]);
        check("[\"é\", {}]", &["1:2 \"é\"", "1:7 {}"]);
        check(
            "[{\"a\":\"]}\\\"\"},\n {\"b\":2}, 3, \"x y\", true]\n",
            &["1:2 {\"a\":\"]}\\\"\"}", "2:2 {\"b\":2}", "2:11 3", "2:14 \"x y\"", "2:21 true"],
        );
        check("{\n \"a\": 1\n}\n{\n}\n", &["1:1 {~ \"a\": 1~}", "4:1 {~}"]);
        check(
            "{\"answers\": [{\"ba_id\": 1},\n{\"ba_id\": 2}], \"n\": 2}",
            &["1:14 {\"ba_id\": 1}", "2:1 {\"ba_id\": 2}"],
        );
        for whole in [
            "{\"page1\": [{\"ba_id\": 1}], \"page2\": {\"answers\": [{\"ba_id\": 2}]}}",
            "{\"answers\": [{\"ba_id\": 1}], \"last\": {\"ba_id\": 2}}",
            "{\"error\": \"stopped\", \"answers\": [{\"ba_id\": 1}]}",
        ] {
            check(whole, &[&format!("1:1 {whole}")]);
        }
        check("{\"error\": null, \"answers\": [{\"ba_id\": 1}]}", &["1:29 {\"ba_id\": 1}"]);
        check("{\"ba_id\": 1, \"body\": [{}]}", &["1:1 {\"ba_id\": 1, \"body\": [{}]}"]);
        check("{\n\"ba_id\": 1, \"body\": [{}]}", &["1:1 {~\"ba_id\": 1, \"body\": [{}]}"]);
    }

    #[test]
    fn values_of_all_forms_stand_in_one_text() {
        check(
            "{\"a\": 1}\n{\n  \"b\": [\n    {}\n  ]\n}\n\n{\"c\": 3}",
            &["1:1 {\"a\": 1}", "2:1 {~  \"b\": [~    {}~  ]~}", "8:1 {\"c\": 3}"],
        );
        check("{\"a\":1}{\"b\":2} {\n}, {}\n", &["1:1 {\"a\":1}", "1:8 {\"b\":2}", "1:16 {~}", "2:4 {}"]);
        check("{\"a\":1},\r\n{\"b\":2},\r\n", &["1:1 {\"a\":1}", "2:1 {\"b\":2}"]);
        check("{\"a\":1}\n,\n{\"b\":2}\n,{\"c\":3}", &["1:1 {\"a\":1}", "3:1 {\"b\":2}", "4:2 {\"c\":3}"]);
        let (one, two) = ("{\"ba_id\": 1, \"body\": {}}", "{\"ba_id\": 2, \"error\": \"\"}");
        check(
            &format!("[{one}]\n{two}\n{{\"page\": 2, \"answers\": [\n{one}]}}"),
            &[&format!("1:2 {one}"), &format!("2:1 {two}"), &format!("4:1 {one}")],
        );
        // A value without answers stays whole, so that it is reported as it is.
        for whole in ["[]", "[7]", "{\"body\": []}", "{\"id\": 7, \"items\": [{\"ba_id\": 7}]}"] {
            check(&format!("{two}\n{whole}"), &[&format!("1:1 {two}"), &format!("2:1 {whole}")]);
        }
    }

    #[test]
    fn what_is_no_value_is_one_piece_and_hides_no_other() {
        check("{\"a\":1} x\n{\"b\":2}", &["1:1 {\"a\":1} x", "2:1 {\"b\":2}"]);
        check("{\"a\":\"1\n{\"b\":\"2\"}", &["1:1 {\"a\":\"1", "2:1 {\"b\":\"2\"}"]);
        check("{\"a\": {\n{\"b\":2}\n{\n}}\n", &["1:1 {\"a\": {", "2:1 {\"b\":2}", "3:1 {~}}"]);
        check("{\n  \"a\": [\n    {}\n}\n{\n}\n", &["1:1 {~  \"a\": [~    {}~}", "5:1 {~}"]);
        check("[\n  {\n    \"a\": {\n  },\n  {\"b\": 2}\n]\n", &["2:1   {~    \"a\": {~  },", "5:3 {\"b\": 2}"]);
        check("[\n{\"a\":1}\n{\"b\":2}\n]", &["2:1 {\"a\":1}", "3:1 {\"b\":2}"]);
        check("[\n  {\"a\":1},\n", &["1:1 [", "2:3 {\"a\":1}"]);
    }

    #[test]
    fn a_text_of_broken_values_is_not_read_over_and_over() {
        let text = "{\"a\":[\n".repeat(100_000);
        assert_eq!(values(text.as_bytes()).len(), 100_000);
    }

    #[test]
    fn text_whose_brackets_do_not_match_is_taken_line_by_line() {
        check("{\"a\":1\n{\"b\":2}\n", &["1:1 {\"a\":1", "2:1 {\"b\":2}"]);
        check("[{\"a\":1},\n{\"b\":2}\n", &["1:1 [{\"a\":1},", "2:1 {\"b\":2}"]);
        check("nope\n{\"b\":2}", &["1:1 nope", "2:1 {\"b\":2}"]);
        check("[]\n{\"b\":2}", &["1:1 []", "2:1 {\"b\":2}"]);
        check("}\n", &["1:1 }"]);
    }
}
