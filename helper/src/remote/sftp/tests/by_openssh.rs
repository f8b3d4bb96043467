//! OpenSSH's client against the sandbox.

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
        .args(["-P", &sandbox.settings.host.port.to_string(), "tester@127.0.0.1"])
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
