//! The same inputs, seed and instant give the same bytes.

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW};
use btcfake_tests::sample_inputs::SampleInputs;

use super::folder;

#[test]
fn the_seed_and_the_instant_decide_every_byte() {
    let folder = Folder::new();
    let sample = SampleInputs::write(&folder, 300, 100);
    let inputs: Vec<&str> = sample.options_of(&["--employees", "--standalone-content"]).collect();
    let run = |seed: &str, now: &str, out: &str| {
        let _ = folder.run(&[&["simulate", "--now", now, "--seed", seed, "--out", out], &inputs[..]].concat()).exits(0);
        Feed::only(&folder, out)
    };
    let (one, again) = (run("1", NOW, "one"), run("1", NOW, "deep/er/again"));
    assert_eq!(
        (&one.completions, &one.assignments, &one.run_name),
        (&again.completions, &again.assignments, &again.run_name)
    );
    let other_seed = run("2", NOW, "seed");
    assert_ne!(one.completions, other_seed.completions);
    assert_ne!(one.run_name, other_seed.run_name);
    let other_now = run("1", "2026-01-29T18:00:01Z", "now");
    assert_ne!(one.run_name, other_now.run_name);
}

#[test]
fn without_a_seed_one_is_drawn_and_named_and_repeats_the_run() {
    let folder = folder();
    let base = ["simulate", "--employees", "employees.csv", "--standalone-content", "catalog.csv", "--now", NOW];
    let outcome = folder.run(&[&base[..], &["--out", "drawn"]].concat()).exits(0);
    let line = outcome.stdout.lines().find(|line| line.trim_start().starts_with("Seed ")).unwrap();
    let seed = line.split_whitespace().last().unwrap();
    let _ = folder.run(&[&base[..], &["--out", "repeated", "--seed", seed]].concat()).exits(0);
    let (drawn, repeated) = (Feed::only(&folder, "drawn"), Feed::only(&folder, "repeated"));
    assert_eq!(drawn.completions, repeated.completions);
    assert_eq!(drawn.assignments, repeated.assignments);
    assert_eq!(drawn.completions_name, repeated.completions_name);
    let another = folder.run(&[&base[..], &["--out", "another"]].concat()).exits(0);
    assert_ne!(outcome.stdout, another.stdout);
}

#[test]
fn an_employee_gets_the_same_in_a_file_of_ten_and_of_a_thousand() {
    let folder = Folder::new();
    let sample = SampleInputs::write(&folder, 1_000, 200);
    let text = folder.text(sample.path("--employees"));
    let is_employee = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
    let employees: Vec<&str> = text.lines().filter(is_employee).collect();
    assert_eq!(employees.len(), 1000);
    let file = |employees: &[&str]| format!("employee_id,employee_edu_type\n{}\n", employees.join("\n"));
    let ten: Vec<&str> = employees.iter().step_by(100).copied().collect();
    let mut shuffled = employees.clone();
    shuffled
        .sort_by_key(|line| line.bytes().fold(7u64, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)));
    folder.write("ten.csv", file(&ten)).write("shuffled.csv", file(&shuffled));
    // Rows of each of the ten, without the RequestId, which numbers the rows of a file.
    let rows_of_ten = |population: &str, out: &str| -> Vec<Vec<Vec<String>>> {
        let run = ["simulate", "--now", NOW, "--seed", "3", "--out", out, "--request-id", "fake-day"];
        let inputs = sample.options_with(|option, path| if option == "--employees" { population } else { path });
        let _ = folder.run(&run.into_iter().chain(inputs).collect::<Vec<_>>()).exits(0);
        let feed = Feed::only(&folder, out);
        let all = [feed.completion_rows(), feed.assignment_rows()].concat();
        let id = |line: &str| line.split(',').next().unwrap().trim().to_owned();
        ten.iter().map(|line| all.iter().filter(|row| row[0] == id(line)).cloned().collect()).collect()
    };
    let alone = rows_of_ten("ten.csv", "a");
    assert!(alone.iter().all(|rows| !rows.is_empty()));
    assert_eq!(alone, rows_of_ten(sample.path("--employees"), "b"));
    assert_eq!(alone, rows_of_ten("shuffled.csv", "c"));
}
