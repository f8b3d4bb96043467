//! The program against OpenSSH's real sshd: keys of all kinds, host keys, foreign files in the folder, full disks,
//! publishing.
//!
//! `scripts/set-up.sh sshd` installs it. If it is not installed, the tests pass without checking anything, except under
//! CI=true.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use btcfake_tests::command_line::{Folder, Outcome, terminate, wait_until};
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

#[test]
fn catalogs_are_found_among_other_peoples_files() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(3_000_001);
    for number in 0..20_000 {
        fs::write(sshd.folder.path(&format!("in/inventory_{number}.csv")), "").unwrap();
    }
    // A name in Latin-1; links to a file and to a folder; a folder that is called like a file.
    let latin = std::ffi::OsStr::from_bytes(b"r\xe4ksm\xf6rg\xe5s.csv");
    fs::write(sshd.folder.path("in").join(latin), "").unwrap();
    let newer = sshd.folder.path("in/CourseCatalog_V2_2026_1_29_3_link.csv");
    std::os::unix::fs::symlink(sshd.folder.path(&format!("in/{CONTENT}")), newer).unwrap();
    fs::create_dir(sshd.folder.path("in/CourseCatalog_V2_2026_1_30_1_folder.csv")).unwrap();
    std::os::unix::fs::symlink(sshd.folder.path("out"), sshd.folder.path("in/CourseCatalog_V2_2026_1_30_2_x.csv"))
        .unwrap();
    let circle = sshd.folder.path("in/StandAloneContent_v2_2026_1_30_1_circle.csv");
    std::os::unix::fs::symlink(&circle, &circle).unwrap();
    sshd.folder.write("in/CourseCatalog_V2_2026_2_27_1_future.csv", "no");
    sshd.folder.write("in/CourseCatalog_V2_2026_1_29_9_part.csv.filepart", "no");
    let here = Folder::new();
    let outcome = sshd.download(&here, &[]).exits(0);
    assert!(
        outcome.stderr.contains("CourseCatalog_V2_2026_2_27_1_future.csv: warning: passed over"),
        "{}",
        outcome.stderr
    );
    let names = ["CourseCatalog_V2_2026_1_29_3_link.csv", CONTENT];
    assert_eq!(here.names("downloaded_files"), names);
    assert_eq!(outcome.stdout, format!("downloaded_files/{}\ndownloaded_files/{}\n", names[0], names[1]));

    let outcome = sshd.run(&here, &[], &["download", "--days", "0", "--now", NOW]).exits(0);
    assert!(outcome.stdout.contains("3 downloaded, 0 already there, 0 missing"), "{}", outcome.stdout);
    assert_eq!(here.bytes(&format!("temp_files/{CATALOG}")), bytes(3_000_001));
    let earlier = sshd.run(&here, &[], &["download", "--days", "1", "--now", "2020-01-01T00:00:00Z"]).exits(0);
    assert!(
        earlier.stderr.contains("there is no catalog of these days; check SFTP_INBOUND_REMOTE_PATH"),
        "{earlier:?}"
    );
    let again = sshd.run(&here, &[], &["download", "--days", "1", "--now", NOW]).exits(0);
    assert!(again.stdout.contains("0 downloaded, 3 already there, 2 missing"), "{}", again.stdout);
    assert_eq!(here.names("temp_files").len(), 3);
}

#[test]
fn keys_of_all_kinds_sign_in() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(10);
    let mut authorized = String::new();
    for (kind, passphrase) in [("ed25519", ""), ("rsa", ""), ("ecdsa", ""), ("ed25519", "hunter2"), ("rsa", "hunter2")]
    {
        let name = format!("key_{kind}_{}", passphrase.len());
        make_key(&sshd.folder, kind, &name, passphrase);
        authorized.push_str(&sshd.folder.text(&format!("{name}.pub")));
        sshd.folder.write("authorized_keys", &authorized);
        let key = sshd.folder.path(&name).display().to_string();
        let settings =
            [("SFTP_INBOUND_PRIVATE_KEY", key.as_str()), ("SFTP_INBOUND_PRIVATE_KEY_PASSPHRASE", passphrase)];
        let _ = sshd.download(&Folder::new(), &settings).exits(0);
        if !passphrase.is_empty() {
            let here = Folder::new();
            let missing = sshd.download(&here, &[settings[0]]);
            check_absent(&here, missing, &["the key has a passphrase; set SFTP_INBOUND_PRIVATE_KEY_PASSPHRASE"]);
            let wrong = sshd.download(&here, &[settings[0], ("SFTP_INBOUND_PRIVATE_KEY_PASSPHRASE", "hunter2?")]);
            check_absent(&here, wrong, &["cannot be read with this passphrase"]);
        }
    }
    let here = Folder::new();
    make_key(&sshd.folder, "ed25519", "stranger", "");
    for (name, part) in [
        ("stranger", "does not accept user"),
        ("user_ed25519.pub", "public half"),
        ("known_hosts", "no private key"),
        ("none", "cannot read it"),
    ] {
        let key = sshd.folder.path(name).display().to_string();
        check_absent(&here, sshd.download(&here, &[("SFTP_INBOUND_PRIVATE_KEY", &key)]), &[part]);
    }
    let password = [("SFTP_INBOUND_PRIVATE_KEY", ""), ("SFTP_INBOUND_PASSWORD", "hunter2")];
    check_absent(&here, sshd.download(&here, &password), &["takes no password", "set SFTP_INBOUND_PRIVATE_KEY"]);
}

#[test]
fn host_keys_are_checked_as_openssh_checks_them() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    let refused = |parts: &[&str]| check_absent(&here, sshd.download(&here, &[]), parts);

    // Unknown, then trusted; OpenSSH's own client reads the same file.
    sshd.folder.write("known_hosts", "");
    refused(&["this host is not known", "SHA256:", "`btcfake trust inbound`"]);
    let asked = sshd.run(&here, &[], &["trust", "inbound"]).exits(2);
    assert!(asked.stderr.contains("--yes"), "{}", asked.stderr);
    assert_eq!(sshd.folder.text("known_hosts"), "");
    let trusted = sshd.run(&here, &[], &["trust", "inbound", "--yes"]).exits(0);
    let fingerprint = Command::new("ssh-keygen").arg("-lf").arg(sshd.folder.path("host_ed25519.pub")).output().unwrap();
    let fingerprint = String::from_utf8(fingerprint.stdout).unwrap();
    let fingerprint = fingerprint.split(' ').nth(1).unwrap();
    assert!(trusted.stdout.contains(fingerprint), "{}", trusted.stdout);
    let _ = sshd.download(&Folder::new(), &[]).exits(0);
    assert!(openssh(&sshd), "OpenSSH does not trust what trust wrote");
    // A key that cannot be written whole is not added at all.
    let whole = sshd.folder.text("known_hosts");
    let full = format!("# {}\n", "x".repeat(1_000 - 3));
    sshd.folder.write("known_hosts", &full);
    let mut command = here.shell("trap '' XFSZ; ulimit -f 2; exec \"$BTCFAKE\" trust inbound --yes");
    let cut = Outcome::of(command.envs(sshd.settings()));
    assert_eq!((cut.code, sshd.folder.text("known_hosts")), (Some(1), full), "{cut:?}");
    sshd.folder.write("known_hosts", whole);
    let again = sshd.run(&here, &[], &["trust", "outbound", "--yes"]).exits(0);
    assert!(again.stdout.contains("trusted already"), "{}", again.stdout);

    // By any of the host's keys, in clear or hashed: the server is asked for the kind that is known.
    for kind in ["rsa", "ecdsa", "ed25519"] {
        sshd.know(kind, "# a comment\nother.example ssh-ed25519 AAAA\n");
        let _ = sshd.download(&Folder::new(), &[]).exits(0);
        let hashed =
            Command::new("ssh-keygen").args(["-H", "-f"]).arg(sshd.folder.path("known_hosts")).output().unwrap();
        assert!(hashed.status.success());
        assert!(sshd.folder.text("known_hosts").contains("|1|"));
        let _ = sshd.download(&Folder::new(), &[]).exits(0);
        let pinned = Command::new("ssh-keygen").arg("-lf").arg(sshd.folder.path(&format!("host_{kind}.pub"))).output();
        let pinned = String::from_utf8(pinned.unwrap().stdout).unwrap();
        let _ = sshd.download(&Folder::new(), &[("SFTP_INBOUND_HOST_KEY", pinned.split(' ').nth(1).unwrap())]).exits(0);
    }

    // A changed key, of the same kind or another, and a revoked one.
    make_key(&sshd.folder, "ed25519", "host_other", "");
    sshd.know("other", "");
    refused(&["THE HOST'S KEY HAS CHANGED", "remove line 1 of"]);
    let changed = sshd.run(&here, &[], &["trust", "inbound", "--yes"]).exits(1);
    assert!(changed.stderr.contains("nothing was sent") && changed.stderr.contains("remove line 1 of"));
    let other = sshd.folder.text("host_other.pub");
    sshd.folder.write("known_hosts", format!("[127.0.0.1]:{} {}", sshd.port, other.replace("ssh-ed25519", "ssh-dss")));
    refused(&["THE HOST'S KEY HAS CHANGED", "another ssh-dss key (line 1)"]);
    sshd.know("ed25519", &format!("@revoked * {}", sshd.folder.text("host_ed25519.pub")));
    refused(&["THE HOST SHOWS A REVOKED KEY", "line 1 of"]);
    let _ = sshd.run(&here, &[], &["trust", "inbound", "--yes"]).exits(1);
    let wrong = [("SFTP_INBOUND_HOST_KEY", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")];
    check_absent(
        &here,
        sshd.download(&here, &wrong),
        &["THE HOST SHOWS ANOTHER KEY than the one in SFTP_INBOUND_HOST_KEY"],
    );
    check_absent(&here, sshd.run(&here, &wrong, &["trust", "inbound"]), &["THE HOST SHOWS ANOTHER KEY"]);
}

/// True if OpenSSH's client trusts the host by the same file.
fn openssh(sshd: &Sshd) -> bool {
    let known_hosts = format!("UserKnownHostsFile={}", sshd.folder.path("known_hosts").display());
    let status = Command::new("sftp")
        .args(["-q", "-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", &known_hosts, "-b", "/dev/null", "-i"])
        .arg(sshd.folder.path("user_ed25519"))
        .args(["-P", &sshd.port.to_string(), "127.0.0.1"])
        .stdin(Stdio::null())
        .status();
    status.unwrap().success()
}

#[test]
fn a_full_disk_leaves_nothing() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(5_000_000);
    let here = Folder::new();
    // Files are limited to some 512 kB, which a program cannot tell from a full disk.
    let mut command = here.shell("trap '' XFSZ; ulimit -f 1000; exec \"$BTCFAKE\" download");
    let outcome = Outcome::of(command.envs(sshd.settings()));
    check_absent(&here, outcome, &[CATALOG, "cannot write it"]);
}

#[test]
fn doctor_lists_the_folder_of_the_catalogs() {
    for (subsystem, mark, part) in [
        ("internal-sftp", "ok    SFTP inbound", "can be listed (2 names)"),
        ("internal-sftp -P opendir", "FAIL  SFTP inbound", "permission denied"),
    ] {
        let Some(sshd) = Sshd::start("", subsystem) else { return };
        let sshd = sshd.with_catalogs(10);
        let here = Folder::new();
        here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n");
        let outcome = sshd.run(&here, &[], &["doctor"]);
        let line = outcome.stdout.lines().find(|line| line.starts_with(mark));
        assert!(line.is_some_and(|line| line.contains(part)), "{}", outcome.stdout);
        assert!(outcome.stdout.contains("whether it can be written to was not tried"), "{}", outcome.stdout);
    }
}

#[test]
fn a_folder_that_cannot_be_written_or_found_is_reported() {
    let Some(sshd) = Sshd::start("", "internal-sftp -R") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    simulate(&sshd, &here);
    let refused = sshd.run(&here, &[], &["publish", "generated_files"]).exits(1);
    assert!(refused.stderr.contains("permission denied"), "{}", refused.stderr);
    assert_eq!(sshd.folder.names("out"), Vec::<String>::new());
    let nowhere =
        sshd.run(&here, &[("SFTP_OUTBOUND_REMOTE_PATH", "/no/where")], &["publish", "generated_files"]).exits(1);
    assert!(
        nowhere.stderr.contains("/no/where: there is no such folder; check SFTP_OUTBOUND_REMOTE_PATH"),
        "{}",
        nowhere.stderr
    );
}

#[test]
fn a_server_that_ends_the_connection_at_the_sign_in_is_quoted() {
    let Some(sshd) = Sshd::start("", "internal-sftp\nMaxAuthTries 1") else { return };
    make_key(&sshd.folder, "ed25519", "stranger", "");
    let stranger = sshd.folder.path("stranger").display().to_string();
    let here = Folder::new();
    check_absent(
        &here,
        sshd.download(&here, &[("SFTP_INBOUND_PRIVATE_KEY", &stranger)]),
        &["the server ended the connection while", "Too many authentication failures, reason 2"],
    );
}

#[test]
fn the_message_names_a_user_without_sftp() {
    // sshd does not forward what a subsystem writes to stderr.
    for (subsystem, part) in [
        ("/bin/false", "signed in, but the server ends SFTP as soon as it begins"),
        ("/nowhere/sftp-server", "signed in, but the server ends SFTP as soon as it begins"),
        ("/bin/echo Only for people", "sends something else than SFTP: Only for people"),
    ] {
        let Some(sshd) = Sshd::start("", subsystem) else { return };
        let here = Folder::new();
        check_absent(&here, sshd.download(&here, &[]), &[part, "whether this user may use SFTP"]);
    }
}

#[test]
fn a_drop_folder_for_writing_only_takes_a_feed() {
    const HIDDEN: &str = "stat,lstat,fstat,opendir,readdir,realpath,read,fsync,limits";
    for (denied, is_warned) in [
        (HIDDEN.to_owned(), false),
        (format!("{HIDDEN},hardlink"), true),
        (format!("{HIDDEN},hardlink,rename,remove"), true),
        ("rename,hardlink".to_owned(), true),
    ] {
        let Some(sshd) = Sshd::start("", &format!("internal-sftp -P {denied}")) else { return };
        let sshd = sshd.with_catalogs(10);
        let here = Folder::new();
        simulate(&sshd, &here);
        let outcome = sshd.run(&here, &[], &["publish", "generated_files"]).exits(0);
        assert!(outcome.stdout.contains("4 files sent"), "{denied}: {}", outcome.stdout);
        assert_eq!(
            outcome.stderr.contains("SFTP_OUTBOUND_TEMPORARY_NAME=none"),
            is_warned,
            "{denied}: {}",
            outcome.stderr
        );
        let (left, whole): (Vec<_>, Vec<_>) =
            sshd.folder.names("out").into_iter().partition(|name| name.starts_with('.'));
        assert_eq!(whole.len(), 4, "{denied}: {whole:?}");
        assert!(left.iter().all(|name| outcome.stderr.contains(name.as_str())), "{denied}: {}", outcome.stderr);
        for name in whole.iter().filter(|name| *name != CONTENT) {
            let sent = sshd.folder.bytes(&format!("out/{name}"));
            assert_eq!(sent, here.bytes(&format!("generated_files/{name}")), "{denied}: {name}");
        }
        // Nothing is overwritten, whether the folder can be listed or not.
        let dummy = whole.iter().find(|name| name.starts_with("UserCompletion")).unwrap();
        sshd.folder.write(&format!("out/{dummy}"), "of somebody else");
        let refused = sshd.run(&here, &[], &["publish", "generated_files"]).exits(1);
        assert_eq!(sshd.folder.text(&format!("out/{dummy}")), "of somebody else", "{denied}: {}", refused.stderr);
    }
}

fn simulate(sshd: &Sshd, here: &Folder) {
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n2,f\n");
    let run = ["simulate", "--now", NOW, "--seed", "1", "--quiet"];
    let content = sshd.folder.path(&format!("in/{CONTENT}")).display().to_string();
    here.write(&format!("downloaded_files/{CONTENT}"), fs::read(content).unwrap());
    let _ = here.run(&run).exits(0);
}

#[test]
fn a_run_is_published_and_nothing_is_overwritten() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    simulate(&sshd, &here);
    let publish = |settings: &[(&str, &str)], more: &[&str]| {
        sshd.run(&here, settings, &[&["publish", "generated_files"], more].concat())
    };
    let published = publish(&[], &[]).exits(0);
    assert!(published.stdout.contains("4 files sent"), "{}", published.stdout);
    assert!(published.stderr.contains("no CourseCatalog_V2 goes"), "{}", published.stderr);
    let names = sshd.folder.names("out");
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("run_") && !name.starts_with('.')), "{names:?}");
    for name in names.iter().filter(|name| *name != CONTENT) {
        assert_eq!(sshd.folder.bytes(&format!("out/{name}")), here.bytes(&format!("generated_files/{name}")));
    }
    let again = publish(&[], &[]).exits(0);
    assert!(again.stdout.contains("0 files sent"), "{}", again.stdout);

    // If a file is missing there, the others are not sent again. If one differs there, nothing is sent.
    let dummy = names.iter().find(|name| name.starts_with("UserCompletion")).unwrap();
    fs::remove_file(sshd.folder.path(&format!("out/{dummy}"))).unwrap();
    assert!(publish(&[], &[]).exits(0).stdout.contains("1 file sent"));
    fs::remove_file(sshd.folder.path(&format!("out/{dummy}"))).unwrap();
    sshd.folder.write(&format!("out/{CONTENT}"), "another");
    let refused = publish(&[], &[]).exits(1);
    for part in [format!("there, with other bytes: {CONTENT}\n"), format!("not there: {dummy}\n")] {
        assert!(refused.stderr.contains(&part), "{}", refused.stderr);
    }
    assert!(!refused.stderr.contains("the same call finishes the rest"), "{}", refused.stderr);
    assert!(refused.stderr.contains("another file of this name already"), "{}", refused.stderr);
    assert_eq!(sshd.folder.names("out").len(), 3);
    assert_eq!(sshd.folder.text(&format!("out/{CONTENT}")), "another");

    // Production, by the path, by what a link leads to, by the environment.
    for folder in ["retail-prod", "elsewhere"] {
        fs::create_dir_all(sshd.folder.path(folder)).unwrap();
    }
    std::os::unix::fs::symlink(sshd.folder.path("retail-prod"), sshd.folder.path("harmless")).unwrap();
    for (name, value) in [
        ("SFTP_OUTBOUND_REMOTE_PATH", sshd.folder.path("retail-prod").display().to_string()),
        ("SFTP_OUTBOUND_REMOTE_PATH", sshd.folder.path("harmless").display().to_string()),
        ("BTCFAKE_ENV", "Prod".to_owned()),
    ] {
        let refused = publish(&[(name, &value)], &[]).exits(1);
        assert!(refused.stderr.contains("--allow-production"), "{}", refused.stderr);
        assert_eq!(sshd.folder.names("retail-prod"), Vec::<String>::new());
    }
    let harmless = sshd.folder.path("harmless").display().to_string();
    let _ = publish(&[("SFTP_OUTBOUND_REMOTE_PATH", &harmless)], &["--allow-production"]).exits(0);
    assert_eq!(sshd.folder.names("retail-prod").len(), 4);

    // A changed file is not published.
    let dummy_here = here.path(&format!("generated_files/{dummy}"));
    fs::write(dummy_here, "changed").unwrap();
    let elsewhere = sshd.folder.path("elsewhere").display().to_string();
    let changed = publish(&[("SFTP_OUTBOUND_REMOTE_PATH", &elsewhere)], &[]).exits(1);
    assert!(changed.stderr.contains("it was changed since; nothing was sent"), "{}", changed.stderr);
    assert_eq!(sshd.folder.names("elsewhere"), Vec::<String>::new());
}

/// Catalogs in the local folder may come from another server or an earlier day.
#[test]
fn a_live_run_is_made_from_what_it_downloads_and_from_nothing_else() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let here = Folder::new();
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n");
    let newer = [
        ("CourseCatalog_V2_2026_1_30_1_abcdef.csv", big_catalog(10)),
        ("StandAloneContent_v2_2026_1_30_1_abcdef.csv", small_catalog()),
    ];
    newer.iter().for_each(|(name, text)| {
        here.write(&format!("downloaded_files/{name}"), text);
    });
    let run = |more: &[&str]| {
        let arguments = ["run", "--now", NOW, "--seed", "1", "--quiet", "--out", "made"];
        sshd.run(&here, &[], &[&arguments, more].concat())
    };
    let refused = run(&[]).exits(1);
    assert!(refused.stderr.contains("there is no StandAloneContent in "), "{}", refused.stderr);
    assert!(!here.path("made").exists());

    sshd.folder.write(&format!("in/{CONTENT}"), small_catalog());
    let outcome = run(&["--json"]).exits(0);
    assert!(outcome.stdout.contains("\"there is no CourseCatalog_V2 in "), "{}", outcome.stdout);
    let inputs = |folder: &str| {
        let run = here.names(folder).into_iter().find(|name| name.starts_with("run_")).unwrap();
        let run: serde_json::Value = serde_json::from_slice(&here.bytes(&format!("{folder}/{run}"))).unwrap();
        let names = run["inputs"].as_array().unwrap().iter().filter_map(|input| input["name"].as_str());
        names.filter(|name| name.contains("_2026_")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(inputs("made"), [CONTENT]);

    sshd.folder.write(&format!("in/{CATALOG}"), big_catalog(10));
    fs::remove_dir_all(here.path("made")).unwrap();
    let _ = run(&[]).exits(0);
    let mut both = inputs("made");
    both.sort();
    assert_eq!(both, [CATALOG, CONTENT]);
}

#[test]
fn the_built_in_sample_is_never_published() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let here = Folder::new();
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n");
    let _ = here.run(&["simulate", "--now", NOW, "--quiet"]).exits(0);
    let published = sshd.run(&here, &[], &["publish", "generated_files"]).exits(0);
    assert!(published.stderr.contains("made from the built-in sample"), "{}", published.stderr);
    assert_eq!(sshd.folder.names("out").len(), 3);
}

#[test]
fn a_full_disk_of_the_server_is_reported_and_leaves_nothing() {
    let Some(sshd) = Sshd::start("trap '' XFSZ; ulimit -f 400; ", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    simulate(&sshd, &here);
    here.write(&format!("downloaded_files/{CATALOG}"), big_catalog(10_000));
    fs::remove_dir_all(here.path("generated_files")).unwrap();
    let _ = here.run(&["simulate", "--now", NOW, "--seed", "1", "--quiet"]).exits(0);
    let full = sshd.run(&here, &[], &["publish", "generated_files"]).exits(1);
    assert!(full.stderr.contains("the server refuses it"), "{}", full.stderr);
    assert_eq!(sshd.folder.names("out"), Vec::<String>::new());
}

/// An sshd whose SFTP server stops answering after 1 MB.
fn silent_sshd() -> Option<Sshd> {
    let server = ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/libexec/sftp-server"];
    let server = server.into_iter().find(|path| Path::new(path).is_file())?;
    let mut sshd = Sshd::start("", "internal-sftp")?;
    let script = format!("#!/bin/sh\n{server} | {{ dd bs=1000 count=1500 2>/dev/null; sleep 20; }}\n");
    sshd.folder.write("silent.sh", script);
    fs::set_permissions(sshd.folder.path("silent.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    sshd.restart_with(&sshd.folder.path("silent.sh").display().to_string());
    Some(sshd.with_catalogs(5_000_000))
}

#[test]
fn a_stopped_or_killed_download_leaves_nothing_that_lasts() {
    let Some(mut sshd) = silent_sshd() else { return };
    let here = Folder::new();
    let partial = format!(".{CATALOG}.partial");
    for (signal, left) in [("INT", false), ("TERM", false), ("KILL", true)] {
        let mut command = here.command(&["download", "--now", NOW]);
        let child = command.envs(sshd.settings()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let length = || fs::metadata(here.path("downloaded_files").join(&partial)).map_or(0, |file| file.len());
        wait_until("the download has begun", || length() > 0);
        terminate(&child, signal);
        let outcome = Outcome::at_end_of(child);
        let message = if left { "" } else { "stopped before the end" };
        assert!(outcome.code != Some(0) && outcome.stderr.contains(message), "{signal}: {}", outcome.stderr);
        let expected: &[&str] = if left { &[&partial] } else { &[] };
        assert_eq!(here.names("downloaded_files"), expected, "{signal}: {}", outcome.stderr);
    }
    sshd.restart_with("internal-sftp");
    let _ = sshd.download(&here, &[]).exits(0);
    assert_eq!(here.names("downloaded_files"), [CATALOG, CONTENT]);
    assert_eq!(here.bytes(&format!("downloaded_files/{CATALOG}")), bytes(5_000_000));
}

/// The server asks for new session keys after each MB.
#[test]
fn keys_are_renewed_in_mid_file() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(20_000_000);
    let here = Folder::new();
    let _ = sshd.download(&here, &[]).exits(0);
    assert_eq!(here.bytes(&format!("downloaded_files/{CATALOG}")), bytes(20_000_000));
    here.write(&format!("downloaded_files/{CATALOG}"), big_catalog(200_000));
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n");
    let _ = here.run(&["simulate", "--now", NOW, "--quiet"]).exits(0);
    let _ = sshd.run(&here, &[], &["publish", "generated_files"]).exits(0);
    assert_eq!(sshd.folder.text(&format!("out/{CATALOG}")), big_catalog(200_000));
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
