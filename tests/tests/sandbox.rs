//! `btcfake sandbox` as other programs use it: its `.env`, our own commands and OpenSSH's `sftp` with these settings,
//! the loading of a published feed, and the end of the sandbox.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use btcfake_tests::command_line::{Folder, HANGS_AFTER, Outcome, end_by};
use btcfake_tests::feed::{Feed, NOW};

const EMPLOYEES: &str = "employee_id,employee_edu_type\n88563,a\n300001,a\n300002,a\n300003,b\n300004,f\n300005,a\n";

/// A sandbox of its own for a test, killed at the latest when the test ends.
struct Sandbox {
    child: Option<Child>,
    /// The settings that it printed, which are in the folder's `.env`, too.
    settings: BTreeMap<String, String>,
    /// Lines of standard error.
    stderr_lines: Receiver<String>,
    /// The folder of its files.
    home: PathBuf,
}

impl Sandbox {
    /// Starts one in a folder, and writes its `.env` there.
    fn start(folder: &Folder, more: &[&str]) -> Sandbox {
        let now: &[&str] = if more.contains(&"--now") { &[] } else { &["--now", NOW] };
        let arguments = [&["sandbox"], now, more].concat();
        let mut child = folder.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, stderr_lines) = channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || errors.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut sandbox = Sandbox { child: Some(child), settings: BTreeMap::new(), stderr_lines, home: PathBuf::new() };
        let mut env = String::new();
        for line in lines.map_while(Result::ok) {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no setting: {line}"));
            sandbox.settings.insert(name.to_owned(), value.trim_matches('\'').to_owned());
            env.push_str(&format!("{line}\n"));
            if name == "SFTP_OUTBOUND_HOST_KEY" {
                break;
            }
        }
        let line = sandbox.wait_for_line("its files are in ");
        let home = line.split("its files are in ").nth(1).and_then(|rest| rest.split(';').next());
        sandbox.home = PathBuf::from(home.unwrap_or_else(|| panic!("{line}")));
        folder.write(".env", env);
        sandbox
    }

    /// Waits for the next line of standard error that contains a text.
    fn wait_for_line(&self, text: &str) -> String {
        let deadline = Instant::now() + HANGS_AFTER;
        let mut earlier = Vec::new();
        while let Ok(line) = self.stderr_lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            if line.contains(text) {
                return line;
            }
            earlier.push(line);
        }
        panic!("no line with {text:?}: {earlier:?}");
    }

    /// The process, which is then no longer killed when the test ends.
    fn into_child(mut self) -> Child {
        self.child.take().unwrap()
    }

    fn end(mut self, signal: &str) {
        end_by(self.child.take().unwrap(), signal);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
            // A killed sandbox cannot remove its files.
            let _ = fs::remove_dir_all(&self.home);
        }
    }
}

#[test]
fn its_env_serves_every_command_and_what_is_published_is_taken_in() {
    let folder = Folder::new();
    folder.write("input/employees.csv", EMPLOYEES);
    let sandbox = Sandbox::start(&folder, &[]);
    assert_eq!(sandbox.settings["BTCFAKE_ENV"], "dev");
    assert!(!sandbox.settings.contains_key("EMPLOYEES_FILE"), "the folder has its own");

    let downloaded = folder.run(&["download", "--now", NOW]).exits(0);
    assert_eq!(downloaded.stdout.lines().count(), 2, "{}", downloaded.stdout);
    assert_eq!(folder.names("downloaded_files").len(), 2);

    let answers: Vec<Outcome> = EMPLOYEES
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .map(|id| folder.run(&["recommend", id]).exits(0))
        .collect();
    assert!(answers.iter().any(|answer| !answer.stdout.starts_with("No recommendations")), "{answers:?}");

    let _ = folder.run(&["simulate", "--now", NOW, "--seed", "7", "--out", "out"]).exits(0);
    let feed = Feed::only(&folder, "out");
    let first = folder.run(&["publish", "out"]).exits(0);
    assert!(first.stdout.contains("5 files sent to 127.0.0.1:/inbound/"), "{}", first.stdout);
    let taken = sandbox.wait_for_line("sandbox: loaded");
    assert!(taken.contains(&feed.completions_name), "{taken}");
    assert!(!taken.contains(" 0 new completions"), "{taken}");

    let second = folder.run(&["publish", "out"]).exits(0);
    assert!(second.stdout.contains("0 files sent"), "{}", second.stdout);
    assert!(second.stdout.contains("this feed was published already"), "{}", second.stdout);

    // The next day from the same state adds nothing, because what was published is not in that state.
    let next_day = "2026-01-30T18:00:00Z";
    let _ = folder.run(&["simulate", "--now", next_day, "--seed", "7", "--out", "next"]).exits(0);
    let third = folder.run(&["publish", "next"]).exits(0);
    assert!(third.stderr.contains("the state of this run is older than the last publishing"), "{}", third.stderr);
    let taken = sandbox.wait_for_line("sandbox: loaded");
    let next = Feed::only(&folder, "next");
    assert!(taken.contains(&next.completions_name), "each run is loaded once: {taken}");
    // With the present state there is nothing to warn of, and the recommender still works.
    let live = ["run", "--publish", "--now", "2026-01-31T18:00:00Z", "--out", "live", "--json"];
    let live = folder.run(&live).exits(0);
    assert!(!live.stderr.contains("older than"), "{}", live.stderr);
    let summary: serde_json::Value = serde_json::from_str(&live.stdout).unwrap();
    assert!(summary["completions_ai"]["a"].as_u64().unwrap() > 0, "{summary}");

    let home = sandbox.home.clone();
    assert!(home.is_dir());
    sandbox.end("TERM");
    assert!(!home.exists(), "a temporary folder goes at the end");
}

#[test]
fn a_run_right_after_a_publishing_has_the_state_with_it() {
    let folder = Folder::new();
    folder.write("input/employees.csv", EMPLOYEES);
    let _sandbox = Sandbox::start(&folder, &[]);
    let run = |now: &str, out: &str| {
        let outcome = folder.run(&["run", "--publish", "--now", now, "--out", out, "--json"]).exits(0);
        serde_json::from_str::<serde_json::Value>(&outcome.stdout).unwrap()
    };
    let count = |summary: &serde_json::Value, name: &str| summary[name].as_u64().unwrap();
    let first = run(NOW, "first");
    let next = run("2026-01-30T18:00:00Z", "next");
    let left = count(&first, "open_left") + count(&first, "new_left");
    assert_ne!(left, 0, "{first}");
    assert_eq!(count(&next, "open_assignments"), left, "{next}");
}

#[test]
fn a_state_without_the_feed_published_last_is_warned_of_before_the_run() {
    const PUBLICATIONS: &str = "generated_files/.btcfake-published.jsonl";
    const WARNING: &str = "the batch job has not loaded that feed yet";
    let folder = Folder::new();
    folder.write("input/employees.csv", EMPLOYEES);
    let _sandbox = Sandbox::start(&folder, &[]);
    let mut seed = 0;
    let mut warning = |more: &[&str]| {
        seed += 1;
        let (seed, out) = (seed.to_string(), format!("out{seed}"));
        let run = ["run", "--now", "2026-01-30T18:00:00Z", "--seed", &seed, "--out", &out];
        let outcome = folder.run(&[&run, more].concat()).exits(0);
        let warning = outcome.stderr.lines().find(|line| line.contains(WARNING));
        assert_eq!(warning.is_some(), outcome.stdout.contains(WARNING), "{}", outcome.stdout);
        warning.map(str::to_owned)
    };
    assert_eq!(warning(&["--publish"]), None, "nothing was published before");
    assert_eq!(warning(&[]), None, "the batch job has loaded it");

    // A completion that no feed has, as if the batch job had not loaded the feed.
    let line = folder.text(PUBLICATIONS);
    let mut publication: serde_json::Value = serde_json::from_str(&line).unwrap();
    let completed = publication["completed"].as_array_mut().unwrap();
    assert!((1..=20).contains(&completed.len()), "{line}");
    let of = completed.len();
    completed[0]["content"] = 999_999_999.into();
    folder.write(PUBLICATIONS, format!("{publication}\n"));
    let expected = format!("the state lacks 1 of {of} completions of the last publishing (run_");
    for more in [&[][..], &["--publish"]] {
        let warning = warning(more).unwrap_or_default();
        assert!(warning.starts_with("warning: ") && warning.contains(&expected), "{more:?}: {warning}");
    }
    assert_eq!(warning(&[]), None, "what was published since is loaded");
}

#[test]
fn a_folder_that_was_named_stays_and_goes_on() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &["--dir", "kept box"]);
    let employees = PathBuf::from(&sandbox.settings["EMPLOYEES_FILE"]);
    assert!(employees.is_file(), "without a file, the sample's employees are there");
    let _ = folder.run(&["simulate", "--now", NOW, "--seed", "7", "--out", "out"]).exits(0);
    let _ = folder.run(&["publish", "out"]).exits(0);
    sandbox.end("INT");
    assert!(employees.is_file());

    // After a restart, passwords, ports and keys are new, and the published feeds are still there. A folder serves one sandbox
    // at a time; a killed one does not block it.
    let killed = Sandbox::start(&folder, &["--dir", "kept box"]);
    let second = folder.run(&["sandbox", "--dir", "kept box"]).exits(1);
    assert!(second.stderr.contains("another sandbox runs in this folder"), "{}", second.stderr);
    let mut child = killed.into_child();
    child.kill().unwrap();
    child.wait().unwrap();
    let sandbox = Sandbox::start(&folder, &["--dir", "kept box", "--now", "2026-02-03T18:00:00Z"]);
    // The vendor went on: a Monday has passed.
    let later = ["download", "--now", "2026-02-03T18:00:00Z"];
    let _ = folder.run(&["download", "--now", NOW]).exits(0);
    let _ = folder.run(&later).exits(0);
    let doses = |day: &str| {
        let start = format!("StandAloneContent_v2_{day}_1_");
        let names = folder.names("downloaded_files");
        let name = names.iter().find(|name| name.starts_with(&start)).unwrap_or_else(|| panic!("{day}: {names:?}"));
        let text = folder.text(&format!("downloaded_files/{name}"));
        csv::Reader::from_reader(text.as_bytes()).records().filter(|row| &row.as_ref().unwrap()[7] == "TRUE").count()
    };
    assert_eq!(doses("2026_2_3"), doses("2026_1_30") + 3);
    let again = folder.run(&["publish", "out"]).exits(0);
    assert!(again.stdout.contains("0 files sent"), "{}", again.stdout);
    assert!(sandbox.wait_for_line("sandbox: loaded").contains(": 0 new completions, 0 new assignments"));
    drop(sandbox);

    folder.write("full/notes.txt", "mine");
    let refused = folder.run(&["sandbox", "--dir", "full"]).exits(1);
    assert!(refused.stderr.contains("choose a new or empty folder"), "{}", refused.stderr);
    assert_eq!(folder.names("full"), ["notes.txt"]);
}

#[test]
fn openssh_lists_the_inbound_folder() {
    if Command::new("sftp").arg("-h").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "no sftp here; scripts/set-up.sh sshd installs it");
        eprintln!("no sftp here: not tested; scripts/set-up.sh sshd installs it");
        return;
    }
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let (host, port) = sandbox.settings["SFTP_INBOUND_HOST"].split_once(':').unwrap();
    let password = &sandbox.settings["SFTP_INBOUND_PASSWORD"];
    folder.write("ask", format!("#!/bin/sh\necho '{password}'\n"));
    fs::set_permissions(folder.path("ask"), fs::Permissions::from_mode(0o700)).unwrap();
    folder.write("batch", format!("ls -1 {}\n", sandbox.settings["SFTP_INBOUND_REMOTE_PATH"]));
    let listed = Command::new("sftp")
        .args(["-F", "none", "-P", port, "-o", "StrictHostKeyChecking=yes", "-o", "PreferredAuthentications=password"])
        // By itself, a batch file disables the prompt for the password.
        .args([
            "-o",
            "BatchMode=no",
            "-o",
            &format!("UserKnownHostsFile={}", sandbox.home.join("known_hosts").display()),
        ])
        .arg("-b")
        .arg(folder.path("batch"))
        .args(["-o", "BatchMode=no", &format!("{}@{host}", sandbox.settings["SFTP_INBOUND_USER"])])
        .env("SSH_ASKPASS", folder.path("ask"))
        .env("SSH_ASKPASS_REQUIRE", "force")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let names = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = names.lines().filter(|line| line.starts_with(&sandbox.settings["SFTP_INBOUND_REMOTE_PATH"])).count();
    assert_eq!(listed, 784, "all 785 but the hidden one: {names}");
    assert!(names.contains("StandAloneContent_v2_2026_1_29_1_"), "{names}");
}

#[test]
fn faults_come_when_they_are_asked_for() {
    for (list, line) in [
        ("sftp-cutt=2MB", "did you mean sftp-cut?"),
        ("api-500=2", "write a share from 0 to 1"),
        ("api-slow=soon", "write a time"),
        ("sftp-cut=much", "write a size"),
    ] {
        let refused = Folder::new().run(&["sandbox", "--fault", list]).exits(2);
        assert!(refused.stderr.contains(line), "{list}: {}", refused.stderr);
        assert_eq!(refused.stdout, "", "{list}");
    }
    let folder = Folder::new();
    let _sandbox = Sandbox::start(&folder, &["--fault", "api-500=1,sftp-cut=100kB,sftp-cuts=1"]);
    let failed = folder.run(&["recommend", "88563"]).exits(1);
    assert!(failed.stderr.contains("500"), "{}", failed.stderr);
    let patient = folder.run(&["download", "--now", NOW]).exits(0);
    assert!(patient.stderr.contains("trying again"), "{}", patient.stderr);
    assert_eq!(folder.names("downloaded_files").len(), 2);
}
