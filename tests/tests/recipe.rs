//! Recipes: the link of a run repeats it elsewhere, from files found by their content.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::process::Stdio;

use btcfake_core::record::recipe::Recipe;
use btcfake_core::record::run_record::RunRecord;
use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW};
use btcfake_tests::sample_inputs::SampleInputs;

/// A folder with a run in `out` over inputs in `inputs`, and the link to its recipe.
struct Ran {
    folder: Folder,
    feed: Feed,
    link: String,
}

impl Ran {
    fn new() -> Ran {
        let folder = Folder::new();
        let inputs = SampleInputs::write(&folder, 60, 50);
        fs::rename(folder.path(inputs.path("--employees")), folder.path("inputs/who is there.csv")).unwrap();
        let arguments = [
            ["--employees", "inputs/who is there.csv"],
            ["--assignments", inputs.path("--assignments")],
            ["--recommendations", inputs.path("--recommendations")],
            ["--now", NOW],
            ["--seed", "18446744073709551615"],
            ["--timezone", "America/New_York"],
            ["--request-id", "fake-day"],
            ["--out", "out"],
        ];
        let _ = folder.run(&[&["simulate", "--bom"], arguments.as_flattened()].concat()).exits(0);
        let feed = Feed::only(&folder, "out");
        let outcome = folder.run(&["recipe", &format!("out/{}", feed.run_name)]).exits(0);
        assert_eq!(outcome.stderr, "");
        Ran { folder, feed, link: outcome.stdout.trim_end().to_owned() }
    }

    /// Asserts that a folder's feed equals the run's, byte for byte.
    fn is_in(&self, folder: &str) {
        let again = Feed::only(&self.folder, folder);
        let (feed, again) = (&self.feed, &again);
        assert_eq!((&feed.completions_name, &feed.completions), (&again.completions_name, &again.completions));
        assert_eq!((&feed.assignments_name, &feed.assignments), (&again.assignments_name, &again.assignments));
        assert_eq!((&feed.run_name, &feed.user_completion), (&again.run_name, &again.user_completion));
        assert_eq!(feed.run["outputs"], again.run["outputs"]);
    }
}

#[test]
fn a_link_says_everything_that_is_no_file() {
    let ran = Ran::new();
    let sha = |name: &str| {
        let inputs = ran.feed.run["inputs"].as_array().unwrap();
        inputs.iter().find(|input| input["name"] == name).unwrap()["sha256"].as_str().unwrap().to_owned()
    };
    let start = "http://127.0.0.1:8787/#recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=18446744073709551615\
                 &timezone=America/New_York&bom=yes&request-id=fake-day&employees=who%20is%20there.csv:";
    assert!(ran.link.starts_with(start), "{}", ran.link);
    assert!(ran.link.contains(&sha("who is there.csv")) && ran.link.contains("(built-in)"), "{}", ran.link);
    for no_page in ["javascript:alert(1)", "https://a.example/#b", "a.example", ""] {
        let refused = ran.folder.run(&["recipe", &format!("out/{}", ran.feed.run_name), "--page", no_page]).exits(2);
        assert!(refused.stderr.contains("write a web address"), "{}", refused.stderr);
    }
    let page = ran.folder.run(&["recipe", &format!("out/{}", ran.feed.run_name), "--page", "https://a.example/b/"]);
    assert_eq!(page.exits(0).stdout.trim_end(), ran.link.replace("http://127.0.0.1:8787/", "https://a.example/b/"));
}

#[test]
fn a_recipe_makes_the_same_bytes_however_it_is_given() {
    let ran = Ran::new();
    let fragment = ran.link.split_once('#').unwrap().1;
    ran.folder.write("inputs/link.txt", format!("{}\n", ran.link));
    let run_file = format!("out/{}", ran.feed.run_name);
    let code = ran.folder.run(&["recipe", &run_file, "--code"]).exits(0);
    assert_eq!(code.stdout.trim_end(), fragment);
    let json = ran.folder.run(&["recipe", &run_file, "--json"]).exits(0).stdout;
    assert!(!json.contains("127.0.0.1") && json.contains("\"timezone\": \"America/New_York\""), "{json}");
    ran.folder.write("inputs/recipe.json", &json);
    // Editors of Windows put a byte order mark before a text.
    ran.folder.write("inputs/marked.txt", format!("\u{feff}{fragment}\r\n"));
    ran.folder.write("inputs/marked.json", format!("\u{feff}{json}"));
    let files = [
        ("file", "inputs/link.txt"),
        ("json", "inputs/recipe.json"),
        ("marked", "inputs/marked.txt"),
        ("marked-json", "inputs/marked.json"),
    ];
    for (out, recipe) in [("link", ran.link.as_str()), ("code", fragment)].into_iter().chain(files) {
        let arguments = ["replay", recipe, "--input-dir", "inputs", "--out", out];
        let outcome = ran.folder.run(&arguments).exits(0);
        assert!(outcome.stdout.contains("18446744073709551615"), "{}", outcome.stdout);
        assert_eq!(outcome.stderr, "");
        ran.is_in(out);
        // A run made by a recipe is a run like any other.
        let _ = ran.folder.run(&["replay", &format!("{out}/{}", ran.feed.run_name)]).exits(0);
    }
    // Inputs beside the recipe file are found without an option.
    let _ = ran.folder.run(&["replay", "inputs/link.txt", "--out", "beside"]).exits(0);
    ran.is_in("beside");
    let mut command = ran.folder.command(&["replay", "-", "--input-dir", "inputs", "--out", "piped"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(ran.link.as_bytes()).unwrap();
    let _ = Outcome::at_end_of(child).exits(0);
    ran.is_in("piped");
}

#[test]
fn files_are_found_by_content_whatever_they_are_called() {
    let ran = Ran::new();
    fs::rename(ran.folder.path("inputs/who is there.csv"), ran.folder.path("inputs/copy (2).csv")).unwrap();
    // A file of the same name and size with other content is not used.
    let changed = ran.folder.text("inputs/copy (2).csv").replacen("employee_id", "Employee_id", 1);
    ran.folder.write("inputs/who is there.csv", changed);
    let run_file = format!("out/{}", ran.feed.run_name);
    for arguments in [&["replay", &run_file] as &[&str], &["replay", &run_file, "--input-dir", "inputs"]] {
        let _ = ran.folder.run(arguments).exits(0);
    }
    let _ = ran.folder.run(&["replay", &ran.link, "--input-dir", "inputs", "--out", "again"]).exits(0);
    ran.is_in("again");
}

#[test]
fn a_made_up_population_needs_no_file() {
    let folder = Folder::new();
    let arguments = ["--new-population", "300", "--ids", "1000-1999", "--mix", "a=20,b=50,f=30", "--seed", "3"];
    let _ = folder.run(&[&["simulate", "--now", NOW, "--out", "out"], arguments.as_slice()].concat()).exits(0);
    let feed = Feed::only(&folder, "out");
    let link = folder.run(&["recipe", &format!("out/{}", feed.run_name)]).exits(0).stdout;
    let settings = "&mix=a=20,b=50,f=30&new-population=300&ids=1000-1999&employees=(made-up):";
    assert!(link.contains(settings), "{link}");
    let _ = folder.run(&["replay", link.trim_end(), "--out", "again"]).exits(0);
    Ran { folder, feed, link }.is_in("again");
}

#[test]
fn what_is_broken_on_purpose_is_broken_again() {
    let folder = Folder::new();
    let arguments = ["--new-population", "50", "--seed", "3", "--break", "crlf,bad-date@assignments=2"];
    let _ = folder.run(&[&["simulate", "--now", NOW, "--out", "out"], arguments.as_slice()].concat()).exits(0);
    let run_name = folder.names("out").into_iter().find(|name| name.starts_with("run_")).unwrap();
    let link = folder.run(&["recipe", &format!("out/{run_name}")]).exits(0).stdout;
    assert!(link.contains("&break=crlf,bad-date@assignments=2&"), "{link}");
    let _ = folder.run(&["replay", link.trim_end(), "--out", "again"]).exits(0);
    assert_eq!(folder.names("again"), folder.names("out"));
    for name in folder.names("out").iter().filter(|name| name.ends_with(".csv")) {
        assert_eq!(folder.bytes(&format!("again/{name}")), folder.bytes(&format!("out/{name}")), "{name}");
    }
}

#[test]
fn every_file_that_is_missing_is_named() {
    let ran = Ran::new();
    let outcome = ran.folder.run(&["replay", &ran.link, "--out", "again"]).exits(1);
    let missing: Vec<&str> = outcome.stderr.lines().filter(|line| line.contains(": not found at ")).collect();
    assert_eq!(missing.len(), 3, "{}", outcome.stderr);
    assert!(missing[0].starts_with("who is there.csv: not found at who is there.csv, input/who is there.csv"));
    assert_eq!(ran.folder.names("again"), [""; 0]);
}

#[test]
fn a_recipe_that_cannot_be_followed_is_refused_with_the_reason() {
    let ran = Ran::new();
    let good = "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42";
    for (arguments, code, expected) in [
        (vec![ran.link.as_str(), "--input-dir", "inputs"], 2, "name the folder for new ones by --out"),
        (vec![good, "--out", "again"], 1, "it names no file with the employees"),
        (vec!["recipe=1&version=1&now=x&seed=42", "--out", "again"], 1, "recipe:1:24: now: 'x' is no date and time"),
        (vec!["x#recipe=1&version=1&sed=4&now=x", "--out", "again"], 1, "Did you mean 'seed'?"),
        (vec!["RECIPE=1&VERSION=1", "--out", "again"], 1, "recipe:1:1: 'RECIPE=1&VERSION=1' has no recipe: that is"),
        (vec!["http://127.0.0.1:8787/#", "--out", "again"], 1, "was the link changed or cut off?"),
    ] {
        let outcome = ran.folder.run(&[&["replay"], arguments.as_slice()].concat()).exits(code);
        assert!(outcome.stderr.contains(expected), "{expected}: {}", outcome.stderr);
        assert_eq!(ran.folder.names("again"), [""; 0]);
    }
    let newer = ran.link.replace("version=0.1.0", "version=99.0.0");
    let outcome = ran.folder.run(&["replay", &newer, "--input-dir", "inputs", "--out", "newer"]).exits(0);
    assert_eq!(outcome.stderr, "note: the run was made by version 99.0.0; this is 0.1.0\n");
    ran.is_in("newer");
}

#[test]
fn the_command_line_of_a_run_makes_it_again() {
    let strange = "it's -- $HOME & (é) \"here\".csv";
    for arguments in [
        &["--employees", "team.csv"] as &[&str],
        &["--employees", strange, "--timezone", "America/New_York", "--bom", "--skip-bad-rows"],
        &["--employees", "./-team.csv", "--mix", "a=20,b=50,f=30", "--request-id", "fake-day"],
        &["--new-population", "50", "--ids", "1000-1999", "--break", "crlf@completions,bad-date@assignments=2"],
    ] {
        let folder = Folder::new();
        for name in ["team.csv", strange, "-team.csv"] {
            let _ = folder.write(name, "employee_id,employee_edu_type\n1,a\n2,b\n3,f\n");
        }
        let run = ["simulate", "--now", NOW, "--seed", "18446744073709551615", "--out", "out"];
        let _ = folder.run(&[&run, arguments].concat()).exits(0);
        let names = folder.names("out");
        let run_name = names.iter().find(|name| name.starts_with("run_")).unwrap();
        let record = RunRecord::from_bytes(&folder.bytes(&format!("out/{run_name}"))).unwrap();
        let line = Recipe::of_run(&record).command_line();
        let line = line.strip_prefix("btcfake ").unwrap();
        // Another time zone in the configuration changes nothing.
        let line = format!("BUSINESS_TIMEZONE=Asia/Tokyo \"$BTCFAKE\" {line} --out again");
        let _ = Outcome::of(&mut folder.shell(&line)).exits(0);
        assert_eq!(folder.names("again"), names, "{line}");
        for name in names {
            assert_eq!(folder.bytes(&format!("again/{name}")), folder.bytes(&format!("out/{name}")), "{line}: {name}");
        }
    }
}
