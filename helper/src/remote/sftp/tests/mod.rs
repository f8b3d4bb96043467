//! Tests of the client against the misbehaving sandbox server, and of OpenSSH's client against the sandbox.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

mod breaking_off;
#[cfg(unix)]
mod by_openssh;
mod counterparts;
mod downloading;
mod library;
mod odd_answers;
mod odd_server;
mod password_change;
mod publishing;
mod settings;
mod signing_in;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

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
    HostKeyTrust, PrivateKeyFile, SftpCredentials, SftpHost, SftpLimits, SftpSettings, SftpSide, TemporaryName,
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
        host: loopback(server.address.port(), &server.host_key_fingerprint),
        credentials: by_password(server.password.expose()),
        ..settings_of("/in")
    };
    ServedFolder { there, here: tempfile::tempdir().unwrap(), server, settings, silence: HANGS_AFTER }
}

fn by_password(password: &str) -> SftpCredentials {
    SftpCredentials { password: Some(Secret::new(password)), private_key: None }
}

/// Loopback host with a pinned fingerprint.
fn loopback(port: u16, fingerprint: &str) -> SftpHost {
    SftpHost {
        side: SftpSide::Inbound,
        name: "127.0.0.1".to_owned(),
        port,
        trust: HostKeyTrust::Pinned(fingerprint.to_owned()),
    }
}

/// Settings for a loopback server, with the usual limits on sizes and no limit on time.
fn settings_of(folder: &str) -> SftpSettings {
    SftpSettings {
        host: loopback(22, ""),
        user: "tester".to_owned(),
        credentials: SftpCredentials::default(),
        remote_path: Some(folder.to_owned()),
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
