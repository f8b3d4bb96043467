//! Text of a web page that came in place of an answer, such as a proxy's or a portal's.

use html_escape::decode_html_entities;

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
    decode_html_entities(&text).into_owned()
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
