//! Secrets of `.env` and of the environment: no command and no answer of the API contains a password, token or key,
//! however the file was changed in transit (other line ends, another encoding, lost or added characters).

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use btcfake_tests::command_line::{Folder, HANGS_AFTER, Outcome, end_by};
use proptest::prelude::*;
use proptest::sample::Index;

/// The lines of a key, made up.
const KEY: [&str; 5] = [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
    "QyNTUxOQAAACBTRUNSRVQ3Y3VSZTdzM2NyM3RzM2NyM3RzM2NyM3RzM2NyM3RzM2NyM3Q=",
    "AAAAQFMzY3IzdFMzY3IzdFMzY3IzdFMzY3IzdFMzY3IzdFMzY3IzdFMzY3IzdA==",
    "-----END OPENSSH PRIVATE KEY-----",
];

/// Every secret of the file that is mutated.
const SECRETS: [&str; 5] = ["inb0und-Hunter2", "0utb0und=S3cret#x", "dapi7f3a0c5e", "p4ssphr4se==", "T0kenOfThePage="];

fn env_file() -> String {
    let [inbound, outbound, databricks, passphrase, page] = SECRETS;
    format!(
        "OUTPUT_DIR=out\n\
         # settings of a tester\n\
         SFTP_INBOUND_USER=tester\n\
         SFTP_INBOUND_PASSWORD='{inbound}'\n\
         SFTP_INBOUND_REMOTE_PATH=\"/in\"\n\
         SFTP_OUTBOUND_PASSWORD={outbound}\n\
         SFTP_OUTBOUND_PRIVATE_KEY_PASSPHRASE=\"{passphrase}\"\n\
         SFTP_OUTBOUND_REMOTE_PATH=/out\n\
         DATABRICKS_TOKEN={databricks}\n\
         DATABRICKS_HTTP_PATH=/sql/1.0/warehouses/1\n\
         API_ENDPOINT=/run\n\
         EMPLOYEES_FILE='employees.csv'\n\
         BTCFAKE_TOKEN={page}\n\
         SFTP_LOCAL_DIR=catalogs\n"
    )
}

/// Settings with addresses that cannot be reached, so that no mutation leads a program to a real server.
const NOWHERE: [(&str, &str); 4] = [
    ("SFTP_INBOUND_HOST", "127.0.0.1:none"),
    ("SFTP_OUTBOUND_HOST", "127.0.0.1:none"),
    ("API_BASE_URL", "http://127.0.0.1:none"),
    ("DATABRICKS_HOST", "http://127.0.0.1:none"),
];

const COMMANDS: [&[&str]; 12] = [
    &["config"],
    &["config", "--json"],
    &["doctor"],
    &["simulate"],
    &["series", "--from", "2026-01-29", "--days", "1"],
    &["download"],
    &["run"],
    &["publish"],
    &["recommend", "7"],
    &["trust", "inbound"],
    &["trust", "outbound", "--yes"],
    &["serve", "--listen", "127.0.0.1:none"],
];

/// A mutation of a file.
#[derive(Clone, Debug)]
enum Mutation {
    /// All line ends are replaced.
    LineEnds(&'static str),
    /// One line end is replaced or removed.
    LineEnd(Index, &'static str),
    Insert(Index, &'static str),
    Remove(Index),
    Swap(Index, Index),
    CutOff(Index),
    Utf16 {
        mark: bool,
        little: bool,
    },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    const ENDS: [&str; 12] =
        ["\r", "\r\n", "", " ", ";", "\\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\u{1e}"];
    const INSERTED: [&str; 12] =
        ["'", "\"", "=", "#", "\n", "\\", "\0", "\u{feff}", "\u{202e}", "${BTCFAKE_TOKEN}", " ", "\u{1b}"];
    prop_oneof![
        prop::sample::select(&ENDS[..]).prop_map(Mutation::LineEnds),
        (any::<Index>(), prop::sample::select(&ENDS[..])).prop_map(|(at, end)| Mutation::LineEnd(at, end)),
        (any::<Index>(), prop::sample::select(&INSERTED[..])).prop_map(|(at, text)| Mutation::Insert(at, text)),
        any::<Index>().prop_map(Mutation::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Mutation::Swap(one, other)),
        any::<Index>().prop_map(Mutation::CutOff),
        (any::<bool>(), any::<bool>()).prop_map(|(mark, little)| Mutation::Utf16 { mark, little }),
    ]
}

fn mutated(text: &str, mutation: &Mutation) -> Vec<u8> {
    let mut characters: Vec<char> = text.chars().collect();
    let mut ends = text.match_indices('\n').map(|(at, _)| at);
    match mutation {
        Mutation::LineEnds(end) => return text.replace('\n', end).into_bytes(),
        Mutation::LineEnd(at, end) => {
            let at = ends.nth(at.index(text.matches('\n').count())).unwrap();
            return [&text[..at], end, &text[at + 1..]].concat().into_bytes();
        }
        Mutation::Insert(at, inserted) => {
            let at = at.index(characters.len());
            characters.splice(at..at, inserted.chars());
        }
        Mutation::Remove(at) => {
            characters.remove(at.index(characters.len()));
        }
        Mutation::Swap(one, other) => {
            let count = characters.len();
            characters.swap(one.index(count), other.index(count));
        }
        Mutation::CutOff(at) => characters.truncate(at.index(characters.len())),
        Mutation::Utf16 { mark, little } => {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            let bytes = |unit: u16| if *little { unit.to_le_bytes() } else { unit.to_be_bytes() };
            return units.flat_map(bytes).collect();
        }
    }
    characters.into_iter().collect::<String>().into_bytes()
}

/// Asserts that no command printed a secret. A secret that was mutated itself is searched by its halves.
fn holds_none(what: &str, outcome: &Outcome, secrets: &[&str]) {
    for secret in secrets {
        let half = secret.len() / 2;
        for part in [*secret, &secret[..half], &secret[half..]].into_iter().filter(|part| part.len() >= 6) {
            for output in [&outcome.stdout, &outcome.stderr] {
                assert!(!output.contains(part), "{what}: {part} in {output}");
            }
        }
    }
    assert!(!outcome.stderr.contains("panicked"), "{what}: {}", outcome.stderr);
}

fn check(env: &[u8], commands: &[&[&str]]) {
    let folder = Folder::new();
    folder.write("employees.csv", "employee_id,employee_edu_type\n7,a\n").write(".env", env);
    for command in commands {
        let outcome = folder.run_with(&NOWHERE, command);
        holds_none(&format!("{command:?} with {:?}", String::from_utf8_lossy(env)), &outcome, &SECRETS);
    }
    for (request, answer) in answers(&folder) {
        let outcome = Outcome { code: None, stdout: answer, stderr: String::new() };
        holds_none(&format!("{request} with {:?}", String::from_utf8_lossy(env)), &outcome, &SECRETS);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_command_shows_a_secret_of_a_mutated_env_file(mutation in mutation(), more in any::<Index>()) {
        check(&mutated(&env_file(), &mutation), &[COMMANDS[0], COMMANDS[2], COMMANDS[more.index(COMMANDS.len())]]);
    }
}

#[test]
fn no_command_shows_a_secret_of_a_file_whose_lines_end_otherwise() {
    let all = |end: &str| env_file().replace('\n', end).into_bytes();
    for end in ["\r", "\u{b}", "\u{85}", "\u{2028}", " ", ""] {
        check(&all(end), &COMMANDS);
    }
    for command in COMMANDS.into_iter().filter(|command| command[0] == "config" || command[0] == "simulate") {
        let folder = Folder::new();
        folder.write(".env", all("\r"));
        let outcome = folder.run(command).exits(1);
        assert!(outcome.stderr.contains(".env:1:1: a control character stands here (U+000D)"), "{}", outcome.stderr);
    }
}

#[test]
fn a_file_in_utf_16_is_read() {
    for little in [true, false] {
        let folder = Folder::new();
        folder.write(".env", mutated(&env_file(), &Mutation::Utf16 { mark: true, little }));
        let outcome = folder.run(&["config"]).exits(0);
        assert!(
            outcome.stdout.lines().any(|line| line.starts_with("SFTP_LOCAL_DIR ") && line.contains(" catalogs ")),
            "{}",
            outcome.stdout
        );
        folder.write(".env", mutated(&env_file(), &Mutation::Utf16 { mark: false, little }));
        let outcome = folder.run(&["config"]).exits(1);
        assert!(outcome.stderr.contains("save it as UTF-8"), "{}", outcome.stderr);
    }
}

/// The ways in which people write a key into a setting.
fn key_texts() -> Vec<(&'static str, String)> {
    let [_, first, .., last, _] = KEY;
    vec![
        ("in lines in double quotes", format!("\"{}\"", KEY.join("\n"))),
        ("in lines in single quotes", format!("'{}'", KEY.join("\n"))),
        ("in lines without quotes", KEY.join("\n")),
        ("in one line with \\n", KEY.join("\\n")),
        ("in one line with \\n in double quotes", format!("\"{}\"", KEY.join("\\n"))),
        ("in one line with blanks", KEY.join(" ")),
        ("without its frame", first.to_owned()),
        ("a line of it", last.to_owned()),
        ("PuTTY's", format!("PuTTY-User-Key-File-3: ssh-ed25519\\nPrivate-Lines: 1\\n{last}")),
        ("PuTTY's in lines", format!("PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{last}")),
        ("encoded once more", "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0KUzNjcjN0UzNjcjN0UzNjcjN0".to_owned()),
    ]
}

const KEY_PARTS: [&str; 6] = [
    "b3BlbnNzaC1rZXkt",
    "QyNTUxOQAAACBTRUNS",
    "AAAAQFMzY3IzdFMz",
    "BEGIN OPENSSH",
    "PuTTY-User-Key-File-3: ssh",
    "LS0tLS1CRUdJTiBP",
];

const KEY_PLACES: [&str; 10] = [
    "SFTP_INBOUND_PRIVATE_KEY",
    "SFTP_OUTBOUND_PRIVATE_KEY",
    "SFTP_INBOUND_PASSWORD",
    "SFTP_KNOWN_HOSTS",
    "SFTP_INBOUND_HOST",
    "SFTP_INBOUND_USER",
    "SFTP_INBOUND_HOST_KEY",
    "API_CA_FILE",
    "DATABRICKS_HTTP_PATH",
    "OUTPUT_DIR",
];

#[test]
fn the_text_of_a_key_is_a_secret_wherever_it_stands() {
    let parts = |what: &str, outcome: &Outcome| {
        holds_none(what, outcome, &[]);
        for part in KEY_PARTS {
            assert!(!outcome.stdout.contains(part) && !outcome.stderr.contains(part), "{what}: {outcome:?}");
        }
    };
    for (way, text) in key_texts() {
        for place in KEY_PLACES {
            let folder = Folder::new();
            folder.write(".env", format!("SFTP_OUTBOUND_REMOTE_PATH=/out\n{place}={text}\nAPI_TIMEOUT=1\n"));
            for command in [&["config"][..], &["doctor"], &["download"], &["run"]] {
                let what = format!("{command:?}, {place}, {way}");
                let hosts = NOWHERE.into_iter().filter(|(name, _)| name != &place && name != &"API_BASE_URL");
                let outcome = folder.run_with(&hosts.collect::<Vec<_>>(), command);
                parts(&what, &outcome);
                // A single line of a key may be a password, which is a secret, too.
                let may_be_a_password = (place, way) == ("SFTP_INBOUND_PASSWORD", "a line of it");
                let printed = format!("{}{}", outcome.stdout, outcome.stderr);
                assert!(may_be_a_password || printed.contains("name the file that holds the key"), "{what}: {printed}");
            }
        }
    }
    for text in [KEY.join("\n"), KEY.join("\\n"), KEY[1].to_owned()] {
        for place in KEY_PLACES {
            let folder = Folder::new();
            let hosts = NOWHERE.into_iter().filter(|(name, _)| name != &place && name != &"API_BASE_URL");
            let settings: Vec<(&str, &str)> = hosts.chain([(place, text.as_str())]).collect();
            for command in COMMANDS.into_iter().filter(|command| command[0] != "trust") {
                let what = format!("{command:?}, {place} in the environment");
                parts(&what, &folder.run_with(&settings, command));
            }
        }
    }
}

/// The answers of the API with the settings of a folder, each with its request; empty if no server starts.
fn answers(folder: &Folder) -> Vec<(&'static str, String)> {
    let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.envs(NOWHERE).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let Some(address) = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()) else {
        holds_none("serve", &Outcome::at_end_of(child), &SECRETS);
        return Vec::new();
    };
    let ask = |request: &'static str| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(HANGS_AFTER)).unwrap();
        let body = if request.ends_with("state") { "{\"employee_ids\":[7]}" } else { "{}" };
        let head = format!("Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close", body.len());
        write!(stream, "{request} HTTP/1.1\r\nHost: {address}\r\n{head}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (request, answer)
    };
    let answers = REQUESTS.map(ask).to_vec();
    end_by(child, "TERM");
    answers
}

const REQUESTS: [&str; 8] = [
    "GET /api/status",
    "POST /api/connections/sftp_inbound/test",
    "POST /api/connections/sftp_outbound/test",
    "POST /api/connections/recommender/test",
    "POST /api/connections/databricks/test",
    "GET /api/catalogs",
    "POST /api/catalogs/download",
    "POST /api/state",
];

#[test]
fn the_api_sends_no_text_of_a_key() {
    let folder = Folder::new();
    let key = KEY.join("\\n");
    folder.write(".env", format!("SFTP_INBOUND_PRIVATE_KEY={key}\nSFTP_OUTBOUND_PRIVATE_KEY=\"{}\"\n", KEY.join("\n")));
    let answers = answers(&folder);
    assert_eq!(answers.len(), REQUESTS.len());
    for (request, answer) in answers {
        assert!(!KEY_PARTS.iter().any(|part| answer.contains(part)), "{request}: {answer}");
        if request.contains("sftp") || request.contains("status") {
            assert!(answer.contains("name the file that holds the key"), "{request}: {answer}");
        }
    }
}
