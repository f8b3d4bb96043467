//! Untrusted text in the output of every command: file names, fields, run file members, arguments, settings and answers of
//! servers. The output has no control character except line feeds and no invisible character, and no untrusted text begins a
//! line.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use btcfake_core::text::visible::is_hidden;
use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW, catalog};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Marker that begins a line if an untrusted line feed was printed.
const FORGED: &str = "FORGED";

/// A text with terminal control sequences or invisible characters.
fn hostile_text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "\u{1b}[31m",
        "\u{1b}]0;x\u{7}",
        "\nFORGED",
        "\r\nFORGED",
        "\rFORGED",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{200d}",
        "\u{feff}",
        "\u{a0}",
        "\u{ad}",
        "\u{e0041}",
        "\u{fe0f}",
        "\u{9b}31m",
        "\u{7f}",
        "\t",
        "\u{430}",
    ])
    .prop_map(str::to_owned);
    let any = any::<char>().prop_filter("names of files", |c| !matches!(c, '\0' | '/')).prop_map(String::from);
    prop::collection::vec(prop_oneof![3 => known, 1 => any], 1..5).prop_map(|parts| format!("x{}y", parts.concat()))
}

/// Runs a command and checks its output.
fn check(what: &str, text: &str, command: &mut Command) -> Outcome {
    let outcome = Outcome::of(command);
    for (name, output) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
        let hidden = output.chars().find(|character| is_hidden(*character) && *character != '\n');
        assert_eq!(hidden, None, "{what} with {text:?}: {name} {output:?}");
        let forged = output.lines().any(|line| line.starts_with(FORGED));
        assert!(!forged, "{what} with {text:?}: {name} {output:?}");
    }
    assert!(!outcome.stderr.contains("panicked"), "{what} with {text:?}: {}", outcome.stderr);
    outcome
}

/// A web server on loopback with one answer for all requests, until the test ends.
fn answering(status: u16, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !is_whole(&request) {
                match stream.read(&mut piece) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => request.extend_from_slice(&piece[..read]),
                }
            }
            let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    format!("http://{address}")
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// A field of a CSV file.
fn field(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn arguments_and_names(text: &str) {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n7,a\n");
    for arguments in [
        &[text][..],
        &["--", text],
        &[&format!("--{text}")],
        &["simulate", text],
        &["simulate", &format!("--{text}")],
        &["simulate", "--mix", text],
        &["simulate", "--now", text],
        &["simulate", "--timezone", text],
        &["simulate", "--seed", text],
        &["simulate", "--ids", text, "--new-population", "2"],
        &["simulate", "--request-id", text],
        &["simulate", "--break", text],
        &["simulate", "--break", &format!("crlf={text}")],
        &["simulate", "--employees", text],
        &["simulate", "--employees", "employees.csv", "--assignments", text],
        &["simulate", "--employees", "employees.csv", "--user-completion-template", text, "--out", text],
        &["series", "--from", text, "--days", "1"],
        &["series", "--from", "2026-01-29", "--days", "1", "--at", text],
        &["explain", text],
        &["explain", "7", "--run", text],
        &["replay", text],
        &["replay", &format!("https://page/#recipe=1&{text}={text}")],
        &["recipe", text],
        &["recipe", &format!("recipe={text}")],
        &["recipe", "recipe=1&seed=1&now=2026-01-29T18:00:00Z", "--page", text],
        &["sample", text, "--employees", "2", "--contents", "10", "--now", NOW],
        &["check", text],
        &["download", "--days", text],
        &["publish", "--run", text],
        &["trust", text],
        &["recommend", text],
        &["serve", "--listen", text],
        &["sandbox", "--fault", text],
        &["sandbox", "--fault", &format!("api-slow={text}")],
    ] {
        let _ = check(&format!("{arguments:?}"), text, &mut folder.command(arguments));
    }
}

fn files(text: &str) {
    let folder = Folder::new();
    let name = format!("in/{text}.csv");
    let employees = format!("employee_id,{0}\n{0},{0}\n7,{0}\n8,a,{0}\n", field(text));
    folder.write(&name, &employees).write("employees.csv", &employees);
    folder.write("in/employees.csv", format!("employee_id,employee_edu_type\n7,{0}\n{0},a\n# 9,a {0}\n", field(text)));
    // A comment ends with its line.
    let comment = text.replace(['\r', '\n'], " ");
    folder.write("good.csv", format!("employee_id,employee_edu_type\n7,a\n# 9,a {comment}\n"));
    let names = [["104,829", text, "TRUE", "2026-01-02T00:00:00Z"], ["104,830", text, "", text]];
    folder.write(&format!("StandAloneContent_v2_2026_1_29_1_{text}.csv"), catalog(&names));
    folder.write("catalog.csv", catalog(&names));
    let state = |content_type: &str| {
        format!(
            "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
             7,104830,2026-01-28 00:00:00,,,,{}\n",
            field(content_type)
        )
    };
    // A content type with a line break is refused.
    folder.write("state.csv", state(&comment)).write("refused_state.csv", state(text));
    folder.write("bad_state.csv", format!("ba_id,content_id,completion_date\n{0},{0},{0}\n", field(text)));
    let answer = json!({ "ba_id": 7, "body": { "response": { "ml_recommendations": [
        { "ba_id": 7, "recommended_content_id": 555, "recommended_content": text },
        { "ba_id": text, "recommended_content_id": text },
    ] } } });
    folder.write("answers.jsonl", format!("{answer}\n{}\n{text}\n", json!({ "ba_id": 8, "error": text })));
    folder.write("good_answers.jsonl", format!("{answer}\n"));
    let made_from = |more: &[&'static str]| {
        let usual = ["--now", NOW, "--seed", "1", "--standalone-content", "catalog.csv", "--assignments", "state.csv"];
        [&usual[..], &["--recommendations", "good_answers.jsonl", "--employees", "good.csv"], more].concat()
    };
    for arguments in [
        vec!["check", &name],
        vec!["check", "in"],
        vec!["check", "in", "catalog.csv", "state.csv", "refused_state.csv", "bad_state.csv", "answers.jsonl"],
        vec!["check", "--json", "in", "catalog.csv", "bad_state.csv", "answers.jsonl"],
        vec!["simulate", "--employees", &name],
        vec!["simulate", "--employees", "employees.csv", "--skip-bad-rows"],
        vec!["simulate", "--employees", "good.csv", "--completions", "bad_state.csv"],
        vec!["simulate", "--employees", "good.csv", "--recommendations", "answers.jsonl", "--out", "a"],
        [vec!["simulate", "--out", "b", "-v"], made_from(&[])].concat(),
        [vec!["simulate", "--out", "c", "--json"], made_from(&[])].concat(),
        [vec!["simulate", "--out", "d", "--details", text], made_from(&["--break", "bad-date=2,crlf"])].concat(),
        [vec!["explain", "7"], made_from(&[])].concat(),
        [vec!["explain", "9"], made_from(&[])].concat(),
        [vec!["explain", "7", "--json"], made_from(&[])].concat(),
        vec!["check", "b", "d", "catalog.csv", "state.csv", "good.csv"],
    ] {
        let _ = check(&format!("{arguments:?}"), text, &mut folder.command(&arguments));
    }
    run_files(&folder, text);
}

/// Run files with hostile members, of the run in folder `b`.
fn run_files(folder: &Folder, text: &str) {
    let feed = Feed::only(folder, "b");
    let run_file = format!("b/{}", feed.run_name);
    let with = |pointer: &str, value: &str| {
        let mut run = feed.run.clone();
        *run.pointer_mut(pointer).unwrap_or_else(|| panic!("a run file has no {pointer}")) = Value::from(value);
        run
    };
    for pointer in [
        "/version",
        "/seed",
        "/now",
        "/time_zone",
        "/inputs/0/name",
        "/inputs/0/path",
        "/inputs/0/role",
        "/inputs/0/sha256",
        "/outputs/0/name",
        "/outputs/0/sha256",
    ] {
        folder.write(&run_file, with(pointer, text).to_string());
        for arguments in
            [&["replay", &run_file][..], &["replay", &run_file, "--out", "e"], &["check", "b"], &["recipe", &run_file]]
        {
            let _ = check(&format!("{arguments:?} ({pointer})"), text, &mut folder.command(arguments));
        }
    }
    let mut more = feed.run.clone();
    more[text] = json!(text);
    folder.write(&run_file, more.to_string());
    let _ = check("a member that nobody knows", text, &mut folder.command(&["replay", &run_file]));
}

fn settings_and_servers(text: &str) {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n7,a\n");
    let item = json!({ "ba_id": 7, "recommended_content_id": 555, "recommended_content": text });
    let recommender = answering(200, json!({ "response": { "ml_recommendations": [item] } }).to_string());
    let refusing = answering(403, json!({ "error_code": text, "message": text, "error": text }).to_string());
    let broken = answering(200, text.to_owned());
    let host = |url: &str| url.trim_start_matches("http://").to_owned();
    let databricks = |url: &str| {
        [("DATABRICKS_TOKEN", "secret-token"), ("DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter()
            .chain([("DATABRICKS_HOST".to_owned(), url.to_owned())])
            .collect::<Vec<_>>()
    };
    let one = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let employees = "--employees=employees.csv";
    for (settings, commands) in [
        (one("OUTPUT_DIR", text), vec![vec!["config"], vec!["config", "--json"], vec!["simulate", employees]]),
        (one("EMPLOYEES_FILE", text), vec![vec!["simulate"]]),
        (one("BUSINESS_TIMEZONE", text), vec![vec!["simulate", employees]]),
        (one("BTCFAKE_ENV", text), vec![vec!["simulate", employees]]),
        (one("API_BASE_URL", &format!("http://127.0.0.1:{text}")), vec![vec!["recommend", "7"]]),
        (one("API_BASE_URL", &recommender), vec![vec!["recommend", "7"], vec!["recommend", "--json", "7"]]),
        (one("API_BASE_URL", &recommender), vec![vec!["run", employees, "--now", NOW, "-v"]]),
        (one("API_BASE_URL", &refusing), vec![vec!["recommend", "7"], vec!["doctor"]]),
        (one("API_BASE_URL", &broken), vec![vec!["recommend", "7"]]),
        (databricks(&refusing), vec![vec!["run", employees]]),
        (databricks(&broken), vec![vec!["run", employees]]),
        (one(&format!("SFTP_{text}"), "x"), vec![vec!["config"]]),
        (
            [one("SFTP_INBOUND_HOST", &host(&broken)), one("SFTP_INBOUND_USER", text)].concat(),
            vec![vec!["config"], vec!["trust", "inbound", "--yes"]],
        ),
    ] {
        for arguments in commands {
            let mut command = folder.command(&arguments);
            // The name of a variable cannot have `=` or NUL.
            let usable = |name: &String| !name.contains('=');
            command
                .envs(settings.iter().filter(|(name, _)| usable(name)).map(|(name, value)| (OsStr::new(name), value)));
            let _ = check(&format!("{arguments:?} with {settings:?}"), text, &mut command);
        }
    }
    for value in
        [format!("OUTPUT_DIR={text}\n"), format!("OUTPUT_DIR='{text}'\n"), format!("{text}\n"), text.to_owned()]
    {
        folder.write(".env", &value);
        for arguments in [&["config"][..], &["simulate", employees]] {
            let _ = check(&format!("{arguments:?} with the .env {value:?}"), text, &mut folder.command(arguments));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arguments_can_do_nothing_to_a_terminal(text in hostile_text()) {
        arguments_and_names(&text);
    }

    #[test]
    fn files_can_do_nothing_to_a_terminal(text in hostile_text()) {
        files(&text);
    }

    #[test]
    fn settings_and_servers_can_do_nothing_to_a_terminal(text in hostile_text()) {
        settings_and_servers(&text);
    }
}

#[test]
fn known_attacks_can_do_nothing_to_a_terminal() {
    for text in ["a\u{1b}[31m\u{9b}2J\nFORGED: \r\u{7}", "a\u{202e}\u{2066}\u{200b}\u{feff}\u{a0}\u{e0041}\u{ad}b"] {
        arguments_and_names(text);
        files(text);
        settings_and_servers(text);
    }
}

#[test]
fn escapes_do_not_change_what_json_means_nor_what_files_hold() {
    let folder = Folder::new();
    let name = "x\u{202e}\u{a0}\u{1b}\ny.csv";
    folder.write(&format!("in/{name}"), "employee_id,employee_edu_type\n7,a\n");
    let outcome = folder.run(&["check", "--json", "in"]).exits(0);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["files"][0]["name"], name);
    assert_eq!(report["files"][0]["path"], format!("in/{name}"));
    let content = "N\u{202e}\u{a0}\u{200b}e";
    folder.write("catalog.csv", catalog(&[["104,829", content, "TRUE", "2026-01-02T00:00:00Z"]]));
    let input = format!("in/{name}");
    let _ = folder
        .run(&[
            "simulate",
            "--employees",
            &input,
            "--standalone-content",
            "catalog.csv",
            "--now",
            NOW,
            "--out",
            "out",
            "--details",
            "details.jsonl",
        ])
        .exits(0);
    let details = folder.text("details.jsonl");
    assert!(details.contains(content), "{details}");
    assert_eq!(Feed::only(&folder, "out").run["inputs"][0]["name"], name);
}

#[test]
fn what_only_looks_like_a_latin_letter_is_named_wherever_a_value_is_refused() {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n7,\u{430}\n\u{ff18},a\n");
    folder.write("header.csv", "\u{435}mployee_id,employee_edu_type\n7,a\n");
    let named = "(U+0430, not the Latin letter a)";
    for (arguments, expected) in [
        (&["simulate", "--employees", "employees.csv"][..], named),
        (&["simulate", "--employees", "employees.csv"], "(U+FF18, not the digit 8)"),
        (&["check", "employees.csv"], named),
        (&["simulate", "--employees", "header.csv"], "(U+0435, not the Latin letter e)"),
        (&["simulate", "--mix", "\u{430}=100"], named),
        (&["simulate", "--break", "b\u{430}d-date"], named),
        (&["simulate", "--now", "2026\u{2212}01-29"], "(U+2212, not the sign -)"),
        (&["simulate", "--timezone", "\u{410}sia/Tokyo"], "(U+0410, not the Latin letter A)"),
        (&["simulate", "--request-id", "f\u{430}ke-day"], "U+0430, not the Latin letter a"),
        (&["simul\u{430}te"], "U+0430, not the Latin letter a"),
        (&["recipe", "recipe=1&s\u{435}ed=1"], "(U+0435, not the Latin letter e)"),
        (&["sandbox", "--fault", "\u{430}pi-slow"], named),
    ] {
        let outcome = folder.run(arguments);
        assert!(outcome.stderr.contains(expected), "{arguments:?}: {}", outcome.stderr);
    }
    for (name, value) in
        [("BTCFAKE_ENV", "pr\u{43e}d"), ("API_TIMEOUT", "3\u{41e}"), ("SFTP_INBOUND_HOST", "\u{430}.com")]
    {
        let outcome = folder.run_with(&[(name, value)], &["doctor"]);
        assert!(outcome.stdout.contains("(U+04"), "{name}: {}", outcome.stdout);
    }
}

#[test]
fn what_cannot_be_seen_is_shown_wherever_a_value_is_refused() {
    for hidden in [
        '\u{200b}', '\u{a0}', '\u{200d}', '\u{feff}', '\u{ad}', '\u{2060}', '\u{3000}', '\u{202f}', '\u{2800}',
        '\u{fe0e}',
    ] {
        let escape = hidden.escape_unicode();
        let folder = Folder::new();
        folder.write("employees.csv", format!("employee_id,employee_edu_type\n7,f{hidden}a\n1{hidden}8,a\n"));
        for arguments in [&["simulate", "--employees", "employees.csv"][..], &["check", "employees.csv"]] {
            let printed = folder.run(arguments).exits(1).stderr;
            assert!(printed.contains(&format!("'f{escape}a'")), "{arguments:?}: {printed}");
            assert!(printed.contains(&format!("'1{escape}8'")), "{arguments:?}: {printed}");
        }
        let printed = folder.run(&["simulate", "--mix", &format!("a={hidden}60")]).exits(2).stderr;
        assert!(printed.contains(&format!("'{escape}60'")), "{printed}");
    }
}
