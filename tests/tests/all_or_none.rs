//! Atomicity of a run: all of its files or none, whether it is killed, stopped, out of disk space or without permission.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use btcfake_tests::command_line::{Folder, Outcome, terminate, wait_until};
use btcfake_tests::feed::{Feed, NOW, small_catalog};

/// A folder with a population of `employees`, a third of each type.
fn folder(employees: u32) -> Folder {
    let folder = Folder::new();
    let rows = (1..=employees).map(|id| format!("{id},{}\n", ['a', 'b', 'f'][id as usize % 3]));
    folder.write("employees.csv", format!("employee_id,employee_edu_type\n{}", rows.collect::<String>()));
    folder.write("catalog.csv", small_catalog());
    folder
}

/// Number of employees of a run that is far from its end when it begins to write.
const MANY: u32 = 1_000_000;

fn arguments(seed: &str) -> [&str; 11] {
    [
        "simulate",
        "--employees",
        "employees.csv",
        "--standalone-content",
        "catalog.csv",
        "--now",
        NOW,
        "--out",
        "out",
        "--seed",
        seed,
    ]
}

fn start(folder: &Folder, seed: &str) -> Child {
    folder.command(&arguments(seed)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Asserts that the folder holds complete runs only. Returns their number.
fn check_whole(folder: &Folder) -> usize {
    let names = folder.names("out");
    let runs: Vec<&String> = names.iter().filter(|name| name.starts_with("run_")).collect();
    for run in &runs {
        let _ = Feed::of_run(folder, "out", run);
    }
    assert_eq!(names.len(), runs.len() * 4, "{names:?}");
    runs.len()
}

/// Waits until the run has begun to write.
fn wait_for_leftovers(folder: &Folder) {
    wait_until("the run writes", || folder.names("out").iter().any(|name| name.ends_with(".partial")));
}

/// Reproducible pseudorandom numbers: Knuth's linear congruential generator.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn a_run_killed_at_any_moment_leaves_nothing_that_lasts() {
    const KILLS: u64 = 25;
    let folder = folder(100_000);
    let began = Instant::now();
    let _ = Outcome::of(&mut folder.command(&arguments("0"))).exits(0);
    let mut span = began.elapsed();
    let mut numbers = Numbers(20_260_129);
    let mut killed_before_the_end = 0;
    let mut runs = 1;
    for seed in 1..=KILLS {
        let seed = seed.to_string();
        let mut child = start(&folder, &seed);
        // Half of the kills come at any time of the run, half in its last third, when files are renamed.
        let from = if numbers.below(2) == 0 { 0 } else { 60 };
        let (began, pause) = (Instant::now(), span * u32::try_from(from + numbers.below(100 - from)).unwrap() / 90);
        while began.elapsed() < pause {
            if child.try_wait().unwrap().is_some() {
                // The machine is now less busy than during the first run, so the span is shortened.
                span = began.elapsed();
                break;
            }
            std::thread::sleep(Duration::from_micros(500).min(pause.saturating_sub(began.elapsed())));
        }
        let _ = child.kill();
        let _ = child.wait();

        let names = folder.names("out");
        let present = names.iter().filter(|name| name.starts_with("run_")).count();
        assert!(present == runs || present == runs + 1, "{names:?}");
        if present == runs {
            killed_before_the_end += 1;
        }
        runs = present;
    }
    assert!(killed_before_the_end > 5, "most runs are killed before their end: {killed_before_the_end}");

    // The next run removes leftovers; it and all runs with a run file are complete.
    folder.write("few.csv", "employee_id,employee_edu_type\n1,a\n");
    let few = arguments("next").map(|word| match word {
        "employees.csv" => "few.csv",
        "next" => "1000",
        word => word,
    });
    let _ = folder.run(&few).exits(0);
    assert_eq!(check_whole(&folder), runs + 1);
}

#[test]
fn what_a_killed_run_left_is_cleared_by_the_next() {
    let folder = folder(MANY);
    let mut killed = start(&folder, "1");
    wait_for_leftovers(&folder);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let left = folder.names("out");
    assert!(left.iter().any(|name| name.ends_with(".partial")), "{left:?}");
    assert!(left.iter().any(|name| name.ends_with(".pending")), "{left:?}");
    let _ = folder.run(&arguments("1")).exits(0);
    assert_eq!(check_whole(&folder), 1);
}

/// State after a kill between two renames: some files have their final names, the run file does not.
#[test]
fn files_without_their_run_file_are_cleared() {
    let folder = folder(10);
    let _ = folder.run(&arguments("1")).exits(0);
    let feed = Feed::only(&folder, "out");
    let names = [&feed.completions_name, &feed.assignments_name, &feed.user_completion_name, &feed.run_name];
    let journal = names.map(String::as_str).join("\n");
    fs::rename(folder.path("out").join(&feed.run_name), folder.path(&format!("out/.{}.partial", feed.run_name)))
        .unwrap();
    // A foreign file that a journal names is not removed.
    folder.write(&format!("out/.{}.pending", feed.run_name), format!("../employees.csv\nnotes.txt\n{journal}"));
    folder.write("out/notes.txt", "mine").write("out/ContentUserCompletion_V2_2026_01_28_1_other1.csv", "mine too");
    let _ = folder.run(&arguments("2")).exits(0);
    let names = folder.names("out");
    assert_eq!(names.len(), 6, "the new run, and what is not ours: {names:?}");
    assert!(!names.contains(&feed.completions_name) && names.contains(&"notes.txt".to_owned()));
    assert!(folder.path("employees.csv").exists());
}

/// State after a kill between the last rename and the removal of the journal.
#[test]
fn a_journal_beside_its_complete_run_removes_nothing() {
    let folder = folder(10);
    let _ = folder.run(&arguments("1")).exits(0);
    let feed = Feed::only(&folder, "out");
    let names = [&feed.completions_name, &feed.assignments_name, &feed.user_completion_name, &feed.run_name];
    folder.write(&format!("out/.{}.pending", feed.run_name), names.map(String::as_str).join("\n"));
    let _ = folder.run(&arguments("2")).exits(0);
    assert_eq!(check_whole(&folder), 2);
}

/// Regression: a complete feed was removed as a leftover. Its run was killed before the journal was removed, and its run file
/// was moved, or the run file's temporary file still existed.
#[test]
fn a_finished_feed_stays_wherever_its_run_file_is() {
    for also_a_temporary in [false, true] {
        let folder = folder(10);
        let _ = folder.run(&arguments("1")).exits(0);
        let feed = Feed::only(&folder, "out");
        let names = [&feed.completions_name, &feed.assignments_name, &feed.user_completion_name, &feed.run_name];
        folder.write(&format!("out/.{}.pending", feed.run_name), names.map(String::as_str).join("\n"));
        if also_a_temporary {
            // A run before its first rename: each file has its temporary file.
            for name in names {
                folder.write(&format!("out/.{name}.partial"), folder.bytes(&format!("out/{name}")));
            }
        }
        fs::rename(folder.path("out").join(&feed.run_name), folder.path("kept.json")).unwrap();
        let _ = folder.run(&arguments("2")).exits(0);
        let left = folder.names("out");
        assert!(names[..3].iter().all(|name| left.contains(name)), "{also_a_temporary}: {left:?}");
        assert!(!left.iter().any(|name| name.starts_with('.')), "{also_a_temporary}: {left:?}");
    }
}

/// A journal without its final name is ignored: a running process may write files of these names.
#[test]
fn a_journal_without_its_name_takes_no_files_of_another_run_away() {
    let folder = folder(MANY);
    let living = start(&folder, "1");
    wait_for_leftovers(&folder);
    terminate(&living, "STOP");
    let names = folder.names("out");
    let journal = names.iter().find(|name| name.ends_with(".pending")).unwrap();
    let unnamed = journal.replace(".pending", ".123.new");
    folder.write(&format!("out/{unnamed}"), folder.bytes(&format!("out/{journal}")));
    folder.write("few.csv", "employee_id,employee_edu_type\n1,a\n");
    let few = arguments("2").map(|word| if word == "employees.csv" { "few.csv" } else { word });
    let other = folder.run(&few);
    terminate(&living, "CONT");
    let _ = other.exits(0);
    let _ = Outcome::at_end_of(living).exits(0);
    assert_eq!(check_whole(&folder), 2);
}

#[test]
fn the_files_of_a_living_run_are_not_taken_for_leftovers() {
    let folder = folder(MANY);
    let living = start(&folder, "1");
    wait_for_leftovers(&folder);
    // It is suspended while another run starts and ends.
    terminate(&living, "STOP");
    folder.write("few.csv", "employee_id,employee_edu_type\n1,a\n");
    let few = arguments("2").map(|word| if word == "employees.csv" { "few.csv" } else { word });
    let other = folder.run(&few);
    let same = folder.run(&arguments("1"));
    terminate(&living, "CONT");
    let _ = other.exits(0);
    assert!(same.exits(1).stderr.contains("another run is writing these files now"));
    let _ = Outcome::at_end_of(living).exits(0);
    assert_eq!(check_whole(&folder), 2);
}

#[test]
fn many_runs_at_once_are_all_whole() {
    let folder = folder(20_000);
    let seeds: Vec<String> = (1..=8).map(|seed| seed.to_string()).collect();
    let running: Vec<Child> = seeds.iter().map(|seed| start(&folder, seed)).collect();
    for run in running {
        let _ = Outcome::at_end_of(run).exits(0);
    }
    assert_eq!(check_whole(&folder), 8);
}

#[test]
fn a_run_without_room_says_so_and_leaves_nothing() {
    let folder = folder(20_000);
    // A file of more than 100 blocks is refused like a file on a full disk.
    for signal in ["trap '' XFSZ; ", ""] {
        let line = format!("{signal}ulimit -f 100; exec \"$BTCFAKE\" {}", arguments("1").join(" "));
        let outcome = Outcome::of(&mut folder.shell(&line)).exits(1);
        assert!(outcome.stderr.contains(": cannot write it: "), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("see `ulimit -f`"), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
        assert_eq!(folder.names("out"), [""; 0]);
    }
}

/// Regression: the details were renamed after the feed, so a full disk led to exit code 1 with a complete feed.
#[test]
fn details_without_room_leave_nothing() {
    let folder = folder(150);
    let line = format!("trap '' XFSZ; ulimit -f 64; exec \"$BTCFAKE\" {} --details d.jsonl", arguments("1").join(" "));
    let outcome = Outcome::of(&mut folder.shell(&line));
    let details = folder.path("d.jsonl");
    assert_eq!(outcome.code, Some(1), "the details are longer than 32 kB: {outcome:?}");
    assert!(outcome.stderr.contains("d.jsonl: cannot write it: "), "{}", outcome.stderr);
    assert!(!details.exists());
    assert_eq!(folder.names("out"), [""; 0]);
    assert_eq!(folder.names("."), ["catalog.csv", "employees.csv", "out"]);
}

#[test]
fn a_run_asked_to_end_removes_what_it_wrote() {
    for signal in ["INT", "TERM"] {
        let folder = folder(MANY);
        let run = start(&folder, "1");
        wait_for_leftovers(&folder);
        terminate(&run, signal);
        let outcome = Outcome::at_end_of(run).exits(1);
        assert_eq!(outcome.stderr, "stopped before the end; nothing was written\n");
        assert_eq!(folder.names("out"), [""; 0], "{signal}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = folder(3);
    let out = folder.path("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    // Permissions do not bind root.
    let may_write_everywhere = fs::write(out.join("probe"), "").is_ok();
    if may_write_everywhere {
        fs::remove_file(out.join("probe")).unwrap();
    } else {
        let outcome = folder.run(&arguments("1")).exits(1);
        assert!(outcome.stderr.starts_with("out/"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("check who may read and write there"), "{}", outcome.stderr);
        assert_eq!(folder.names("out"), [""; 0]);
    }
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();

    // A file in place of the folder stops every user, also root.
    for (out, named) in
        [("employees.csv", "employees.csv: cannot create it: "), ("employees.csv/out", "employees.csv/out: ")]
    {
        let arguments = arguments("1").map(|word| if word == "out" { out } else { word });
        let outcome = folder.run(&arguments).exits(1);
        assert!(outcome.stderr.starts_with(named), "{}", outcome.stderr);
    }
}
