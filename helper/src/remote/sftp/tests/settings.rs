//! Wrong settings: password, key, host, folder, and the host's key.

use super::*;

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
    sandbox.settings.host.port = closed;
    check_problem(&sandbox, SftpProblemKind::ConnectionRefused, &["cannot connect", "check SFTP_INBOUND_HOST"]).await;
    sandbox.settings.host.name = "no-such-host.invalid".to_owned();
    check_problem(&sandbox, SftpProblemKind::HostNotFound, &["there is no host of this name"]).await;
}

#[tokio::test]
async fn host_keys_are_checked() {
    let mut sandbox = sandbox(&[(CATALOG, 1), (CONTENT, 1)], SftpFaults::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let key = sandbox.server.host_key_line.split_once(' ').unwrap().1.to_owned();
    let host = format!("[127.0.0.1]:{}", sandbox.settings.host.port);
    let other = "AAAAC3NzaC1lZDI1NTE5AAAAILIG2T/B0l0gaqj3puu510tu9N1OkQ4znY3LYuEm5zCF";
    sandbox.settings.host.trust = HostKeyTrust::KnownHosts(file.clone());

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
    sandbox.settings.host.trust = HostKeyTrust::KnownHosts(folder.path().to_owned());
    let problem = sandbox.download().await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::KnownHosts);

    sandbox.settings.host.trust = HostKeyTrust::Pinned("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let problem = sandbox.download().await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::HostKeyChanged);
    assert!(problem.to_string().contains("SFTP_INBOUND_HOST_KEY"), "{problem}");
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
