//! Check of the run file, the JSON that names the inputs and outputs of a run.

use chrono::DateTime;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::Value;

use super::facts::Facts;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::recorded_run::{RecordedFile, RecordedRun, SeriesRecord};
use crate::format::input_role::InputRole;
use crate::format::instant::instant_text;
use crate::format::non_completed::RequestIdStyle;
use crate::format::record::BYTE_ORDER_MARK;
use crate::plan::calendar::Calendar;
use crate::plan::mix::Mix;
use crate::plan::rhythm::{SeriesDay, SeriesPlan};
use crate::plan::settings::{Settings, parse_now};
use crate::record::run_record::RunRecord;
use crate::text::digest::is_sha256;
use crate::text::json_error::json_words;
use crate::text::lines::column_behind;
use crate::text::problem::Place;
use crate::text::visible::{shown, shown_whole};

/// Checks a run file. The number of rows is that of the outputs that it names.
pub(super) fn check<'a>(bytes: &[u8], findings: &mut Findings) -> (Facts<'a>, usize) {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        let text = "the file begins with a byte order mark; a run file begins with {";
        findings.report(FindingKind::ByteOrderMark, (Place::START, text));
    }
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let value: Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(error) => {
            let sentence = format!("not JSON ({}); a run file is one JSON object", json_words(&error));
            findings.report(FindingKind::NotJson, (place_of(text, &error), sentence));
            return (Facts::Nothing, 0);
        }
    };
    if !value.is_object() {
        findings.report(FindingKind::NotJson, (Place::START, "not a JSON object; a run file is one JSON object"));
        return (Facts::Nothing, 0);
    }
    for (field, what, is_right) in FIELDS {
        match value.get(field) {
            Some(found) if is_right(found) => {}
            Some(_) => bad_field(findings, field, format!("the field {field} should be {what}")),
            None => bad_field(findings, field, format!("the field {field} is missing; it should be {what}")),
        }
    }
    warn_of_damage(&value, findings);
    let (inputs, outputs) = (files(&value, "inputs", findings), files(&value, "outputs", findings));
    let (calendar, seed) = (calendar(&value), value.get("seed").and_then(seed));
    let (mix, series) = (mix(&value, findings), series(&value, findings));
    let tables = tables(&value);
    settings(&value, findings);
    let is_sound = !findings.has_errors();
    let byte_order_mark = value.get("byte_order_mark").and_then(Value::as_bool);
    let request_id = value.get("request_id").and_then(|style| RequestIdStyle::deserialize(style).ok());
    let record =
        RecordedRun { is_sound, calendar, seed, inputs, tables, outputs, mix, series, byte_order_mark, request_id };
    let rows = record.outputs.len();
    (Facts::Record(record), rows)
}

fn bad_field(findings: &mut Findings, field: &str, text: String) {
    findings.report(FindingKind::BadJsonField, FindingDraft::from((Place::START, text)).field(field));
}

/// Reports settings that no command can read. A missing setting has its default.
fn settings(record: &Value, findings: &mut Findings) {
    let program = record.get("program").filter(|program| program.as_str() != Some("btcfake"));
    if program.is_some() {
        bad_field(findings, "program", "the field program should be \"btcfake\"".to_owned());
    }
    let usual = RunRecord::new(Settings::new(DateTime::UNIX_EPOCH, 0), Vec::new(), Vec::new());
    for name in ["time_zone", "byte_order_mark", "request_id", "bad_rows", "population"] {
        let Some(value) = record.get(name).filter(|value| !value.is_null()) else { continue };
        let mut with_it = serde_json::to_value(&usual).unwrap_or_default();
        with_it[name] = value.clone();
        if let Err(error) = RunRecord::deserialize(with_it) {
            bad_field(findings, name, format!("the field {name}: {}", shown_whole(&json_words(&error))));
        }
    }
}

/// Warns that the feed was broken on purpose; that is not an error of the run file.
fn warn_of_damage(record: &Value, findings: &mut Findings) {
    let broken = record.get("broken").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if !broken.is_empty() {
        let kinds = broken.iter().filter_map(|damage| damage.get("kind").and_then(Value::as_str));
        let mut kinds: Vec<String> = kinds.map(shown).collect();
        kinds.sort();
        kinds.dedup();
        let text = format!("this feed was broken on purpose ({}); see broken in this file", kinds.join(", "));
        findings.warn(FindingKind::BrokenOnPurpose, FindingDraft::from((Place::START, text)).field("broken"));
    }
}

fn calendar(record: &Value) -> Option<Calendar> {
    let text = |field: &str| record.get(field).and_then(Value::as_str);
    let now = parse_now(text("now")?).ok()?;
    Some(Calendar::of(now, text("time_zone")?.parse().ok()?))
}

/// A required field: its name, the description of its type, and the test of a value.
type RecordField = (&'static str, &'static str, fn(&Value) -> bool);

const FIELDS: [RecordField; 5] = [
    ("version", "the version of the program, as text", Value::is_string),
    ("seed", "the seed of the run, a whole number", |value| seed(value).is_some()),
    ("now", "the instant of the run, such as \"2026-01-29T10:43:05Z\"", is_instant),
    ("inputs", "a list of files with role, name, bytes and sha256", Value::is_array),
    ("outputs", "a list of files with name, bytes and sha256", Value::is_array),
];

fn is_instant(value: &Value) -> bool {
    value.as_str().is_some_and(|text| crate::format::instant::parse_instant(text).is_some())
}

fn seed(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The mix of the run and its seed, if it has one.
fn mix(record: &Value, findings: &mut Findings) -> Option<(Mix, u64)> {
    let found = record.get("mix").filter(|mix| !mix.is_null())?;
    let error = match found.as_str().map(str::parse::<Mix>) {
        Some(Ok(mix)) => return Some((mix, record.get("seed").and_then(seed)?)),
        Some(Err(error)) => error.to_string(),
        None => format!("it should be text such as {}", Mix::USUAL),
    };
    bad_field(findings, "mix", format!("the field mix: {error}"));
    None
}

/// The series of the run with seed, instant and time zone, if the run file has one.
fn series(record: &Value, findings: &mut Findings) -> Option<SeriesRecord> {
    let found = record.get("series").filter(|series| !series.is_null())?;
    let day = SeriesDay::deserialize(found);
    if let Err(error) = &day {
        bad_field(findings, "series", format!("the field series: {}", shown_whole(&json_words(error))));
    }
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let mut inputs = ["inputs", "tables"].into_iter().filter_map(|name| record.get(name)?.as_array()).flatten();
    let is_recommendations = |input: &Value| input.get("role").and_then(Value::as_str) == Some("recommendations");
    let (day, zone) = (day.ok()?, text("time_zone").and_then(|name| name.parse().ok())?);
    let now = text("now").and_then(|now| parse_now(now).ok())?;
    let mut instants = day.rhythm.instants(zone).take(SeriesPlan::MOST_DAYS as usize);
    if instants.nth((day.day as usize).saturating_sub(1)) != Some(now) {
        let text =
            format!("the field series: day {} of it is not at {}, the now of this run", day.day, instant_text(now));
        bad_field(findings, "series", text);
    }
    Some(SeriesRecord {
        day,
        seed: record.get("seed").and_then(seed)?,
        now,
        zone,
        with_recommendations: inputs.any(is_recommendations),
    })
}

fn files(record: &Value, field: &str, findings: &mut Findings) -> Vec<RecordedFile> {
    let entries = record.get(field).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (mut files, mut names) = (Vec::new(), FxHashSet::default());
    for (index, entry) in entries.iter().enumerate() {
        let Some(name) = entry.get("name").and_then(Value::as_str) else {
            let text = format!("{field}[{index}] has no name; each file has name, bytes and sha256");
            bad_field(findings, field, text);
            continue;
        };
        let bytes = entry.get("bytes").and_then(Value::as_u64);
        let sha256 = entry.get("sha256").and_then(Value::as_str).filter(|text| is_sha256(text));
        if bytes.is_none() {
            bad_field(findings, field, format!("{field}[{index}] ({name}) has no bytes; write its size as a number"));
        }
        if sha256.is_none() {
            let text = format!("{field}[{index}] ({name}) has no sha256; write it as 64 hexadecimal digits");
            bad_field(findings, field, text);
        }
        let place = format!("{field}[{index}] ({})", shown(name));
        if field == "outputs" && !names.insert(name) {
            bad_field(findings, field, format!("{place} is named twice; each file of a run has a name of its own"));
        }
        let without_folder = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
        if field == "outputs" && without_folder != name {
            bad_field(
                findings,
                field,
                format!("{place} has a folder in its name; the files of a run lie beside the run file"),
            );
        }
        let role = entry.get("role").and_then(Value::as_str).map(str::to_owned);
        if let Some(role) = entry.get("role")
            && let Err(error) = InputRole::deserialize(role)
        {
            bad_field(findings, field, format!("{place} has a wrong role: {}", shown_whole(&json_words(&error))));
        }
        let name = without_folder;
        let built_in = entry.get("built_in").and_then(Value::as_bool).unwrap_or_default();
        files.push(RecordedFile { name, role, built_in, bytes, sha256: sha256.map(str::to_ascii_lowercase) });
    }
    files
}

/// The roles of the tables of a run inside Databricks.
fn tables(record: &Value) -> Vec<String> {
    let tables = record.get("tables").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    tables.iter().filter_map(|table| table.get("role").and_then(Value::as_str)).map(str::to_owned).collect()
}

/// The place at which the JSON parser stopped, with the column in characters.
fn place_of(text: &[u8], error: &serde_json::Error) -> Place {
    let line = text.split(|byte| *byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = &line[..error.column().saturating_sub(1).min(line.len())];
    Place::new(u32::try_from(error.line().max(1)).unwrap_or(u32::MAX), column_behind(before))
}
