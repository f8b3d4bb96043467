//! `btcfake series`: the same feeds as by one `simulate` a day; series that are stopped and resumed; days that are repeated
//! and checked.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use btcfake_tests::command_line::{Folder, Outcome, terminate, wait_until};
use btcfake_tests::feed::Feed;
use btcfake_tests::sample_inputs::SampleInputs;
use serde_json::Value;

/// Monday.
const FROM: &str = "2026-01-26";
/// Ten weekdays from there.
const DAYS: [&str; 10] = [
    "2026-01-26",
    "2026-01-27",
    "2026-01-28",
    "2026-01-29",
    "2026-01-30",
    "2026-02-02",
    "2026-02-03",
    "2026-02-04",
    "2026-02-05",
    "2026-02-06",
];

/// A folder with sample inputs.
struct Inputs {
    folder: Folder,
    sample: SampleInputs,
}

impl Inputs {
    fn new(employees: usize) -> Inputs {
        let folder = Folder::new();
        let sample = SampleInputs::write_for(&folder, "2026-01-26T18:00:00Z", employees, 60);
        Inputs { folder, sample }
    }

    fn arguments<'a>(&'a self, command: &[&'a str]) -> Vec<&'a str> {
        command.iter().copied().chain(self.sample.options()).collect()
    }

    /// Makes a series of `days` weekdays in `out`, with more options.
    fn series(&self, days: &str, more: &[&str]) -> Outcome {
        let command = ["series", "--from", FROM, "--days", days, "--weekdays", "--out", "out"];
        self.folder.run(&self.arguments(&[&command, more].concat()))
    }

    fn day(&self, day: &str) -> Feed {
        Feed::only(&self.folder, &format!("out/{day}"))
    }
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.stdout))
}

/// The text of every file of a folder of days, by `day/name`.
fn everything(folder: &Folder, out: &str) -> Vec<(String, Vec<u8>)> {
    let days = folder.names(out).into_iter();
    let names =
        days.flat_map(|day| folder.names(&format!("{out}/{day}")).into_iter().map(move |name| format!("{day}/{name}")));
    names.map(|name| (name.clone(), folder.bytes(&format!("{out}/{name}")))).collect()
}

#[test]
fn a_series_is_a_simulate_a_day_over_the_tables_that_the_batch_job_made() {
    let inputs = Inputs::new(60);
    let _ =
        inputs.series("10", &["--seed", "5", "--timezone", "America/New_York", "--request-id", "fake-day"]).exits(0);
    assert_eq!(inputs.folder.names("out"), DAYS);
    let folder = &inputs.folder;
    let [assignments, completions] =
        ["inputs/content_assignments.csv", "inputs/content_completion.csv"].map(|name| folder.path(name));
    let mut assigned: BTreeSet<String> = BTreeSet::new();
    for row in fs::read_to_string(&assignments).unwrap().lines().skip(1) {
        assigned.insert(row.split(',').take(2).collect::<Vec<_>>().join(" "));
    }
    for (day, now) in DAYS.iter().map(|day| (day, format!("{day}T23:00:00Z"))) {
        let simulate = [
            "simulate",
            "--seed",
            "5",
            "--timezone",
            "America/New_York",
            "--now",
            &now,
            "--out",
            "plain",
            "--request-id",
            "fake-day",
        ];
        let _ = folder.run(&inputs.arguments(&simulate)).exits(0);
        let (made, plain) = (inputs.day(day), Feed::only(folder, "plain"));
        assert_eq!(made.run_name, plain.run_name);
        assert_eq!(made.completions, plain.completions, "{day}");
        assert_eq!(made.assignments, plain.assignments, "{day}");
        fs::remove_dir_all(folder.path("plain")).unwrap();

        let mut table = fs::read_to_string(&completions).unwrap();
        for row in made.completion_rows() {
            // At 18:00 in New York the shift lies within one day there and in UTC.
            table.push_str(&format!("{},{},{}\n", row[0], row[1].replace(',', ""), &row[3][..10]));
        }
        fs::write(&completions, table).unwrap();
        let mut table = fs::read_to_string(&assignments).unwrap();
        for row in made.assignment_rows() {
            let content = row[3].replace(',', "");
            if assigned.insert(format!("{} {content}", row[0])) {
                table.push_str(&format!("{},{content},{},,{},{},{}\n", row[0], row[1], row[4], row[5], row[6]));
            }
        }
        fs::write(&assignments, table).unwrap();
    }
}

#[test]
fn the_summary_has_a_line_a_day_and_totals() {
    let inputs = Inputs::new(60);
    let outcome = inputs.series("3", &["--seed", "5"]).exits(0);
    let (table, reasons) = outcome.stdout.split_once("Employees without a Daily Dose, by reason\n").unwrap();
    let days = |text: &str| -> Vec<Vec<u64>> {
        let days = text.lines().filter(|line| line.starts_with("2026-"));
        days.map(|day| day.split_whitespace().skip(1).map(|cell| cell.parse().unwrap()).collect()).collect()
    };
    let (table, reasons) = (days(table), days(reasons));
    assert_eq!((table.len(), reasons.len()), (3, 3), "{}", outcome.stdout);
    for (day, reasons) in table.iter().zip(&reasons) {
        assert_eq!(day[5], reasons.iter().sum::<u64>(), "{}", outcome.stdout);
    }
    assert!(outcome.stdout.contains("3 from 2026-01-26 at 18:00 in UTC, weekdays only"), "{}", outcome.stdout);
    let again = json(&inputs.series("3", &["--seed", "5", "--json", "--verbose"]).exits(0));
    let new = |day: &Value| day["new_daily_doses"].as_u64().unwrap() + day["new_random_contents"].as_u64().unwrap();
    let of_days = again["days"].as_array().unwrap();
    assert_eq!(again["totals"]["new_assignments"], of_days.iter().map(new).sum::<u64>());
    for (day, date) in of_days.iter().zip(DAYS) {
        assert_eq!((&day["today"], &day["already_there"]), (&Value::from(date), &Value::from(true)));
        assert_eq!(day["folder"], format!("out/{date}"));
        let completed =
            day["details"].as_array().unwrap().iter().filter(|detail| detail["event"] == "completed").count();
        assert_eq!(completed, inputs.day(date).completed().len());
    }
    assert!(inputs.series("3", &["--seed", "5", "--quiet"]).exits(0).stdout.is_empty());
}

#[test]
fn details_of_all_days_stand_in_one_file_each_with_its_day() {
    let inputs = Inputs::new(20);
    let _ = inputs.series("2", &["--seed", "5", "--details", "details.jsonl"]).exits(0);
    let completed = |day: &str| {
        let details = inputs.folder.text("details.jsonl");
        let of_day = |line: &&str| line.starts_with(&format!("{{\"day\":\"{day}\",\"event\":\"completed\""));
        details.lines().filter(of_day).count()
    };
    for day in &DAYS[..2] {
        assert_eq!(completed(day), inputs.day(day).completed().len(), "{day}");
    }
    let over = format!("out/2026-01-28/{}", inputs.day(DAYS[0]).run_name);
    let _ = inputs.series("3", &["--seed", "5", "--details", "inputs/employees.csv"]).exits(2);
    assert!(!inputs.folder.path(&over).exists());
}

#[test]
fn a_series_goes_on_where_it_ended() {
    let inputs = Inputs::new(60);
    // Without a seed, the first day's is taken.
    let _ = inputs.series("4", &[]).exits(0);
    let first = everything(&inputs.folder, "out");
    fs::remove_dir_all(inputs.folder.path("out/2026-01-28")).unwrap();
    let outcome = inputs.series("6", &[]).exits(0);
    assert_eq!(outcome.stdout.matches("already there").count(), 3, "{}", outcome.stdout);
    let all = everything(&inputs.folder, "out");
    assert_eq!(inputs.folder.names("out"), DAYS[..6]);
    assert!(first.iter().all(|file| all.contains(file)), "what was there is as it was, and the third day is the same");
}

#[test]
fn a_day_that_is_another_is_refused_before_anything_is_written() {
    let inputs = Inputs::new(60);
    let _ = inputs.series("2", &["--seed", "5"]).exits(0);
    let before = everything(&inputs.folder, "out");
    let check = |more: &[&str], expected: &str| {
        let outcome = inputs.series("4", more).exits(1);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("Nothing was written"), "{}", outcome.stderr);
        assert_eq!(inputs.folder.names("out").len(), 2);
    };
    check(&["--seed", "6"], "it belongs to another run");
    check(&["--seed", "5", "--at", "17:00"], "it belongs to another run");
    check(&["--seed", "5", "--bom"], "it was made with other settings");
    assert_eq!(everything(&inputs.folder, "out"), before);

    let second = inputs.day(DAYS[1]);
    let name = format!("out/{}/{}", DAYS[1], second.completions_name);
    inputs.folder.write(&name, second.completions.replacen("2026", "2025", 1));
    check(&["--seed", "5"], "was changed since");
    inputs.folder.write(&name, &second.completions);
    let employees = inputs.folder.text("inputs/employees.csv");
    inputs.folder.write("inputs/employees.csv", format!("{employees}# one more comment\n"));
    check(&["--seed", "5"], "it was not made from this employees.csv");
    inputs.folder.write("inputs/employees.csv", employees);
    let _ = inputs.series("4", &["--seed", "5"]).exits(0);
}

#[test]
fn a_name_that_is_taken_is_not_overwritten() {
    let inputs = Inputs::new(20);
    let _ = inputs.series("2", &["--seed", "5"]).exits(0);
    let second = inputs.day(DAYS[1]);
    fs::remove_file(inputs.folder.path(&format!("out/{}/{}", DAYS[1], second.run_name))).unwrap();
    let outcome = inputs.series("3", &["--seed", "5"]).exits(1);
    let expected = "exists already and is not overwritten; choose another --out, or move it away";
    assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    assert_eq!(inputs.folder.names("out").len(), 2);
}

#[test]
fn a_file_that_is_gone_is_made_again_with_its_day() {
    let inputs = Inputs::new(20);
    let _ = inputs.series("2", &["--seed", "5"]).exits(0);
    let before = everything(&inputs.folder, "out");
    let second = inputs.day(DAYS[1]);
    fs::remove_file(inputs.folder.path(&format!("out/{}/{}", DAYS[1], second.assignments_name))).unwrap();
    let outcome = inputs.series("2", &["--seed", "5"]).exits(1);
    let expected = format!("is missing, though its day was finished; remove the folder out/{} and run again", DAYS[1]);
    assert!(outcome.stderr.contains(&expected) && !outcome.stderr.contains("Did you mean"), "{}", outcome.stderr);
    fs::remove_dir_all(inputs.folder.path(&format!("out/{}", DAYS[1]))).unwrap();
    let _ = inputs.series("2", &["--seed", "5"]).exits(0);
    assert_eq!(everything(&inputs.folder, "out"), before);
}

/// Ends a series while it writes, and takes it up again.
#[cfg(unix)]
fn check_taken_up_again(signal: &str) {
    let inputs = Inputs::new(5_000);
    // Enough days that the series is far from its end when the signal comes.
    let options = ["series", "--from", FROM, "--days", "30", "--weekdays", "--out", "out", "--seed", "5"];
    let arguments = inputs.arguments(&options);
    let child = inputs.folder.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("the series is at its third day", || inputs.folder.names("out").len() >= 3);
    terminate(&child, signal);
    let outcome = Outcome::at_end_of(child);
    if signal == "TERM" {
        let outcome = outcome.exits(1);
        assert!(outcome.stderr.contains("there and stay. The same command goes on from there"), "{}", outcome.stderr);
        // Finished days are complete, and the day under way is gone.
        for day in inputs.folder.names("out") {
            let _ = inputs.day(&day);
        }
    }
    let outcome = inputs.folder.run(&arguments).exits(0);
    assert!(outcome.stdout.contains("already there"), "{}", outcome.stdout);
    let begun_again = everything(&inputs.folder, "out");
    fs::remove_dir_all(inputs.folder.path("out")).unwrap();
    let _ = inputs.folder.run(&arguments).exits(0);
    assert!(everything(&inputs.folder, "out") == begun_again, "the same as without the end");
}

#[cfg(unix)]
#[test]
fn a_series_that_was_stopped_is_taken_up_by_the_same_command() {
    check_taken_up_again("TERM");
}

#[cfg(unix)]
#[test]
fn a_series_that_was_killed_is_taken_up_by_the_same_command() {
    check_taken_up_again("KILL");
}

#[test]
fn any_day_is_repeated_from_its_run_file() {
    let inputs = Inputs::new(60);
    let _ = inputs.series("8", &["--seed", "5", "--mix", "a=50,b=30,f=20"]).exits(0);
    let seventh = inputs.day(DAYS[6]);
    let run_file = format!("out/{}/{}", DAYS[6], seventh.run_name);
    let _ = inputs.folder.run(&["replay", &run_file, "--out", "again"]).exits(0);
    let again = Feed::only(&inputs.folder, "again");
    assert_eq!((&again.completions, &again.assignments), (&seventh.completions, &seventh.assignments));
    assert_eq!(again.run["series"], seventh.run["series"]);

    // Its rows can be explained. There is no link, which could not have the state that the days before left.
    let row = &seventh.completion_rows()[0];
    let explained = inputs.folder.run(&["explain", &row[0], "--run", &run_file]).exits(0);
    assert!(
        explained.stdout.contains(&format!("\"{}\",\"{}\",\"{}\"", row[0], row[1], row[2])),
        "{}",
        explained.stdout
    );
    assert!(inputs.folder.run(&["recipe", &run_file]).exits(1).stderr.contains("a day of a series"));

    let mut run = seventh.run.clone();
    run["series"]["day"] = Value::from(6);
    inputs.folder.write(&run_file, serde_json::to_vec(&run).unwrap());
    let outcome = inputs.folder.run(&["replay", &run_file]).exits(1);
    let expected = "day 6 of this series is at 2026-02-02T18:00:00Z, but the run file has 2026-02-03T18:00:00Z";
    assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
}

#[test]
fn all_days_are_checked_together() {
    let inputs = Inputs::new(60);
    let _ = inputs.series("8", &["--seed", "5"]).exits(0);
    let outcome = inputs.folder.run(&["check", "out"]).exits(0);
    assert_eq!(outcome.stdout.lines().count(), 33, "{}", outcome.stdout);
    assert!(outcome.stdout.ends_with("The files agree with each other.\n"), "{}", outcome.stdout);
    let _ = inputs
        .folder
        .run(&["check", "out", "inputs/employees.csv", inputs.sample.path("--standalone-content")])
        .exits(0);

    // A row that is lost on the fourth day.
    let fourth = inputs.day(DAYS[3]);
    let row = fourth.assignments.lines().nth(1).unwrap();
    let lost = fourth.assignments.replace(&format!("{row}\n"), "");
    inputs.folder.write(&format!("out/{}/{}", DAYS[3], fourth.assignments_name), lost);
    let outcome = inputs.folder.run(&["check", "out"]).exits(1);
    assert!(outcome.stderr.contains("neither completed nor listed a day later"), "{}", outcome.stderr);
}

#[test]
fn an_impossible_series_is_wrong_usage() {
    let inputs = Inputs::new(20);
    for (more, expected) in [
        (vec!["--days", "0"], "'0' is no number of days; a whole number from 1 to 366 is allowed"),
        (vec!["--days", "367"], "'367' is no number of days"),
        (vec!["--days", "2", "--at", "noon"], "'noon' is no time of day; write it like 18:00"),
        (vec!["--days", "2", "--now", "2026-01-26T18:00:00Z"], "cannot be used with"),
        (vec![], "--days <N>"),
    ] {
        let outcome = inputs.folder.run(&inputs.arguments(&[&["series", "--from", FROM], &more[..]].concat())).exits(2);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
    let outcome = inputs.folder.run(&["series", "--from", "26.1.2026", "--days", "2"]).exits(2);
    assert!(outcome.stderr.contains("'26.1.2026' is no date; write it like 2026-01-26"), "{}", outcome.stderr);
}

#[test]
fn on_a_monday_of_a_given_catalog_all_are_without_a_dose_for_having_had_them() {
    let inputs = Inputs::new(30);
    let arguments = ["--seed", "5", "--mix", "a=100,b=0,f=0", "--json"];
    let days = json(&inputs.series("6", &arguments).exits(0))["days"].as_array().unwrap().clone();
    let count = |day: &str, name: &str| {
        let day = days.iter().find(|one| one["today"] == day).unwrap();
        day[name].as_u64().unwrap()
    };
    // Employees without a dose in the first week get theirs now.
    let late = count("2026-01-26", "skipped_completed_this_week") + count("2026-01-26", "skipped_open_this_week");
    assert_eq!(count("2026-02-02", "given_daily_dose"), late);
    assert_eq!(count("2026-02-02", "without_dose_all_completed"), count("2026-02-02", "employees_total") - late);
    assert!(late < 10, "{late} of 30 had none");
}

#[test]
fn the_built_in_catalog_has_new_doses_on_a_monday_and_its_days_are_repeated_and_checked() {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n7,a\n8,b\n9,f\n");
    let series = ["series", "--from", "2026-01-29", "--days", "5", "--employees", "employees.csv", "--out", "out"];
    let days = json(&folder.run(&[&series[..], &["--seed", "5", "--json"]].concat()).exits(0))["days"].clone();
    let given: Vec<u64> = days.as_array().unwrap().iter().map(|day| day["new_daily_doses"].as_u64().unwrap()).collect();
    // Employee 7 has completed the first three, 8 one of them; 9 has three open, which are due on Saturday only.
    assert_eq!(given, [9, 0, 0, 0, 9], "{days}");
    let monday = "out/2026-02-02";
    let checked = folder.run(&["check", monday, "employees.csv"]).exits(0);
    assert!(checked.stdout.contains("The files agree with each other."), "{}", checked.stdout);
    let run = folder.names(monday).into_iter().find(|name| name.starts_with("run_")).unwrap();
    let run = format!("{monday}/{run}");
    let _ = folder.run(&["replay", &run, "--input-dir", "."]).exits(0);
    let _ = folder.run(&[&series[..], &["--seed", "5"]].concat()).exits(0);
}

#[test]
fn a_sample_continues_if_that_is_asked_for_and_its_days_are_repeated_and_checked() {
    let inputs = Inputs::new(30);
    let arguments = ["--seed", "5", "--mix", "a=100,b=0,f=0", "--json", "--continue-sample"];
    let series = json(&inputs.series("6", &arguments).exits(0));
    let count = |day: &Value, name: &str| day[name].as_u64().unwrap();
    let days = series["days"].as_array().unwrap();
    let monday = days.iter().find(|day| day["today"] == "2026-02-02").unwrap();
    assert_eq!(count(monday, "given_daily_dose"), count(monday, "employees_total"), "{monday}");
    for day in days {
        assert!(day["completions_ai"]["a"].as_u64().unwrap() > 0, "{day}");
        let folder = day["folder"].as_str().unwrap();
        let run = inputs.folder.names(folder).into_iter().find(|name| name.starts_with("run_")).unwrap();
        let _ = inputs.folder.run(&["replay", &format!("{folder}/{run}"), "--input-dir", "inputs"]).exits(0);
    }
    let checked = inputs.folder.run(&["check", "out", "inputs"]).exits(0);
    assert!(checked.stdout.contains("The files agree with each other."), "{}", checked.stdout);
    // The same command without it would make other days.
    let refused = inputs.series("6", &["--seed", "5", "--mix", "a=100,b=0,f=0"]).exits(1);
    assert!(refused.stderr.contains("it is not this day of this series"), "{}", refused.stderr);
}
