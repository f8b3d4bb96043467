//! Atomicity of every command that writes, at each system call that opens or changes a file: the call fails, or the program
//! is killed before or after it. All files are written or none, the exit code matches, earlier runs stay, and the next run
//! removes leftovers.
//!
//! The faults come from `shim/fail_at.c`, a library that the loader places before the system's (LD_PRELOAD). `cc` builds it;
//! Rust needs `cc` for linking anyway.

#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use btcfake_core::text::digest::sha256;
use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{NOW, small_catalog};
use btcfake_tests::live::Live;
use serde_json::Value;
use tempfile::TempDir;

/// The kinds of fault.
const HOWS: [&str; 3] = ["error", "kill-before", "kill-after"];

/// Upper bound of the number of calls of a command.
const MOST_CALLS: u32 = 1_000;

const INPUTS: [&str; 6] = ["--employees", "employees.csv", "--standalone-content", "catalog.csv", "--seed", "1"];

/// Content of all files of a folder tree, by path.
type Files = BTreeMap<String, Vec<u8>>;

/// Path of the library that makes calls fail.
fn shim() -> &'static Path {
    static SHIM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = SHIM.get_or_init(|| {
        let folder = TempDir::with_prefix("btcfake-shim-").unwrap();
        let library = folder.path().join("fail_at.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shim/fail_at.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"])
            .arg(&library)
            .arg(source)
            .arg("-ldl")
            .status();
        assert!(status.unwrap().success(), "cc builds the shim");
        (folder, library)
    });
    library
}

/// A command, its inputs and its output folder.
struct Case {
    /// The files before the command.
    before: Files,
    arguments: Vec<String>,
    /// The output folder.
    out: &'static str,
    /// The folder below which calls are counted.
    counted: &'static str,
    /// The files after the command without a fault.
    after: Files,
    /// The states (files and folders) after a fault from which the command was already run again.
    run_again: Mutex<BTreeSet<(Files, BTreeSet<String>)>>,
}

/// The number of the call that fails, the kind of fault, and the number of a later call at which the program is killed; 0: it
/// is not.
#[derive(Clone, Copy, Debug)]
struct Fault<'a> {
    how: &'a str,
    at: u32,
    killed_at: u32,
}

/// The name of the call that failed, and whether the program was killed.
struct Reached {
    call: String,
    was_killed: bool,
}

impl Case {
    /// Creates the files before the command, among them a complete run in `out`, and runs the command without a fault.
    fn new(out: &'static str, arguments: impl FnOnce(&Folder) -> Vec<String>) -> Case {
        let folder = Folder::new();
        folder.write("employees.csv", "employee_id,employee_edu_type\n1,a\n2,b\n3,f\n");
        folder.write("catalog.csv", small_catalog()).write("details.jsonl", "old\n");
        let earlier =
            [&["simulate", "--now", NOW, "--out", "out", "--quiet"], &INPUTS[..4], &["--seed", "99"]].concat();
        let _ = folder.run(&earlier).exits(0);
        let arguments = arguments(&folder);
        let before = all_files(&folder);
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let _ = folder.run(&words).exits(0);
        Case { before, arguments, out, counted: "", after: all_files(&folder), run_again: Mutex::default() }
    }

    fn simulating(more: &[&str]) -> Case {
        let simulate = ["simulate", "--now", NOW, "--out", "out", "--details", "details.jsonl"];
        let arguments = [&simulate, &INPUTS[..], more].concat().into_iter().map(str::to_owned).collect();
        Case::new("out", |_| arguments)
    }

    /// A live run over a sandbox. Calls are counted in the output folder, not in the folder of downloads.
    fn live(live: &Live) -> Case {
        let case = Case::new("out", |folder| {
            folder.write(".env", format!("{}EMPLOYEES_FILE=employees.csv\n", live.folder.text(".env")));
            owned(&["run", "--now", NOW, "--seed", "1", "--out", "out", "--quiet"])
        });
        Case { counted: "out", ..case }
    }

    /// Tries all faults at all calls.
    fn check_all(&self) {
        self.check_calls(&HOWS, true);
    }

    /// Tries some faults at all calls; with `taken_back` also kills during the removal of written files after an error.
    fn check_calls(&self, hows: &[&str], taken_back: bool) {
        let mut calls = BTreeSet::new();
        for how in hows {
            let reached = each_call(|at| {
                let check = |at, killed_at| self.check(Fault { how, at, killed_at });
                let reached = check(at, 0)?;
                // After these errors, written files are removed, which a kill may interrupt.
                if taken_back && *how == "error" && ["fsync", "rename"].contains(&reached.call.as_str()) {
                    let killed = (at + 1..=at + MOST_CALLS).map_while(|killed_at| check(at, killed_at));
                    let _ = killed.take_while(|reached| reached.was_killed).count();
                }
                Some(reached.call)
            });
            assert!(reached.len() > 15 && reached.len() < MOST_CALLS as usize, "the shim is there: {}", reached.len());
            calls.extend(reached);
        }
        let wanted = ["fsync", "linkat", "open64", "rename", "unlink", "write"];
        assert!(wanted.iter().all(|call| calls.contains(*call)), "{calls:?}");
    }

    /// Runs the command with one fault, then again without, unless it was run again from the same state before. `None` if the
    /// command makes fewer calls.
    fn check(&self, fault: Fault<'_>) -> Option<Reached> {
        let folder = Folder::new();
        for (path, bytes) in &self.before {
            folder.write(path, bytes);
        }
        let marks = TempDir::with_prefix("btcfake-mark-").unwrap();
        let mark = marks.path().join("mark");
        let run = |Fault { how, at, killed_at }: Fault<'_>| {
            let words: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
            let mut command = folder.command(&words);
            command.env("LD_PRELOAD", shim()).env("FAIL_UNDER", folder.path(self.counted).canonicalize().unwrap());
            command.env("FAIL_AT", at.to_string()).env("FAIL_HOW", how).env("FAIL_MARK", &mark);
            command.env("FAIL_KILLED_AT", killed_at.to_string());
            Outcome::of(&mut command)
        };
        let outcome = run(fault);
        let Ok(call) = fs::read_to_string(&mark) else {
            assert_eq!(all_files(&folder), self.after, "without a fault everything is there");
            return None;
        };
        let context = format!("{fault:?}, {call}: {outcome:?}");
        let files = all_files(&folder);
        self.check_earlier(&files, &context);
        let was_killed = outcome.code.is_none();
        if !was_killed {
            assert!(!outcome.stderr.contains("panicked"), "{context}");
            match outcome.code {
                Some(0) => self.check_done(&files, &call, &context),
                Some(1) => self.check_not_done(&files, &call, &context),
                _ => panic!("{context}"),
            }
        }
        let is_done = self.is_done(&files);
        let reached = Reached { call, was_killed };
        if !self.run_again.lock().unwrap().insert((files, all_folders(&folder))) {
            return Some(reached);
        }

        let again = run(Fault { at: 0, killed_at: 0, ..fault });
        let left = all_files(&folder);
        let context = format!("{context}\nthen: {again:?}");
        self.check_earlier(&left, &context);
        if is_done && self.out != "days" {
            assert_eq!(again.code, Some(1), "{context}");
            assert!(again.stderr.contains("not overwritten"), "{context}");
        } else {
            assert_eq!(again.code, Some(0), "{context}");
        }
        let (left, after) = if again.code == Some(0) {
            (left, self.after.clone())
        } else {
            // After a kill, the details may be the old ones.
            (without_details(&left), without_details(&self.after))
        };
        assert!(left == after, "{context}\n{:?}\n{:?}", left.keys(), after.keys());
        Some(reached)
    }

    /// True if the command is complete: the file that is renamed last exists.
    fn is_done(&self, files: &Files) -> bool {
        let last = |path: &&String| is_run_file(path) || path.ends_with("/recommendations.jsonl");
        let made = self.after.keys().filter(|path| !self.before.contains_key(*path));
        made.filter(last).all(|path| files.contains_key(path))
    }

    /// Asserts, after any fault, that earlier files are unchanged and each run file has its feed.
    fn check_earlier(&self, files: &Files, context: &str) {
        for (path, bytes) in self.before.iter().filter(|(path, _)| *path != "details.jsonl") {
            assert!(files.get(path) == Some(bytes), "{path}: {context}");
        }
        let details = &files["details.jsonl"];
        assert!([&self.before["details.jsonl"], &self.after["details.jsonl"]].contains(&details), "{context}");
        for (path, bytes) in files.iter().filter(|(path, _)| is_run_file(path)) {
            let run: Value = serde_json::from_slice(bytes).unwrap();
            for output in run["outputs"].as_array().unwrap() {
                let beside = Path::new(path).with_file_name(output["name"].as_str().unwrap());
                let made = &files[beside.to_str().unwrap()];
                assert_eq!(
                    (&output["bytes"], &output["sha256"]),
                    (&made.len().into(), &sha256(made).into()),
                    "{context}"
                );
            }
        }
    }

    /// Asserts the state after exit code 0: all files exist. A file that could not be removed may be left.
    fn check_done(&self, files: &Files, call: &str, context: &str) {
        let visible = |files: &Files| {
            files
                .iter()
                .filter(|(path, _)| !is_hidden(path))
                .map(|(path, bytes)| (path.clone(), bytes.clone()))
                .collect::<Files>()
        };
        assert!(visible(files) == visible(&self.after), "{context}\n{:?}", files.keys());
        assert!(files.len() == self.after.len() || call.starts_with("unlink"), "{context}\n{:?}", files.keys());
    }

    /// Asserts the state after exit code 1: no new file, or complete days of a series.
    fn check_not_done(&self, files: &Files, call: &str, context: &str) {
        assert!(!self.is_done(files), "{context}\n{:?}", files.keys());
        if call.starts_with("unlink") {
            return;
        }
        let days: BTreeSet<&str> = files
            .keys()
            .filter(|path| is_run_file(path))
            .filter_map(|path| path.rsplit_once('/'))
            .map(|(day, _)| day)
            .collect();
        for (path, bytes) in files {
            let of_day = path.rsplit_once('/').is_some_and(|(folder, _)| self.out == "days" && days.contains(folder));
            let expected = if of_day { self.after.get(path) } else { self.before.get(path) };
            assert!(expected == Some(bytes), "{path}: {context}");
        }
    }
}

fn is_hidden(path: &str) -> bool {
    path.rsplit('/').next().unwrap_or_default().starts_with('.')
}

/// True for the path of a run file. The folder of its inputs has a similar name.
fn is_run_file(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(_, name)| name.starts_with("run_") && name.ends_with(".json"))
}

fn without_details(files: &Files) -> Files {
    files
        .iter()
        .filter(|(path, _)| *path != "details.jsonl")
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

/// All files of a folder tree, without downloads, which belong to no feed.
fn all_files(folder: &Folder) -> Files {
    let (files, _) = files_and_folders(folder);
    files
}

/// The subfolders of a folder.
fn all_folders(folder: &Folder) -> BTreeSet<String> {
    let (_, folders) = files_and_folders(folder);
    folders
}

fn files_and_folders(folder: &Folder) -> (Files, BTreeSet<String>) {
    let (mut files, mut folders) = (Files::new(), BTreeSet::new());
    let mut open = vec![String::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder.path(&below)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            if path == "downloaded_files" {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                folders.insert(path.clone());
                open.push(path);
            } else {
                files.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    (files, folders)
}

/// Results of `check` for each call of the command. Four threads call it, since a command mostly waits.
fn each_call<T: Send>(check: impl Fn(u32) -> Option<T> + Sync) -> Vec<T> {
    const AT_ONCE: usize = 4;
    let next = AtomicU32::new(1);
    let numbers = || std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|at| *at <= MOST_CALLS);
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..AT_ONCE).map(|_| scope.spawn(|| numbers().map_while(&check).collect::<Vec<T>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Regression: a failed start of a thread was a panic that left files.
#[test]
fn without_threads_a_run_goes_on_with_those_that_there_are() {
    let run = |threads: &str| {
        let folder = Folder::new();
        let rows: String = (1..=20_000).map(|id| format!("{id},a\n")).collect();
        folder
            .write("employees.csv", format!("employee_id,employee_edu_type\n{rows}"))
            .write("catalog.csv", small_catalog());
        let mut command =
            folder.command(&[&["simulate", "--now", NOW, "--out", "out", "--quiet"], &INPUTS[..]].concat());
        let outcome = Outcome::of(command.env("LD_PRELOAD", shim()).env("FAIL_THREADS", threads)).exits(0);
        assert_eq!(outcome.stderr, "", "{threads} threads");
        all_files(&folder)
    };
    let usual = run("1000");
    for threads in ["0", "1", "2", "3"] {
        assert!(run(threads) == usual, "{threads} threads");
    }
}

#[test]
fn without_threads_the_network_is_an_error_and_no_panic() {
    let folder = Folder::new();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["download"], &["sandbox"]] {
        let mut command = folder.command(arguments);
        command.env("SFTP_INBOUND_HOST", "127.0.0.1:1").env("SFTP_INBOUND_PASSWORD", "not-asked-for");
        let outcome = Outcome::of(command.env("LD_PRELOAD", shim()).env("FAIL_THREADS", "1")).exits(1);
        assert!(
            outcome.stderr.contains("cannot start the threads for the network"),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
}

/// Resolving a host name and reading standard input need a thread.
#[test]
fn without_any_thread_a_command_that_needs_one_fails_and_does_not_panic() {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n1,a\n");
    for (arguments, text) in [
        (&["recommend", "7"][..], "cannot start the threads for the network"),
        (&["check", "-"], "standard input: cannot read it"),
        (&["simulate", "--employees", "-"], "standard input: cannot read it"),
    ] {
        let mut command = folder.command(arguments);
        command.env("API_BASE_URL", "http://localhost:1").env("LD_PRELOAD", shim()).env("FAIL_THREADS", "0");
        command.stdin(fs::File::open(folder.path("employees.csv")).unwrap());
        let outcome = Outcome::of(&mut command).exits(1);
        assert!(outcome.stderr.contains(text) && !outcome.stderr.contains("panicked"), "{outcome:?}");
    }
}

#[test]
fn simulate_is_all_or_none_at_each_call() {
    Case::simulating(&[]).check_all();
}

#[test]
fn a_broken_feed_is_all_or_none_at_each_call() {
    Case::simulating(&["--break", "crlf,missing-file@dummy"]).check_all();
}

#[test]
fn each_day_of_a_series_is_all_or_none_at_each_call() {
    let series = [&["series", "--from", "2026-01-28", "--days", "2", "--out", "days"], &INPUTS[..]].concat();
    Case::new("days", |_| owned(&series)).check_all();
}

#[test]
fn replay_is_all_or_none_at_each_call() {
    Case::new("again", |folder| {
        let names = folder.names("out");
        let run_file = names.iter().find(|name| name.starts_with("run_")).unwrap();
        owned(&["replay", &format!("out/{run_file}"), "--out", "again"])
    })
    .check_all();
}

/// One sandbox serves all runs. The state of a kill before a call is that of a kill after the previous call.
#[test]
fn a_live_run_is_all_or_none_at_each_call() {
    let live = Live::start("employee_id,employee_edu_type\n1,a\n", NOW);
    Case::live(&live).check_calls(&["error", "kill-after"], false);
}

#[test]
fn sample_is_all_or_none_at_each_call() {
    let sample = ["sample", "sample", "--employees", "3", "--contents", "10", "--seed", "1", "--now", NOW];
    Case::new("sample", |_| owned(&sample)).check_all();
}
