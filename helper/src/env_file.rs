//! `.env`: one `NAME=value` a line, read as the usual dotenv libraries read it.
//!
//! A value may stand in single quotes (as it is), in double quotes (with `\n`, `\r`, `\t`, `\"` and `\\`), or without any:
//! then it goes to the end of the line or to a `#` after a space, and may hold spaces, quotes and dollar signs, as
//! passwords do. `${NAME}` outside single quotes is replaced. Texts about a file never show what stands in it: it may be
//! a secret.

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadLine {
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is wrong, without the line's text.
    pub(crate) said: String,
}

/// The settings of a file, in its order. `outside` knows the values of the environment.
///
/// # Errors
/// The first line that cannot be read.
pub(crate) fn parse(bytes: &[u8], outside: impl Fn(&str) -> Option<String>) -> Result<Vec<(String, String)>, BadLine> {
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let text = String::from_utf8_lossy(bytes);
    let whole = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut rest = whole;
    let mut settings: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let line = whole[..whole.len() - rest.len()].matches('\n').count() + 1;
        let (this, below) = rest.split_once('\n').unwrap_or((rest, ""));
        if this.trim().is_empty() || this.trim_start().starts_with('#') {
            rest = below;
            continue;
        }
        let bad = |said: String| BadLine { line, said };
        let assignment = this.split_once('=').map(|(name, value)| (plain_name(name), value));
        let Some((Some(name), after_name)) = assignment else {
            return Err(bad("this line is no NAME=value".to_owned()));
        };
        // A quoted value may go on over the line's end.
        let from_value = rest[this.len() - after_name.len()..].trim_start_matches([' ', '\t']);
        let lookup = |wanted: &str| {
            let earlier = || settings.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
            outside(wanted).or_else(earlier).unwrap_or_default()
        };
        let (value, after) = match from_value.chars().next() {
            Some('\'') => single_quoted(from_value),
            Some('"') => double_quoted(from_value).map(|(value, after)| (expanded(&value, lookup), after)),
            _ => Some((expanded(unquoted(after_name), lookup), "")),
        }
        .ok_or_else(|| bad(format!("the quote that opens the value of {name} is never closed")))?;
        let (left, after_line) = after.split_once('\n').unwrap_or((after, ""));
        if !left.trim().is_empty() && !left.trim_start().starts_with('#') {
            return Err(bad(format!(
                "the value of {name} goes on after its closing quote; put the whole value into single quotes"
            )));
        }
        if !is_utf8 && value.contains('\u{fffd}') {
            return Err(bad(format!("the value of {name} is not UTF-8 text")));
        }
        let is_quoted = from_value.starts_with(['\'', '"']);
        settings.push((name.to_owned(), value));
        rest = if is_quoted { after_line } else { below };
    }
    Ok(settings)
}

fn plain_name(text: &str) -> Option<&str> {
    let text = text.trim();
    let name = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(text).trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(is_plain)).then_some(name)
}

/// The value to the end of the line, or to a comment.
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

/// `${NAME}` replaced by its value.
fn expanded(value: &str, lookup: impl Fn(&str) -> String) -> String {
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
        rest = behind;
    }
    done + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: Result<&[(&str, &str)], (usize, &str)>) {
        let outside = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
        let found = parse(text, outside);
        let expected = expected
            .map(|all| all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
            .map_err(|(line, said)| BadLine { line, said: said.to_owned() });
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
        check(b"", Ok(&[]));
    }

    #[test]
    fn what_cannot_be_read_is_named_without_its_text() {
        check(b"A=1\nsecret\n", Err((2, "this line is no NAME=value")));
        check(b"sec ret=1", Err((1, "this line is no NAME=value")));
        check(b"A='secret\nB=1\n", Err((1, "the quote that opens the value of A is never closed")));
        check(
            b"A=\"x\ny\"\nB=\"sec\"ret\n",
            Err((3, "the value of B goes on after its closing quote; put the whole value into single quotes")),
        );
        check(b"A=secr\xE9t\n", Err((1, "the value of A is not UTF-8 text")));
    }
}
