//! Tests of the client against the misbehaving sandbox server, and of OpenSSH's client against the sandbox.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

mod counterparts;
mod library;
mod odd_answers;
mod odd_server;
mod password_change;
mod signing_in;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use btcfake_core::record::publication::RunIdentity;
use btcfake_core::text::digest::sha256;
use btcfake_core::text::note::Note;
use chrono::NaiveDate;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::client::SftpClient;
use super::problem::SftpProblemKind;
use super::publish::Published;
use super::run_files::RunFile;
use super::*;
use crate::configuration::secret::{Secret, Secrets};
use crate::configuration::{
    HostKeyTrust, PrivateKeyFile, SftpCredentials, SftpLimits, SftpSettings, SftpSide, TemporaryName,
};
use crate::sandbox::sftp::{SandboxSftp, SandboxSftpOptions, SftpFaults, start};
use crate::tests::waiting::{HANGS_AFTER, HOUR, in_time, wait_until};

const CATALOG: &str = "CourseCatalog_V2_2026_1_29_1_abcdef.csv";
const CONTENT: &str = "StandAloneContent_v2_2026_1_29_1_abcdef.csv";

/// Server over a folder, and a local folder.
struct ServedFolder {
    there: TempDir,
    here: TempDir,
    server: SandboxSftp,
    settings: SftpSettings,
    /// Time limit for an answer.
    silence: Duration,
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 29).unwrap()
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| u8::try_from((at * 31 + at / 1000) % 251).unwrap()).collect()
}

async fn sandbox(files: &[(&str, usize)], faults: SftpFaults) -> ServedFolder {
    let there = tempfile::tempdir().unwrap();
    fs::create_dir(there.path().join("in")).unwrap();
    for (name, count) in files {
        fs::write(there.path().join("in").join(name), bytes(*count)).unwrap();
    }
    serve(there, true, faults).await
}

/// Notes as printed.
fn joined(notes: &[Note]) -> String {
    notes.iter().map(|note| format!("{note}\n")).collect()
}

async fn serve(there: TempDir, writable: bool, faults: SftpFaults) -> ServedFolder {
    let options = SandboxSftpOptions { user: "tester".to_owned(), writable, faults };
    let server = start(there.path(), options).await.unwrap();
    let settings = SftpSettings {
        port: server.address.port(),
        credentials: by_password(server.password.expose()),
        host_key: HostKeyTrust::Pinned(server.host_key_fingerprint.clone()),
        ..settings_of("/in")
    };
    ServedFolder { there, here: tempfile::tempdir().unwrap(), server, settings, silence: HANGS_AFTER }
}

fn by_password(password: &str) -> SftpCredentials {
    SftpCredentials { password: Some(Secret::new(password)), private_key: None }
}

/// Settings for a loopback server, with the usual limits on sizes and no limit on time.
fn settings_of(folder: &str) -> SftpSettings {
    SftpSettings {
        side: SftpSide::Inbound,
        host: "127.0.0.1".to_owned(),
        port: 22,
        user: "tester".to_owned(),
        credentials: SftpCredentials::default(),
        remote_path: Some(folder.to_owned()),
        host_key: HostKeyTrust::Pinned(String::new()),
        secrets: Secrets::default(),
        limits: SftpLimits {
            operation: HOUR,
            slowest: 0,
            largest_file: 2_000_000_000,
            largest_listing: 200_000_000,
            most_names: 1_000_000,
        },
        temporary_name: TemporaryName::parse(".*.partial").unwrap(),
    }
}

/// Client without pauses between attempts.
fn client_of(settings: &SftpSettings) -> SftpClient<'_> {
    let mut client = SftpClient::new(settings);
    client.pauses = [Duration::from_millis(10), Duration::from_millis(20)];
    client
}

impl ServedFolder {
    fn client(&self) -> SftpClient<'_> {
        let mut client = client_of(&self.settings);
        client.limits = TimeLimits { connect: HANGS_AFTER, sign_in: HANGS_AFTER, silence: self.silence };
        client
    }

    async fn download(&self) -> Result<download::Downloaded, SftpProblem> {
        self.client().download_most_recent(self.here.path(), today()).await
    }

    async fn publish(&self, run: &RunFiles) -> Result<Published, String> {
        let published = self.client().publish(run, &Production::default()).await;
        published.map_err(|failure| failure.to_string())
    }

    /// Sets a local file's time to the remote one's.
    fn give_the_same_time(&self, name: &str) {
        let there = fs::metadata(self.there.path().join("in").join(name)).unwrap().modified().unwrap();
        fs::File::options().write(true).open(self.here.path().join(name)).unwrap().set_modified(there).unwrap();
    }

    fn names_here(&self) -> Vec<String> {
        names(self.here.path())
    }

    fn names_there(&self) -> Vec<String> {
        names(&self.there.path().join("in"))
    }

    /// Server without faults over the same folder.
    async fn mended(self) -> ServedFolder {
        let ServedFolder { there, server, .. } = self;
        server.shutdown().await;
        serve(there, true, SftpFaults::default()).await
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn check_problem(sandbox: &ServedFolder, kind: SftpProblemKind, expected: &[&str]) {
    let problem = sandbox.download().await.unwrap_err();
    let text = problem.to_string();
    assert_eq!(problem.kind, kind, "{text}");
    for part in expected {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    assert!(!text.contains(sandbox.server.password.expose()), "{text}");
    assert_eq!(sandbox.names_here(), Vec::<String>::new(), "{text}");
}

#[tokio::test]
async fn the_most_recent_files_arrive_byte_for_byte() {
    // Sizes around multiples of a chunk.
    for count in [0, 1, 32 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 5_000_000] {
        let files = [(CATALOG, count), (CONTENT, 10), ("CourseCatalog_V2_2026_1_28_9_old.csv", 5), ("x.txt", 1)];
        let sandbox = sandbox(&files, SftpFaults::default()).await;
        let downloaded = sandbox.download().await.unwrap();
        assert_eq!(fs::read(downloaded.course_catalog.unwrap()).unwrap(), bytes(count), "{count}");
        assert_eq!(fs::read(downloaded.standalone_content.unwrap()).unwrap(), bytes(10));
        assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    }
}

#[tokio::test]
async fn short_and_empty_answers_are_not_the_end() {
    let faults = SftpFaults { short_reads: true, ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 1_000_000), (CONTENT, 7)], faults).await;
    let downloaded = sandbox.download().await.unwrap();
    assert_eq!(fs::read(downloaded.course_catalog.unwrap()).unwrap(), bytes(1_000_000));
}

#[tokio::test]
async fn a_file_that_is_there_is_left_alone_or_replaced_once_the_new_one_is_whole() {
    let sandbox = sandbox(&[(CATALOG, 300), (CONTENT, 20)], SftpFaults::default()).await;
    fs::write(sandbox.here.path().join(CATALOG), vec![b'x'; 300]).unwrap();
    sandbox.give_the_same_time(CATALOG);
    fs::write(sandbox.here.path().join(CONTENT), "other").unwrap();
    // A leftover of a killed download, and a file that only looks like one.
    fs::write(sandbox.here.path().join(".CourseCatalog_V2_2026_1_1_1_x.csv.partial"), "half").unwrap();
    fs::write(sandbox.here.path().join(".notes.partial"), "mine").unwrap();
    let downloaded = sandbox.download().await.unwrap();
    let message = joined(&downloaded.notes);
    assert!(message.contains(&format!("{CATALOG}: already there (300 bytes)")), "{message}");
    assert!(message.contains(&format!("{CONTENT}: downloaded (20 bytes), in place of one of 5 bytes")), "{message}");
    assert_eq!(fs::read(sandbox.here.path().join(CONTENT)).unwrap(), bytes(20));
    assert_eq!(sandbox.names_here(), [".notes.partial", CATALOG, CONTENT]);

    // A new catalog of the same size as the one before; the downloaded file has the server's time.
    let again = joined(&sandbox.download().await.unwrap().notes);
    assert!(
        again.contains(&format!("{CATALOG}: already")) && again.contains(&format!("{CONTENT}: already")),
        "{again}"
    );
    let there = fs::File::options().write(true).open(sandbox.there.path().join("in").join(CATALOG)).unwrap();
    there.set_modified(std::time::SystemTime::now() + Duration::from_secs(60)).unwrap();
    let message = joined(&sandbox.download().await.unwrap().notes);
    assert!(message.contains(&format!("{CATALOG}: downloaded (300 bytes), in place of one of 300 bytes")), "{message}");
    assert_eq!(fs::read(sandbox.here.path().join(CATALOG)).unwrap(), bytes(300));
}

/// Other users of the folder may have links to places where this user has no permission.
#[cfg(unix)]
#[tokio::test]
async fn a_link_of_somebody_else_stops_nothing() {
    let sandbox = sandbox(&[(CATALOG, 30), (CONTENT, 20)], SftpFaults::default()).await;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("private"), "private").unwrap();
    let link = |name: &str, target: &Path| {
        std::os::unix::fs::symlink(target, sandbox.there.path().join("in").join(name)).unwrap();
    };
    let private = "CourseCatalog_V2_2026_1_29_7_private.csv";
    link(private, &outside.path().join("private"));
    link("CourseCatalog_V2_2026_1_29_8_circle.csv", Path::new("CourseCatalog_V2_2026_1_29_8_circle.csv"));
    link("CourseCatalog_V2_2026_1_29_9_nowhere.csv", Path::new("nowhere"));
    link("CourseCatalog_V2_2025_1_1_1_private.csv", &outside.path().join("private"));
    let downloaded = sandbox.download().await.unwrap();
    let notes = joined(&downloaded.notes);
    assert!(notes.contains(private) && notes.contains("permission denied") && notes.contains("passed over"), "{notes}");
    assert!(!notes.contains("2025"), "what is not wanted is not looked at: {notes}");
    assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    let days = sandbox.client().download_days(sandbox.here.path(), today(), 1).await.unwrap();
    let failed: Vec<_> = days.files.iter().filter(|file| matches!(file.state, DayState::Failed(_))).collect();
    assert_eq!(failed.iter().filter_map(|file| Some(&file.file.as_ref()?.0[..])).next(), Some(private), "{failed:?}");
    assert_eq!((days.broken, days.files.iter().filter(|file| file.state == DayState::AlreadyThere).count()), (None, 2));
}

#[tokio::test]
async fn what_was_done_before_a_connection_broke_is_told() {
    let faults = SftpFaults { cut_after: Some(400_000), ..SftpFaults::default() };
    let files = [(CATALOG, 10), (CONTENT, 2_000_000), ("CourseCatalog_V2_2026_1_28_1_abcdef.csv", 10)];
    let sandbox = sandbox(&files, faults).await;
    let days = sandbox.client().download_days(sandbox.here.path(), today(), 1).await.unwrap();
    assert_eq!(days.files.len(), 1, "{days:?}");
    assert_eq!(days.files[0].state, DayState::Downloaded);
    let broken = days.broken.unwrap();
    assert!(broken.starts_with(CONTENT) && broken.contains("(tried 3 times)"), "{broken}");
    assert_eq!(sandbox.names_here(), [CATALOG]);
}

#[tokio::test]
async fn days_are_told_one_by_one() {
    let files = [
        (CATALOG, 4),
        ("StandAloneContent_v2_2026_01_28_1_a.csv", 3),
        ("StandAloneContent_v2_2026_1_28_2_b.csv", 3),
        ("CourseCatalog_V2_2026_1_26_1_old.csv", 3),
        ("CourseCatalog_V2_2026_1_30_1_tomorrow.csv", 3),
    ];
    let sandbox = sandbox(&files, SftpFaults { ghost: Some(CONTENT.to_owned()), ..SftpFaults::default() }).await;
    fs::write(sandbox.here.path().join("StandAloneContent_v2_2026_1_28_2_b.csv"), "abc").unwrap();
    sandbox.give_the_same_time("StandAloneContent_v2_2026_1_28_2_b.csv");
    let days = sandbox.client().download_days(sandbox.here.path(), today(), 1).await.unwrap();
    let on_event: Vec<String> = days
        .files
        .iter()
        .map(|file| {
            let name = file.file.as_ref().map_or("-", |(name, _)| name);
            let state = match &file.state {
                DayState::Failed(problem) => format!("Failed: {}", problem.contains("gone now")),
                state => format!("{state:?}"),
            };
            format!("{} {name} {state}", file.date)
        })
        .collect();
    assert_eq!(
        on_event,
        [
            format!("2026-01-29 {CATALOG} Downloaded"),
            format!("2026-01-29 {CONTENT} Failed: true"),
            "2026-01-28 - Missing".to_owned(),
            "2026-01-28 StandAloneContent_v2_2026_01_28_1_a.csv Downloaded".to_owned(),
            "2026-01-28 StandAloneContent_v2_2026_1_28_2_b.csv AlreadyThere".to_owned(),
        ]
    );
    assert_eq!(sandbox.names_here().len(), 3);
}

#[tokio::test]
async fn a_connection_cut_in_mid_file_is_made_again() {
    let faults = SftpFaults { cut_after: Some(400_000), cuts: Some(2), ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 2_000_000), (CONTENT, 10)], faults).await;
    let retries = Mutex::new(0);
    let on_event = |event| {
        if matches!(event, TransferProgress::Retrying { .. }) {
            *retries.lock().unwrap() += 1;
        }
    };
    let mut client = sandbox.client().watched(on_event, CancellationToken::new());
    let downloaded = client.download_most_recent(sandbox.here.path(), today()).await.unwrap();
    assert_eq!(fs::read(downloaded.course_catalog.unwrap()).unwrap(), bytes(2_000_000));
    assert_eq!(*retries.lock().unwrap(), 2);
    assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
}

#[tokio::test]
async fn a_connection_cut_each_time_leaves_nothing() {
    let faults = SftpFaults { cut_after: Some(400_000), ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 2_000_000)], faults).await;
    check_problem(&sandbox, SftpProblemKind::Cut, &["the connection broke", "(tried 3 times)"]).await;
}

#[tokio::test]
async fn silence_ends_a_download() {
    let faults = SftpFaults { silent_after: Some(400_000), ..SftpFaults::default() };
    let mut sandbox = sandbox(&[(CATALOG, 2_000_000)], faults).await;
    sandbox.silence = Duration::from_secs(2);
    let parts = &["no answer within 2 s", "(tried 3 times)"];
    in_time(check_problem(&sandbox, SftpProblemKind::TimedOut, parts)).await;
}

#[tokio::test]
async fn silence_at_the_greeting_is_limited_too() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut sandbox = sandbox(&[], SftpFaults::default()).await;
    sandbox.settings.port = silent.local_addr().unwrap().port();
    let mut client = sandbox.client();
    client.limits.connect = Duration::from_millis(300);
    let problem = in_time(client.list_catalogs()).await.unwrap_err();
    assert!(problem.to_string().contains("sends nothing within 0.3 s"), "{problem}");
}

#[tokio::test]
async fn a_wrong_size_leaves_nothing() {
    let sandbox = sandbox(&[(CATALOG, 100_000)], SftpFaults { wrong_sizes: true, ..SftpFaults::default() }).await;
    check_problem(&sandbox, SftpProblemKind::WrongSize, &["ended after 100000 of the 100001 bytes"]).await;
}

#[tokio::test]
async fn a_listed_file_that_vanishes_is_told() {
    let sandbox = sandbox(&[], SftpFaults { ghost: Some(CATALOG.to_owned()), ..SftpFaults::default() }).await;
    check_problem(&sandbox, SftpProblemKind::NotFound, &[CATALOG, "it is gone now"]).await;
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    let mut sandbox = sandbox(&[(CATALOG, 1)], SftpFaults::default()).await;
    sandbox.settings.credentials = by_password("wrong-hunter2");
    let problem = sandbox.download().await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::SignIn);
    let text = format!("{problem} {problem:?}");
    assert!(
        text.contains("user tester") && text.contains("check SFTP_INBOUND_USER and SFTP_INBOUND_PASSWORD"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn a_host_or_folder_that_is_not_there_is_told() {
    let mut sandbox = sandbox(&[(CATALOG, 1)], SftpFaults::default()).await;
    sandbox.settings.remote_path = Some("/nowhere".to_owned());
    check_problem(
        &sandbox,
        SftpProblemKind::NotFound,
        &["/nowhere: there is no such folder", "SFTP_INBOUND_REMOTE_PATH"],
    )
    .await;
    sandbox.settings.remote_path = Some(format!("/in/{CATALOG}"));
    let problem = sandbox.client().test().await.unwrap_err().to_string();
    assert!(problem.ends_with("that is a file and no folder; check SFTP_INBOUND_REMOTE_PATH"), "{problem}");
    sandbox.settings.remote_path = None;
    check_problem(&sandbox, SftpProblemKind::NotAllowed, &["SFTP_INBOUND_REMOTE_PATH: it is not set"]).await;
    sandbox.settings.remote_path = Some("/in".to_owned());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    sandbox.settings.port = closed;
    check_problem(&sandbox, SftpProblemKind::ConnectionRefused, &["cannot connect", "check SFTP_INBOUND_HOST"]).await;
    sandbox.settings.host = "no-such-host.invalid".to_owned();
    check_problem(&sandbox, SftpProblemKind::HostNotFound, &["there is no host of this name"]).await;
}

#[tokio::test]
async fn host_keys_are_checked() {
    let mut sandbox = sandbox(&[(CATALOG, 1), (CONTENT, 1)], SftpFaults::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let key = sandbox.server.host_key_line.split_once(' ').unwrap().1.to_owned();
    let host = format!("[127.0.0.1]:{}", sandbox.settings.port);
    let other = "AAAAC3NzaC1lZDI1NTE5AAAAILIG2T/B0l0gaqj3puu510tu9N1OkQ4znY3LYuEm5zCF";
    sandbox.settings.host_key = HostKeyTrust::KnownHosts(file.clone());

    let fingerprint = sandbox.server.host_key_fingerprint.clone();
    check_problem(&sandbox, SftpProblemKind::HostKeyUnknown, &[&fingerprint, "`btcfake trust inbound`"]).await;
    for (lines, kind, part) in [
        (format!("# no\n{host} ssh-ed25519 {other}\n"), SftpProblemKind::HostKeyChanged, "remove line 2"),
        (format!("{host} ssh-rsa {other}\n"), SftpProblemKind::HostKeyChanged, "another ssh-rsa key (line 1)"),
        (format!("@revoked * {key}\n{host} {key}\n"), SftpProblemKind::HostKeyRevoked, "revoked by line 1"),
        (format!("@cert-authority * {key}\n"), SftpProblemKind::HostKeyUnknown, "not known"),
        (format!("{host} ssh-ed25519 what?\n"), SftpProblemKind::KnownHosts, "line 1"),
    ] {
        fs::write(&file, lines).unwrap();
        check_problem(&sandbox, kind, &[part]).await;
    }
    fs::write(&file, format!("{host} ssh-ed25519 {other}\n{host}\t{key}\n")).unwrap();
    sandbox.download().await.unwrap();
    sandbox.settings.host_key = HostKeyTrust::KnownHosts(folder.path().to_owned());
    let problem = sandbox.download().await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::KnownHosts);

    sandbox.settings.host_key = HostKeyTrust::Pinned("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let problem = sandbox.download().await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::HostKeyChanged);
    assert!(problem.to_string().contains("SFTP_INBOUND_HOST_KEY"), "{problem}");
}

/// A listener, and a token that is cancelled once bytes have arrived and none for half a second.
fn cancelled_in_silence() -> (impl FnMut(TransferProgress) + Send, CancellationToken) {
    const SILENCE: Duration = Duration::from_millis(500);
    let (sender, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        let _first = arrivals.recv().await;
        while let Ok(Some(())) = tokio::time::timeout(SILENCE, arrivals.recv()).await {}
        cancel.cancel();
    });
    (move |_| _ = sender.send(()), token)
}

#[tokio::test]
async fn a_request_to_stop_ends_a_download_and_leaves_nothing() {
    let faults = SftpFaults { silent_after: Some(400_000), ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 2_000_000)], faults).await;
    let (on_event, cancel) = cancelled_in_silence();
    let mut client = sandbox.client().watched(on_event, cancel);
    let stopped = client.download_most_recent(sandbox.here.path(), today()).await.unwrap_err();
    assert_eq!(stopped.kind, SftpProblemKind::Stopped, "{stopped}");
    assert_eq!(sandbox.names_here(), Vec::<String>::new());
}

#[tokio::test]
async fn a_listing_without_end_is_given_up() {
    let mut sandbox = sandbox(&[(CATALOG, 1)], SftpFaults { endless: true, ..SftpFaults::default() }).await;
    sandbox.settings.limits.most_names = 10_000;
    let parts = ["/in: the folder holds more than 10,000 names", "set a larger SFTP_MAX_LISTING_NAMES"];
    check_problem(&sandbox, SftpProblemKind::TooLarge, &parts).await;
    sandbox.settings.limits.largest_listing = 100_000;
    let parts = ["/in: the listing is longer than 100,000 bytes", "set a larger SFTP_MAX_LISTING_MB"];
    check_problem(&sandbox, SftpProblemKind::TooLarge, &parts).await;
}

/// A name of 255 bytes leaves no room for the longer name of the partial file.
#[tokio::test]
async fn a_name_that_is_too_long_stops_no_other() {
    for length in [247, 255] {
        let beginning = "CourseCatalog_V2_2026_1_29_9_";
        let long = format!("{beginning}{}.csv", "x".repeat(length - beginning.len() - 4));
        let sandbox = sandbox(&[(CATALOG, 30), (CONTENT, 20), (&long, 1)], SftpFaults::default()).await;
        let notes = joined(&sandbox.download().await.unwrap().notes);
        assert!(notes.contains(&format!("{long}: its name is too long")) && notes.contains("passed over"), "{notes}");
        let days = sandbox.client().download_days(sandbox.here.path(), today(), 0).await.unwrap();
        assert_eq!((days.broken, days.files.len()), (None, 3));
        assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    }
}

#[tokio::test]
async fn a_private_key_that_cannot_be_read_is_told_with_its_mend() {
    const PASSPHRASE: &str = "check SFTP_INBOUND_PRIVATE_KEY_PASSPHRASE";
    const REWRITE: &str = "`ssh-keygen -p -f";
    let pem = |name: &str, headers: &str| format!("-----BEGIN {name}-----\n{headers}AAAA\n-----END {name}-----\n");
    let encrypted = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n";
    let mut sandbox = sandbox(&[], SftpFaults::default()).await;
    let file = sandbox.here.path().join("key");
    for (text, passphrase, parts) in [
        (pem("EC PRIVATE KEY", encrypted), None, ["the key has a passphrase; set", "_PRIVATE_KEY_PASSPHRASE"]),
        (pem("ENCRYPTED PRIVATE KEY", ""), None, ["the key has a passphrase; set", "_PRIVATE_KEY_PASSPHRASE"]),
        (pem("EC PRIVATE KEY", encrypted), Some("p"), [PASSPHRASE, REWRITE]),
        (pem("ENCRYPTED PRIVATE KEY", ""), Some("p"), [PASSPHRASE, REWRITE]),
        (pem("DSA PRIVATE KEY", ""), None, ["the key's form is none that can be read", REWRITE]),
        (pem("OPENSSH PRIVATE KEY", ""), Some("p"), ["cannot be read with this passphrase", PASSPHRASE]),
        ("hello".to_owned(), None, ["this is no private key that can be used", "ed25519"]),
    ] {
        fs::write(&file, text).unwrap();
        let passphrase = passphrase.map(Secret::new);
        let private_key = Some(PrivateKeyFile { file: file.clone(), passphrase });
        sandbox.settings.credentials = SftpCredentials { password: None, private_key };
        let problem = sandbox.client().list_catalogs().await.unwrap_err().to_string();
        assert!(parts.iter().all(|part| problem.contains(part)), "{parts:?}: {problem}");
    }
}

#[tokio::test]
async fn a_folder_of_ten_thousand_names_is_no_problem() {
    let sandbox = sandbox(&[(CATALOG, 1), (CONTENT, 1)], SftpFaults::default()).await;
    for number in 0..10_000 {
        fs::write(sandbox.there.path().join(format!("in/inventory_{number}.csv")), "").unwrap();
    }
    sandbox.download().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_is_given_up_ends() {
    for faults in [SftpFaults::default(), SftpFaults { silent_after: Some(400_000), ..SftpFaults::default() }] {
        let sandbox = sandbox(&[(CATALOG, 2_000_000), (CONTENT, 1)], faults).await;
        let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let before = tasks();
        let (on_event, cancel) = cancelled_in_silence();
        let mut client = sandbox.client().watched(on_event, cancel);
        let _ = client.download_most_recent(sandbox.here.path(), today()).await;
        drop(client);
        wait_until("no more tasks than before", || tasks() <= before).await;
    }
}

/// Futures of the server must be `Send`.
#[test]
fn the_work_can_move_between_threads() {
    fn check<T: Send>(_: T) {}
    let settings = settings_of("/in");
    let run = RunFiles { files: Vec::new(), notes: Vec::new(), identity: RunIdentity::default() };
    let production = Production::default();
    check(SftpClient::new(&settings).download_most_recent(Path::new(""), today()));
    check(SftpClient::new(&settings).download_days(Path::new(""), today(), 0));
    check(SftpClient::new(&settings).publish(&run, &production));
    check(SftpClient::new(&settings).test());
}

/// Run of three files, one of them large.
fn run(folder: &Path) -> RunFiles {
    let file = |name: &str, count: usize| {
        let path = folder.join(name);
        fs::write(&path, bytes(count)).unwrap();
        RunFile { name: name.to_owned(), path, bytes: count as u64, sha256: sha256(&bytes(count)) }
    };
    RunFiles {
        files: vec![file("a.csv", 10), file("b.csv", 3_000_000), file("c.csv", 0)],
        notes: Vec::new(),
        identity: RunIdentity::default(),
    }
}

#[tokio::test]
async fn a_run_is_published_whole() {
    let sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    let published = sandbox.publish(&run).await.unwrap();
    assert!(published.files.iter().all(|file| file.sent));
    assert_eq!(sandbox.names_there(), ["a.csv", "b.csv", "c.csv"]);
    assert_eq!(fs::read(sandbox.there.path().join("in/b.csv")).unwrap(), bytes(3_000_000));
    let again = sandbox.publish(&run).await.unwrap();
    assert!(again.files.iter().all(|file| !file.sent));
}

#[tokio::test]
async fn a_password_that_comes_back_is_not_shown_nor_a_part_of_it() {
    const PASSWORD: &str = "Sup3rSecretPw!XYZ";
    // Wherever the text is cut, inside the password or not.
    for before in [0, 5, 290, 295, 299, 400] {
        let refuses_saying = Some(format!("{}{PASSWORD} is odd", "x".repeat(before)));
        let mut sandbox = sandbox(&[], SftpFaults { refuses_saying, ..SftpFaults::default() }).await;
        sandbox.settings.secrets = Secrets::new([Secret::new(PASSWORD)]);
        let message = sandbox.publish(&run(sandbox.here.path())).await.unwrap_err();
        assert!(message.contains("the server refuses it") && !message.contains("Sup"), "{before}: {message}");
    }
}

#[tokio::test]
async fn what_a_broken_publishing_left_undone_is_finished_by_a_second_call() {
    let faults = SftpFaults { cut_after: Some(1_000_000), ..SftpFaults::default() };
    let broken = sandbox(&[], faults).await;
    let here = tempfile::tempdir().unwrap();
    let run = run(here.path());
    let text = broken.publish(&run).await.unwrap_err();
    assert!(text.contains("the connection broke (tried 3 times)"), "{text}");
    assert!(text.contains("in /in now, whole: a.csv\nnot there: b.csv, c.csv"), "{text}");
    // Of three attempts, only the last one's leftover remains: it could not be removed.
    let left = broken.names_there();
    assert_eq!(left.len(), 2, "{left:?}");
    let partial = &left[0];
    assert!(partial.starts_with(".b.csv.") && partial.ends_with(".partial") && left[1] == "a.csv", "{left:?}");
    let (young, foreign) = (".a.csv.0123456789abcdef.partial", ".other.csv.0123456789abcdef.partial");
    for (name, minutes) in [(partial.as_str(), 90), (foreign, 90), (young, 30)] {
        let file =
            fs::File::options().create(true).append(true).open(broken.there.path().join("in").join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - Duration::from_secs(minutes * 60)).unwrap();
    }
    let mended = broken.mended().await;
    let published = mended.publish(&run).await.unwrap();
    assert_eq!(published.files.iter().map(|file| file.sent).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(mended.names_there(), [young, foreign, "a.csv", "b.csv", "c.csv"]);
    assert_eq!(fs::read(mended.there.path().join("in/b.csv")).unwrap(), bytes(3_000_000));
}

/// The second call stops within the file that the first call is sending, until the first is done; then it continues to
/// its end or is stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_calls_at_a_time_do_not_meet_in_a_file() {
    const SIZE: usize = 20_000_000;
    for is_stopped in [false, true] {
        let sandbox = sandbox(&[], SftpFaults::default()).await;
        let mut run = run(sandbox.here.path());
        fs::write(&run.files[1].path, bytes(SIZE)).unwrap();
        run.files[1] = RunFile { bytes: SIZE as u64, sha256: sha256(&bytes(SIZE)), ..run.files[1].clone() };
        let (in_the_middle, wait_for_first) = std::sync::mpsc::channel();
        let (second_began, wait_for_second) = std::sync::mpsc::channel();
        let (first_done, wait_for_end) = std::sync::mpsc::channel();
        let (cancel, production) = (CancellationToken::new(), Production::default());
        let (wait_for_second, wait_for_end) = (Mutex::new(wait_for_second), Mutex::new(wait_for_end));
        let is_at = |event: &TransferProgress, least: u64| matches!(event, TransferProgress::Bytes { name, done, .. } if name == "b.csv" && *done >= least);
        let (mut first_waits, mut second_waits) = (true, true);
        let on_first_event = |event| {
            if first_waits && is_at(&event, 10_000_000) {
                first_waits = false;
                in_the_middle.send(()).unwrap();
                wait_for_second.lock().unwrap().recv_timeout(HANGS_AFTER).unwrap();
            }
        };
        let on_second_event = |event| {
            if second_waits && is_at(&event, 1) {
                second_waits = false;
                second_began.send(()).unwrap();
                wait_for_end.lock().unwrap().recv_timeout(HANGS_AFTER).unwrap();
                if is_stopped {
                    cancel.cancel();
                }
            }
        };
        let (first, second) = std::thread::scope(|threads| {
            let runtime = tokio::runtime::Handle::current();
            let first = threads.spawn({
                let (runtime, sandbox, run, production) = (runtime.clone(), &sandbox, &run, &production);
                move || {
                    let mut client = sandbox.client().watched(on_first_event, CancellationToken::new());
                    let done = runtime.block_on(client.publish(run, production));
                    first_done.send(()).unwrap();
                    done
                }
            });
            wait_for_first.recv_timeout(HANGS_AFTER).unwrap();
            let mut client = sandbox.client().watched(on_second_event, cancel.clone());
            let second = threads
                .spawn({
                    let (run, production) = (&run, &production);
                    move || runtime.block_on(client.publish(run, production))
                })
                .join()
                .unwrap();
            (first.join().unwrap(), second)
        });
        let sent = |published: &Published| published.files.iter().map(|file| file.sent).collect::<Vec<_>>();
        assert_eq!(sent(&first.unwrap()), [true, true, true]);
        assert_eq!(second.ok().as_ref().map(sent), (!is_stopped).then(|| vec![false, false, false]));
        assert_eq!(fs::read(sandbox.there.path().join("in/b.csv")).unwrap(), bytes(SIZE));
        assert_eq!(sandbox.names_there(), ["a.csv", "b.csv", "c.csv"]);
    }
}

#[tokio::test]
async fn a_publishing_that_is_stopped_says_what_is_there() {
    let sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    for (stops_at, message) in [
        ("a.csv", "stopped before the end; nothing was sent"),
        ("b.csv", "stopped before the end\nin /in now, whole: a.csv"),
    ] {
        let cancel = CancellationToken::new();
        let on_event = |event| {
            if matches!(&event, TransferProgress::Bytes { name, .. } if name == stops_at) {
                cancel.cancel();
            }
        };
        let mut client = sandbox.client().watched(on_event, cancel.clone());
        let stopped = client.publish(&run, &Production::default()).await.unwrap_err();
        assert!(stopped.to_string().starts_with(message), "{stops_at}: {stopped}");
    }
}

#[tokio::test]
async fn a_name_that_exists_is_never_overwritten() {
    for (name, count, part) in [("c.csv", 5, "c.csv (5 bytes, ours has 0)"), ("b.csv", 3_000_000, "the same size")] {
        let sandbox = sandbox(&[], SftpFaults::default()).await;
        let foreign = vec![b'x'; count];
        fs::write(sandbox.there.path().join("in").join(name), &foreign).unwrap();
        let text = sandbox.publish(&run(sandbox.here.path())).await.unwrap_err();
        assert!(text.contains(part), "{text}");
        assert_eq!(sandbox.names_there(), [name]);
        assert_eq!(fs::read(sandbox.there.path().join("in").join(name)).unwrap(), foreign);
    }
}

#[tokio::test]
async fn a_folder_that_must_not_be_written_is_told() {
    let ServedFolder { there, .. } = sandbox(&[], SftpFaults::default()).await;
    let sandbox = serve(there, false, SftpFaults::default()).await;
    let text = sandbox.publish(&run(sandbox.here.path())).await.unwrap_err();
    assert!(text.contains("permission denied"), "{text}");
    assert_eq!(sandbox.names_there(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_was_changed_is_not_published() {
    let sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    fs::write(&run.files[1].path, vec![b'x'; 3_000_000]).unwrap();
    let text = sandbox.publish(&run).await.unwrap_err();
    assert!(text.contains("was changed while it was sent"), "{text}");
    assert_eq!(sandbox.names_there(), ["a.csv"]);
}

#[tokio::test]
async fn production_is_refused_before_anything_is_connected() {
    let mut sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    let dev = Production::default();
    let environment = Production { environment: Some("prod".to_owned()), allowed: false };
    let refused = |settings: &SftpSettings, production| refuse_production(settings, production).is_err();
    assert!(refused(&sandbox.settings, &environment) && !refused(&sandbox.settings, &dev));
    let named = SftpSettings { host: "sftp-prod.example.com".to_owned(), ..sandbox.settings.clone() };
    assert!(refused(&named, &dev) && !refused(&named, &Production { allowed: true, ..dev.clone() }));
    sandbox.settings.remote_path = Some("/prod1/in".to_owned());
    let text = sandbox.publish(&run).await.unwrap_err();
    assert!(text.contains("looks like production") && text.contains("--allow-production"), "{text}");
    fs::create_dir_all(sandbox.there.path().join("prod1/in")).unwrap();
    let allowed = Production { environment: None, allowed: true };
    sandbox.client().publish(&run, &allowed).await.unwrap();
    assert_eq!(names(&sandbox.there.path().join("prod1/in")), ["a.csv", "b.csv", "c.csv"]);
}

#[tokio::test]
async fn a_server_that_asks_for_the_password_is_answered() {
    let asks = SftpFaults { asks_for_password: true, ..SftpFaults::default() };
    let mut sandbox = sandbox(&[(CATALOG, 10), (CONTENT, 10)], asks).await;
    sandbox.download().await.unwrap();
    assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    sandbox.settings.credentials = by_password("wrong");
    let problem = sandbox.download().await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::SignIn);
    assert!(problem.to_string().contains("does not accept user tester with this password"), "{problem}");
}

#[cfg(unix)]
mod by_openssh {
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};

    use super::*;

    /// Runs OpenSSH's `sftp` with a batch of commands, signed in by password.
    fn sftp(sandbox: &ServedFolder, password: &str, batch: &str) -> (bool, String) {
        let folder = tempfile::tempdir().unwrap();
        let known_hosts = folder.path().join("known_hosts");
        fs::write(&known_hosts, format!("{}\n", sandbox.server.host_key_line)).unwrap();
        let ask = folder.path().join("ask");
        fs::write(&ask, "#!/bin/sh\nprintf '%s\\n' \"$SANDBOX_PASSWORD\"\n").unwrap();
        fs::set_permissions(&ask, fs::Permissions::from_mode(0o700)).unwrap();
        let commands = folder.path().join("batch");
        fs::write(&commands, batch).unwrap();
        let output = Command::new("sftp")
            .args(["-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", "NumberOfPasswordPrompts=1"])
            .args(["-o", "BatchMode=no", "-o", "PreferredAuthentications=password,keyboard-interactive"])
            .arg("-o")
            .arg(format!("UserKnownHostsFile={}", known_hosts.to_string_lossy()))
            .arg("-b")
            .arg(&commands)
            .args(["-o", "BatchMode=no"])
            .args(["-P", &sandbox.settings.port.to_string(), "tester@127.0.0.1"])
            .current_dir(sandbox.here.path())
            .env("SSH_ASKPASS", &ask)
            .env("SSH_ASKPASS_REQUIRE", "force")
            .env("SANDBOX_PASSWORD", password)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_sandbox_serves_openssh_clients() {
        let sandbox = sandbox(&[(CATALOG, 3_000_000), (CONTENT, 10)], SftpFaults::default()).await;
        let password = sandbox.server.password.expose();
        fs::write(sandbox.here.path().join("up.bin"), bytes(2_000_001)).unwrap();
        let batch = format!(
            "cd /in\nls -l\nget {CATALOG}\nput up.bin .up.partial\nrename .up.partial up.bin\nmkdir sub\nput -p up.bin \
             sub/again.bin\nls sub\nrm sub/again.bin\nrmdir sub\ncd ..\ncd ../../..\npwd\n"
        );
        let (done, text) = sftp(&sandbox, password, &batch);
        assert!(done, "{text}");
        assert!(text.contains(CONTENT) && text.contains("Remote working directory: /\n"), "{text}");
        assert_eq!(fs::read(sandbox.here.path().join(CATALOG)).unwrap(), bytes(3_000_000));
        assert_eq!(fs::read(sandbox.there.path().join("in/up.bin")).unwrap(), bytes(2_000_001));
        let (done, text) = sftp(&sandbox, "wrong", "ls\n");
        assert!(!done && text.contains("Permission denied"), "{text}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn openssh_too_is_asked_for_the_password() {
        let asks = SftpFaults { asks_for_password: true, ..SftpFaults::default() };
        let sandbox = sandbox(&[(CATALOG, 10)], asks).await;
        for (password, lets_in) in [(sandbox.server.password.expose(), true), ("wrong", false)] {
            let (done, text) = sftp(&sandbox, password, &format!("get /in/{CATALOG}\n"));
            assert_eq!(done, lets_in, "{text}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_outside_of_the_sandboxs_folder_can_be_reached() {
        let sandbox = sandbox(&[(CATALOG, 10)], SftpFaults::default()).await;
        let password = sandbox.server.password.expose();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        let link = |name: &str, target: &Path| {
            std::os::unix::fs::symlink(target, sandbox.there.path().join(name)).unwrap();
        };
        link("to_file", &outside.path().join("secret"));
        link("to_folder", outside.path());
        link("to_nothing", &outside.path().join("new"));
        link("inside", &sandbox.there.path().join("in"));
        for batch in [
            "get /to_file",
            "get /to_folder/secret",
            "cd /to_folder",
            "ls /to_folder/secret",
            "get ../../../../../../etc/hostname",
            &format!("get {}", outside.path().join("secret").to_string_lossy()),
            "put /dev/null /to_nothing",
            "put up.bin /to_folder/new",
            "rm /to_folder/secret",
            "rename /in/x /to_folder/x",
            "mkdir /to_folder/sub",
            "put up.bin /to_file",
        ] {
            fs::write(sandbox.here.path().join("up.bin"), "new").unwrap();
            let (done, text) = sftp(&sandbox, password, &format!("{batch}\n"));
            assert!(!done, "{batch}: {text}");
            assert_eq!(names(outside.path()), ["secret"], "{batch}");
            assert_eq!(fs::read_to_string(outside.path().join("secret")).unwrap(), "secret");
        }
        let (done, text) = sftp(&sandbox, password, &format!("get /inside/{CATALOG}\n"));
        assert!(done, "{text}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_read_only_sandbox_takes_nothing() {
        let ServedFolder { there, .. } = super::sandbox(&[(CATALOG, 10)], SftpFaults::default()).await;
        let sandbox = serve(there, false, SftpFaults::default()).await;
        fs::write(sandbox.here.path().join("up.bin"), "new").unwrap();
        for batch in [
            "put up.bin /in/up.bin".to_owned(),
            format!("rm /in/{CATALOG}"),
            format!("rename /in/{CATALOG} /in/x"),
            "mkdir /in/sub".to_owned(),
        ] {
            let (done, text) = sftp(&sandbox, sandbox.server.password.expose(), &format!("{batch}\n"));
            assert!(!done && text.to_lowercase().contains("permission denied"), "{batch}: {text}");
        }
        assert_eq!(sandbox.names_there(), [CATALOG]);
    }
}
