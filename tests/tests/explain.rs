//! `btcfake explain`: the rows of one employee and their derivation, for a new run and for a recorded one.

#![allow(clippy::unwrap_used)]

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW, small_catalog};
use serde_json::Value;

const EMPLOYEES: &str = "employee_id,employee_edu_type\n101,a\n102,b\n# 103,a  <- on leave\n104,f\n105,a\n";
const ASSIGNMENTS: &str = "\
    ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
    102,1000004,2026-01-20 00:01:00,,2026-01-24 00:00:00,2026-01-27 00:00:01,\n\
    101,77,2026-01-10 00:00:00,,,,Video\n\
    101,77,2026-01-12 00:00:00,,,,Video\n\
    101,78,2026-01-12 00:00:00,,,,\n";
const COMPLETIONS: &str = "ba_id,content_id,completion_date\n101,78,2026-01-17\n101,1000001,2025-06-01\n";
const RECOMMENDATIONS: &str = "\
    {\"ba_id\": 101, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 78},\
    {\"recommended_content_id\": 77}, {\"recommended_content_id\": \"574,327\", \"recommended_content\": \"Clients\"}]}}}\n\
    {\"ba_id\": 104, \"error\": \"timed out\"}\n";

/// A folder with the inputs of one run, and that run in `out`.
fn ran() -> (Folder, Feed) {
    let folder = Folder::new();
    let _ = folder.write("employees.csv", EMPLOYEES).write("catalog.csv", small_catalog());
    let _ = folder.write("assigned.csv", ASSIGNMENTS).write("completed.csv", COMPLETIONS);
    let _ = folder.write("recommended.jsonl", RECOMMENDATIONS);
    let _ = folder.run(&[&["simulate", "--out", "out"][..], &OPTIONS].concat()).exits(0);
    let feed = Feed::only(&folder, "out");
    (folder, feed)
}

const OPTIONS: [&str; 14] = [
    "--now",
    NOW,
    "--seed",
    "9",
    "--employees",
    "employees.csv",
    "--standalone-content",
    "catalog.csv",
    "--assignments",
    "assigned.csv",
    "--completions",
    "completed.csv",
    "--recommendations",
    "recommended.jsonl",
];

/// The time of an instant on the day of the run, as an explanation writes it.
fn time(instant: &str) -> &str {
    let time = instant.trim_end_matches('Z').strip_prefix("2026-01-29T").unwrap();
    time.strip_suffix(":00").unwrap_or(time)
}

/// The text without the rows of the files, which are compared with the files.
fn check(folder: &Folder, feed: &Feed, id: &str, expected: &str) {
    let outcome = folder.run(&[&["explain", id][..], &OPTIONS].concat()).exits(0);
    assert_eq!(outcome.stderr, "");
    let (explained, rows) = outcome.stdout.split_once("Rows in the files\n").unwrap();
    assert_eq!(explained, expected, "{id}");
    let rows: Vec<&str> = rows.lines().map(str::trim_start).filter(|line| line.starts_with('"')).collect();
    let start = format!("\"{id}\",");
    let files = feed.completions.lines().chain(feed.assignments.lines());
    assert_eq!(rows, files.filter(|row| row.starts_with(&start)).collect::<Vec<_>>(), "{id}");
}

#[test]
fn every_row_of_an_employee_is_explained() {
    let (folder, feed) = ran();
    let times: Vec<String> =
        feed.completion_rows().iter().map(|row| format!("{:<8}  {:<9}", time(&row[2]), time(&row[3]))).collect();
    check(
        &folder,
        &feed,
        "101",
        &format!(
            "Employee 101, completes all (a)
  Line 2 of employees.csv: 101,a
  In the run of 2026-01-29T18:00:00Z with the seed 9
What was open
  1 of 3 assigned rows open. Times are UTC.
  Outcome                               Content  Name       Assigned          Begin             Due               Line
  does not count: assigned again later  77       (no name)  2026-01-10 00:00  2026-01-10 00:00  2026-01-17 00:00  3
  open                                  77       (no name)  2026-01-12 00:00  2026-01-12 00:00  2026-01-19 00:00  4
  not open: completed                   78       (no name)  2026-01-12 00:00  2026-01-12 00:00  2026-01-19 00:00  5
What was completed in the past
  None of these is assigned again.
  Completed   Content    Name        Daily Dose  Line
  2026-01-17  78         (no name)   no          2
  2025-06-01  1,000,001  First dose  yes         3
Daily Doses of the day
  No conflict: 2 of 3 given.
  Outcome                          Content    Name
  left out: completed in the past  1,000,001  First dose
  given                            1,000,003  Third dose
  given                            1,000,002  Second dose
Random content
  2,000 \"The only other\", drawn from 1 content: those of the catalog that are no Daily Dose.
Recommendations
  1 of 3 on the list.
  Place  Outcome                                                           Content  Name
  1      dropped: completed on 2026-01-17, today or in the 12 days before  78       (no name)
  2      dropped: already on the list at place 1                           77       (no name)
  3      on the list at place 5                                            574,327  Clients
The list, and what was done of it
  Type a completes the whole list: all 5 done.
  The shift goes from 2026-01-29 10:00 to 2026-01-29 18:00, UTC.
  Place  Started   Completed  Content    Name            Origin           Source
  1      {}  77         (no name)       open assignment  manager
  2      {}  1,000,003  Third dose      Daily Dose       manager
  3      {}  1,000,002  Second dose     Daily Dose       manager
  4      {}  2,000      The only other  random content   manager
  5      {}  574,327    Clients         recommendation   recommender
",
            times[0], times[1], times[2], times[3], times[4]
        ),
    );
}

#[test]
fn a_conflict_is_explained_with_the_shared_week() {
    let (folder, feed) = ran();
    let row = &feed.completion_rows().into_iter().find(|row| row[0] == "102").unwrap();
    let time = format!("{:<8}  {:<9}", time(&row[2]), time(&row[3]));
    check(
        &folder,
        &feed,
        "102",
        &format!(
            "Employee 102, completes one (b)
  Line 3 of employees.csv: 102,b
  In the run of 2026-01-29T18:00:00Z with the seed 9
What was open
  1 of 1 assigned row open. Times are UTC.
  Outcome                                          Content    Name         Assigned          Begin             Due                  Line
  open: a Daily Dose, 24 h 1 s of it in this week  1,000,004  Oldest dose  2026-01-20 00:01  2026-01-24 00:00  2026-01-27 00:00:01  2
What was completed in the past
  Nothing: content_completion has no row of this employee.
Daily Doses of the day
  None: the Daily Dose 1,000,004 \"Oldest dose\" is open from 2026-01-24 00:00 to 2026-01-27 00:00:01, UTC, and 24 h 1 s of that lie in the week from 2026-01-26 to 2026-02-01: more than 24 hours.
  Outcome                      Content    Name
  not given, for the conflict  1,000,001  First dose
  not given, for the conflict  1,000,003  Third dose
  not given, for the conflict  1,000,002  Second dose
Random content
  2,000 \"The only other\", drawn from 1 content: those of the catalog that are no Daily Dose.
Recommendations
  None for this employee.
The list, and what was done of it
  Type b completes the first item and no more: 1 of 2 done.
  The shift goes from 2026-01-29 10:00 to 2026-01-29 18:00, UTC.
  Place  Started   Completed  Content    Name            Origin           Source
  1      {time}  1,000,004  Oldest dose     open assignment  manager
  2      not done             2,000      The only other  random content   manager
"
        ),
    );
}

/// The run file suffices, and gives the same text as the options of the run.
#[test]
fn a_run_file_is_enough() {
    let (folder, feed) = ran();
    let run_file = format!("out/{}", feed.run_name);
    for id in ["101", "102", "104", "105"] {
        let by_options = folder.run(&[&["explain", id][..], &OPTIONS].concat()).exits(0);
        let by_run_file = folder.run(&["explain", id, "--run", &run_file]).exits(0);
        assert_eq!(by_run_file.stdout, by_options.stdout, "{id}");
    }
    let explanation = folder.run(&["explain", "104", "--run", &run_file]).exits(0).stdout;
    assert!(explanation.contains("None: the call failed (timed out)."), "{explanation}");
    assert!(explanation.contains("Type f completes nothing: none of 4 done."), "{explanation}");
    assert_eq!(folder.names("out").len(), 4, "nothing is written");
    let both = folder.run(&["explain", "101", "--run", &run_file, "--seed", "9"]).exits(2);
    assert!(both.stderr.contains("cannot be used with '--seed <N>'"), "{}", both.stderr);
}

#[test]
fn options_without_effect_on_an_explanation_are_refused() {
    let (folder, _) = ran();
    for option in [&["--out", "other"][..], &["--details", "details.jsonl"], &["--bom"], &["--verbose"]] {
        let outcome = folder.run(&[&["explain", "101"][..], &OPTIONS, option].concat()).exits(2);
        assert!(outcome.stderr.contains(&format!("unexpected argument '{}'", option[0])), "{}", outcome.stderr);
    }
}

#[test]
fn an_employee_of_a_new_population_is_in_no_file() {
    let folder = Folder::new();
    let explain = |id: &str| folder.run(&["explain", id, "--new-population", "3", "--ids", "7-9", "--seed", "1"]);
    let explained = explain("9").exits(0).stdout;
    assert!(explained.contains("Number 3 of the new population: 3 employees with ids from 7 to 9\n"), "{explained}");
    let error = explain("6").exits(1).stderr;
    assert!(error.contains("employee 6 is not in the new population of 3 employees with ids from 7 to 9"), "{error}");
}

#[test]
fn programs_are_told_the_same() {
    let (folder, feed) = ran();
    let outcome = folder.run(&[&["explain", "101", "--json"][..], &OPTIONS].concat()).exits(0);
    let explained: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(explained["line_text"], "101,a");
    assert_eq!(explained["recommender"]["recommendations"][0]["dropped"], "completed_recently");
    assert_eq!(explained["rows"][0]["file"], feed.completions_name.as_str());
    let rows: Vec<&str> = feed.completions.lines().filter(|row| row.starts_with("\"101\"")).collect();
    assert_eq!(explained["rows"][0]["rows"], serde_json::json!(rows));
}

/// The explained rows are those before the faults; the text states that the files differ.
#[test]
fn an_explanation_says_that_the_feed_is_broken_on_purpose() {
    let (folder, feed) = ran();
    let list = "crlf,bad-date@assignments=2";
    let _ = folder.run(&[&["simulate", "--out", "broken", "--break", list][..], &OPTIONS].concat()).exits(0);
    let run_file = format!("broken/{}", Feed::only(&folder, "broken").run_name);
    let by_options = folder.run(&[&["explain", "101", "--break", list][..], &OPTIONS].concat()).exits(0).stdout;
    let by_run_file = folder.run(&["explain", "101", "--run", &run_file]).exits(0).stdout;
    assert!(by_run_file.contains("This feed was broken on purpose (crlf,bad-date@assignments=2)."), "{by_run_file}");
    assert_eq!(by_options, by_run_file);
    let whole = folder.run(&["explain", "101", "--run", &format!("out/{}", feed.run_name)]).exits(0).stdout;
    assert!(!whole.contains("on purpose"), "{whole}");
}

#[test]
fn a_type_that_a_mix_changed_is_explained() {
    let (folder, _) = ran();
    let explained = folder.run(&[&["explain", "104", "--mix", "a=100,b=0,f=0"][..], &OPTIONS].concat()).exits(0).stdout;
    assert!(explained.starts_with("Employee 104, completes all (a)\n"), "{explained}");
    assert!(
        explained.contains("In employees.csv: completes none (f); the mix of the run has changed the type."),
        "{explained}"
    );
}

#[test]
fn the_file_of_employees_is_called_by_its_name() {
    let (folder, feed) = ran();
    std::fs::rename(folder.path("employees.csv"), folder.path("Été 2026.csv")).unwrap();
    let options: Vec<&str> =
        OPTIONS.iter().map(|word| if *word == "employees.csv" { "Été 2026.csv" } else { *word }).collect();
    for (id, code, expected) in [
        ("101", 0, "Line 2 of Été 2026.csv: 101,a"),
        ("103", 1, "employee 103 is a comment in line 4 of Été 2026.csv"),
        ("1051", 1, "employee 1051 is not in Été 2026.csv."),
    ] {
        let outcome = folder.run(&[&["explain", id][..], &options].concat()).exits(code);
        assert!([outcome.stdout, outcome.stderr].concat().contains(expected), "{id}");
    }
    let mixed = folder.run(&[&["explain", "104", "--mix", "a=100,b=0,f=0"][..], &options].concat()).exits(0).stdout;
    assert!(mixed.contains("In Été 2026.csv: completes none (f); the mix"), "{mixed}");
    // A run file keeps the input's name of its own run; the renamed input is found by its content.
    let run_file = format!("out/{}", feed.run_name);
    let replayed = folder.run(&["explain", "101", "--run", &run_file, "--input-dir", "."]).exits(0).stdout;
    assert!(replayed.contains("Line 2 of employees.csv: 101,a"), "{replayed}");
}

#[test]
fn an_unknown_employee_is_refused_with_the_id_that_was_meant() {
    let (folder, _) = ran();
    for (id, code, expected) in [
        (
            "103",
            1,
            "employee 103 is a comment in line 4 of employees.csv ('# 103,a  <- on leave'), so it takes no part in the run\n",
        ),
        ("1051", 1, "employee 1051 is not in employees.csv. Did you mean 101, 105 or 102?\n"),
        ("b7", 2, "an id is digits only, from 1 to 9223372036854775807"),
    ] {
        let outcome = folder.run(&[&["explain", id][..], &OPTIONS].concat()).exits(code);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
    let no_seed = folder.run(&["explain", "101", "--employees", "employees.csv", "--now", NOW]).exits(0);
    let note = "note: no --seed is given, so one was drawn; with another, draws and times are others\n";
    assert_eq!(no_seed.stderr, note);
}
