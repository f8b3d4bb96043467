//! Escaping of outside text: invisible characters are shown by their code point, and look-alikes of ASCII are named.
//!
//! Names, fields, arguments and server answers may hold characters that move a terminal's cursor, reverse the writing
//! direction or are invisible, and letters that only look like Latin ones. [`shown`] and [`shown_whole`] escape
//! invisible characters; [`quoted`] also names look-alikes. Every message that repeats found text uses one of them.
//! Escapes are ASCII, so escaping twice changes nothing.

use std::ops::RangeInclusive;

/// The maximum number of characters of a found text that a message shows.
pub(crate) const LONGEST_SHOWN: usize = 60;

/// A found text on one line: invisible characters escaped, cut after 60 characters.
#[must_use]
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => shown_whole(&text[..end]) + "…",
        None => shown_whole(text),
    }
}

/// A found text on one line, uncut: invisible characters escaped, such as `\n` or `\u{202e}`.
#[must_use]
pub fn shown_whole(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if is_hidden(character) || (at == 0 && is_mark(character)) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A valid name on one line, as by [`shown_whole`]. The no-break spaces that French sets before punctuation become
/// plain spaces, and joiners and selectors of emoji are dropped instead of escaped.
#[must_use]
pub fn shown_name(name: &str) -> String {
    let is_picture = |character: char| character >= '\u{2190}' && !is_hidden(character);
    let mut plain = String::with_capacity(name.len());
    let mut after_picture = false;
    for (at, character) in name.char_indices() {
        let followed = || name[at + character.len_utf8()..].chars().next().is_some_and(is_picture);
        match character {
            '\u{a0}' | '\u{202f}' => plain.push(' '),
            '\u{fe0f}' if after_picture => continue,
            '\u{200d}' if after_picture && followed() => continue,
            other => plain.push(other),
        }
        after_picture = is_picture(character);
    }
    shown_whole(&plain)
}

/// A multi-line text: line feeds stay, everything else is escaped as by [`shown_whole`].
#[must_use]
pub fn shown_lines(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return text.to_owned();
    }
    text.split('\n').map(shown_whole).collect::<Vec<_>>().join("\n")
}

/// A refused value in quotes, as by [`shown`]. Look-alikes of ASCII characters are named after it: `'а' (U+0430, not
/// the Latin letter a)`.
#[must_use]
pub fn quoted(value: &str) -> String {
    let value = shown(value);
    match lookalikes(&value) {
        Some(named) => format!("'{value}' ({named})"),
        None => format!("'{value}'"),
    }
}

/// The first three ASCII look-alikes of a text, each with its code point and the character it resembles; `None` if
/// there is none.
#[must_use]
pub fn lookalikes(text: &str) -> Option<String> {
    const MOST: usize = 3;
    let mut found: Vec<(char, char)> = Vec::new();
    for character in text.chars() {
        if let Some(ascii) = ascii_like(character).filter(|_| !found.iter().any(|(known, _)| *known == character)) {
            found.push((character, ascii));
        }
    }
    let named = |(character, ascii): &(char, char)| {
        let what = match ascii {
            'A'..='Z' | 'a'..='z' => "Latin letter",
            '0'..='9' => "digit",
            _ => "sign",
        };
        format!("U+{:04X}, not the {what} {ascii}", u32::from(*character))
    };
    let named: Vec<String> = found.iter().take(MOST).map(named).collect();
    (!named.is_empty()).then(|| named.join("; "))
}

/// True for characters that are invisible or act on other text: controls, line breaks, every white space but the ASCII
/// space, joiners, direction marks, variation selectors, tags, and noncharacters.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    if matches!(character, ' '..='~') {
        return false;
    }
    let point = u32::from(character);
    character.is_control()
        || character.is_whitespace()
        || point & 0xfffe == 0xfffe
        || HIDDEN.iter().any(|range| range.contains(&point))
}

/// Hidden code points besides controls and white space: format characters, those that Unicode declares
/// default-ignorable (fillers, joiners, selectors), blanks without the white-space property, and private use, whose
/// shape is undefined.
const HIDDEN: [RangeInclusive<u32>; 30] = [
    0xad..=0xad,
    0x34f..=0x34f,
    0x600..=0x605,
    0x61c..=0x61c,
    0x6dd..=0x6dd,
    0x70f..=0x70f,
    0x890..=0x891,
    0x8e2..=0x8e2,
    0x115f..=0x1160,
    0x17b4..=0x17b5,
    0x180b..=0x180f,
    0x200b..=0x200f,
    0x202a..=0x202e,
    0x2060..=0x206f,
    0x2800..=0x2800,
    0x3164..=0x3164,
    0xe000..=0xf8ff,
    0xfdd0..=0xfdef,
    0xfe00..=0xfe0f,
    0xfeff..=0xfeff,
    0xffa0..=0xffa0,
    0xfff0..=0xfffb,
    0x110bd..=0x110bd,
    0x110cd..=0x110cd,
    0x13430..=0x1343f,
    0x16fe4..=0x16fe4,
    0x1bca0..=0x1bca3,
    0x1d159..=0x1d159,
    0x1d173..=0x1d17a,
    // Planes above the third have no letters, only tags, selectors and private use.
    0x40000..=0x10_ffff,
];

/// True for combining marks, which are drawn over the preceding character; at the start of a text that is the quote.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The ASCII character that `character` resembles; `None` if there is none, or if it is ASCII itself.
#[must_use]
pub fn ascii_like(character: char) -> Option<char> {
    const FULL_WIDTH: u32 = 0xff00 - 0x20;
    const MATHEMATICAL_LETTERS: RangeInclusive<u32> = 0x1d400..=0x1d6a3;
    const MATHEMATICAL_DIGITS: RangeInclusive<u32> = 0x1d7ce..=0x1d7ff;
    let point = u32::from(character);
    let ascii = if (0xff01..=0xff5e).contains(&point) {
        point - FULL_WIDTH
    } else if MATHEMATICAL_LETTERS.contains(&point) {
        // The block holds alphabets of 52 letters, one after another.
        let letter = (point - MATHEMATICAL_LETTERS.start()) % 52;
        if letter < 26 { u32::from('A') + letter } else { u32::from('a') + letter - 26 }
    } else if MATHEMATICAL_DIGITS.contains(&point) {
        u32::from('0') + (point - MATHEMATICAL_DIGITS.start()) % 10
    } else {
        return LOOKALIKES.iter().find(|(_, alike)| alike.contains(character)).map(|(ascii, _)| *ascii);
    };
    char::from_u32(ascii)
}

/// Look-alikes of ASCII letters, digits and signs: the single characters of Unicode's confusables list
/// (<https://www.unicode.org/Public/security/latest/confusables.txt>) that modern fonts have, and a few that it lacks.
const LOOKALIKES: &[(char, &str)] = &[
    ('"', "“”„‟″"),
    ('\'', "‘’‛′"),
    (',', "¸‚ꓹ"),
    ('-', "˗‐‑‒–—―⁃−Ⲻ"),
    ('.', "۰․ꓸ"),
    ('/', "᜵⁁⁄∕Ⳇ〳ノ"),
    ('2', "ƧϨᒿꝚ"),
    ('3', "ƷȜЗӠⳌꝪꞫ"),
    ('4', "Ꮞ"),
    ('5', "Ƽ"),
    ('6', "ᏮⳒ"),
    ('8', "Ȣȣ৪੪ଃ"),
    ('9', "৭੧୨൭ⳊꝮ"),
    (':', "ː˸։ःઃ᛬᠃᠉⁚∶ꓽ꞉"),
    (';', ";"),
    ('A', "ΑАᎪᗅꓮ"),
    ('B', "ΒВᏴᗷℬꓐꞴ"),
    ('C', "ϹСᏟℂℭⅭⲤꓚ"),
    ('D', "ᎠᗞᗪⅅⅮꓓ"),
    ('E', "ΕЕᎬℰ⋿ꓰ"),
    ('F', "ϜᖴℱꓝꞘ"),
    ('G', "ԌᏀᏳꓖ"),
    ('H', "ΗНᎻᕼℋℌℍⲎꓧ"),
    ('I', "ΙІӀᛁℐℑⅠⲒꓲ"),
    ('J', "ͿЈᎫᒍꓙꞲ"),
    ('K', "ΚКᏦᛕKⲔꓗ"),
    ('L', "ᏞᒪℒⅬⳐꓡ"),
    ('M', "ΜϺМᎷᗰᛖℳⅯⲘꓟ"),
    ('N', "ΝℕⲚꓠ"),
    ('O', "ΟОՕ০ଠ୦ዐⲞ〇ꓳ"),
    ('P', "ΡРᏢᑭℙⲢꓑ"),
    ('Q', "ℚ"),
    ('R', "ƦᎡᏒᖇℛℜℝꓣ"),
    ('S', "ЅՏᏕᏚꓢ"),
    ('T', "ΤТᎢ⊤Ⲧꓔ"),
    ('U', "Սሀᑌ∪⋃ꓴ"),
    ('V', "Ѵ۷ᏙᐯⅤꓦ"),
    ('W', "ԜᎳᏔꓪ"),
    ('X', "ΧХ᙭ᚷⅩⲬꓫꞳ"),
    ('Y', "ΥϒУҮᎩᎽⲨꓬ"),
    ('Z', "ΖᏃℤℨꓜ"),
    ('a', "ɑαа⍺"),
    ('b', "ƄЬᏏᑲᖯ"),
    ('c', "ϲсᴄⅽⲥꮯ"),
    ('d', "ԁᏧᑯⅆⅾꓒ"),
    ('e', "еҽ℮ℯⅇꬲ"),
    ('f', "ſքẝꞙꬵ"),
    ('g', "ƍɡցᶃℊ"),
    ('h', "һհᏂℎ"),
    ('i', "ıɩɪ˛ͺιіӏᎥιℹⅈⅰ⍳ꭵ"),
    ('j', "ϳјⅉ"),
    ('k', "ĸκк"),
    ('l', "Ɩǀ۱ℓⅼ∣⏽"),
    ('n', "ոռ"),
    ('o', "οσоօ۵०੦૦௦ం౦ಂ೦ംഠ൦ං๐໐ဝ၀ჿᴏᴑℴⲟꬽ"),
    ('p', "ρϱр⍴ⲣ"),
    ('q', "ԛգզ"),
    ('r', "гᴦⲅꭇꭈꮁ"),
    ('s', "ƽѕꜱꮪ"),
    ('t', "τт"),
    ('u', "ʋυսᴜꞟꭎꭒ"),
    ('v', "νѵᴠⅴ∨⋁ꮩ"),
    ('w', "ɯѡԝաᴡꮃ"),
    ('x', "×хᕁᕽ᙮ⅹ"),
    ('y', "ɣʏγуүყᶌỿℽꭚ"),
    ('z', "ᴢꮓ"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use regex_syntax::hir::{Class, HirKind};

    use super::*;

    /// All characters of a Unicode class, such as `\p{Cf}`.
    fn class(pattern: &str) -> impl Iterator<Item = char> {
        let HirKind::Class(Class::Unicode(class)) = regex_syntax::parse(pattern).unwrap().into_kind() else {
            panic!("{pattern} is no class");
        };
        class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn what_unicode_gives_no_shape_is_hidden() {
        for pattern in [
            r"\p{Cc}",
            r"\p{Cf}",
            r"\p{Co}",
            r"[\p{Z}--\x20]",
            r"\p{Default_Ignorable_Code_Point}",
            r"\p{Bidi_Control}",
            r"\p{Join_Control}",
            r"\p{Variation_Selector}",
            r"\p{Noncharacter_Code_Point}",
        ] {
            for character in class(pattern) {
                assert!(is_hidden(character), "{pattern}: {}", character.escape_unicode());
                assert!(shown_whole(&character.to_string()).is_ascii());
            }
        }
    }

    #[test]
    fn letters_numbers_and_signs_are_shown() {
        let blank = |character: &char| {
            matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{1d159}')
        };
        for character in class(r"[\p{L}\p{N}\p{P}\p{S}]").filter(|character| !blank(character)) {
            assert!(!is_hidden(character), "{}", character.escape_unicode());
        }
    }

    #[test]
    fn a_foreign_text_stays_on_its_line_and_in_its_direction() {
        for (text, expected) in [
            ("Crème « x » 日本 👍", "Crème « x » 日本 👍"),
            ("a\u{1b}[2J\nb\u{7}", "a\\u{1b}[2J\\nb\\u{7}"),
            ("a\u{202e}b\u{2066}c\u{2028}d\u{61c}", "a\\u{202e}b\\u{2066}c\\u{2028}d\\u{61c}"),
            ("a\u{200b}b\u{a0}c\u{200d}d\u{feff}e\u{ad}", "a\\u{200b}b\\u{a0}c\\u{200d}d\\u{feff}e\\u{ad}"),
            ("\u{301}a\u{301}", "\\u{301}a\u{301}"),
        ] {
            assert_eq!(shown_whole(text), expected);
            assert_eq!(shown(text), expected);
            assert_eq!(shown_whole(expected), expected);
        }
        assert_eq!(shown(&"é".repeat(61)), "é".repeat(60) + "…");
        assert_eq!(shown_lines("é\nb\r\n\u{301}"), "é\nb\\r\n\\u{301}");
    }

    #[test]
    fn a_name_is_shown_as_people_read_it() {
        for (name, expected) in [
            ("Prêt\u{a0}? Oui\u{202f}!", "Prêt ? Oui !"),
            ("\u{2764}\u{fe0f}\u{200d}\u{1f525} x", "\u{2764}\u{1f525} x"),
            ("a\u{200d}b\u{fe0f}\u{202e}", "a\\u{200d}b\\u{fe0f}\\u{202e}"),
            ("\u{1f525}\u{200d}a", "\u{1f525}\\u{200d}a"),
        ] {
            assert_eq!(shown_name(name), expected);
        }
    }

    #[test]
    fn what_only_looks_like_ascii_is_named() {
        for (value, expected) in [
            ("a", "'a'"),
            ("ä日本", "'ä日本'"),
            ("\u{430}", "'\u{430}' (U+0430, not the Latin letter a)"),
            ("\u{ff41}\u{ff41}", "'\u{ff41}\u{ff41}' (U+FF41, not the Latin letter a)"),
            ("1\u{3bf}4", "'1\u{3bf}4' (U+03BF, not the Latin letter o)"),
            ("\u{1d41a}", "'\u{1d41a}' (U+1D41A, not the Latin letter a)"),
            ("\u{1d6a3}", "'\u{1d6a3}' (U+1D6A3, not the Latin letter z)"),
            ("\u{1d7ff}", "'\u{1d7ff}' (U+1D7FF, not the digit 9)"),
            ("\u{ff11}", "'\u{ff11}' (U+FF11, not the digit 1)"),
            ("\u{201c}7\u{201d}", "'\u{201c}7\u{201d}' (U+201C, not the sign \"; U+201D, not the sign \")"),
            ("l\u{2019}an", "'l\u{2019}an' (U+2019, not the sign ')"),
            ("2026\u{2212}01", "'2026\u{2212}01' (U+2212, not the sign -)"),
            (
                "\u{430}\u{435}\u{440}\u{441}",
                "'\u{430}\u{435}\u{440}\u{441}' (U+0430, not the Latin letter a; U+0435, not the Latin letter e; \
                 U+0440, not the Latin letter p)",
            ),
            ("a\u{200b}", "'a\\u{200b}'"),
        ] {
            assert_eq!(quoted(value), expected);
        }
    }

    #[test]
    fn every_lookalike_stands_under_one_character() {
        let all: Vec<char> = LOOKALIKES.iter().flat_map(|(_, alike)| alike.chars()).collect();
        for character in &all {
            assert!(!character.is_ascii() && !is_hidden(*character), "{}", character.escape_unicode());
            assert_eq!(all.iter().filter(|other| *other == character).count(), 1, "{character}");
        }
    }
}
