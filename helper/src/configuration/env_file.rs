//! Parser for `.env`: one `NAME=value` per line, compatible with common dotenv libraries.
//!
//! A value may be in single quotes (literal), in double quotes (with `\n`, `\r`, `\t`, `\"` and `\\`), or unquoted:
//! then it ends at the end of the line or at a `#` after a blank, and may contain blanks, quotes and dollar signs, as
//! passwords do. `${NAME}` is replaced outside single quotes. The file is UTF-8, or UTF-16 with a byte order mark;
//! lines end with LF or CRLF. Messages never contain text of the file, which may be secret.

use std::borrow::Cow;
use std::ops::ControlFlow;

use btcfake_core::text::visible::{ascii_like, is_hidden};

use crate::configuration::secret::Secret;
use crate::configuration::secret_text::{closes_frame, is_private_key, opens_frame};

/// Problem of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadLine {
    /// Line number, from 1.
    pub(crate) line: usize,
    /// Message, without the line's text.
    pub(crate) message: String,
}

/// Setting in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvLine {
    /// Name of the variable.
    pub(crate) name: String,
    /// Value; treated as a secret, whatever its name.
    pub(crate) value: Secret,
    /// Line on which it begins, from 1.
    pub(crate) line: usize,
    /// Variables used as `${NAME}` in the value.
    pub(crate) uses: Vec<String>,
}

/// Parses the settings of a file, in order, and the lines that cannot be parsed or decoded. `outside` looks up
/// environment variables for `${NAME}`; they win over settings of the file. Nothing is parsed of a file whose lines are
/// not certain, nor behind a quote that is never closed.
pub(crate) fn parse(bytes: &[u8], outside: impl Fn(&str) -> Option<String>) -> (Vec<EnvLine>, Vec<BadLine>) {
    let text = match decoded(bytes).and_then(|text| check_characters(&text).map(|()| text)) {
        Ok(text) => text,
        Err(bad) => return (Vec::new(), vec![bad]),
    };
    let whole = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let mut reader = Reader { whole, rest: whole, is_utf8, outside, settings: Vec::new(), bad: Vec::new() };
    while !reader.rest.is_empty() {
        if reader.read_setting().is_break() {
            break;
        }
    }
    (reader.settings, reader.bad)
}

/// Reader of a file, with what it has read so far.
struct Reader<'a, F> {
    whole: &'a str,
    /// The text from the next line on.
    rest: &'a str,
    /// False for a file with undecodable parts, and for UTF-16.
    is_utf8: bool,
    /// Looks up environment variables.
    outside: F,
    settings: Vec<EnvLine>,
    bad: Vec<BadLine>,
}

impl<'a, F: Fn(&str) -> Option<String>> Reader<'a, F> {
    /// Reads the setting that begins on the next line; a blank line or a comment has none. Breaks at a quote that is
    /// never closed.
    fn read_setting(&mut self) -> ControlFlow<()> {
        let from_line = self.rest;
        let (this, below) = from_line.split_once('\n').unwrap_or((from_line, ""));
        self.rest = below;
        if this.trim().is_empty() || this.trim_start().starts_with('#') {
            return ControlFlow::Continue(());
        }
        let line = line_at(self.whole, self.whole.len() - from_line.len());
        let assignment = this.split_once('=').map(|(name, value)| (plain_name(name), value));
        let Some((Some(name), after_name)) = assignment else {
            self.refuse_line(line, from_line, this);
            return ControlFlow::Continue(());
        };
        // A quoted value may span lines.
        let from_value = from_line[this.len() - after_name.len()..].trim_start_matches([' ', '\t']);
        let mut uses = Vec::new();
        let Some(value) = self.read_value(from_value, after_name, &mut uses) else {
            let message = format!("the quote that opens the value of {name} is never closed; close it");
            self.bad.push(BadLine { line, message });
            return ControlFlow::Break(());
        };
        if from_value.starts_with(['\'', '"']) {
            let (behind, below) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.rest = below;
            if !behind.trim().is_empty() && !behind.trim_start().starts_with('#') {
                let message = "goes on after its closing quote; put the whole value into single quotes";
                self.bad.push(BadLine { line, message: format!("the value of {name} {message}") });
                return ControlFlow::Continue(());
            }
        }
        if value.contains('\u{fffd}') && !self.is_utf8 {
            let message = format!("the value of {name} is not UTF-8 text; save the file as UTF-8");
            self.bad.push(BadLine { line, message });
            return ControlFlow::Continue(());
        }
        self.settings.push(EnvLine { name: name.to_owned(), value: Secret::new(value), line, uses });
        ControlFlow::Continue(())
    }

    /// Reads the value that begins at `from_value`, and moves on behind it; `None` for a quote that is never closed.
    /// `of_line` is the value without its quotes, if it has none.
    fn read_value(&mut self, from_value: &'a str, of_line: &str, uses: &mut Vec<String>) -> Option<String> {
        let (value, after) = match from_value.chars().next() {
            Some('\'') => single_quoted(from_value)?,
            Some('"') => double_quoted(from_value).map(|(value, after)| (self.expand(&value, uses), after))?,
            _ => match key_in_lines(from_value) {
                Some((key, after)) => (key.to_owned(), after),
                None => (self.expand(unquoted(of_line), uses), self.rest),
            },
        };
        self.rest = after;
        Some(value)
    }

    /// Replaces `${NAME}` in a value, by environment variables first, then by the settings above.
    fn expand(&self, value: &str, uses: &mut Vec<String>) -> String {
        let lookup = |wanted: &str| {
            let above = || self.settings.iter().rev().find(|setting| setting.name == wanted);
            let above = || above().map(|setting| setting.value.expose().to_owned());
            (self.outside)(wanted).or_else(above).unwrap_or_default()
        };
        expanded(value, lookup, uses)
    }

    /// Reports a line that is no assignment. The lines of a key are one mistake.
    fn refuse_line(&mut self, line: usize, from_line: &'a str, this: &str) {
        let message = no_assignment(this, self.settings.last());
        if !(message.contains(KEY_TEXT) && self.bad.last().is_some_and(|last| last.message == message)) {
            self.bad.push(BadLine { line, message });
        }
        self.rest = key_in_lines(from_line).map_or(self.rest, |(_, after)| after);
    }
}

/// What messages say of lines of a key, which are not named one by one.
const KEY_TEXT: &str = "the text of a private key";

/// Text of a file, with U+FFFD for undecodable parts. NUL characters are an error.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, BadLine> {
    let units = |from_bytes: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks(2).map(move |pair| match pair {
            [first, second] => from_bytes([*first, *second]),
            _ => 0xfffd,
        });
        char::decode_utf16(pairs).map(|unit| unit.unwrap_or('\u{fffd}')).collect::<String>()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => Cow::Owned(units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Cow::Owned(units(u16::from_be_bytes)),
        _ => String::from_utf8_lossy(bytes),
    };
    match text.find('\0') {
        None => Ok(text),
        Some(at) => {
            let message =
                "the file holds NUL characters, as UTF-16 without a byte order mark and UTF-32 do; save it as UTF-8";
            Err(BadLine { line: line_at(&text, at), message: message.to_owned() })
        }
    }
}

/// Refuses control characters and line separators that other programs treat differently: settings after one could
/// become part of a value or comment.
fn check_characters(text: &str) -> Result<(), BadLine> {
    let is_wrong = |(at, character): &(usize, char)| match character {
        '\n' | '\t' => false,
        '\r' => !text[*at..].starts_with("\r\n"),
        '\u{2028}' | '\u{2029}' => true,
        other => other.is_control(),
    };
    let Some((at, character)) = text.char_indices().find(is_wrong) else { return Ok(()) };
    let point = u32::from(character);
    let message = format!(
        "a control character stands here (U+{point:04X}); lines end with LF or CRLF, so save the file with one of them \
         and remove other control characters"
    );
    Err(BadLine { line: line_at(text, at), message })
}

/// Line number of a byte offset, from 1.
fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Message about a line that is no setting; it does not contain the line's text. The line may belong to a private key
/// that began in the setting before.
fn no_assignment(line: &str, before: Option<&EnvLine>) -> String {
    let message = "this line is no NAME=value";
    if let Some(before) = before.filter(|before| is_private_key(before.value.expose())) {
        let (name, first) = (&before.name, before.line);
        return format!("{message}; {name} in line {first} holds {KEY_TEXT}: name the file that holds the key");
    }
    if is_private_key(line) {
        return format!("{message}, but {KEY_TEXT}; name the file that holds the key");
    }
    let (name, has_sign) = line.split_once('=').map_or((line, false), |(name, _)| (name, true));
    if let Some(hidden) = name.trim().chars().find(|character| is_hidden(*character)) {
        return format!(
            "{message}: a character that cannot be seen stands in it (U+{:04X}); remove it",
            u32::from(hidden)
        );
    }
    match lookalike(name).filter(|_| has_sign).or_else(|| lookalike(line).filter(|(_, ascii)| *ascii == '=')) {
        Some((other, ascii)) => {
            format!("{message}: U+{:04X} stands in it, which only looks like {ascii}; write {ascii}", u32::from(other))
        }
        None => format!("{message}; write it so, or put # before it"),
    }
}

/// First character that looks like an ASCII one, with that ASCII character.
fn lookalike(text: &str) -> Option<(char, char)> {
    text.chars().find_map(|character| Some((character, ascii_like(character)?)))
}

/// Private key pasted without quotes over several lines, and the text after it.
fn key_in_lines(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index == 0 && !opens_frame(line) {
            return None;
        }
        end += line.len();
        if closes_frame(line) {
            return Some(text.split_at(end));
        }
    }
    None
}

fn plain_name(text: &str) -> Option<&str> {
    let text = text.trim();
    let name = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(text).trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(is_plain)).then_some(name)
}

/// Unquoted value, up to a comment or the end of the line.
fn unquoted(after_name: &str) -> &str {
    let is_comment = |(at, _): &(usize, &str)| after_name[..*at].ends_with([' ', '\t']);
    let end = after_name.match_indices('#').find(is_comment).map_or(after_name.len(), |(at, _)| at);
    after_name[..end].trim()
}

fn single_quoted(text: &str) -> Option<(String, &str)> {
    let (value, after) = text.get(1..)?.split_once('\'')?;
    Some((value.to_owned(), after))
}

fn double_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return text.get(at + 1..).map(|after| (value, after)),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                same @ ('"' | '\\' | '$') => value.push(same),
                other => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    None
}

/// Replaces `${NAME}` by its value and adds the names to `uses`.
fn expanded(value: &str, lookup: impl Fn(&str) -> String, uses: &mut Vec<String>) -> String {
    let mut done = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}').filter(|(name, _)| plain_name(name) == Some(*name)) else {
            done.push_str(before);
            done.push_str("${");
            rest = after;
            continue;
        };
        done.push_str(before);
        done.push_str(&lookup(name));
        uses.push(name.to_owned());
        rest = behind;
    }
    done + rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Compares the settings of a text, or its only bad line.
    fn check(text: &[u8], expected: Result<&[(&str, &str)], (usize, &str)>) {
        let outside = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
        let pair = |line: EnvLine| (line.name, line.value.expose().to_owned());
        let (lines, bad) = parse(text, outside);
        let found = if bad.is_empty() { Ok(lines.into_iter().map(pair).collect::<Vec<_>>()) } else { Err(bad) };
        let expected = expected
            .map(|all| all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
            .map_err(|(line, message)| vec![BadLine { line, message: message.to_owned() }]);
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        for (text, value) in [
            ("A=b", "b"),
            ("A = b \r\n", "b"),
            ("\u{feff}A=b\r\n", "b"),
            ("export A=b", "b"),
            ("# c\n\n  # d\nA=b # comment", "b"),
            ("A=", ""),
            ("A= # comment", ""),
            ("A=my out", "my out"),
            ("A=p#a$s\"s'w\\rd", "p#a$s\"s'w\\rd"),
            ("A=hunter2 'and", "hunter2 'and"),
            ("A=x=y=", "x=y="),
            ("A='b # \\n c' # comment", "b # \\n c"),
            ("A=\"b\\n\\\"c\\\" \\d\"\n", "b\n\"c\" \\d"),
            ("A=\"two\nlines\"", "two\nlines"),
            ("A=${HOME}/out", "/home/me/out"),
            ("A='${HOME}'", "${HOME}"),
            ("A=${NONE}${", "${"),
        ] {
            check(text.as_bytes(), Ok(&[("A", value)]));
        }
        check(b"A=1\nB=\"${A}2\"\nA=3\n", Ok(&[("A", "1"), ("B", "12"), ("A", "3")]));
        check(b"# caf\xE9\nA=1\n", Ok(&[("A", "1")]));
        check(b"A=1\r\nB=2\r\n", Ok(&[("A", "1"), ("B", "2")]));
        check(b"", Ok(&[]));
    }

    #[test]
    fn what_cannot_be_read_is_named_without_its_text() {
        let no_setting = "this line is no NAME=value; write it so, or put # before it";
        check(b"A=1\nsecret\n", Err((2, no_setting)));
        check(b"sec ret=1", Err((1, no_setting)));
        check(b"A='secret\nB=1\n", Err((1, "the quote that opens the value of A is never closed; close it")));
        check(
            b"A=\"x\ny\"\nB=\"sec\"ret\n",
            Err((3, "the value of B goes on after its closing quote; put the whole value into single quotes")),
        );
        check(b"A=secr\xE9t\n", Err((1, "the value of A is not UTF-8 text; save the file as UTF-8")));
        let hidden = "this line is no NAME=value: a character that cannot be seen stands in it (U+FEFF); remove it";
        check("A=1\n\u{feff}B=secret\n".as_bytes(), Err((2, hidden)));
        let alike = "this line is no NAME=value: U+0410 stands in it, which only looks like A; write A";
        check("A=1\n\u{410}PI_ENDPOINT=secret\n".as_bytes(), Err((2, alike)));
        let alike = "this line is no NAME=value: U+FF1D stands in it, which only looks like =; write =";
        check("A=1\nB\u{ff1d}secret\n".as_bytes(), Err((2, alike)));
    }

    #[test]
    fn utf_16_is_read_where_a_byte_order_mark_says_so() {
        let text = "# caf\u{e9}\r\nA=\u{e9}\u{1f600}\r\nB=2\r\n";
        let units = || text.encode_utf16();
        let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect();
        for bytes in [&little, &big] {
            check(bytes, Ok(&[("A", "\u{e9}\u{1f600}"), ("B", "2")]));
        }
        let nul = "the file holds NUL characters, as UTF-16 without a byte order mark and UTF-32 do; save it as UTF-8";
        check(&little[2..], Err((1, nul)));
        check(&big[2..], Err((1, nul)));
        check(b"\xff\xfe\0\0A\0\0\0", Err((1, nul)));
        check(b"A=1\nB=sec\0ret\n", Err((2, nul)));
        let cut_off = &little[..little.len() - 5];
        check(cut_off, Err((3, "the value of B is not UTF-8 text; save the file as UTF-8")));
    }

    #[test]
    fn lines_that_end_otherwise_are_refused_by_their_number() {
        for end in ["\r", "\u{b}", "\u{c}", "\u{1c}", "\u{1e}", "\u{85}", "\u{2028}", "\u{2029}"] {
            for text in [format!("X=1\nA=out{end}B=secret{end}"), format!("X=1\n# comment{end}B=secret{end}C='x")] {
                let (_, bad) = parse(text.as_bytes(), |_| None);
                assert_eq!(bad.len(), 1, "{bad:?}");
                let message = &bad[0];
                let point = u32::from(end.chars().next().unwrap());
                assert_eq!(message.line, 2, "{text:?}");
                assert!(message.message.contains(&format!("(U+{point:04X})")), "{message:?}");
                assert!(!message.message.contains("secret"), "{message:?}");
            }
        }
    }

    #[test]
    fn a_key_in_lines_is_one_value_or_is_named_by_its_line() {
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl+/=\nAAAA==\n-----END OPENSSH PRIVATE KEY-----\n";
        check(format!("A={key}B=2\n").as_bytes(), Ok(&[("A", key), ("B", "2")]));
        let message =
            "this line is no NAME=value; A in line 1 holds the text of a private key: name the file that holds the key";
        check(b"A=-----BEGIN PRIVATE KEY-----\nMC4CAQA\nB=2\n", Err((2, message)));
        check(b"A=PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", Err((2, message)));
        let message = "this line is no NAME=value, but the text of a private key; name the file that holds the key";
        check(b"-----BEGIN PRIVATE KEY-----\n", Err((1, message)));
        check(b"-----BEGIN PRIVATE KEY-----\nMC4CAQA\nMC4CAQA=\n-----END PRIVATE KEY-----\nA=1\n", Err((1, message)));
    }
}
