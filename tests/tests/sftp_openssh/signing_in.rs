//! Sign-in by keys of all kinds, host keys, and refusals by the server.

use std::process::{Command, Stdio};

use btcfake_tests::command_line::{Folder, Outcome};

use super::{Sshd, check_absent, make_key};

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
