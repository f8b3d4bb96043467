//! The program against OpenSSH's real sshd: keys of all kinds, host keys, foreign files in the folder, full disks,
//! publishing.
//!
//! `scripts/set-up.sh sshd` installs it. If it is not installed, the tests pass without checking anything, except under
//! CI=true.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod downloading;
mod publishing;
mod signing_in;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use btcfake_tests::command_line::{Folder, Outcome, wait_until};
use btcfake_tests::feed::{NOW, small_catalog};

const CATALOG: &str = "CourseCatalog_V2_2026_1_29_1_abcdef.csv";
const CONTENT: &str = "StandAloneContent_v2_2026_1_29_1_abcdef.csv";

/// An sshd process on loopback with keys and folders in a temporary folder.
struct Sshd {
    program: PathBuf,
    folder: Folder,
    server: Child,
    port: u16,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn find_sshd() -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = format!("{path}:/usr/sbin:/usr/local/sbin")
        .split(':')
        .map(|folder| Path::new(folder).join("sshd"))
        .find(|file| file.is_file());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "no sshd here; scripts/set-up.sh sshd installs it");
        eprintln!("no sshd here: not tested; scripts/set-up.sh sshd installs it");
    }
    found
}

fn make_key(folder: &Folder, kind: &str, name: &str, passphrase: &str) {
    let path = folder.path(name);
    let done = Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", passphrase, "-f"]).arg(path).status().unwrap();
    assert!(done.success());
}

fn serve(program: &Path, folder: &Folder, port: u16, before: &str, subsystem: &str) -> Child {
    let root = folder.path("").display().to_string();
    let root = root.trim_end_matches('/');
    let settings = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {root}/host_ed25519\nHostKey {root}/host_rsa\nHostKey \
         {root}/host_ecdsa\nAuthorizedKeysFile {root}/authorized_keys\nPasswordAuthentication \
         no\nKbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nPidFile \
         {root}/pid\nMaxStartups 100\nRekeyLimit 1M\nSubsystem sftp {subsystem}\n"
    );
    folder.write("sshd_config", settings);
    let server = Command::new("sh")
        .arg("-c")
        .arg(format!("{before}exec \"$0\" -D -e -f \"$1\""))
        .arg(program)
        .arg(folder.path("sshd_config"))
        .stderr(fs::File::create(folder.path("sshd.log")).unwrap())
        .spawn()
        .unwrap();
    wait_until("sshd listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    server
}

impl Sshd {
    /// Starts sshd; `None` if it is not installed. The shell runs `before` first; `subsystem` is the SFTP server.
    fn start(before: &str, subsystem: &str) -> Option<Sshd> {
        let program = find_sshd()?;
        let folder = Folder::new();
        for kind in ["ed25519", "rsa", "ecdsa"] {
            make_key(&folder, kind, &format!("host_{kind}"), "");
        }
        make_key(&folder, "ed25519", "user_ed25519", "");
        folder.write("authorized_keys", folder.bytes("user_ed25519.pub"));
        fs::create_dir(folder.path("in")).unwrap();
        fs::create_dir(folder.path("out")).unwrap();
        if Path::new("/run").is_dir() {
            // Only sshd as root needs this folder, and only root can create it.
            let _ = fs::create_dir("/run/sshd");
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = serve(&program, &folder, port, before, subsystem);
        let sshd = Sshd { program, folder, server, port };
        sshd.know("ed25519", "");
        Some(sshd)
    }

    /// Restarts it with another SFTP server.
    fn restart_with(&mut self, subsystem: &str) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        self.server = serve(&self.program, &self.folder, self.port, "", subsystem);
    }

    /// Writes a `known_hosts` with a key of the host, and something before it.
    fn know(&self, kind: &str, before: &str) {
        let key = self.folder.text(&format!("host_{kind}.pub"));
        self.folder.write("known_hosts", format!("{before}[127.0.0.1]:{} {key}", self.port));
    }

    fn settings(&self) -> Vec<(String, String)> {
        let path = |name: &str| self.folder.path(name).display().to_string();
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(user).unwrap().trim().to_owned();
        let mut settings = vec![("SFTP_KNOWN_HOSTS".to_owned(), path("known_hosts"))];
        for (side, folder) in [("INBOUND", "in"), ("OUTBOUND", "out")] {
            for (name, value) in [
                ("HOST", format!("127.0.0.1:{}", self.port)),
                ("USER", user.clone()),
                ("PRIVATE_KEY", path("user_ed25519")),
                ("REMOTE_PATH", path(folder)),
            ] {
                settings.push((format!("SFTP_{side}_{name}"), value));
            }
        }
        settings
    }

    /// Runs the program in `here`, with some settings changed; an empty one is not set.
    fn run(&self, here: &Folder, changed: &[(&str, &str)], arguments: &[&str]) -> Outcome {
        let mut command = here.command(arguments);
        command.envs(self.settings()).envs(changed.iter().copied());
        Outcome::of(&mut command)
    }

    fn download(&self, here: &Folder, changed: &[(&str, &str)]) -> Outcome {
        self.run(here, changed, &["download", "--now", NOW])
    }

    /// Writes two catalogs with today's date.
    fn with_catalogs(self, size: usize) -> Sshd {
        self.folder.write(&format!("in/{CATALOG}"), bytes(size)).write(&format!("in/{CONTENT}"), small_catalog());
        self
    }
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| u8::try_from((at * 31 + at / 1000) % 251).unwrap()).collect()
}

fn check_absent(here: &Folder, outcome: Outcome, expected: &[&str]) {
    let outcome = outcome.exits(1);
    for part in expected {
        assert!(outcome.stderr.contains(part), "{part:?} is not in: {}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("hunter2") && !outcome.stdout.contains("hunter2"));
    let there: Vec<String> = here.names("downloaded_files");
    assert!(there.iter().all(|name| name == CONTENT), "{there:?}");
}

/// A course catalog of some 60 bytes a row.
fn big_catalog(rows: usize) -> String {
    let columns = "CourseId,CourseName,CourseAdminName,CourseTags,ModuleName,ModuleId,ModuleDescription,ContentName,\
                   ContentAdminName,ContentId,ContentDescriptions,ContentType,ContentId_List,ContentTags,CreateDate,\
                   Link_Content,Course_Link,DailyDose,DailyDoseBAs,CourseDailyDose,CourseDailyDoseBAs,CourseNameFrench,\
                   CourseDescriptionFrench,ContentNameFrench,ContentDescriptionFrench,Description";
    let mut text = format!("{columns}\n");
    for id in 1..=rows {
        text.push_str(&format!("{id},c,,,m,1,,Name of {id},,\"{id}\",,Media{}\n", ",".repeat(14)));
    }
    text
}
