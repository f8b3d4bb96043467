//! `btcfake sample`: inputs in the real formats, which the simulation accepts.

#![allow(clippy::unwrap_used)]

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW};

const SMALL: [&str; 8] = ["--employees", "200", "--contents", "100", "--seed", "5", "--now", NOW];

#[test]
fn six_files_are_written_that_the_simulation_accepts_without_a_message() {
    let folder = Folder::new();
    let outcome = folder.run(&[&["sample", "deep/sample"], &SMALL[..]].concat()).exits(0);
    let names = folder.names("deep/sample");
    let starts = [
        "CourseCatalog_V2_2026_1_29_1_",
        "StandAloneContent_v2_2026_1_29_1_",
        "content_assignments.csv",
        "content_completion.csv",
        "employees.csv",
        "recommendations.jsonl",
    ];
    assert_eq!(names.len(), starts.len(), "{names:?}");
    for (name, start) in names.iter().zip(starts) {
        assert!(name.starts_with(start), "{name}");
        assert!(outcome.stdout.contains(name.as_str()), "{}", outcome.stdout);
    }
    let input = |index: usize| format!("deep/sample/{}", names[index]);
    let arguments = [
        "simulate",
        "--now",
        NOW,
        "--seed",
        "1",
        "--out",
        "out",
        "--course-catalog",
        &input(0),
        "--standalone-content",
        &input(1),
        "--assignments",
        &input(2),
        "--completions",
        &input(3),
        "--employees",
        &input(4),
        "--recommendations",
        &input(5),
    ];
    let outcome = folder.run(&arguments).exits(0);
    assert_eq!(outcome.stderr, "");
    let feed = Feed::only(&folder, "out");
    assert!(feed.completion_rows().len() > 100 && feed.assignment_rows().len() > 100);
}

#[test]
fn the_same_recipe_gives_the_same_bytes_and_another_seed_others() {
    let folder = Folder::new();
    let write = |into: &str, seed: &str| {
        let arguments = SMALL.map(|word| if word == "5" { seed } else { word });
        let _ = folder.run(&[&["sample", into], &arguments[..]].concat()).exits(0);
        let names = folder.names(into);
        names.iter().map(|name| folder.bytes(&format!("{into}/{name}"))).collect::<Vec<_>>()
    };
    assert_eq!(write("a", "5"), write("b", "5"));
    assert_ne!(write("c", "6"), write("d", "5"));
    assert_eq!(folder.names("a"), folder.names("b"));
}

#[test]
fn nothing_is_overwritten_and_nothing_half_left() {
    let folder = Folder::new();
    folder.write("into/recommendations.jsonl", "mine");
    let refused = folder.run(&[&["sample", "into"], &SMALL[..]].concat()).exits(1);
    assert!(refused.stderr.starts_with("into/recommendations.jsonl: cannot create it: "), "{}", refused.stderr);
    assert_eq!(folder.names("into"), ["recommendations.jsonl"]);
    assert_eq!(folder.text("into/recommendations.jsonl"), "mine");
}
