//! `btcfake diff`: comparison of two feeds.

#![allow(clippy::unwrap_used)]

use btcfake_tests::command_line::Folder;
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
