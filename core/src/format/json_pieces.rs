//! JSON text taken apart into the values that stand in it, each with its place, without reading what they mean.
//!
//! Answers should stand one a line; programs that print JSON for people, or as one list, write them otherwise.

use super::blank::is_blank;
use crate::text::problem::Place;

/// A value as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Its text; perhaps over several lines.
    pub(super) text: &'a [u8],
    /// Where it begins.
    pub(super) place: Place,
}

/// The values of a text: one a line; or the elements of one list, or of the only list in one object; or objects that go on
/// over several lines. Blank lines are none.
pub(super) fn values(text: &[u8]) -> Vec<Piece<'_>> {
    values_over_lines(text).unwrap_or_else(|| lines(text))
}

/// The values of a text that does not have one a line; nothing where it does, or where its brackets don't match.
fn values_over_lines(text: &[u8]) -> Option<Vec<Piece<'_>>> {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !is_blank(line));
    let is_whole = pieces(lines.next()?, 0).is_some();
    let is_list = text.trim_ascii_start().first() == Some(&b'[');
    if is_whole && !is_list && lines.next().is_some() {
        return None;
    }
    let outer = pieces(text, 0)?;
    match outer[..] {
        [only] if is_list => Some(only.inside(pieces(only.text, 1)?)),
        [only] => only.only_list().or_else(|| (!is_whole).then_some(outer)),
        _ => (!is_whole && outer.iter().all(|piece| piece.text.first() == Some(&b'{'))).then_some(outer),
    }
}

/// The names of an object's members, in their quotes.
pub(super) fn member_names(object: &[u8]) -> Option<Vec<&[u8]>> {
    Some(pieces(object, 1)?.into_iter().step_by(2).map(|member| member.text).collect())
}

impl<'a> Piece<'a> {
    /// Pieces of it, with their places in the whole text.
    fn inside(self, pieces: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
        let moved = |piece: Piece<'a>| {
            let column = if piece.place.line == 1 { self.place.column - 1 } else { 0 };
            let place = Place::new(piece.place.line + self.place.line - 1, piece.place.column + column);
            Piece { place, ..piece }
        };
        pieces.into_iter().map(moved).collect()
    }

    /// The elements of the only list of objects in an object that is no answer by itself.
    fn only_list(self) -> Option<Vec<Piece<'a>>> {
        let members = pieces(self.text, 1)?;
        if members.iter().any(|member| member.text == b"\"ba_id\"") {
            return None;
        }
        // What stands beside the list must not be lost: another answer, or an error.
        if members.chunks(2).any(may_be_answer) {
            return None;
        }
        let mut lists = members.into_iter().filter(|member| member.text.first() == Some(&b'['));
        let list = lists.next().filter(|_| lists.next().is_none())?;
        let elements = list.inside(pieces(list.text, 1)?);
        let are_objects = elements.iter().all(|element| element.text.first() == Some(&b'{'));
        are_objects.then(|| self.inside(elements))
    }
}

/// Whether a member of an object, its name and its value, may hold an answer or an error outside of a list.
fn may_be_answer(member: &[Piece<'_>]) -> bool {
    const WORDS: [&str; 5] = ["ba_id", "body", "response", "recommend", "error"];
    const NOTHING: [&[u8]; 6] = [b"null", b"false", b"0", b"\"\"", b"{}", b"[]"];
    let [name, value] = member else { return true };
    if value.text.first() == Some(&b'[') || NOTHING.contains(&value.text) {
        return false;
    }
    let text = [name.text, value.text].map(|text| String::from_utf8_lossy(text).to_lowercase()).concat();
    WORDS.iter().any(|word| text.contains(word))
}

fn lines(text: &[u8]) -> Vec<Piece<'_>> {
    let lines = text.split(|byte| *byte == b'\n').zip(1..);
    let pieces = lines.map(|(text, line)| Piece { text, place: Place::new(line, 1) });
    pieces.filter(|piece| !is_blank(piece.text)).collect()
}

/// The values that stand `wanted` brackets deep, names of members too; nothing where the brackets don't match.
fn pieces(text: &[u8], wanted: usize) -> Option<Vec<Piece<'_>>> {
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
            b'{' | b'[' if !in_string => depth == wanted + 1,
            b'}' | b']' if !in_string => false,
            _ => depth == wanted && !is_separator,
        };
        if begins && start.is_none() {
            start = Some(at);
        }
        if let (Some(from), true, true) = (start, ends, depth == wanted) {
            found.push(Piece { text: &text[from..=at], place: places.of(from) });
            start = None;
        }
        at += 1;
    }
    (depth == 0 && !in_string && start.is_none()).then_some(found)
}

/// Finds places of bytes, each behind the one before: every byte is looked at once, however long a line is.
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
                // A byte that goes on with a character of UTF-8 begins none.
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
    fn text_whose_brackets_do_not_match_is_taken_line_by_line() {
        check("{\"a\":1\n{\"b\":2}\n", &["1:1 {\"a\":1", "2:1 {\"b\":2}"]);
        check("[{\"a\":1},\n{\"b\":2}\n", &["1:1 [{\"a\":1},", "2:1 {\"b\":2}"]);
        check("nope\n{\"b\":2}", &["1:1 nope", "2:1 {\"b\":2}"]);
        check("[]\n{\"b\":2}", &["1:1 []", "2:1 {\"b\":2}"]);
        check("}\n", &["1:1 }"]);
    }
}
