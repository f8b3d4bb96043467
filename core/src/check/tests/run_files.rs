//! A run file: its fields, the files that it names, and the settings that these files show.

use super::{ASSIGNMENTS, ASSIGNMENTS_HEADER, COMPLETIONS, COMPLETIONS_HEADER, DUMMY, RUN, check_set, dummy, run_file};
use crate::check::own_run::{OwnRun, check_owned, errors};
use crate::check::{GivenFile, check};
use crate::text::digest::sha256;

#[test]
fn a_run_file_knows_its_files() {
    let employees: (&str, &[u8]) = ("employees.csv", b"employee_id,employee_edu_type\n7,a\n");
    let outputs: [(&str, &[u8]); 3] =
        [(COMPLETIONS, COMPLETIONS_HEADER.as_bytes()), (ASSIGNMENTS, ASSIGNMENTS_HEADER.as_bytes()), (DUMMY, &dummy())];
    let record = run_file(employees, &outputs);
    let record: (&str, &[u8]) = (RUN, record.as_bytes());
    check_set(&[outputs[0], outputs[1], outputs[2], record, employees], &[]);
    check_set(&[record], &[]);
    check_set(
        &[outputs[0], outputs[1], record],
        &["R:1:1: the output UserCompletion_v2_2026_1_29_1_5fccff.csv is named here but was not given"],
    );
    let changed = COMPLETIONS_HEADER.replace('\n', "\n\n");
    check_set(
        &[(COMPLETIONS, changed.as_bytes()), outputs[1], outputs[2], record],
        &[
            "C:2:1: a blank line; remove it, or write the row that it replaced",
            "C:1:1: it has 52 bytes, but run_2026_1_29_1_5fccff.json says that 51 were written; it is not the same file",
        ],
    );
    let other: &[u8] = b"employee_id,employee_edu_type\n8,a\n";
    let message = format!(
        "employees.csv:1:1: its SHA-256 is {}, but run_2026_1_29_1_5fccff.json says {}; it was changed after it was read, or is another file",
        sha256(other),
        sha256(employees.1)
    );
    check_set(&[record, (employees.0, other)], &[message.as_str()]);
}

#[test]
fn a_run_file_has_its_fields() {
    check_set(
        &[(
            RUN,
            b"{\"seed\": -1, \"inputs\": [], \"now\": \"2026-01-29T08:00:00Z\", \"outputs\": [{}, {\"name\": \"x\"}, {\"name\": \"x\"}]}",
        )],
        &[
            "R:1:1: the field version is missing; it should be the version of the program, as text",
            "R:1:1: the field seed should be the seed of the run, a whole number",
            "R:1:1: outputs[0] has no name; each file has name, bytes and sha256",
            "R:1:1: outputs[1] (x) has no bytes; write its size as a number",
            "R:1:1: outputs[1] (x) has no sha256; write it as 64 hexadecimal digits",
            "R:1:1: outputs[2] (x) has no bytes; write its size as a number",
            "R:1:1: outputs[2] (x) has no sha256; write it as 64 hexadecimal digits",
            "R:1:1: outputs[2] (x) is named twice; each file of a run has a name of its own",
        ],
    );
    let record = run_file(("employees.csv", b""), &[]);
    for (field, value, reason) in [
        ("time_zone", "\"Mars/Base\"", "Mars/Base"),
        ("request_id", "\"zzz\"", "'zzz' is no value that is allowed: numeric"),
        ("bad_rows", "7", "stands where"),
        ("population", "5", "an object with employees, first_id and last_id"),
    ] {
        let wrong = record.replacen('{', &format!("{{\"{field}\": {value}, "), 1);
        let report = check(&[GivenFile { name: RUN, bytes: wrong.as_bytes() }]);
        let found: Vec<&str> = report.files[0].findings.iter().map(|finding| &*finding.text).collect();
        assert!(
            matches!(found[..], [text] if text.starts_with(&format!("the field {field}: ")) && text.contains(reason)),
            "{found:?}"
        );
    }
    check_set(
        &[(RUN, b"{\n \"outputs\": [}")],
        &["R:2:14: not JSON (no JSON value stands here); a run file is one JSON object"],
    );
    check_set(&[(RUN, b"[]")], &["R:1:1: not a JSON object; a run file is one JSON object"]);
}

#[test]
fn the_settings_of_a_run_file_are_compared_with_the_files() {
    let run = OwnRun::usual();
    let outputs = run.with_record(run.outputs(), Vec::new());
    let of_day = |day: u32, from: &str| serde_json::json!({"from": from, "at": "18:00", "weekdays": false, "day": day});
    for (field, value, expected) in [
        ("byte_order_mark", true.into(), &[("byte-order-mark", 1)][..]),
        ("byte_order_mark", false.into(), &[]),
        ("request_id", "fake-day".into(), &[("bad-request-id", 1)]),
        ("request_id", "numeric".into(), &[]),
        ("seed", 12.into(), &[("other-run", 1)]),
        ("now", "2026-01-29T18:00:01Z".into(), &[("other-run", 1)]),
        ("series", of_day(2, "2026-01-28"), &[]),
        ("series", of_day(3, "2026-01-28"), &[("bad-json-field", 1)]),
        ("series", of_day(0, "2026-01-28"), &[("bad-json-field", 1)]),
        ("series", of_day(u32::MAX, "2026-01-28"), &[("bad-json-field", 1)]),
    ] {
        let mut outputs = outputs.clone();
        let record = &mut outputs.last_mut().unwrap().1;
        let mut fields: serde_json::Value = serde_json::from_slice(record).unwrap();
        fields[field] = value;
        *record = fields.to_string().into_bytes();
        let report = check_owned(&outputs);
        let mut found: Vec<(&str, usize)> = Vec::new();
        for finding in report.by_file().concat() {
            match found.iter_mut().find(|(kind, _)| *kind == finding.kind.id()) {
                Some((_, count)) => *count += 1,
                None => found.push((finding.kind.id(), 1)),
            }
        }
        assert_eq!(found, expected, "{field}: {report:?}");
    }
}

/// Each is a run with some mix, and a field of its run file with another value.
#[test]
fn a_changed_setting_of_a_run_file_is_one_finding_that_names_it() {
    let with_mix = |mix: Option<&str>| {
        let mix = mix.map(|mix| mix.parse().unwrap());
        OwnRun::new("2026-01-29T18:00:00Z", "2026-01-29".parse().unwrap(), |settings| settings.mix = mix)
    };
    let other_dates = "new assignments have other dates than now and time_zone in ";
    for (mix, field, value, expected) in [
        (None, "time_zone", "America/New_York".into(), other_dates),
        (None, "time_zone", "Asia/Kolkata".into(), other_dates),
        (None, "mix", "a=20,b=30,f=50".into(), "do not fit their types: either these rows or the mix in "),
        (
            Some("a=50,b=30,f=20"),
            "mix",
            "a=20,b=60,f=20".into(),
            "do not fit their types: either these rows or the mix in ",
        ),
        (Some("a=20,b=30,f=50"), "mix", serde_json::Value::Null, " lacks the mix of the run. The first: employee "),
        (Some("a=50,b=30,f=20"), "seed", 12.into(), "by its seed, now and time_zone, this file would be called "),
        (None, "byte_order_mark", true.into(), "begin without a byte order mark, but byte_order_mark in "),
    ] {
        let run = with_mix(mix);
        let mut files = run.with_record(run.outputs(), Vec::new());
        let record = &mut files.last_mut().unwrap().1;
        let mut fields: serde_json::Value = serde_json::from_slice(record).unwrap();
        fields[field] = value;
        *record = fields.to_string().into_bytes();
        let found = errors(&check_owned(&[files, run.inputs()].concat()));
        assert!(matches!(&found[..], [one] if one.contains(expected)), "{field}: {found:#?}");
    }
}

#[test]
fn a_file_with_another_number_in_its_name_is_one_finding() {
    let run = OwnRun::usual();
    for number in 0..4 {
        let mut files = run.with_record(run.outputs(), Vec::new());
        let name = files[number].0.replacen("_29_1_", "_29_2_", 1);
        files[number].0.clone_from(&name);
        let found = errors(&check_owned(&[files, run.inputs()].concat()));
        assert!(matches!(&found[..], [one] if one.starts_with(&name)), "{name}: {found:#?}");
    }
}
