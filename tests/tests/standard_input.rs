//! `-` in place of a file: standard input, for each option that names an input.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::Stdio;

use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW};
use btcfake_tests::sample_inputs::{INPUT_OPTIONS, SampleInputs};
use serde_json::{Value, json};

/// A folder with sample inputs.
struct Sample {
    folder: Folder,
    inputs: SampleInputs,
}

impl Sample {
    fn new() -> Sample {
        let folder = Folder::new();
        let inputs = SampleInputs::write(&folder, 40, 30);
        Sample { folder, inputs }
    }

    fn bytes(&self, option: &str) -> Vec<u8> {
        self.folder.bytes(self.inputs.path(option))
    }

    /// The inputs as options; the files of some come from standard input.
    fn options<'a>(&'a self, from_standard_input: &'a [&str]) -> Vec<&'a str> {
        let path = |option, path| if from_standard_input.contains(&option) { "-" } else { path };
        self.inputs.options_with(path).collect()
    }

    fn run(&self, arguments: &[&str], options: &[&str], standard_input: &[u8]) -> Outcome {
        let arguments: Vec<&str> = arguments.iter().chain(options).copied().collect();
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
    for option in INPUT_OPTIONS {
        let bytes = sample.bytes(option);
        let out = format!("out{option}");
        let arguments = [&SIMULATE[..], &["--out", &out]].concat();
        let _ = sample.run(&arguments, &sample.options(&[option]), &bytes).exits(0);
        let feed = Feed::only(&sample.folder, &out);
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
    let employees = sample.bytes("--employees");
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
    let employees = sample.bytes("--employees");
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
    let employees = sample.bytes("--employees");
    let clean = sample.run(&["check", "-"], &[], &employees).exits(0);
    assert!(
        clean.stdout.starts_with("standard input: employees (employees.csv), 40 rows: nothing wrong"),
        "{}",
        clean.stdout
    );
    let broken = [&employees[..], b"nobody,a\n"].concat();
    let found = sample.run(&["check", "-", sample.inputs.path("--standalone-content")], &[], &broken).exits(1);
    assert!(found.stderr.contains("standard input:"), "{}", found.stderr);
    let as_json = sample.run(&["check", "--json", "-"], &[], &employees).exits(0);
    let report: Value = serde_json::from_str(&as_json.stdout).unwrap();
    assert_eq!(report["files"][0]["path"], "standard input");
}

/// What has no name is checked without one: alone, and as the file that the run file names.
#[test]
fn check_demands_no_name_of_it() {
    let sample = Sample::new();
    let options = sample.options(&[]);
    let _ = sample.run(&[&SIMULATE[..], &["--out", "out"]].concat(), &options, b"").exits(0);
    let feed = Feed::only(&sample.folder, "out");
    let says = format!("but {} says that", feed.run_name);
    for (name, text) in [(&feed.completions_name, &feed.completions), (&feed.assignments_name, &feed.assignments)] {
        let alone = sample.run(&["check", "-"], &[], text.as_bytes()).exits(0);
        assert!(alone.stdout.contains(": nothing wrong"), "{name}: {alone:?}");
        let others = sample.folder.names("out").into_iter().filter(|other| other != name);
        let others: Vec<String> = others.map(|other| format!("out/{other}")).collect();
        let with_others: Vec<&str> = ["check", "-"].into_iter().chain(others.iter().map(String::as_str)).collect();
        let whole = sample.run(&with_others, &[], text.as_bytes()).exits(0);
        assert!(whole.stdout.ends_with("The files agree with each other.\n"), "{name}: {whole:?}");
        let cut = sample.run(&with_others, &[], &text.as_bytes()[..text.len() - 1]).exits(1);
        for found in ["the last line does not end with LF", &says] {
            assert!(cut.stderr.contains(found), "{name}: {cut:?}");
        }
    }
}

#[test]
fn one_option_alone_may_name_it() {
    let sample = Sample::new();
    let twice = |arguments: &[&str], options: &[&str]| {
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
