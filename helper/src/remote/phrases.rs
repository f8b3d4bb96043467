//! Search for whole words and phrases in foreign text: "trial" must not match "industrial".

/// True if `phrase` occurs in `text` as whole words. Both must be in lower case.
pub(crate) fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        !before.ends_with(is_word) && !after.starts_with(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_no_part_of_a_word() {
        for (text, phrase, expected) in [
            ("quota exceeded", "quota", true),
            ("put under quotation", "quota", false),
            ("no space left on device", "no space left", true),
            ("a trial has ended", "trial", true),
            ("industrial", "trial", false),
            ("trials, and a trial", "trial", true),
            ("page_token", "token", false),
            ("(token)", "token", true),
            ("", "token", false),
        ] {
            assert_eq!(has_phrase(text, phrase), expected, "{text} {phrase}");
        }
    }
}
