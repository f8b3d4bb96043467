//! Text of a web page that came in place of an answer, such as a proxy's or a portal's.

/// True if a text starts like HTML or other markup.
pub(crate) fn is_page(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with('<')
}

/// Visible text of a page, with blanks in place of tags, scripts, styles and comments.
pub(crate) fn text_of(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page.trim_start_matches('\u{feff}');
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        rest = after_tag(&rest[start..]);
    }
    text.push_str(rest);
    without_references(&text)
}

/// Rest of a page after its first tag or comment; after the whole element if that is invisible, such as a script.
fn after_tag(page: &str) -> &str {
    const NOT_FOR_PEOPLE: [&str; 4] = ["script", "style", "svg", "template"];
    let after = |end: &str| page.find(end).map_or("", |at| &page[at + end.len()..]);
    if page.starts_with("<!--") {
        return after("-->");
    }
    let name = page[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    match NOT_FOR_PEOPLE.iter().find(|other| name.eq_ignore_ascii_case(other)) {
        Some(name) => {
            let closing = format!("</{name}");
            let end = page.to_ascii_lowercase().find(&closing);
            end.and_then(|end| page[end..].split_once('>')).map_or("", |(_, rest)| rest)
        }
        None => after(">"),
    }
}

/// Replaces character references by their characters; unknown ones stay.
fn without_references(text: &str) -> String {
    const LONGEST: usize = 10;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&rest[1..end])?, end))) {
            Some((character, end)) => {
                plain.push(character);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

fn character(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(digits, 10),
        },
        None => match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_is_what_people_read() {
        for (page, expected) in [
            ("<html><body><h1>403</h1><p>Not&nbsp;allowed</p></body></html>", "403 Not allowed"),
            ("<!-- a > b --><SCRIPT>if (a < b) {}</SCRIPT><style>p{}</style>Blocked<br/>here", "Blocked here"),
            ("a &lt;b&gt; &amp;&#39;&#x27; &unknown; & &#xD800;", "a <b> &'' &unknown; & &#xD800;"),
            ("<script>never closed", ""),
            ("<p never closed", ""),
            ("<!-- never closed", ""),
            ("\u{e9}<\u{e9}>\u{e9}", "\u{e9} \u{e9}"),
        ] {
            let words: Vec<String> = text_of(page).split_whitespace().map(str::to_owned).collect();
            assert_eq!(words.join(" "), expected, "{page}");
        }
        assert!(is_page(" \u{feff}\n<html>") && !is_page("{\"a\":\"<\"}") && !is_page(""));
    }
}
