//! Tests of sign-in: each outcome and its message.

use russh::MethodKind::{self, KeyboardInteractive, Password, PublicKey};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;

use super::odd_server::{Round, SftpScript, SignInReply, SignInScript, odd_server};
use super::*;

/// Signs in to a scripted server with a password, a key, or both. Returns the problem's text, if any.
async fn signed_in(script: SignInScript, password: Option<&str>, has_key: bool) -> Result<(), String> {
    let server = odd_server(script, SftpScript::default(), &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&[9; 32]));
    fs::write(&file, key.to_openssh(LineEnding::LF).unwrap().as_bytes()).unwrap();
    let credentials = SftpCredentials {
        password: password.map(Secret::new),
        private_key: has_key.then_some(PrivateKeyFile { file, passphrase: None }),
    };
    let settings = SftpSettings { credentials, ..server.settings.clone() };
    let listed = in_time(client_of(&settings).list_catalogs()).await;
    listed.map(|_| ()).map_err(|problem| {
        assert_eq!(problem.kind, SftpProblemKind::SignIn, "{problem}");
        problem.to_string()
    })
}

fn takes(methods: &[MethodKind]) -> SignInScript {
    SignInScript { methods: methods.to_vec(), ..SignInScript::default() }
}

fn asks(rounds: Vec<Round>) -> SignInScript {
    SignInScript { questions: rounds, ..takes(&[KeyboardInteractive]) }
}

fn round(notice: &'static str, prompts: &[(&'static str, bool)], answers: &[&'static str]) -> Round {
    Round { notice, prompts: prompts.to_vec(), answers: answers.to_vec() }
}

#[tokio::test]
async fn whoever_has_what_the_server_wants_is_let_in() {
    let password = |verdict| SignInScript { password: verdict, ..takes(&[Password]) };
    let key_and = |methods: &[MethodKind]| SignInScript {
        key: SignInReply::Further(methods.to_vec()),
        password: SignInReply::Accept,
        ..takes(&[PublicKey])
    };
    for (name, script, set_password, has_key) in [
        ("nothing wanted", SignInScript { none: SignInReply::Accept, ..takes(&[Password]) }, Some("right"), false),
        ("password", password(SignInReply::Accept), Some("right"), false),
        ("key", SignInScript { key: SignInReply::Accept, ..takes(&[PublicKey]) }, None, true),
        ("key and password", key_and(&[Password]), Some("right"), true),
        (
            "password and key",
            SignInScript {
                password: SignInReply::Further(vec![PublicKey]),
                key: SignInReply::Accept,
                ..takes(&[Password])
            },
            Some("right"),
            true,
        ),
        (
            "key refused, password right",
            SignInScript { password: SignInReply::Accept, ..takes(&[PublicKey, Password]) },
            Some("right"),
            true,
        ),
        (
            "key and a question",
            SignInScript {
                questions: vec![round("", &[("Password: ", false)], &["right"])],
                ..key_and(&[KeyboardInteractive])
            },
            Some("right"),
            true,
        ),
        (
            "password and a notice",
            SignInScript {
                password: SignInReply::Further(vec![KeyboardInteractive]),
                questions: vec![round("Have a nice day", &[], &[])],
                ..takes(&[Password])
            },
            Some("right"),
            false,
        ),
        (
            "user and password at once",
            asks(vec![round("", &[("User name: ", true), ("Password: ", false)], &["tester", "right"])]),
            Some("right"),
            false,
        ),
        (
            "user and password in turn, with a notice before and after",
            asks(vec![
                round("Welcome", &[], &[]),
                round("", &[("login: ", true)], &["tester"]),
                round("", &[("Password: ", false)], &["right"]),
                round("Last login: never", &[], &[]),
            ]),
            Some("right"),
            false,
        ),
    ] {
        assert_eq!(signed_in(script, set_password, has_key).await, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_own_words() {
    let further = |methods: &[MethodKind]| SignInReply::Further(methods.to_vec());
    for (script, set_password, has_key, parts) in [
        (
            takes(&[Password]),
            Some("right"),
            false,
            &["user tester with this password", "_USER and SFTP_INBOUND_PASSWORD"][..],
        ),
        (takes(&[PublicKey]), None, true, &["user tester with this private key"]),
        (takes(&[PublicKey, Password]), None, true, &["with this private key", "or set SFTP_INBOUND_PASSWORD instead"]),
        (takes(&[PublicKey, Password]), Some("right"), true, &["neither with this private key nor with this password"]),
        (takes(&[PublicKey]), Some("right"), false, &["takes no password from tester, only publickey", "_PRIVATE_KEY"]),
        (
            takes(&[Password]),
            None,
            true,
            &["takes no private key from tester, only password", "set SFTP_INBOUND_PASSWORD"],
        ),
        (
            takes(&[MethodKind::HostBased]),
            Some("right"),
            true,
            &["neither a private key nor a password", "only hostbased"],
        ),
        (
            SignInScript { key: further(&[Password]), ..takes(&[PublicKey]) },
            None,
            true,
            &[
                "accepts the private key and wants a further step to sign in (password)",
                "set SFTP_INBOUND_PASSWORD, too",
            ],
        ),
        (
            SignInScript { password: further(&[PublicKey]), ..takes(&[Password]) },
            Some("right"),
            false,
            &["accepts the password and wants a further step", "set SFTP_INBOUND_PRIVATE_KEY, too"],
        ),
        (
            SignInScript { key: further(&[Password]), ..takes(&[PublicKey]) },
            Some("wrong"),
            true,
            &["accepts the private key of tester and not the password", "check SFTP_INBOUND_PASSWORD"],
        ),
        (
            SignInScript { password: further(&[MethodKind::HostBased]), ..takes(&[Password]) },
            Some("right"),
            false,
            &["wants a further step to sign in (hostbased)", "this program knows no such step"],
        ),
        (
            asks(vec![round("Two steps", &[("Verification code: ", true)], &["1"])]),
            Some("right"),
            false,
            &["asks for more than user and password: Verification code:", "its notice: Two steps"],
        ),
        (
            asks(vec![
                round("", &[("Password: ", false)], &["right"]),
                round("", &[("Verification code: ", false)], &["1"]),
            ]),
            Some("right"),
            false,
            &["asks for more than user and password: Verification code:"],
        ),
        (
            SignInScript {
                key: further(&[KeyboardInteractive]),
                questions: vec![round("", &[("One-time password: ", false)], &["1"])],
                ..takes(&[PublicKey])
            },
            None,
            true,
            &["asks for more than user and password: One-time password:"],
        ),
        (
            asks(vec![
                round("", &[("Current password: ", false)], &["right"]),
                round("Your password has expired", &[("New password: ", false), ("Retype new password: ", false)], &[]),
            ]),
            Some("right"),
            false,
            &["the password has expired", "New password:", "its notice: Your password has expired"],
        ),
        (
            asks(vec![
                round("", &[("Password: ", false)], &["wrong"]),
                round("Wrong", &[("Password: ", false)], &["right"]),
            ]),
            Some("wrong"),
            false,
            &["does not accept user tester with this password", "its notice: Wrong"],
        ),
        (
            asks((0..30).map(|_| round("Read the terms of use", &[], &[])).collect()),
            Some("right"),
            false,
            &["goes on sending notices and asks for no password", "its notice: Read the terms of use"],
        ),
        (
            SignInScript { banner: Some("Closed for\r\nmaintenance".to_owned()), ..takes(&[Password]) },
            Some("right"),
            false,
            &["with this password; its banner: Closed for  maintenance"],
        ),
    ] {
        let text = signed_in(script, set_password, has_key).await.unwrap_err();
        assert!(parts.iter().all(|part| text.contains(part)), "{parts:?}: {text}");
        assert!(!text.contains("tried"), "a refused user is not tried again: {text}");
    }
}
