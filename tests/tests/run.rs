//! `btcfake run`: a complete live run over the sandbox's protocols.

#![allow(clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use btcfake_tests::command_line::{Folder, Outcome, terminate};
use btcfake_tests::live::Live;

const EMPLOYEES: &str = "employee_id,employee_edu_type\n703956,a\n2036615,b\n3000001,f\n3000002,a\n";
const NOW: &str = "2026-01-29T18:00:00Z";
const RUN: [&str; 5] = ["run", "--now", NOW, "--seed", "5"];

/// A folder with employees.csv in its usual place.
fn with_employees() -> Folder {
    let folder = Folder::new();
    folder.write("input/employees.csv", EMPLOYEES);
    folder
}

/// A listener on a free port of loopback, and its address as a setting.
fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it has an address"));
    (listener, address)
}

/// One sandbox serves all checks, since its start takes seconds.
#[test]
fn live_runs_keep_their_promises() {
    let live = Live::start(EMPLOYEES, NOW);
    a_source_that_fails_stops_the_run_before_anything_is_written(&live);
    a_recommender_that_fails_costs_recommendations_only(&live);
    secrets_that_are_words_of_the_answers_change_none(&live);
    production_is_not_published_to_by_accident(&live);
    doctor_and_config_show_what_works_and_no_secret(&live);
    what_refuses_a_run_is_known_before_a_source_is_asked(&live);
    a_live_run_is_made_published_and_repeated(&live);
}

#[test]
fn doctor_ends_when_it_is_asked_to() {
    let folder = with_employees();
    let (silent, address) = listener();
    let mut command = folder.command(&["doctor"]);
    command.envs([("API_BASE_URL", address.as_str()), ("API_TIMEOUT", "600")]);
    let doctor = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started");
    // The connection is accepted and never answered.
    let _connection = silent.accept().expect("the recommender is asked");
    terminate(&doctor, "INT");
    let outcome = Outcome::at_end_of(doctor).exits(1);
    assert!(outcome.stderr.contains("stopped before the end"), "{}", outcome.stderr);
}

#[test]
fn without_an_inbound_server_the_note_says_whether_the_folder_has_catalogs() {
    let folder = with_employees();
    let none = folder.run(&[&RUN[..], &["--out", "none"]].concat()).exits(0);
    let note = "SFTP inbound is not configured, and there is no catalog in downloaded_files";
    assert!(none.stderr.contains(note) && none.stdout.contains(note), "{none:?}");
    let _ = folder.run(&["sample", "downloaded_files", "--now", NOW]).exits(0);
    let some = folder.run(&[&RUN[..], &["--out", "some"]].concat()).exits(0);
    assert!(some.stderr.contains("not configured: the catalogs are those in downloaded_files"), "{some:?}");
}

#[test]
fn a_quiet_run_prints_no_warning_and_its_summary_has_it() {
    let folder = with_employees();
    let (nobody, address) = listener();
    drop(nobody);
    let arguments = [&RUN[..], &["--new-population", "40", "--out", "out", "--quiet", "--json"]].concat();
    let outcome = folder.run_with(&[("API_BASE_URL", &address)], &arguments).exits(0);
    assert_eq!(outcome.stderr, "");
    assert!(outcome.stdout.contains("the first 20 employees all failed"), "{}", outcome.stdout);
}

#[test]
fn a_placeholder_in_the_environment_hides_no_value_of_the_file() {
    let folder = Folder::new();
    folder.write(".env", "OUTPUT_DIR=out\nSFTP_LOCAL_DIR=${OUTPUT_DIR}/catalogs\n");
    for (outside, expected) in [("changeme", "out/catalogs"), ("elsewhere", "elsewhere/catalogs")] {
        let outcome = folder.run_with(&[("OUTPUT_DIR", outside)], &["config"]).exits(0);
        assert!(outcome.stdout.contains(expected), "{outside}: {}", outcome.stdout);
    }
}

/// Answers the first `answered` requests for recommendations, and leaves later ones waiting until the listener is dropped.
fn recommender(listener: &TcpListener, answered: usize) -> Vec<String> {
    let mut asked = Vec::new();
    for _ in 0..answered {
        let (mut stream, _) = listener.accept().expect("the recommender is asked");
        let mut request = BufReader::new(stream.try_clone().expect("a stream can be shared"));
        let (mut line, mut length) = (String::new(), 0);
        while request.read_line(&mut line).expect("a request can be read") > 2 {
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length is a number");
            }
            line.clear();
        }
        let mut body = vec![0; length];
        request.read_exact(&mut body).expect("a body can be read");
        let answer = "{\"response\":{\"ml_recommendations\":[]}}";
        write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
            .expect("an answer can be sent");
        asked.push(String::from_utf8(body).expect("JSON is UTF-8"));
    }
    asked
}

#[test]
fn a_stopped_run_is_taken_up_without_asking_for_what_was_answered() {
    for signal in ["INT", "KILL"] {
        let folder = with_employees();
        let (listener, address) = listener();
        let settings = [("API_BASE_URL", address.as_str()), ("API_CONCURRENCY", "1"), ("BTCFAKE_TOKEN", "ml_recomm")];
        let mut command = folder.command(&[&RUN[..], &["--out", "out"]].concat());
        let run = command.envs(settings).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let asked = recommender(&listener, 2);
        let _waiting = listener.accept().expect("the recommender is asked a third time");
        terminate(&run, signal);
        let stopped = Outcome::at_end_of(run);
        let names = folder.names("downloaded_files");
        let [journal] = &names[..] else { panic!("{signal}: more than a journal is left: {names:?}") };
        assert!(!folder.path("out").exists(), "{signal}: an output folder is left");
        if signal == "INT" {
            let named = format!("2 answers of the recommender in downloaded_files/{journal}: `btcfake run --resume`");
            assert!(stopped.code == Some(1) && stopped.stderr.contains(&named), "{}", stopped.stderr);
        }
        let command = &mut folder.command(&[&RUN[..], &["--out", "out", "--resume"]].concat());
        let run = command.envs(settings).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let asked_later = recommender(&listener, 2);
        let resumed = Outcome::at_end_of(run).exits(0);
        assert!(resumed.stderr.contains("2 answers of a stopped run are taken up"), "{}", resumed.stderr);
        assert!(asked_later.iter().all(|request| !asked.contains(request)), "{asked:?}, then {asked_later:?}");
        assert_eq!(folder.names("downloaded_files"), [""; 0], "{signal}: the journal stays");
        let names = folder.names("out");
        let kept = names.iter().find(|name| name.ends_with("_inputs")).expect("inputs are kept");
        let recording = folder.text(&format!("out/{kept}/recommendations.jsonl"));
        let ids = [703_956, 2_036_615, 3_000_001, 3_000_002];
        let line = |id| format!("{{\"ba_id\":{id},\"body\":{{\"response\":{{\"ml_recommendations\":[]}}}}}}\n");
        assert_eq!(recording, ids.map(line).concat(), "{signal}: keys that hold a secret stay");
    }
}

fn a_live_run_is_made_published_and_repeated(live: &Live) {
    let folder = &live.folder;
    let outcome = folder.run(&[&RUN[..], &["--publish", "--out", "out", "--json"]].concat()).exits(0);
    for step in ["downloading the catalogs", "asking Databricks about 4 employees", "published to 127.0.0.1"] {
        assert!(outcome.stderr.contains(step), "{step}: {}", outcome.stderr);
    }
    let summary: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("the summary is JSON");
    assert_eq!(summary["environment"], "dev");
    let run_file = summary["files"][3].as_str().expect("the run file is named").to_owned();
    let kept = format!("out/{}_inputs", run_file.trim_end_matches(".json"));
    for name in ["content_assignments.csv", "content_completion.csv", "recommendations.jsonl"] {
        assert!(folder.path(&format!("{kept}/{name}")).is_file(), "{name} is kept");
    }
    let catalogs = folder.names("downloaded_files");
    assert!(catalogs.len() >= 2, "{catalogs:?}");
    for name in catalogs.iter().filter(|name| name.ends_with(".csv")) {
        let (kept, brought) =
            (folder.text(&format!("{kept}/{name}")), folder.text(&format!("downloaded_files/{name}")));
        assert_eq!(kept, brought, "{name} is kept as it was brought");
    }
    // The run keeps copies of the downloads.
    std::fs::rename(folder.path("downloaded_files"), folder.path("elsewhere")).expect("a folder can be renamed");
    let replayed = folder.run(&["replay", &format!("out/{run_file}")]).exits(0);
    assert!(replayed.stdout.contains("repeated to the byte"), "{}", replayed.stdout);
    let again = folder.run(&["publish", &format!("out/{run_file}")]).exits(0);
    assert!(catalogs.iter().all(|name| again.stdout.contains(name) || again.stderr.contains(name)), "{}", again.stdout);
    let _ = folder.run(&["check", "out"]).exits(0);
    // The folder alone suffices after a move.
    std::fs::rename(folder.path("out"), folder.path("moved")).expect("a folder can be renamed");
    let moved = folder.run(&["replay", &format!("moved/{run_file}")]).exits(0);
    assert!(moved.stdout.contains("repeated to the byte"), "{}", moved.stdout);
}

fn a_source_that_fails_stops_the_run_before_anything_is_written(live: &Live) {
    for (setting, value, expected) in [
        ("DATABRICKS_TOKEN", "another", "DATABRICKS_TOKEN"),
        ("DATABRICKS_HTTP_PATH", " ", "half configured"),
        ("SFTP_INBOUND_PASSWORD", "another", "SFTP_INBOUND_PASSWORD"),
        ("SFTP_INBOUND_HOST_KEY", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "key"),
        ("EMPLOYEES_FILE", "missing.csv", "missing.csv"),
    ] {
        let outcome = live.folder.run_with(&[(setting, value)], &[&RUN[..], &["--out", "refused"]].concat()).exits(1);
        assert!(outcome.stderr.contains(expected), "{setting}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("another"), "a secret is shown: {}", outcome.stderr);
        assert!(!live.folder.path("refused").exists(), "{setting}: something was written");
    }
}

fn a_recommender_that_fails_costs_recommendations_only(live: &Live) {
    let dead = [("API_BASE_URL", "http://127.0.0.1:9"), ("API_TIMEOUT", "1")];
    let outcome = live.folder.run_with(&dead, &[&RUN[..], &["--out", "without", "--json"]].concat()).exits(0);
    let summary: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("the summary is JSON");
    assert_eq!(summary["failed_calls"], 4);
    let mend = "what may help against failed calls of the recommender: check API_BASE_URL, and whether the API runs";
    assert!(outcome.stderr.contains(mend) && summary["notes"].to_string().contains(mend), "{outcome:?}");
}

fn what_refuses_a_run_is_known_before_a_source_is_asked(live: &Live) {
    // "secret-0" holds this run already.
    for (options, code, expected) in [
        (&["--out", "secret-0"][..], 1, "exists already and is not overwritten"),
        (&["--out", "input/employees.csv/out"], 1, "input/employees.csv/out: cannot create it"),
        (&["--out", "refused/new", "--details", "none/d.jsonl"], 1, "none/d.jsonl: cannot create it"),
        (&["--out", "refused/new", "--details", "input/employees.csv"], 2, "that is a file of the run itself"),
    ] {
        let outcome = live.folder.run(&[&RUN[..], options].concat()).exits(code);
        assert!(outcome.stderr.contains(expected), "{options:?}: {}", outcome.stderr);
        assert!(
            !["downloading", "asking", "--resume"].iter().any(|step| outcome.stderr.contains(step)),
            "{}",
            outcome.stderr
        );
        assert!(!live.folder.path("refused").exists(), "{options:?}: something was written");
    }
}

fn secrets_that_are_words_of_the_answers_change_none(live: &Live) {
    let mut recordings = Vec::new();
    for (at, secret) in [" ", "7039", "apiContext", "serviceGeneration"].into_iter().enumerate() {
        let (out, record) = (format!("secret-{at}"), format!("secret-{at}.jsonl"));
        let setting = ("BTCFAKE_TOKEN", secret);
        let _ = live.folder.run_with(&[setting], &[&RUN[..], &["--out", &out]].concat()).exits(0);
        let _ = live.folder.run_with(&[setting], &["recommend", "703956", "--record", &record]).exits(0);
        let kept = live.folder.names(&out).into_iter().find(|name| name.ends_with("_inputs")).expect("inputs are kept");
        let recorded = live.folder.text(&format!("{out}/{kept}/recommendations.jsonl"));
        recordings.push((recorded, live.folder.text(&record)));
    }
    assert!(recordings[0].0.contains("7039") && recordings[0].1.contains("\"apiContext\""), "{recordings:?}");
    assert!(recordings.iter().all(|recording| *recording == recordings[0]), "{recordings:?}");
}

fn production_is_not_published_to_by_accident(live: &Live) {
    for (name, value, expected) in [
        ("BTCFAKE_ENV", "prod", "--allow-production"),
        ("SFTP_OUTBOUND_REMOTE_PATH", "/inbound/BTC/retailData/prod/vendor", "--allow-production"),
        ("BTCFAKE_ENV", "prodd", "did you mean 'prod'?"),
        ("SFTP_OUTBOUND_REMOTE_PATH", " ", "SFTP_OUTBOUND_REMOTE_PATH: it is not set"),
    ] {
        let setting = (name, value);
        let outcome =
            live.folder.run_with(&[setting], &[&RUN[..], &["--publish", "--out", "refused"]].concat()).exits(1);
        assert!(outcome.stderr.contains(expected), "{name}={value}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("downloading"), "{name}={value}: {}", outcome.stderr);
        assert!(!live.folder.path("refused").exists());
    }
}

fn doctor_and_config_show_what_works_and_no_secret(live: &Live) {
    let secrets: Vec<String> = live
        .folder
        .text(".env")
        .lines()
        .filter(|line| line.contains("PASSWORD=") || line.contains("TOKEN="))
        .filter_map(|line| Some(line.split_once('=')?.1.trim_matches('\'').to_owned()))
        .collect();
    assert_eq!(secrets.len(), 3);
    for command in [&["doctor"][..], &["config"], &["config", "--json"]] {
        let outcome = live.folder.run(command).exits(0);
        assert!(!secrets.iter().any(|secret| outcome.stdout.contains(secret) || outcome.stderr.contains(secret)));
    }
    for (name, value, part) in [
        ("SFTP_PUBLISH_ENABLED", "maybe", "SFTP_PUBLISH_ENABLED 'maybe' is neither true nor false"),
        ("BUSINESS_TIMEZONE", "Mars/Base", "BUSINESS_TIMEZONE: unknown time zone"),
    ] {
        let outcome = live.folder.run_with(&[(name, value)], &["config"]).exits(1);
        assert!(outcome.stderr.contains(part) && outcome.stdout.contains(value), "{outcome:?}");
        let outcome = live.folder.run_with(&[(name, value)], &["config", "--json"]).exits(1);
        assert!(outcome.stdout.contains(part), "{}", outcome.stdout);
    }
    for (name, value, part) in [
        ("SFTP_PUBLISH_ENABLED", "maybe", "FAIL  Settings"),
        ("SFTP_LOCAL_DIR", "/proc/nope", "FAIL  Catalogs"),
        ("BTCFAKE_ENV", "live", "FAIL  Environment"),
        ("SFTP_INBOUND_PASSWROD", "x", "did you mean SFTP_INBOUND_PASSWORD?"),
    ] {
        let outcome = live.folder.run_with(&[(name, value)], &["doctor"]).exits(1);
        assert!(outcome.stdout.contains(part), "{name}: {}", outcome.stdout);
    }
    let outcome = live.folder.run_with(&[("BTCFAKE_ENV", "prod")], &["doctor"]).exits(0);
    assert!(outcome.stdout.contains("WARNING: it looks like production"), "{}", outcome.stdout);
    let outcome = live.folder.run_with(&[("SFTP_INBOUND_HOST", "127.0.0.1:9")], &["doctor"]).exits(1);
    assert!(outcome.stdout.contains("FAIL") && outcome.stdout.contains("ok  "), "{}", outcome.stdout);
}
