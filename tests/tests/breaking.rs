//! `--break`: feeds with deliberate faults. `check` finds them, `replay` repeats them.

#![allow(clippy::unwrap_used)]

use btcfake_core::breakage::{Fault, FaultGroup, Preset};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::NOW;
use btcfake_tests::sample_inputs::SampleInputs;
use serde_json::Value;

/// A folder with sample inputs.
struct Bench {
    folder: Folder,
    inputs: SampleInputs,
}

impl Bench {
    fn new() -> Bench {
        let folder = Folder::new();
        let inputs = SampleInputs::write(&folder, 60, 50);
        Bench { folder, inputs }
    }

    /// Simulates into a folder.
    fn simulate(&self, out: &str, more: &[&str]) -> Outcome {
        let mut arguments = vec!["simulate", "--now", NOW, "--seed", "9", "--out", out];
        arguments.extend(self.inputs.options());
        arguments.extend(more);
        self.folder.run(&arguments)
    }

    /// Simulates a broken feed. Returns its run file and the run file's name.
    fn broken(&self, out: &str, list: &str) -> (Value, String) {
        let _ = self.simulate(out, &["--break", list]).exits(0);
        let name = self.folder.names(out).into_iter().find(|name| name.starts_with("run_")).unwrap();
        let path = format!("{out}/{name}");
        (serde_json::from_slice(&self.folder.bytes(&path)).unwrap(), path)
    }
}

/// True if the report of `check --json` has an error in a file, at `line` if given.
fn finds_at(report: &Value, file: &str, line: Option<u64>) -> bool {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let in_file = list(&report["files"]).into_iter().filter(|one| one["name"] == file);
    let between = list(&report["disagreements"]).into_iter().filter(|one| one["file"] == file);
    let is_error = |one: &Value| one["severity"] == "error" && line.is_none_or(|line| one["line"] == line);
    in_file.flat_map(|one| list(&one["problems"])).chain(between).any(|one| is_error(&one))
}

fn check_fault(bench: &Bench, fault: Fault, file: FeedFile) {
    let list = format!("{}@{}", fault.name(), file.name());
    let out = list.replace('@', "-");
    let (run, _) = bench.broken(&out, &list);
    let broken = run["broken"].as_array().unwrap();
    assert_eq!(broken.len(), 1, "{list}");
    assert_eq!((&broken[0]["kind"], &broken[0]["of"]), (&fault.name().into(), &file.name().into()), "{list}");
    let name = broken[0]["file"].as_str().unwrap();
    let with_inputs = bench.folder.run(&["check", "--json", &out, "inputs"]).exits(1);
    let report: Value = serde_json::from_str(&with_inputs.stdout).unwrap();
    let is_found = if fault == Fault::MissingFile {
        let is_missing = |one: &Value| one["kind"] == "missing-file" && one["data"]["other_file"] == name;
        report["disagreements"].as_array().unwrap().iter().any(is_missing)
    } else {
        finds_at(&report, name, broken[0]["line"].as_u64())
    };
    assert!(is_found, "{list}: {report:#}");
}

/// The finding in a file has kind, place, field and data besides its text; one between files has its old fields, too.
#[test]
fn findings_are_data_in_json() {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n7,a\n7,b\n");
    let content = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n";
    folder.write("ContentUserCompletion_V2_2026_01_29_1_5fccff.csv", content);
    folder.write("UserCompletion_v2_2026_1_29_1_5fccff.csv", "");
    let outcome = folder.run(&["check", "--json", "."]).exits(1);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let in_file = report["files"].as_array().unwrap().iter().find(|file| file["name"] == "employees.csv").unwrap();
    let text = "employee_id 7 stands in line 2 already; keep one of the two rows";
    let expected = serde_json::json!({
        "kind": "repeated-id", "severity": "error", "line": 3, "column": 1, "field": "employee_id",
        "data": {"found": "7", "other_line": 2}, "text": text, "count": 1,
    });
    assert_eq!(in_file["problems"][0], expected);
    let missing = "Non_Completed_Assignments_V2_2026_1_29_1_5fccff.csv";
    let text = format!("{missing} is missing; a run has this file too");
    let expected = serde_json::json!({
        "file": "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv", "kind": "missing-file", "severity": "error",
        "line": 1, "column": 1, "field": null, "data": {"other_file": missing}, "text": text, "count": 1,
        "place": {"line": 1, "column": 1}, "said": text,
    });
    assert_eq!(report["disagreements"][0], expected);
}

/// One file per fault; the core's tests try every file.
#[test]
fn check_finds_every_fault() {
    let bench = Bench::new();
    for (number, fault) in Fault::ALL.iter().copied().enumerate() {
        check_fault(&bench, fault, fault.files()[number % fault.files().len()]);
    }
}

#[test]
fn the_summary_says_what_was_broken_and_where() {
    let bench = Bench::new();
    let outcome =
        bench.simulate("out", &["--break", "crlf, missing-file@dummy", "--details", "details.jsonl"]).exits(0);
    let names = bench.folder.names("out");
    assert_eq!(names.len(), 3, "{names:?}");
    let text = format!(
        "Files\n  {0}\n  {1}\n  {2}\nBroken on purpose\n  {0}:1: every line ends with CRLF in place of LF (crlf)\n  {3}: the file is \
         left out (missing-file)\n",
        names[0],
        names[1],
        names[2],
        names[2].replace("run_", "UserCompletion_v2_").replace("json", "csv")
    );
    assert!(outcome.stdout.contains(&text), "{}", outcome.stdout);
    assert!(bench.folder.text("details.jsonl").lines().count() > 10);
    let outcome = bench.simulate("json", &["--break", "blank-line@assignments=2", "--json", "--quiet"]).exits(0);
    let summary: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(summary["broken"].as_array().unwrap().len(), 2);
    assert_eq!(summary["broken"][0]["kind"], "blank-line");
}

#[test]
fn the_same_faults_again_are_the_same_bytes_and_others_leave_the_rest_alone() {
    let bench = Bench::new();
    let list = "repeated-row=5,bad-date@assignments=2,wrong-date-in-name@dummy";
    let (run, run_file) = bench.broken("one", list);
    let (again, _) = bench.broken("two", list);
    assert_eq!(run["outputs"], again["outputs"]);
    let _ = bench.folder.run(&["replay", &run_file]).exits(0);
    let _ = bench.folder.run(&["replay", &run_file, "--out", "three"]).exits(0);
    for name in bench.folder.names("one").iter().filter(|name| !name.starts_with("run_")) {
        assert_eq!(bench.folder.bytes(&format!("one/{name}")), bench.folder.bytes(&format!("three/{name}")));
    }
    let _ = bench.simulate("whole", &[]).exits(0);
    let completions = run["outputs"][0]["name"].as_str().unwrap();
    let mut lines: Vec<String> = bench.folder.text(&format!("one/{completions}")).lines().map(str::to_owned).collect();
    lines.dedup();
    let whole = bench.folder.text(&format!("whole/{completions}"));
    assert_eq!(lines, whole.lines().collect::<Vec<_>>());
}

#[test]
fn a_list_that_makes_no_sense_or_a_feed_that_is_too_small_writes_nothing() {
    let bench = Bench::new();
    let outcome = bench.simulate("out", &["--break", "crfl"]).exits(2);
    assert!(outcome.stderr.contains("there is no fault 'crfl'. Did you mean 'crlf'?"), "{}", outcome.stderr);
    let outcome = bench.simulate("out", &["--break", "repeated-row=1000"]).exits(1);
    assert!(outcome.stderr.contains("ask for fewer. Nothing was written"), "{}", outcome.stderr);
    assert_eq!(bench.folder.names("out"), Vec::<String>::new());
}

#[test]
fn check_compares_what_was_broken_with_what_it_finds() {
    let bench = Bench::new();
    let (_, run_file) = bench.broken("out", "dirty-rows,crlf@assignments");
    let outcome = bench.folder.run(&["check", "out"]).exits(1);
    let faults = 11;
    assert!(
        outcome.stdout.contains(&format!("Broken on purpose: {faults} of {faults} faults found.")),
        "{}",
        outcome.stdout
    );
    let report: Value = serde_json::from_str(&bench.folder.run(&["check", "out", "--json"]).exits(1).stdout).unwrap();
    let listed = report["broken_on_purpose"]["faults"].as_array().unwrap();
    assert!(listed.len() == faults && listed.iter().all(|one| one["found"]["line"].is_u64()), "{report}");
    // A fault that was mended afterwards is not found.
    let name = bench.folder.names("out").into_iter().find(|name| name.starts_with("Non_Completed")).unwrap();
    let mended = bench.folder.text(&format!("out/{name}")).replace("\r\n", "\n");
    bench.folder.write(&format!("out/{name}"), mended);
    let outcome = bench.folder.run(&["check", "out"]).exits(1);
    assert!(outcome.stdout.contains("line ends with CRLF in place of LF (crlf): "), "{}", outcome.stdout);
    // Without the run file, the faults are unknown.
    std::fs::remove_file(bench.folder.path(&run_file)).unwrap();
    assert!(!bench.folder.run(&["check", "out"]).exits(1).stdout.contains("on purpose"));
}

/// The numbers of each kind, for more findings than a screen shows.
#[test]
fn check_counts_the_kinds_of_many_findings() {
    let bench = Bench::new();
    for (faults, expected) in [
        ("bad-date=20", "20 problems\n"),
        ("bad-date=21", "21 problems: 21 bad-time\n"),
        ("bad-date=21,crlf", ": 21 bad-time, 1 line-ending\n"),
    ] {
        let out = faults.replace(',', "-");
        let _ = bench.simulate(&out, &["--break", faults]).exits(0);
        let outcome = bench.folder.run(&["check", &out]).exits(1);
        assert!(outcome.stdout.contains(expected), "{faults}: {}", outcome.stdout);
    }
}

#[test]
fn the_list_of_faults_is_that_of_the_documentation() {
    let folder = Folder::new();
    let (text, json) = (folder.run(&["breaks"]).exits(0).stdout, folder.run(&["breaks", "--json"]).exits(0).stdout);
    let list: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(list["faults"].as_array().unwrap().len(), Fault::ALL.len());
    assert_eq!(list["presets"].as_array().unwrap().len(), Preset::ALL.len());
    let documentation = include_str!("../../docs/breaking.md");
    for group in FaultGroup::ALL {
        assert!(documentation.contains(&format!("\n### {}\n", group.title())), "{}", group.title());
        for fault in group.faults() {
            let rows = if fault.is_of_rows() { " (rows)" } else { "" };
            let files: Vec<&str> = fault.files().iter().map(|file| file.name()).collect();
            let row = format!(
                "| `{}`{rows} | {} | {} | {} |\n",
                fault.name(),
                fault.sentence(),
                fault.batch_job(),
                files.join(", ")
            );
            assert!(documentation.contains(&row), "{row}");
            assert!(text.contains(fault.title()) && text.contains(fault.batch_job()), "{text}");
        }
    }
    for preset in Preset::ALL {
        let row = format!("| `{}` | {} | `{}` |\n", preset.name, preset.sentence, preset.list);
        assert!(documentation.contains(&row), "{row}");
    }
}
