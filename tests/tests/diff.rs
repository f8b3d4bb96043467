//! `btcfake diff`: comparison of two feeds.

#![allow(clippy::unwrap_used)]

use std::fs::{self, File};

use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{NOW, small_catalog};
use serde_json::Value;

/// A folder with two feeds: `one` of employees 7 (type a) and 8 (type f), `two` of the same with 8 as type a.
fn two_feeds() -> Folder {
    let folder = Folder::new();
    folder.write("catalog.csv", small_catalog());
    for (name, kind) in [("one", "f"), ("two", "a")] {
        let employees = format!("employee_id,employee_edu_type\n7,a\n8,{kind}\n");
        folder.write(&format!("{name}.csv"), employees);
        let employees = format!("{name}.csv");
        let arguments = [
            "simulate",
            "--employees",
            &employees,
            "--standalone-content",
            "catalog.csv",
            "--now",
            NOW,
            "--seed",
            "1",
            "--out",
            name,
        ];
        let _ = folder.run(&arguments).exits(0);
    }
    folder
}

fn file(folder: &Folder, feed: &str, start: &str) -> String {
    let names = folder.names(feed);
    format!("{feed}/{}", names.iter().find(|name| name.starts_with(start)).unwrap())
}

#[test]
fn the_exit_code_is_that_of_diff() {
    let folder = two_feeds();
    let [run_one, run_two] = ["one", "two"].map(|feed| file(&folder, feed, "run_"));
    let [done_one, done_two] = ["one", "two"].map(|feed| file(&folder, feed, "ContentUser"));
    let [left_one, left_two] = ["one", "two"].map(|feed| file(&folder, feed, "Non_"));
    folder.write("both/a", "");
    for name in [&done_one, &left_one] {
        folder.write(&format!("both/{}", name.split_once('/').unwrap().1), folder.bytes(name));
    }
    folder.write("both/ContentUserCompletion_V2_2026_01_30_1_5fccff.csv", folder.bytes(&done_one));
    folder.write("gone.json", folder.bytes(&run_one));
    folder.write("employees_only/x", "");
    for (arguments, code) in [
        (&["one", "one"][..], 0),
        (&["one", "two"], 1),
        (&[&run_one, "one"], 0),
        (&[&run_one, &run_two], 1),
        (&[&done_one, &done_one], 0),
        (&[&done_one, &done_two], 1),
        (&[&done_one, &left_one, "--to", &done_one, &left_one], 0),
        (&[&done_one, &left_one, "--to", &done_two, &left_two], 1),
        (&["one", "--to", &done_one, &left_one], 0),
        (&[&done_one, "one"], 1),
        (&["one"], 2),
        (&["one", "one", "one"], 2),
        (&["one", "no such folder"], 2),
        (&["one", "one.csv"], 2),
        (&["one", "both"], 2),
        (&["one", "employees_only"], 2),
        (&["one", "gone.json"], 2),
        (&["-", "-"], 2),
        (&[], 2),
    ] {
        let outcome = folder.run(&[&["diff"], arguments].concat());
        assert_eq!(outcome.code, Some(code), "{arguments:?}: {outcome:?}");
        assert_eq!(code == 2, outcome.stdout.is_empty(), "{arguments:?}: {outcome:?}");
    }
}

#[test]
fn counts_and_first_rows_are_for_people_and_json_has_all() {
    let folder = two_feeds();
    let shown = folder.run(&["diff", "one", "two"]).exits(1).stdout;
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "completions: 4 rows before, 8 after: 4 added, 0 gone, 0 changed", "{shown}");
    assert!(lines[1].starts_with("  added    employee 8, content 2,000, line "), "{shown}");
    assert!(shown.contains("\nassignments: 4 rows before, 0 after: 0 added, 4 gone, 0 changed\n"), "{shown}");
    assert_eq!(lines.last(), Some(&"The feeds differ."));

    let json: Value = serde_json::from_str(&folder.run(&["diff", "one", "two", "--json"]).exits(1).stdout).unwrap();
    assert_eq!(json["same"], false);
    assert_eq!((&json["files"][0]["file"], &json["files"][0]["added"]), (&"completions".into(), &4.into()));
    let differences = json["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 8);
    assert_eq!((&differences[0]["change"], &differences[0]["employee"]), (&"added".into(), &8.into()));
    assert_eq!(differences[0]["after"]["values"][1], "2,000");
    let json: Value = serde_json::from_str(&folder.run(&["diff", "one", "one", "--json"]).exits(0).stdout).unwrap();
    assert_eq!((&json["same"], json["differences"].as_array().map(Vec::len)), (&true.into(), Some(0)));
}

#[test]
fn more_than_the_first_rows_are_counted() {
    let folder = Folder::new();
    let feed = |rows: u64| {
        let row = |id: u64| format!("\"{id}\",\"2,000\",\"2026-01-29T10:00:00Z\",\"2026-01-29T10:05:00Z\"\n");
        format!(
            "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n{}",
            (1..=rows).map(row).collect::<String>()
        )
    };
    folder.write("a.csv", feed(1)).write("b.csv", feed(24));
    let shown = folder.run(&["diff", "a.csv", "b.csv"]).exits(1).stdout;
    assert_eq!(shown.lines().filter(|line| line.starts_with("  added ")).count(), 20, "{shown}");
    assert!(shown.contains("\n  and 3 more; --json prints all\n"), "{shown}");
}

/// Makes the feed `one` again, broken, in the folder `broken`.
fn break_feed(folder: &Folder, faults: &str) {
    let arguments =
        ["simulate", "--employees", "one.csv", "--standalone-content", "catalog.csv", "--now", NOW, "--seed", "1"];
    let _ = folder.run(&[&arguments[..], &["--out", "broken", "--break", faults]].concat()).exits(0);
}

#[test]
fn a_feed_that_cannot_be_compared_is_named_with_its_path() {
    let folder = two_feeds();
    break_feed(&folder, "missing-header");
    let file = file(&folder, "broken", "ContentUser");
    for feeds in [["one", "broken"], ["broken", "one"]] {
        let refused = folder.run(&[&["diff"], &feeds[..]].concat()).exits(2);
        assert!(refused.stderr.contains(&format!("{file}:1:1: ")), "{}", refused.stderr);
    }
}

#[test]
fn the_only_run_file_of_a_folder_names_its_feed() {
    let folder = two_feeds();
    break_feed(&folder, "wrong-date-in-name");
    let _ = folder.run(&["diff", "one", "broken"]).exits(0);
    let run_file = file(&folder, "broken", "run_");
    fs::rename(folder.path(&run_file), folder.path("run.json")).unwrap();
    let refused = folder.run(&["diff", "one", "broken"]).exits(2);
    assert!(refused.stderr.contains("name the files of one"), "{}", refused.stderr);
}

#[test]
fn the_dummy_file_is_not_needed() {
    let folder = two_feeds();
    fs::remove_file(folder.path(&file(&folder, "one", "UserCompletion"))).unwrap();
    let run_file = file(&folder, "one", "run_");
    let _ = folder.run(&["diff", "one", &run_file]).exits(0);
}

#[test]
fn a_run_file_that_names_no_files_is_refused_with_the_reason() {
    let folder = two_feeds();
    let run_file = file(&folder, "one", "run_");
    let whole = folder.text(&run_file);
    for (text, expected) in [
        ("", "this is no run file: nothing is in it"),
        (&whole[..whole.len() / 2], "this is no run file: the text ends in the middle of"),
    ] {
        folder.write(&run_file, text);
        let refused = folder.run(&["diff", "two", &run_file]).exits(2);
        assert!(refused.stderr.starts_with(&format!("{run_file}: {expected}")), "{}", refused.stderr);
    }
    folder.write(&run_file, format!("\u{feff}{whole}"));
    let _ = folder.run(&["diff", "one", &run_file]).exits(0);
    let mut command = folder.command(&["diff", "one", "-"]);
    let refused = Outcome::of(command.stdin(File::open(folder.path(&run_file)).unwrap())).exits(2);
    assert!(refused.stderr.contains("standard input: no files are beside a run file from here"), "{}", refused.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_printed_is_no_difference() {
    let folder = two_feeds();
    for options in [&[][..], &["--json"]] {
        let mut command = folder.command(&[&["diff", "one", "one"], options].concat());
        let full = File::options().write(true).open("/dev/full").unwrap();
        let refused = Outcome::of(command.stdout(full)).exits(2);
        assert_eq!(refused.stderr.matches("cannot write to it").count(), 1, "{}", refused.stderr);
    }
}
