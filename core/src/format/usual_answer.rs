//! Fast reader of recorded answers in their usual form, in one pass over the line. `recommendations` reads all other
//! forms.

use std::fmt;
use std::marker::PhantomData;

use memchr::memmem::Finder;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::identifier::{HIGHEST_ID, parse_plain_id};

/// Reads `{"ba_id": 88563, "body": {"response": {"ml_recommendations": [...]}}}`, whose response may be a text instead.
/// Returns the employee and the recommended contents, each with its name; `None` for any other form.
pub(super) fn read(line: &[u8]) -> Option<(u64, Vec<(u64, &str)>)> {
    let Object(line) = serde_json::from_str::<Object<Line<'_>>>(std::str::from_utf8(line).ok()?).ok()?;
    let Line { ba_id, body: Object(Body { response: Response(items), .. }), .. } = line;
    let mut recommended = Vec::with_capacity(items.len());
    for Object(item) in items {
        let is_for_another = item.ba_id.is_some_and(|other| other != ba_id);
        if is_for_another || !is_id(item.recommended_content_id) {
            return None;
        }
        recommended.push((item.recommended_content_id, item.recommended_content.unwrap_or_default().trim()));
    }
    is_id(ba_id).then_some((ba_id, recommended))
}

/// A quick search for answers that are certainly for others than one employee.
pub(super) struct AnswersForOthers {
    ba_id: u64,
    member: Finder<'static>,
    escape: Finder<'static>,
}

impl AnswersForOthers {
    /// Answers for others than this employee.
    pub(super) fn than(ba_id: u64) -> AnswersForOthers {
        // An escape may hide the name of a member.
        AnswersForOthers { ba_id, member: Finder::new(b"\"ba_id\""), escape: Finder::new(b"\\u00") }
    }

    /// The one other employee that a whole line is certainly about; `None` if that is not certain.
    pub(super) fn employee(&self, line: &[u8]) -> Option<u64> {
        let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value = line.strip_prefix(b"{\"ba_id\":")?;
        let value = &value[..digits(value)];
        let other = parse_plain_id(value).filter(|other| *other != self.ba_id)?;
        let is_same = |at: usize| {
            let after = line[at + self.member.needle().len()..].strip_prefix(b":");
            after.is_some_and(|after| after[..digits(after)] == *value)
        };
        let is_whole = line.trim_ascii_end().ends_with(b"}");
        (is_whole && self.member.find_iter(line).all(is_same) && self.escape.find(line).is_none()).then_some(other)
    }
}

fn is_id(number: u64) -> bool {
    (1..=HIGHEST_ID).contains(&number)
}

#[derive(Deserialize)]
struct Line<'a> {
    ba_id: u64,
    #[serde(borrow)]
    body: Object<Body<'a>>,
    #[serde(default)]
    #[allow(dead_code)]
    error: Absent,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    response: Response<'a>,
    #[serde(default)]
    #[allow(dead_code)]
    error: Absent,
}

#[derive(Deserialize)]
struct Recommended<'a> {
    #[serde(borrow)]
    ml_recommendations: Vec<Object<Item<'a>>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(default)]
    ba_id: Option<u64>,
    recommended_content_id: u64,
    #[serde(default)]
    recommended_content: Option<&'a str>,
}

/// A member that the usual form lacks.
#[derive(Default)]
struct Absent;

impl<'de> Deserialize<'de> for Absent {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Absent, D::Error> {
        Err(D::Error::custom("not usual"))
    }
}

/// A JSON object; serde alone would also accept a list of the values of its members.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// The recommendations of a response; none if it is a text.
struct Response<'a>(Vec<Object<Item<'a>>>);

impl<'de: 'a, 'a> Deserialize<'de> for Response<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Response<'a>, D::Error> {
        struct ObjectOrText;
        impl<'de> Visitor<'de> for ObjectOrText {
            type Value = Response<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a text")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Response<'de>, A::Error> {
                let recommended = Recommended::deserialize(MapAccessDeserializer::new(members))?;
                Ok(Response(recommended.ml_recommendations))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Response<'de>, E> {
                match text.contains("ml_recommendations") {
                    true => Err(E::custom("not usual")),
                    false => Ok(Response(Vec::new())),
                }
            }
        }
        deserializer.deserialize_any(ObjectOrText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_passed_over_only_if_it_is_about_one_other_employee() {
        let others = AnswersForOthers::than(7);
        for (line, expected) in [
            (r#"{"ba_id":8,"error":"no"}"#, Some(8)),
            ("{\"ba_id\":77,\"body\":{\"items\":[{\"ba_id\":77,\"name\":\"7\"}]}}\r", Some(77)),
            (r#"{"ba_id":7,"error":"no"}"#, None),
            (r#"{"ba_id":"8","error":"no"}"#, None),
            (r#"{"ba_id":8.0,"error":"no"}{"ba_id":"7","error":"no"}"#, None),
            (r#"{"ba_id":8,"error":"no"}, {"ba_id": 7,"error":"no"}"#, None),
            (r#"{"ba_id":8,"body":{"items":[{"ba_id":7}]}}"#, None),
            (r#"{"ba_id":8,"error":"no"} {"ba\u005fid":7,"error":"no"}"#, None),
            (r#"{"ba_id":8,"body":{"#, None),
            (r#"[{"ba_id":8,"error":"no"}]"#, None),
            ("", None),
        ] {
            assert_eq!(others.employee(line.as_bytes()), expected, "{line}");
        }
    }
}
