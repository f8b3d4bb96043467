//! `--mix` and `--new-population`: feeds for other shares of types, or for generated employees.

#![allow(clippy::unwrap_used)]

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW};
use serde_json::{Value, json};

const SIMULATE: [&str; 7] = ["simulate", "--now", NOW, "--seed", "42", "--out", "out"];

/// A folder with ten employees of type a.
fn ten() -> Folder {
    let folder = Folder::new();
    let rows: String = (0..10).map(|at| format!("{},a\n", 300_000 + 7 * at)).collect();
    folder.write("people.csv", format!("employee_id,employee_edu_type\n{rows}"));
    folder
}

#[test]
fn a_mix_changes_the_types_and_is_named() {
    let folder = ten();
    let arguments = [&SIMULATE[..], &["--employees", "people.csv", "--mix", "a=60,b=30,f=10"]].concat();
    let outcome = folder.run(&arguments).exits(0);
    let mix_row = "Mix                                              60 % complete all (a), 30 % one (b), 10 % none (f) (4 of them with \
                another type than in employees.csv)";
    assert!(outcome.stdout.contains(mix_row), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("6 complete all, 3 one, 1 none"), "{}", outcome.stdout);
    let feed = Feed::only(&folder, "out");
    assert_eq!((&feed.run["mix"], &feed.run["population"]), (&json!("a=60,b=30,f=10"), &Value::Null));
    let of_f = |row: &&Vec<String>| row[0] == "300063";
    assert_eq!(feed.completion_rows().iter().filter(of_f).count(), 0, "the last of the ten is the f of seed 42");
    let run_file = format!("out/{}", feed.run_name);
    let _ = folder.run(&["replay", &run_file]).exits(0);
    let _ = folder.run(&["check", "out", "people.csv"]).exits(0);
}

#[test]
fn a_new_population_needs_no_file_and_is_made_again() {
    let folder = Folder::new();
    let wish = ["--new-population", "500", "--ids", "1000-9999", "--mix", "b=100", "--json"];
    let outcome = folder.run(&[&SIMULATE[..], &wish].concat()).exits(0);
    let summary: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(summary["employees"], json!({"a": 0, "b": 500, "f": 0}));
    assert_eq!(summary["population"], json!({"employees": 500, "first_id": 1000, "last_id": 9999}));
    let feed = Feed::only(&folder, "out");
    let input = &feed.run["inputs"][0];
    assert_eq!((&input["role"], &input["made_up"], &input["path"]), (&json!("employees"), &json!(true), &Value::Null));
    let ids: Vec<u64> = feed.completion_rows().iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(ids.len(), 500);
    assert!(ids.is_sorted() && ids.iter().all(|id| (1000..=9999).contains(id)));
    let run_file = format!("out/{}", feed.run_name);
    let _ = folder.run(&["replay", &run_file, "--out", "again"]).exits(0);
    assert_eq!(Feed::only(&folder, "again").completions, feed.completions);
}

#[test]
fn a_run_file_whose_population_is_another_is_not_repeated() {
    let folder = Folder::new();
    let _ = folder.run(&[&SIMULATE[..], &["--new-population", "5"]].concat()).exits(0);
    let feed = Feed::only(&folder, "out");
    let tampered = |field: &str, value: Value| {
        let mut run = feed.run.clone();
        run[field] = value;
        folder.write("out/run.json", serde_json::to_vec(&run).unwrap());
        folder.run(&["replay", "out/run.json"]).exits(1).stderr
    };
    for (field, value, expected) in [
        ("population", Value::Null, "as made up, but has no new population"),
        ("population", json!({"employees": 6, "first_id": 1, "last_id": 9}), "another than the run's"),
        ("population", json!({"employees": 6, "first_id": 1, "last_id": 5}), "too few for 6 employees"),
        ("mix", json!("a=100"), "another than the run's"),
        ("mix", json!("a=10"), "the shares are 10 % together"),
    ] {
        let found = tampered(field, value.clone());
        assert!(found.contains(expected), "{field} {value}: {found}");
    }
}

#[test]
fn invalid_mixes_and_populations_are_refused_before_anything_is_written() {
    for (wish, expected) in [
        (&["--mix", "a=60,b=30"][..], "10 % are missing"),
        (&["--new-population", "10", "--ids", "1-9"], "too few for 10 employees"),
        (&["--new-population", "0"], "from 1 to 4,294,967,294 employees"),
        (&["--new-population", "-1"], "invalid value '-1'"),
        (&["--ids", "1-9"], "--new-population"),
        (&["--new-population", "5", "--ids", "9-1"], "Did you mean '1-9'?"),
        (&["--new-population", "5", "--employees", "people.csv"], "cannot be used with"),
    ] {
        let folder = ten();
        let outcome = folder.run(&[&SIMULATE[..], wish].concat()).exits(2);
        assert!(outcome.stderr.contains(expected), "{wish:?}: {}", outcome.stderr);
        assert!(!folder.path("out").exists(), "{wish:?}");
    }
}
