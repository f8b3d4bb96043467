//! Downloads: foreign files in the folder, full disks, and a download that is stopped or killed.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use btcfake_tests::command_line::{Folder, Outcome, terminate, wait_until};
use btcfake_tests::feed::NOW;

use super::{CATALOG, CONTENT, Sshd, big_catalog, bytes, check_absent};

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
