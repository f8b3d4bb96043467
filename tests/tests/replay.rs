//! `btcfake replay`: repetition of a run from its run file, and the messages if that is impossible.

#![allow(clippy::unwrap_used)]

use std::fs;

use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW};
use btcfake_tests::sample_inputs::SampleInputs;
use serde_json::{Value, json};

/// A folder with a run in `out` over sample inputs in `inputs`.
struct Ran {
    folder: Folder,
    feed: Feed,
    run_file: String,
}

impl Ran {
    fn new() -> Ran {
        let folder = Folder::new();
        let inputs = SampleInputs::write(&folder, 60, 50);
        let mut arguments = vec!["simulate", "--now", NOW, "--seed", "9", "--out", "out", "--bom"];
        arguments.extend(["--timezone", "America/New_York", "--request-id", "fake-day"]);
        arguments.extend(inputs.options());
        let _ = folder.run(&arguments).exits(0);
        let feed = Feed::only(&folder, "out");
        let run_file = format!("out/{}", feed.run_name);
        Ran { folder, feed, run_file }
    }

    fn replay(&self, more: &[&str]) -> Outcome {
        self.folder.run(&[&["replay", self.run_file.as_str()], more].concat())
    }

    /// Changes the run file.
    fn tamper(&self, change: impl FnOnce(&mut Value)) {
        let mut run = self.feed.run.clone();
        change(&mut run);
        self.folder.write(&self.run_file, serde_json::to_vec(&run).unwrap());
    }
}

#[test]
fn a_run_is_repeated_to_the_byte() {
    let ran = Ran::new();
    let outcome = ran.replay(&[]).exits(0);
    let feed = &ran.feed;
    let mut expected = [&feed.completions_name, &feed.assignments_name, &feed.user_completion_name]
        .map(|name| format!("{name}: the same bytes\n"))
        .concat();
    expected.push_str("The run was repeated to the byte.\n");
    assert_eq!(outcome.stdout, expected);
    assert_eq!(outcome.stderr, "");
    assert_eq!(ran.folder.names("out").len(), 4, "a replay writes nothing");
}

#[test]
fn the_working_folder_makes_no_difference() {
    let ran = Ran::new();
    fs::create_dir(ran.folder.path("elsewhere")).unwrap();
    let run_file = ran.folder.path(&ran.run_file);
    for (folder, path) in [
        ("elsewhere", format!("../{}", ran.run_file)),
        ("out", ran.feed.run_name.clone()),
        ("elsewhere", run_file.display().to_string()),
    ] {
        let mut command = ran.folder.command(&["replay", &path]);
        let _ = Outcome::of(command.current_dir(ran.folder.path(folder))).exits(0);
    }
}

#[test]
fn files_that_were_moved_together_are_found() {
    let ran = Ran::new();
    fs::create_dir(ran.folder.path("archive")).unwrap();
    for name in ["inputs", "out"] {
        fs::rename(ran.folder.path(name), ran.folder.path(&format!("archive/{name}"))).unwrap();
    }
    let _ = ran.folder.run(&["replay", &format!("archive/{}", ran.run_file)]).exits(0);
}

#[test]
fn inputs_that_were_moved_are_found_in_the_folders_that_are_named() {
    let ran = Ran::new();
    fs::rename(ran.folder.path("inputs"), ran.folder.path("moved")).unwrap();
    let outcome = ran.replay(&[]).exits(1);
    assert!(
        outcome.stderr.contains("employees.csv: not found at ") && outcome.stderr.contains("--input-dir"),
        "{}",
        outcome.stderr
    );
    let _ = ran.replay(&["--input-dir", "moved"]).exits(0);
    let _ = ran.replay(&["--input-dir", "none"]).exits(1);
    // The usual places are searched, too: only inputs that were moved elsewhere need an option.
    ran.folder.write("other/employees.csv", ran.folder.text("moved/employees.csv"));
    fs::remove_file(ran.folder.path("moved/employees.csv")).unwrap();
    let _ = ran.replay(&["--input-dir", "other"]).exits(1);
    let _ = ran.replay(&["--input-dir", "none", "--input-dir", "moved", "--input-dir", "other"]).exits(0);
    ran.folder.write("moved/employees.csv", ran.folder.text("other/employees.csv"));
    // Inputs beside the run file are found without an option.
    for name in ran.folder.names("moved") {
        fs::rename(ran.folder.path(&format!("moved/{name}")), ran.folder.path(&format!("out/{name}"))).unwrap();
    }
    let _ = ran.replay(&[]).exits(0);
    fs::remove_file(ran.folder.path("out/employees.csv")).unwrap();
    let _ = ran.replay(&[]).exits(1);
    let _ = ran.replay(&["--input-dir", "other"]).exits(0);
}

/// Relative paths in the run file start at the real folder, not at the link.
#[cfg(unix)]
#[test]
fn a_feed_in_a_linked_folder_finds_its_inputs() {
    let folder = Folder::new();
    folder.write("in/people.csv", "employee_id,employee_edu_type\n1,a\n").write("real/deep/er/readme.txt", "");
    std::os::unix::fs::symlink(folder.path("real/deep/er"), folder.path("link")).unwrap();
    let _ = folder
        .run(&["simulate", "--employees", "in/people.csv", "--now", NOW, "--seed", "1", "--out", "link"])
        .exits(0);
    let names = folder.names("link");
    let run = names.iter().find(|name| name.starts_with("run_")).unwrap();
    let _ = folder.run(&["replay", &format!("link/{run}")]).exits(0);
    let _ = folder.run(&["replay", &format!("real/deep/er/{run}")]).exits(0);
}

#[test]
fn an_input_that_was_changed_is_named_and_found_elsewhere() {
    let ran = Ran::new();
    // The changed table has the size of the recorded one, so the change is noticed while it is parsed.
    for (name, from, to) in [("employees.csv", "\n", "\n# one more line\n"), ("content_completion.csv", "-0", "-x")] {
        let path = format!("inputs/{name}");
        let right = ran.folder.text(&path);
        ran.folder.write(&path, right.replacen(from, to, 1));
        let outcome = ran.replay(&[]).exits(1);
        let expected = format!("{path}: this is not the file that the run was made from");
        assert!(outcome.stderr.contains(&expected) && outcome.stderr.lines().count() == 1, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
        ran.folder.write("inputs/kept.csv", right.clone());
        let _ = ran.replay(&[]).exits(0);
        ran.folder.write(&path, right);
    }
}

#[test]
fn a_changed_output_is_reported() {
    let ran = Ran::new();
    let name = format!("out/{}", ran.feed.assignments_name);
    ran.folder.write(&name, ran.feed.assignments.clone() + "\n");
    let outcome = ran.replay(&[]).exits(1);
    let line = format!("{}: the file beside the run file was CHANGED since\n", ran.feed.assignments_name);
    assert!(outcome.stdout.contains(&line), "{}", outcome.stdout);
    let last = "The run was repeated to the byte, but a file beside the run file was changed.\n";
    assert!(outcome.stdout.ends_with(last), "{}", outcome.stdout);
    // The files are written all the same.
    let outcome = ran.replay(&["--out", "again"]).exits(1);
    assert!(outcome.stdout.ends_with(last), "{}", outcome.stdout);
    assert_eq!(Feed::only(&ran.folder, "again").assignments, ran.feed.assignments);
    // A missing output is no change: the run can still be repeated.
    fs::remove_file(ran.folder.path(&name)).unwrap();
    let gone = format!("{}: not beside the run file any more\n", ran.feed.assignments_name);
    let outcome = ran.replay(&[]).exits(0);
    assert!(outcome.stdout.contains(&gone), "{}", outcome.stdout);
}

#[test]
fn the_files_of_a_run_file_are_compared_one_to_one_in_any_order() {
    let names =
        |feed: &Feed| [&feed.completions_name, &feed.assignments_name, &feed.user_completion_name].map(String::clone);
    let check = |change: fn(&mut Vec<Value>), expected: fn([&str; 3]) -> String| {
        let ran = Ran::new();
        ran.tamper(|run| change(run["outputs"].as_array_mut().unwrap()));
        let names = names(&ran.feed);
        let expected = expected([&names[0], &names[1], &names[2]].map(String::as_str));
        let is_repeated = expected.ends_with("The run was repeated to the byte.\n");
        for options in [&[][..], &["--out", "again"]] {
            let outcome = ran.replay(options).exits(i32::from(!is_repeated));
            assert_eq!(outcome.stdout, expected);
        }
        assert_eq!(ran.folder.path("again").exists(), is_repeated);
    };
    check(
        |outputs| outputs.swap(0, 1),
        |[completions, assignments, dummy]| {
            let all = [assignments, completions, dummy].map(|name| format!("{name}: the same bytes\n")).concat();
            all + "The run was repeated to the byte.\n"
        },
    );
    check(
        |outputs| outputs[2] = outputs[0].clone(),
        |[completions, assignments, dummy]| {
            let all = [completions, assignments].map(|name| format!("{name}: the same bytes\n")).concat();
            let last = format!("{completions}: named twice in the run file\n{dummy}: not named in the run file\n");
            all + &last + "The run was NOT repeated.\n"
        },
    );
    check(Vec::clear, |names| {
        names.map(|name| format!("{name}: not named in the run file\n")).concat() + "The run was NOT repeated.\n"
    });
}

#[test]
fn the_files_can_be_written_again() {
    let ran = Ran::new();
    let _ = ran.replay(&["--out", "again"]).exits(0);
    let again = Feed::only(&ran.folder, "again");
    assert_eq!((&again.completions, &again.assignments), (&ran.feed.completions, &ran.feed.assignments));
    assert_eq!(again.user_completion, ran.feed.user_completion);
    assert_eq!(again.run, ran.feed.run);
    let refused = ran.replay(&["--out", "again"]).exits(1);
    assert!(refused.stderr.contains("exists already"), "{}", refused.stderr);
}

/// Regression: the copied run file had paths relative to the old folder, and could not be repeated.
#[test]
fn a_run_written_again_elsewhere_can_be_repeated_there() {
    let ran = Ran::new();
    let _ = ran.replay(&["--out", "some/where/else"]).exits(0);
    let _ = ran.folder.run(&["replay", &format!("some/where/else/{}", ran.feed.run_name)]).exits(0);
}

/// Regression: a differing run was written, with a wrong run file.
#[test]
fn a_run_that_is_not_the_same_is_not_written_again() {
    let ran = Ran::new();
    ran.tamper(|run| run["seed"] = json!(10));
    let _ = ran.replay(&["--out", "again"]).exits(1);
    assert_eq!(ran.folder.names("again"), [""; 0]);
}

#[test]
fn another_seed_in_the_run_file_is_noticed() {
    let ran = Ran::new();
    ran.tamper(|run| run["seed"] = json!(10));
    let outcome = ran.replay(&[]).exits(1);
    assert!(outcome.stdout.contains("DIFFERENT bytes"), "{}", outcome.stdout);
}

#[test]
fn a_tampered_run_file_is_an_error_and_no_crash() {
    let ran = Ran::new();
    type Change = fn(&mut Value);
    let changes: [(&str, Change, i32); 14] = [
        ("a name with a path", |run| run["inputs"][0]["name"] = json!("../inputs/employees.csv"), 1),
        ("a name that is absolute", |run| run["inputs"][0]["name"] = json!("/etc/passwd"), 1),
        ("a name that goes up", |run| run["inputs"][0]["name"] = json!(".."), 1),
        ("an output outside", |run| run["outputs"][0]["name"] = json!("../inputs/employees.csv"), 1),
        ("a path to another file", |run| run["inputs"][0]["path"] = json!("/etc/passwd"), 1),
        ("a device", |run| run["inputs"][0]["path"] = json!("/dev/zero"), 1),
        ("no input", |run| run["inputs"] = json!([]), 1),
        ("no output", |run| run["outputs"] = json!([]), 1),
        ("an unknown role", |run| run["inputs"][0]["role"] = json!("spoon"), 1),
        ("employees built in", |run| run["inputs"][0]["built_in"] = json!(true), 1),
        ("an unknown zone", |run| run["time_zone"] = json!("Mars/Olympus"), 1),
        ("a year out of reach", |run| run["now"] = json!("9999-12-31T00:00:00Z"), 1),
        ("a seed that is none", |run| run["seed"] = json!(-1), 1),
        (
            "fields of a later version",
            |run| {
                run["more"] = json!({"a": 1});
                run["version"] = json!("99.0.0");
            },
            0,
        ),
    ];
    for (case, change, code) in changes {
        ran.tamper(change);
        let outcome = ran.replay(&[]);
        assert_eq!(outcome.code, Some(code), "{case}: {outcome:?}");
        assert!(!outcome.stderr.contains("panicked"), "{case}: {}", outcome.stderr);
    }
    for (text, part) in [
        ("", "this is no run file: nothing is in it (line 1, column 1)"),
        ("{", "this is no run file: the text ends in the middle of an object (line 1, column 1)"),
        ("employee_id\n", "this is no run file: no JSON value stands here (line 1, column 1)"),
        ("[1]", "this is no run file: a list stands where the JSON object of a run belongs\n"),
    ] {
        ran.folder.write(&ran.run_file, text);
        assert!(ran.replay(&[]).exits(1).stderr.contains(part), "{text}");
    }
    let _ = ran.folder.run(&["replay", "none.json"]).exits(1);
}

/// Changes a run file into one whose state came from tables inside Databricks.
fn take_state_from_tables(run: &mut Value) {
    let is_state = |input: &Value| input["role"] == "assignments" || input["role"] == "completions";
    let inputs = run["inputs"].as_array_mut().unwrap();
    let tables: Vec<Value> = inputs.extract_if(.., |input| is_state(input)).collect();
    assert_eq!(tables.len(), 2);
    run["tables"] = json!(tables);
}

#[test]
fn a_run_from_tables_is_not_repeated_from_its_files() {
    let ran = Ran::new();
    ran.tamper(take_state_from_tables);
    let part = "this run was made from tables, such as content_assignments.csv, whose rows a run file does not have";
    assert!(ran.replay(&[]).exits(1).stderr.contains(part));
}

#[test]
fn the_check_knows_that_a_run_from_tables_had_a_state() {
    let ran = Ran::new();
    ran.tamper(take_state_from_tables);
    let _ = ran.folder.run(&["check", "out"]).exits(0);
    ran.tamper(|run| {
        take_state_from_tables(run);
        run["tables"] = json!([]);
    });
    let _ = ran.folder.run(&["check", "out"]).exits(1);
}
