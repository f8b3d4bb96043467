//! One answer of the Training Recommender for one employee. The API's JSON is read leniently: an answer that is an error in one
//! of the usual forms is a failed call, and a recommendation that cannot be used is left out with the reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;

use super::identifier::{parse_content_id, parse_plain_id};
use super::json_pieces::member_names;
use crate::text::problem::ProblemKind;
use crate::text::visible::{is_hidden, lookalikes, shown_whole};

/// A content that the recommender proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The recommended content.
    pub content_id: u64,
    /// Its name from the API; may be empty.
    pub name: Arc<str>,
}

/// The result of the call for one employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its recommendations, in the API's order; most employees get none.
    Recommendations(Vec<Recommendation>),
    /// The call failed, for this reason.
    Failed(String),
}

/// Interprets the API's answer for an employee. Also returns what is wrong with it.
pub(super) fn parse_answer(ba_id: u64, body: &RawValue) -> (Answer, Vec<ProblemKind>) {
    let left_out = |why| ProblemKind::BadRecommendation { ba_id, why };
    let Some(fields) = fields_of(body) else {
        let is_lost = body.get().contains("ml_recommendations");
        let lost = is_lost.then(|| left_out("its body is no JSON object, but holds one".to_owned()));
        return (Answer::Failed("the answer is not a JSON object".to_owned()), lost.into_iter().collect());
    };
    if let Some(error) = fields.get("error").and_then(|error| error_text(error)) {
        return (Answer::Failed(format!("the answer is an error: {error}")), Vec::new());
    }
    let Some(response) = fields.get("response") else {
        return (Answer::Failed("the answer has no response".to_owned()), Vec::new());
    };
    let mut recommendations = Vec::new();
    let fields = fields_of(response);
    let repeated =
        repeated_name(body, &["response", "error"]).or_else(|| repeated_name(response, &["ml_recommendations"]));
    let repeated = repeated.map(|field| ProblemKind::RepeatedField { ba_id, field: field.to_owned() });
    let mut problems: Vec<ProblemKind> = repeated.into_iter().collect();
    let list = fields.as_ref().and_then(|fields| fields.get("ml_recommendations"));
    let items = list.and_then(|list| items_of(list));
    let is_lost = match list {
        Some(list) => items.is_none() && !is_without_value(list),
        None => fields.is_none() && response.get().contains("ml_recommendations"),
    };
    if is_lost {
        problems.push(left_out("its ml_recommendations is no list".to_owned()));
    }
    for item in items.unwrap_or_default() {
        match parse_recommendation(ba_id, item) {
            Ok(recommendation) => recommendations.push(recommendation),
            Err(why) => problems.push(left_out(why)),
        }
    }
    (Answer::Recommendations(recommendations), problems)
}

fn parse_recommendation(ba_id: u64, item: &RawValue) -> Result<Recommendation, String> {
    let fields = fields_of(item).unwrap_or_default();
    if let Some(name) = repeated_name(item, &["recommended_content_id", "ba_id"]) {
        return Err(format!("{name} stands twice in it"));
    }
    let Some(content_id) = fields.get("recommended_content_id") else {
        return Err("it has no recommended_content_id".to_owned());
    };
    let content_id = match value_of(content_id) {
        Some(value) => whole_number(content_id).ok_or_else(|| {
            let found = if value.is_number() { content_id.get().to_owned() } else { named(&value) };
            format!("its recommended_content_id {found} is no id")
        })?,
        None => return Err("its recommended_content_id is neither text nor a finite number".to_owned()),
    };
    let other = fields.get("ba_id").filter(|other| whole_number(other) != Some(ba_id));
    if let Some(other) = other.and_then(|other| value_of(other)).filter(|other| !other.is_null()) {
        return Err(format!("it is for the employee {}", named(&other)));
    }
    let name = match fields.get("recommended_content").and_then(|name| value_of(name)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(name)) => name.trim().to_owned(),
        // Anything else is shown as it was sent.
        Some(other) => other.to_string(),
    };
    Ok(Recommendation { content_id, name: name.into() })
}

/// The fields of an object, not yet parsed, so that a field that is not read cannot cause an error. Of two fields with
/// the same name the later counts.
pub(super) type JsonFields<'a> = BTreeMap<String, &'a RawValue>;

pub(super) fn fields_of(json: &RawValue) -> Option<JsonFields<'_>> {
    serde_json::from_str(json.get()).ok()
}

/// The first of `names` that an object has twice.
pub(super) fn repeated_name<'n>(json: &RawValue, names: &[&'n str]) -> Option<&'n str> {
    let members = member_names(json.get().as_bytes())?;
    let count = |name: &str| members.iter().filter(|member| **member == format!("\"{name}\"").as_bytes()).count();
    names.iter().copied().find(|name| count(name) > 1)
}

fn items_of(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

/// A parsed field; `None` for a non-finite number or an invalid string.
pub(super) fn value_of(json: &RawValue) -> Option<Value> {
    serde_json::from_str(json.get()).ok()
}

/// The error in a field `error`; `None` if the value reports success, as some services do.
pub(super) fn error_text(error: &RawValue) -> Option<String> {
    value_of(error).filter(|error| !is_success("", error)).map(|error| text_of(&error))
}

/// A value as JSON, with its look-alikes of ASCII characters named.
fn named(value: &Value) -> String {
    let json = shown_whole(&value.to_string());
    match lookalikes(&json) {
        Some(named) => format!("{json} ({named})"),
        None => json,
    }
}

/// A string without its quotes, anything else as JSON.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// True if a value in an error reports success, such as `{"code": 0, "message": "ok"}`. Empty values do.
fn is_success(name: &str, value: &Value) -> bool {
    const WORDS: [&str; 6] = ["false", "no", "ok", "okay", "success", "no error"];
    const CODES: [&str; 5] = ["code", "status", "statuscode", "errorcode", "errno"];
    const FLAGS: [&str; 3] = ["success", "successful", "ok"];
    const TEXTS: [&str; 9] =
        ["message", "msg", "error", "errors", "detail", "details", "description", "reason", "title"];
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let name = plain(name);
    let is_code = CODES.contains(&name.as_str());
    match value {
        Value::Bool(flag) if FLAGS.contains(&name.as_str()) => *flag,
        Value::Number(code) if is_code => matches!(code.as_u64(), Some(0 | 200)),
        Value::String(code) if is_code && matches!(code.trim(), "0" | "200") => true,
        Value::String(text) => {
            let text = text.trim().trim_end_matches(['.', '!']);
            is_empty(value) || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        Value::Array(values) => values.iter().all(|value| is_success("", value)),
        Value::Object(fields) => {
            // If a code reports success, fields that are neither codes nor texts, such as the number of a call, are
            // ignored.
            let says = |(name, value): &(&String, &Value)| {
                let name = plain(name);
                let is_in = |names: &[&str]| names.contains(&name.as_str());
                (is_in(&CODES) || is_in(&FLAGS), is_in(&TEXTS), is_success(&name, value))
            };
            let has_code = fields.iter().any(|field| matches!(says(&field), (true, _, true)));
            let counts = |(is_code, is_text, _): (bool, bool, bool)| !has_code || is_code || is_text;
            fields
                .iter()
                .map(|field| says(&field))
                .filter(|message| counts(*message))
                .all(|(.., is_success)| is_success)
        }
        _ => is_empty(value),
    }
}

/// True for a value without content: null, false, 0, blank text, or a list or object of such values.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => {
            let text = text.trim();
            text.is_empty() || ["none", "null", "nan", "n/a"].iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        Value::Array(values) => values.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
    }
}

/// True if a field that should hold a list is empty, or a non-finite number.
fn is_without_value(list: &RawValue) -> bool {
    let is_other = || !list.get().starts_with(['{', '[', '"']);
    value_of(list).map_or_else(is_other, |value| is_empty(&value))
}

/// An id as a whole number, or as text with or without separators. Text with invisible characters at its ends is
/// refused.
pub(super) fn whole_number(json: &RawValue) -> Option<u64> {
    // From 2^53 on, floating-point numbers skip whole ones.
    const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;
    match value_of(json)? {
        Value::String(text) => {
            let has_hidden_ends = text.trim_ascii().starts_with(is_hidden) || text.trim_ascii().ends_with(is_hidden);
            parse_content_id(text.as_bytes()).filter(|_| !has_hidden_ends)
        }
        Value::Number(number) if number.is_f64() => {
            // The JSON parser may be off by one unit in the last place; the standard library is exact.
            let float: f64 = json.get().parse().ok()?;
            let is_whole = float.fract() == 0.0 && (1.0..FIRST_INEXACT).contains(&float);
            is_whole.then(|| format!("{float:.0}")).and_then(|text| parse_plain_id(text.as_bytes()))
        }
        Value::Number(number) => parse_plain_id(number.to_string().as_bytes()),
        _ => None,
    }
}
