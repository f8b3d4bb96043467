//! `-` in place of a file: standard input, for each option that names an input.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::Stdio;

use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW};
use serde_json::{Value, json};

/// The options that name an input, and the beginning of the sample's file for each.
const OPTIONS: [(&str, &str); 6] = [
    ("--employees", "employees"),
    ("--standalone-content", "StandAlone"),
    ("--course-catalog", "CourseCatalog"),
    ("--assignments", "content_assignments"),
    ("--completions", "content_completion"),
    ("--recommendations", "recommendations"),
];

/// A folder with sample inputs in `inputs`.
struct Sample {
    folder: Folder,
}

impl Sample {
    fn new() -> Sample {
        let folder = Folder::new();
        let _ = folder.run(&["sample", "inputs", "--employees", "40", "--contents", "30", "--now", NOW]).exits(0);
        Sample { folder }
    }

    fn file(&self, start: &str) -> String {
        let names = self.folder.names("inputs");
        format!("inputs/{}", names.iter().find(|name| name.starts_with(start)).unwrap())
    }

    /// The inputs as options; the files of some come from standard input.
    fn options(&self, from_standard_input: &[&str]) -> Vec<String> {
        let named = |(option, start): &(&str, &str)| {
            let file = if from_standard_input.contains(option) { "-".to_owned() } else { self.file(start) };
            [(*option).to_owned(), file]
        };
        OPTIONS.iter().flat_map(named).collect()
    }

    fn run(&self, arguments: &[&str], options: &[String], standard_input: &[u8]) -> Outcome {
        let arguments: Vec<&str> = arguments.iter().copied().chain(options.iter().map(String::as_str)).collect();
        let mut command = self.folder.command(&arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program may end without reading it.
        let _ = child.stdin.take().unwrap().write_all(standard_input);
        Outcome::at_end_of(child)
    }
}

const SIMULATE: [&str; 5] = ["simulate", "--now", NOW, "--seed", "9"];

#[test]
fn every_input_may_come_from_standard_input() {
    let sample = Sample::new();
    let _ = sample.run(&[&SIMULATE[..], &["--out", "files"]].concat(), &sample.options(&[]), b"").exits(0);
    let from_files = Feed::only(&sample.folder, "files");
    for (option, start) in OPTIONS {
        let bytes = sample.folder.bytes(&sample.file(start));
        let arguments = [&SIMULATE[..], &["--out", start]].concat();
        let _ = sample.run(&arguments, &sample.options(&[option]), &bytes).exits(0);
        let feed = Feed::only(&sample.folder, start);
        assert_eq!(feed.run["outputs"], from_files.run["outputs"], "{option}");
        let recorded: Vec<&Value> =
            feed.run["inputs"].as_array().unwrap().iter().filter(|input| input["name"] == "standard input").collect();
        assert_eq!(recorded.len(), 1, "{option}");
        assert_eq!((&recorded[0]["path"], &recorded[0]["bytes"]), (&Value::Null, &json!(bytes.len())), "{option}");
    }
}

#[test]
fn a_template_series_and_explanation_may_be_made_from_it() {
    let sample = Sample::new();
    let employees = sample.folder.bytes(&sample.file("employees"));
    let template = sample.folder.bytes(&format!("files/{}", {
        let _ = sample.run(&[&SIMULATE[..], &["--out", "files"]].concat(), &sample.options(&[]), b"").exits(0);
        Feed::only(&sample.folder, "files").user_completion_name
    }));
    let arguments = [&SIMULATE[..], &["--out", "template", "--user-completion-template", "-"]].concat();
    let outcome = sample.run(&arguments, &sample.options(&[]), &template).exits(0);
    assert!(!outcome.stderr.contains("built-in"), "{}", outcome.stderr);

    let options = sample.options(&["--employees"]);
    let series = ["series", "--from", "2026-01-29", "--days", "2", "--seed", "9", "--out", "series"];
    let _ = sample.run(&series, &options, &employees).exits(0);
    assert_eq!(sample.folder.names("series"), ["2026-01-29", "2026-01-30"]);
    let again = sample.run(&series, &options, &employees).exits(0);
    assert_eq!(again.stdout.matches("already there").count(), 2, "{}", again.stdout);

    let first = String::from_utf8(employees.clone()).unwrap();
    let id = first.lines().skip(1).find_map(|line| line.split(',').next()?.parse::<u64>().ok()).unwrap().to_string();
    let explained = sample.run(&["explain", &id, "--now", NOW, "--seed", "9"], &options, &employees).exits(0);
    assert!(explained.stdout.contains(&id), "{}", explained.stdout);
}

#[test]
fn a_run_from_it_is_replayed_by_content_or_says_what_is_missing() {
    let sample = Sample::new();
    let employees = sample.folder.bytes(&sample.file("employees"));
    let arguments = [&SIMULATE[..], &["--out", "out"]].concat();
    let _ = sample.run(&arguments, &sample.options(&["--employees"]), &employees).exits(0);
    let run_file = format!("out/{}", Feed::only(&sample.folder, "out").run_name);
    let missing = sample.folder.run(&["replay", &run_file]).exits(1);
    assert!(missing.stderr.contains("--employees came from standard input, and no file in "), "{}", missing.stderr);
    assert!(missing.stderr.contains("keep what it was as a file"), "{}", missing.stderr);
    sample.folder.write("out/whatever.csv", &employees);
    let outcome = sample.folder.run(&["replay", &run_file]).exits(0);
    assert!(outcome.stdout.contains("repeated to the byte"), "{}", outcome.stdout);
}

#[test]
fn check_reads_it_and_names_it() {
    let sample = Sample::new();
    let employees = sample.folder.bytes(&sample.file("employees"));
    let clean = sample.run(&["check", "-"], &[], &employees).exits(0);
    assert!(
        clean.stdout.starts_with("standard input: employees (employees.csv), 40 rows: nothing wrong"),
        "{}",
        clean.stdout
    );
    let broken = [&employees[..], b"nobody,a\n"].concat();
    let found = sample.run(&["check", "-", &sample.file("StandAlone")], &[], &broken).exits(1);
    assert!(found.stderr.contains("standard input:"), "{}", found.stderr);
    let as_json = sample.run(&["check", "--json", "-"], &[], &employees).exits(0);
    let report: Value = serde_json::from_str(&as_json.stdout).unwrap();
    assert_eq!(report["files"][0]["path"], "standard input");
}

#[test]
fn one_option_alone_may_name_it() {
    let sample = Sample::new();
    let twice = |arguments: &[&str], options: &[String]| {
        let outcome = sample.run(arguments, options, b"").exits(2);
        assert!(outcome.stderr.contains("standard input can be read once only"), "{}", outcome.stderr);
        outcome.stderr
    };
    let options = sample.options(&["--employees", "--assignments"]);
    let message = twice(&[&SIMULATE[..], &["--out", "out"]].concat(), &options);
    assert!(message.contains("--employees - and --assignments -"), "{message}");
    let _ = twice(&["series", "--from", "2026-01-29", "--days", "2", "--out", "out"], &options);
    let _ = twice(&["explain", "104", "--now", NOW], &options);
    let _ = twice(&["check", "-", "-"], &[]);
    let _ = twice(&["run", "--employees", "-", "--user-completion-template", "-"], &[]);
    assert!(!sample.folder.path("out").exists());
}
