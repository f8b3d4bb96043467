//! Errors of the JSON parser in plain words, without types of this program or of Rust.

/// What a JSON error reports, as `found` and a field's name stand in the text. Its place is left out.
#[must_use]
pub fn json_words(error: &serde_json::Error) -> String {
    // Only an empty text ends before its first column.
    if error.is_eof() && (error.line(), error.column()) == (1, 0) {
        return "nothing is in it".to_owned();
    }
    let text = error.to_string();
    let text = without_place(&text);
    for (beginning, words) in BEGINNINGS {
        if let Some(rest) = text.strip_prefix(beginning) {
            return words.replace("{}", &rest.replace('`', ""));
        }
    }
    for beginning in ["invalid type: ", "invalid value: "] {
        if let Some((found, wanted)) = text.strip_prefix(beginning).and_then(|rest| rest.rsplit_once(", expected ")) {
            return format!("{} stands where {} belongs", found_words(found), wanted_words(wanted));
        }
    }
    // The parser takes a list for an object, if it has all of its fields.
    if let Some((_, wanted)) = text.strip_prefix("invalid length ").and_then(|rest| rest.split_once(", expected ")) {
        return format!("a list stands where {} belongs", wanted_words(wanted));
    }
    for (beginning, words) in
        [("unknown variant ", "no value that is allowed"), ("unknown field ", "no field that is known")]
    {
        if let Some((found, known)) = text.strip_prefix(beginning).and_then(|rest| rest.split_once(", ")) {
            let known = known.replace("expected ", "").replace("one of ", "").replace('`', "");
            return format!("{} is {words}: {known}", found.replace('`', "'"));
        }
    }
    text.to_owned()
}

/// A text without the place of a JSON error in it: ` at line 1 column 7`.
#[must_use]
pub fn without_place(text: &str) -> &str {
    let place = text.rsplit_once(" at line ").filter(|(_, place)| {
        let numbers = place.split_once(" column ").map(|(line, column)| [line, column]);
        numbers.is_some_and(|numbers| numbers.iter().all(|number| number.parse::<u64>().is_ok()))
    });
    place.map_or(text, |(before, _)| before)
}

/// How an error begins, and the whole of its words, with the rest for `{}`.
const BEGINNINGS: [(&str, &str); 10] = [
    ("EOF while parsing ", "the text ends in the middle of {}"),
    ("expected value", "no JSON value stands here"),
    ("expected ident", "a word stands here that is neither true nor false nor null"),
    ("expected `", "{} is missing here"),
    ("trailing characters", "text follows after the end of the JSON value"),
    ("trailing comma", "nothing follows after a comma"),
    ("key must be a string", "the name of a field stands here without double quotes"),
    ("control character (", "a control character stands within a string"),
    ("missing field ", "the field {} is missing"),
    ("duplicate field ", "the field {} stands twice"),
];

fn found_words(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    match kind {
        "integer" | "boolean" => value.replace('`', ""),
        "floating" => value.replace("point ", "").replace('`', ""),
        "string" => format!("the text {value}"),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        _ => found.to_owned(),
    }
}

fn wanted_words(wanted: &str) -> &str {
    match wanted.split(' ').next().unwrap_or_default() {
        "struct" => "an object",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "string" => "text",
        "enum" | "variant" => "one of a few texts",
        _ => match wanted {
            "a string" => "text",
            "a boolean" => "true or false",
            "a sequence" => "a list",
            "a map" => "an object",
            other => other,
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Thing {
        count: u64,
        name: String,
        #[serde(default)]
        is_new: bool,
        #[serde(default)]
        kind: Option<Kind>,
        #[serde(default)]
        parts: BTreeMap<String, Vec<f64>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Small,
        Large,
        Huge,
    }

    #[test]
    fn no_error_has_the_words_of_the_parser() {
        for (text, expected) in [
            ("", "nothing is in it"),
            (" ", "the text ends in the middle of a value"),
            ("{\"count\":\n", "the text ends in the middle of a value"),
            ("{\"count\": 1", "the text ends in the middle of an object"),
            ("employee_id", "no JSON value stands here"),
            ("[tru]", "a word stands here that is neither true nor false nor null"),
            ("{\"count\" 1}", ": is missing here"),
            ("{\"count\": 1 2}", ", or } is missing here"),
            ("5", "5 stands where an object belongs"),
            ("\"{\"", "the text \"{\" stands where an object belongs"),
            ("{\"count\": 1, \"name\": \"\"} x", "text follows after the end of the JSON value"),
            ("{\"count\": 1,}", "nothing follows after a comma"),
            ("{count: 1}", "the name of a field stands here without double quotes"),
            ("{\"name\": \"a\nb\"}", "a control character stands within a string"),
            ("{\"count\": 1}", "the field name is missing"),
            ("{\"count\": 1, \"count\": 1}", "the field count stands twice"),
            ("{\"count\": -1}", "-1 stands where a whole number belongs"),
            ("{\"count\": 1.5}", "1.5 stands where a whole number belongs"),
            ("{\"count\": \"a, expected b\"}", "the text \"a, expected b\" stands where a whole number belongs"),
            ("{\"name\": [1]}", "a list stands where text belongs"),
            ("{\"name\": null}", "null stands where text belongs"),
            ("{\"is_new\": \"yes\"}", "the text \"yes\" stands where true or false belongs"),
            ("{\"kind\": \"tiny\"}", "'tiny' is no value that is allowed: small, large, huge"),
            ("{\"parts\": {\"a\": {}}}", "an object stands where a list belongs"),
            ("{\"parts\": {\"a\": [true]}}", "true stands where a number belongs"),
            ("[]", "a list stands where an object belongs"),
            ("{\"parts\": []}", "a list stands where an object belongs"),
        ] {
            let words = json_words(&serde_json::from_str::<Thing>(text).unwrap_err());
            assert_eq!(words, expected, "{text}");
        }
    }

    #[test]
    fn only_a_place_is_taken_from_a_text() {
        for (text, expected) in [
            ("expected value at line 1 column 57", "expected value"),
            ("waits at line 1 column x", "waits at line 1 column x"),
            ("stands at line 7", "stands at line 7"),
        ] {
            assert_eq!(without_place(text), expected);
        }
    }
}
