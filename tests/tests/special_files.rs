//! Special files: links, pipes, devices, sockets, folders, files of `/proc`. No write goes through a link, Ctrl-C ends
//! every wait, and each kind is either accepted or refused with a message that names the kind. A full standard output
//! fails the command.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::Duration;

use btcfake_tests::command_line::{Folder, Outcome, terminate, wait_until};
use btcfake_tests::feed::{Feed, NOW, small_catalog};
use serde_json::Value;

const EMPLOYEES: &str = "employee_id,employee_edu_type\n1,a\n2,b\n3,f\n";

const SIMULATE: [&str; 9] =
    ["simulate", "--standalone-content", "catalog.csv", "--now", NOW, "--seed", "1", "--out", "out"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("employees.csv", EMPLOYEES).write("catalog.csv", small_catalog());
    folder
}

fn simulate<'a>(more: &[&'a str]) -> Vec<&'a str> {
    simulate_into("out", more)
}

fn simulate_into<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&SIMULATE[..8], &[out, "--employees", "employees.csv"], more].concat()
}

fn make_pipe(folder: &Folder, name: &str) {
    let path = folder.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs a command that may hang, with a time limit.
fn run(folder: &Folder, arguments: &[&str]) -> Outcome {
    Outcome::at_end_of(folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// The names of a run's files, without having them in the folder.
fn names_of_run() -> Vec<String> {
    let folder = folder();
    let _ = folder.run(&simulate(&["--quiet"])).exits(0);
    folder.names("out")
}

#[test]
fn nothing_is_written_through_a_link_under_a_temporary_name() {
    let folder = folder();
    let sample = ["sample", "sample", "--employees", "3", "--contents", "10", "--now", NOW];
    let _ = folder.run(&sample).exits(0);
    let of_sample = folder.names("sample");
    fs::remove_dir_all(folder.path("sample")).unwrap();
    folder.write("victim", "theirs").write("victims/one", "theirs");
    let temporary = |place: &str, name: &str| {
        let path = folder.path(&format!("{place}/.{name}.partial"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(folder.path("victim"), path).unwrap();
    };
    let names = names_of_run();
    names.iter().for_each(|name| temporary("out", name));
    of_sample.iter().for_each(|name| temporary("sample", name));
    temporary(".", "details.jsonl");
    let run = names.last().unwrap().trim_end_matches(".json");
    symlink(folder.path("victims"), folder.path(&format!("out/.{run}_inputs.partial"))).unwrap();

    let _ = folder.run(&simulate(&["--details", "details.jsonl"])).exits(0);
    let _ = Feed::only(&folder, "out");
    let _ = folder.run(&sample).exits(0);
    assert_eq!(folder.names("sample"), of_sample);
    assert_eq!((folder.text("victim"), folder.text("victims/one")), ("theirs".to_owned(), "theirs".to_owned()));
    assert!(fs::symlink_metadata(folder.path("details.jsonl")).unwrap().is_file());
}

#[test]
fn what_is_no_file_is_refused_by_its_kind_wherever_it_is_found() {
    let pipe = "it is a named pipe (FIFO), not a file";
    // Each case: the special file that is created, and the command that meets it.
    for (name, arguments) in [
        (".env", simulate(&[])),
        ("input/employees.csv", SIMULATE.to_vec()),
        ("out/.run_2026_1_29_1_abcdef.json.pending", simulate(&[])),
        ("out/.run_2026_1_29_1_abcdef.json.1.new", simulate(&[])),
        ("downloaded_files/CourseCatalog_V2_2026_1_29_1_abcdef.csv", simulate(&[])),
        ("files/employees.csv", vec!["check", "files"]),
    ] {
        let folder = folder();
        make_pipe(&folder, name);
        let outcome = run(&folder, &arguments);
        match outcome.code {
            // Special files in the folders of outputs and downloads are skipped, because nobody named them.
            Some(0) => assert!(name.starts_with("out") || name.starts_with("downloaded"), "{name}: {outcome:?}"),
            Some(1) => assert!(outcome.stderr.contains(pipe), "{name}: {}", outcome.stderr),
            _ => panic!("{name}: {outcome:?}"),
        }
    }
    for (setting, arguments) in [
        ("EMPLOYEES_FILE", SIMULATE.to_vec()),
        ("USER_COMPLETION_TEMPLATE_FILE", simulate(&[])),
        ("API_CA_FILE", vec!["recommend", "1"]),
    ] {
        let folder = folder();
        make_pipe(&folder, "pipe");
        let mut command = folder.command(&arguments);
        command.env(setting, "pipe").env("API_BASE_URL", "http://127.0.0.1:9");
        let outcome =
            Outcome::at_end_of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).exits(1);
        assert!(outcome.stderr.contains(pipe), "{setting}: {}", outcome.stderr);
    }
    let folder = folder();
    let _socket = UnixListener::bind(folder.path("socket")).unwrap();
    for (name, kind) in [("socket", "a socket"), ("/dev/zero", "a device"), (".", "a folder")] {
        for command in [[&SIMULATE[..], &["--employees", name]].concat(), vec!["replay", name]] {
            let outcome = run(&folder, &command).exits(1);
            assert!(outcome.stderr.contains(&format!("it is {kind}, not a file")), "{name}: {}", outcome.stderr);
        }
    }
}

/// Folders under names that are to be written, which are no leftovers of a run.
#[test]
fn what_is_in_the_way_is_named_and_stays() {
    let names = names_of_run();
    let run_file = names.last().unwrap();
    for (name, message) in [
        (format!(".{run_file}.pending"), "a folder of this name is in the way; move it away"),
        (format!(".{run_file}.partial"), "there is a folder of this name"),
        (format!(".{}.partial", names[0]), "there is a folder of this name"),
        (names[1].clone(), "exists already and is not overwritten"),
    ] {
        let folder = folder();
        fs::create_dir_all(folder.path(&format!("out/{name}/below"))).unwrap();
        let outcome = run(&folder, &simulate(&["--details", "details.jsonl"])).exits(1);
        assert!(outcome.stderr.contains(message), "{name}: {}", outcome.stderr);
        assert_eq!(folder.names("out"), [name.as_str()]);
        assert!(folder.path(&format!("out/{name}/below")).is_dir());
        assert_eq!(folder.names("."), ["catalog.csv", "employees.csv", "out"]);
    }
}

#[test]
fn a_run_file_that_names_no_file_is_refused_and_nothing_is_waited_for() {
    let folder = folder();
    let _ = folder.run(&simulate(&["--quiet"])).exits(0);
    let feed = Feed::only(&folder, "out");
    let run_file = format!("out/{}", feed.run_name);
    make_pipe(&folder, "pipe");
    // The file is where no search by content finds it.
    fs::create_dir(folder.path("elsewhere")).unwrap();
    fs::rename(folder.path("employees.csv"), folder.path("elsewhere/employees.csv")).unwrap();
    let replay = |path: &str, bytes: Option<u64>| {
        let mut changed = feed.run.clone();
        changed["inputs"][0]["path"] = path.into();
        changed["inputs"][0]["name"] = "none.csv".into();
        if let Some(bytes) = bytes {
            changed["inputs"][0]["bytes"] = bytes.into();
        }
        folder.write(&run_file, serde_json::to_vec(&changed).unwrap());
        run(&folder, &["replay", &run_file]).exits(1).stderr
    };
    let message = replay("../pipe", None);
    assert!(message.contains("it is a named pipe (FIFO), not a file"), "{message}");
    assert!(replay("/dev/zero", Some(0)).contains("it is a device, not a file"));
    assert!(replay("..", None).contains("it is a folder, not a file"));
    for path in ["/proc/kmsg", "/proc/self/pagemap", "/proc/self/mem", "/proc/kcore", "/sys/kernel/profiling"] {
        for bytes in [0, 1, 4_096, u64::MAX] {
            let _ = replay(path, Some(bytes));
        }
    }

    // An output of the feed is expected beside the run file, where now a pipe is.
    fs::rename(folder.path("elsewhere/employees.csv"), folder.path("employees.csv")).unwrap();
    folder.write(&run_file, serde_json::to_vec(&feed.run).unwrap());
    fs::remove_file(folder.path("out").join(&feed.completions_name)).unwrap();
    make_pipe(&folder, &format!("out/{}", feed.completions_name));
    let outcome = run(&folder, &["replay", &run_file]).exits(1);
    assert!(outcome.stderr.contains("it is a named pipe (FIFO), not a file"), "{}", outcome.stderr);
}

#[test]
fn a_pipe_on_the_command_line_serves_as_an_input() {
    let folder = folder();
    let line = format!(
        "mkfifo pipe; cat employees.csv > pipe & exec \"$BTCFAKE\" {} --employees pipe --quiet",
        SIMULATE.join(" ")
    );
    let _ = Outcome::of(&mut folder.shell(&line)).exits(0);
    let feed = Feed::only(&folder, "out");
    assert_eq!(feed.run["inputs"][0]["path"], Value::Null, "nothing is there any more");
    assert_eq!(feed.run["inputs"][0]["bytes"], EMPLOYEES.len());
    let _ = folder.run(&["replay", &format!("out/{}", feed.run_name), "--input-dir", "."]).exits(0);

    let line = format!("\"$BTCFAKE\" {} --employees /dev/stdin --quiet < employees.csv", SIMULATE.join(" "));
    fs::remove_dir_all(folder.path("out")).unwrap();
    let _ = Outcome::of(&mut folder.shell(&line)).exits(0);
    assert_eq!(Feed::only(&folder, "out").completions, feed.completions);
    let outcome = Outcome::of(&mut folder.shell("\"$BTCFAKE\" check /dev/stdin < employees.csv")).exits(0);
    assert!(outcome.stdout.contains("3 rows: nothing wrong"), "{}", outcome.stdout);
    let line = format!("mkfifo run; cat 'out/{}' > run & exec \"$BTCFAKE\" replay run", feed.run_name);
    let outcome = Outcome::of(&mut folder.shell(&line)).exits(0);
    assert!(outcome.stdout.ends_with("The run was repeated to the byte.\n"), "{}", outcome.stdout);
    let _ = folder.run(&simulate_into("out2", &["--recommendations", "/dev/null"])).exits(0);
}

/// The same command with Ctrl-C enabled. Tests that a shell started in the background, and their children, ignore Ctrl-C
/// otherwise.
fn interruptible(command: &Command) -> Command {
    let mut wrapped = Command::new(if cfg!(target_os = "linux") { "env" } else { "nice" });
    wrapped.args(if cfg!(target_os = "linux") { &["--default-signal=INT"][..] } else { &["-n", "0"] });
    wrapped.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    wrapped.stdin(Stdio::null());
    wrapped
}

/// Regression: the first Ctrl-C had no effect during a wait for a pipe without a writer or reader.
#[test]
fn the_first_ctrl_c_ends_what_waits_for_a_pipe() {
    for arguments in [
        [&SIMULATE[..], &["--employees", "pipe"]].concat(),
        vec!["replay", "pipe"],
        vec!["check", "pipe"],
        simulate(&["--details", "pipe"]),
        [&["series", "--from", "2026-01-29", "--days", "2"], &simulate(&["--details", "pipe"])[5..]].concat(),
    ] {
        let folder = folder();
        make_pipe(&folder, "pipe");
        let mut command = interruptible(&folder.command(&arguments));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // If the signal comes before it waits, it ends as well.
        sleep(Duration::from_millis(300));
        terminate(&child, "INT");
        let outcome = Outcome::at_end_of(child);
        assert!(outcome.code != Some(0), "{arguments:?}: {outcome:?}");
        assert_eq!(folder.names("out"), [""; 0], "{arguments:?}");
    }
    // A pipe whose reader does not read.
    let folder = folder();
    let rows: String = (1..=20_000).map(|id| format!("{id},a\n")).collect();
    folder.write("employees.csv", format!("employee_id,employee_edu_type\n{rows}"));
    make_pipe(&folder, "pipe");
    let path = folder.path("pipe");
    let reader = spawn(move || fs::File::open(path).unwrap());
    let arguments = simulate(&["--details", "pipe"]);
    let child = folder.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let held = reader.join().unwrap();
    wait_until("the run writes", || folder.names("out").iter().any(|name| name.ends_with(".partial")));
    sleep(Duration::from_millis(300));
    terminate(&child, "INT");
    let outcome = Outcome::at_end_of(child).exits(1);
    assert_eq!(outcome.stderr, "stopped before the end; nothing was written\n");
    assert_eq!(folder.names("out"), [""; 0]);
    drop(held);
}

#[test]
fn details_go_into_a_pipe_and_its_reader_may_leave() {
    let folder = folder();
    for reader in ["cat > read.jsonl", "head -n 1 > read.jsonl"] {
        let line =
            format!("mkfifo pipe; {reader} < pipe & \"$BTCFAKE\" {} --details pipe --quiet", simulate(&[]).join(" "));
        let _ = Outcome::of(&mut folder.shell(&format!("{line} && wait"))).exits(0);
        let lines = folder.text("read.jsonl").lines().count();
        assert!(if reader.starts_with("cat") { lines > 3 } else { lines == 1 }, "{reader}: {lines}");
        fs::remove_dir_all(folder.path("out")).unwrap();
        fs::remove_file(folder.path("pipe")).unwrap();
    }
}

#[test]
fn a_full_standard_output_fails_every_command() {
    let folder = folder();
    let _ = folder.run(&simulate(&["--quiet"])).exits(0);
    let run_file = format!("out/{}", Feed::only(&folder, "out").run_name);
    let series = ["series", "--from", "2026-01-29", "--days", "2", "--employees", "employees.csv", "--out", "days"];
    let commands: Vec<Vec<&str>> = vec![
        vec!["--help"],
        vec!["--version"],
        vec!["help"],
        vec!["simulate", "--help"],
        simulate_into("out-1", &[]),
        simulate_into("out-2", &["--json"]),
        series.to_vec(),
        vec!["replay", &run_file],
        vec!["explain", "1", "--run", &run_file],
        vec!["recipe", &run_file],
        vec!["sample", "sample", "--employees", "3", "--contents", "10"],
        vec!["run", "--employees", "employees.csv", "--out", "out-3"],
        vec!["check", "employees.csv"],
        vec!["check", "employees.csv", "--json"],
        vec!["check", "catalog.csv", "employees.csv"],
        vec!["config"],
        vec!["config", "--json"],
        vec!["doctor"],
        vec!["serve", "--listen", "127.0.0.1:0"],
        vec!["sandbox"],
    ];
    for arguments in commands {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = folder.command(&arguments);
        let outcome = Outcome::at_end_of(command.stdout(full).stderr(Stdio::piped()).spawn().unwrap());
        assert_eq!(outcome.code, Some(1), "{arguments:?}: {outcome:?}");
        assert!(outcome.stderr.contains("standard output: cannot write to it: "), "{arguments:?}: {}", outcome.stderr);
    }
    assert!(Path::new(&folder.path("out-1")).exists(), "the run itself is there");

    // A closed pipe is no failure.
    for arguments in ["--help", "config", "simulate --help"] {
        let line = format!("(\"$BTCFAKE\" {arguments}; echo $? > code) | true");
        let outcome = Outcome::of(&mut folder.shell(&line)).exits(0);
        assert_eq!((folder.text("code").as_str(), outcome.stderr.as_str()), ("0\n", ""), "{arguments}");
    }
}
