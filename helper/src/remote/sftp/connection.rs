//! The way to an SFTP server: a connection, a host that shows the right key, a user who signs in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{MethodKind, Preferred, cipher};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::known_hosts::{KnownHost, Verdict};
use super::problem::{SftpProblem, SftpProblemKind};
use super::session::clean;
use crate::configuration::{HostKeyTrust, SftpCredentials, SftpSettings, SftpSide};
use crate::reading::read_found;

/// How long each step may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimits {
    /// Finding the host and reaching it, and again until it has shown its key.
    pub(crate) connect: Duration,
    /// Signing in.
    pub(crate) sign_in: Duration,
    /// Any answer after that.
    pub(crate) silence: Duration,
}

impl Default for TimeLimits {
    fn default() -> TimeLimits {
        TimeLimits {
            connect: Duration::from_secs(15),
            sign_in: Duration::from_secs(30),
            silence: Duration::from_secs(30),
        }
    }
}

/// The key that a host showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShownKey {
    /// Its type, such as `ssh-ed25519`.
    pub(crate) key_type: String,
    /// Its fingerprint, `SHA256:...`.
    pub(crate) fingerprint: String,
    /// Its type and the key itself, as `known_hosts` has them.
    pub(crate) line: String,
    wire: Vec<u8>,
}

/// What is to be thought of the key that a host showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostKeyState {
    /// It is the host's.
    Trusted,
    /// Nothing is known of the host.
    Unknown,
    /// The host is known by other keys, on these lines and of these types.
    Changed(Vec<(usize, String)>),
    /// It was revoked, on this line.
    Revoked(usize),
    /// It is not the one with the fingerprint in the settings.
    NotPinned,
}

/// By what a host's key is judged.
#[derive(Debug)]
enum Knowledge {
    Pinned(String),
    KnownHosts(KnownHost),
}

/// Where a server is, for messages.
pub(super) fn place(host: &str, port: u16) -> String {
    if port == 22 { host.to_owned() } else { format!("{host}:{port}") }
}

/// Connects, checks the host's key and signs in.
///
/// # Errors
/// Whatever keeps a user out.
pub(super) async fn connect(settings: &SftpSettings, limits: &TimeLimits) -> Result<Handle<HostKeyCheck>, SftpProblem> {
    let key = match &settings.credentials {
        SftpCredentials::Password(_) => None,
        SftpCredentials::PrivateKey { .. } => Some(load_key(settings).await?),
    };
    let place = place(&settings.host, settings.port);
    let met = meet(settings.side, &settings.host, settings.port, &settings.host_key, limits).await?;
    refuse_unless_trusted(settings, &met)?;
    let mut handle = met.handle.ok_or_else(|| SftpProblem::cut(&place))?;
    timeout(limits.sign_in, sign_in(&mut handle, settings, key, &place))
        .await
        .map_err(|_| SftpProblem::silent(format!("{place}: signing in"), limits.sign_in.as_secs()))??;
    Ok(handle)
}

/// A host that was met: the key that it showed, what is to be thought of it, and the connection if it is trusted.
pub(crate) struct Met {
    /// The key.
    pub(crate) key: ShownKey,
    /// What is to be thought of it.
    pub(crate) state: HostKeyState,
    handle: Option<Handle<HostKeyCheck>>,
}

/// Connects to a host as far as its key.
///
/// # Errors
/// A host that cannot be reached or is no SSH server, or a `known_hosts` that cannot be used.
pub(crate) async fn meet(
    side: SftpSide,
    host: &str,
    port: u16,
    trust: &HostKeyTrust,
    limits: &TimeLimits,
) -> Result<Met, SftpProblem> {
    let knowledge = match trust {
        HostKeyTrust::Pinned(fingerprint) => Knowledge::Pinned(fingerprint.clone()),
        HostKeyTrust::KnownHosts(path) => {
            Knowledge::KnownHosts(KnownHost::read(path, host, port).map_err(|error| {
                let mend = "mend the file, or name another one in SFTP_KNOWN_HOSTS";
                SftpProblem::new(SftpProblemKind::KnownHosts, path.display().to_string(), error.to_string(), mend)
            })?)
        }
    };
    let knowledge = Arc::new(knowledge);
    let met = meet_asking(side, host, port, &knowledge, preferred_keys(&knowledge), limits).await?;
    if met.state != HostKeyState::NotPinned {
        return Ok(met);
    }
    // A fingerprint does not tell the type of its key, and most hosts have several: the pinned one may be another.
    for keys in [ED25519, ECDSA, RSA] {
        if keys.iter().any(|key| key.as_str() == met.key.key_type) {
            continue;
        }
        if let Ok(other) = meet_asking(side, host, port, &knowledge, keys.to_vec(), limits).await
            && other.state == HostKeyState::Trusted
        {
            return Ok(other);
        }
    }
    Ok(met)
}

const ED25519: &[Algorithm] = &[Algorithm::Ed25519];
const ECDSA: &[Algorithm] = &[
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
];
const RSA: &[Algorithm] =
    &[Algorithm::Rsa { hash: Some(HashAlg::Sha512) }, Algorithm::Rsa { hash: Some(HashAlg::Sha256) }];

/// The types of key that a host is asked for: first those that are known of it.
fn preferred_keys(knowledge: &Knowledge) -> Vec<Algorithm> {
    let known: Vec<&str> = match knowledge {
        Knowledge::Pinned(_) => Vec::new(),
        Knowledge::KnownHosts(known) => known.key_types().collect(),
    };
    let is_known = |key: &Algorithm| match key {
        Algorithm::Rsa { .. } => known.contains(&"ssh-rsa"),
        other => known.contains(&other.as_str()),
    };
    let all = [ED25519, ECDSA, RSA].concat();
    let (mut first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(is_known);
    first.extend(rest);
    first
}

async fn meet_asking(
    side: SftpSide,
    host: &str,
    port: u16,
    knowledge: &Arc<Knowledge>,
    keys: Vec<Algorithm>,
    limits: &TimeLimits,
) -> Result<Met, SftpProblem> {
    let place = place(host, port);
    let socket = timeout(limits.connect, reach(side, host, port))
        .await
        .map_err(|_| SftpProblem::silent(&place, limits.connect.as_secs()))??;
    let shown = Arc::new(Mutex::new(None));
    let check = HostKeyCheck { knowledge: Arc::clone(knowledge), shown: Arc::clone(&shown) };
    let greeting = client::connect_stream(Arc::new(configuration(keys)), socket, check);
    let greeted = timeout(limits.connect, greeting)
        .await
        .map_err(|_| SftpProblem::silent(format!("{place}: waiting for its key"), limits.connect.as_secs()))?;
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (greeted, shown) {
        (Ok(handle), Some((key, state))) => Ok(Met { key, state, handle: Some(handle) }),
        (Err(russh::Error::UnknownKey), Some((key, state))) if state != HostKeyState::Trusted => {
            Ok(Met { key, state, handle: None })
        }
        (Err(error), _) => Err(no_greeting(&place, &error)),
        (Ok(_), None) => Err(SftpProblem::new(SftpProblemKind::NoSsh, place, "the server showed no key", "")),
    }
}

async fn reach(side: SftpSide, host: &str, port: u16) -> Result<TcpStream, SftpProblem> {
    let prefix = side.prefix();
    let place = place(host, port);
    let not_found = |said: String| {
        let mend = format!("check {prefix}_HOST; a company's own hosts may need its VPN");
        SftpProblem::new(SftpProblemKind::HostNotFound, &place, format!("there is no host of this name{said}"), mend)
    };
    let addresses = tokio::net::lookup_host((host, port)).await.map_err(|error| not_found(format!(" ({error})")))?;
    let mut last = not_found(String::new());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => {
                // Small requests must not wait for each other; it is only slower where this fails.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) => {
                let mend = format!("check {prefix}_HOST and its port, and whether a firewall or VPN is in the way");
                let said = format!("cannot connect: {error}");
                last = SftpProblem::new(SftpProblemKind::ConnectionRefused, &place, said, mend);
            }
        }
    }
    Err(last)
}

fn no_greeting(place: &str, error: &russh::Error) -> SftpProblem {
    let no_ssh = |said: String, mend: &str| SftpProblem::new(SftpProblemKind::NoSsh, place, said, mend);
    match error {
        russh::Error::NoCommonAlgo { kind, theirs, .. } => no_ssh(
            format!(
                "the server offers no {kind:?} algorithm that this program takes (it offers {})",
                clean(&theirs.join(", "))
            ),
            "ask who runs it to allow a current one",
        ),
        russh::Error::Version => no_ssh("what answers is no SSH server".to_owned(), "check the host and its port"),
        russh::Error::IO(_) | russh::Error::HUP | russh::Error::Disconnect => no_ssh(
            "the server ended the connection before it showed its key".to_owned(),
            "check the host and its port; a server may also refuse addresses that it does not know",
        ),
        other => no_ssh(format!("the SSH connection failed: {other}"), "check the host and its port"),
    }
}

fn configuration(keys: Vec<Algorithm>) -> client::Config {
    // Nearly all processors have instructions for AES.
    const CIPHERS: &[cipher::Name] = &[
        cipher::AES_256_GCM,
        cipher::CHACHA20_POLY1305,
        cipher::AES_256_CTR,
        cipher::AES_192_CTR,
        cipher::AES_128_CTR,
    ];
    client::Config {
        client_id: russh::SshId::Standard(concat!("SSH-2.0-btcfake_", env!("CARGO_PKG_VERSION")).into()),
        preferred: Preferred { key: keys.into(), cipher: CIPHERS.into(), ..Preferred::DEFAULT },
        window_size: 4 << 20,
        maximum_packet_size: 32 << 10,
        keepalive_interval: Some(Duration::from_secs(15)),
        keepalive_max: 3,
        ..client::Config::default()
    }
}

/// Judges the key that a host shows.
pub(super) struct HostKeyCheck {
    knowledge: Arc<Knowledge>,
    shown: Arc<Mutex<Option<(ShownKey, HostKeyState)>>>,
}

impl client::Handler for HostKeyCheck {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let public = shown.public_key();
        let key = ShownKey {
            key_type: public.algorithm().as_str().to_owned(),
            fingerprint: public.fingerprint(HashAlg::Sha256).to_string(),
            line: public.to_openssh()?,
            wire: public.to_bytes()?,
        };
        let state = match &*self.knowledge {
            Knowledge::Pinned(fingerprint) if same_fingerprint(fingerprint, &key.fingerprint) => HostKeyState::Trusted,
            Knowledge::Pinned(_) => HostKeyState::NotPinned,
            Knowledge::KnownHosts(known) => match known.verdict(&key.key_type, &key.wire) {
                Verdict::Known { .. } => HostKeyState::Trusted,
                Verdict::Unknown => HostKeyState::Unknown,
                Verdict::Changed { lines } => HostKeyState::Changed(lines),
                Verdict::Revoked { line } => HostKeyState::Revoked(line),
            },
        };
        let trusted = state == HostKeyState::Trusted && shown.certificate().is_none();
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, state));
        Ok(trusted)
    }
}

/// Fingerprints may have been copied with the padding that base64 has elsewhere.
fn same_fingerprint(one: &str, other: &str) -> bool {
    one.trim_end_matches('=') == other.trim_end_matches('=')
}

fn refuse_unless_trusted(settings: &SftpSettings, met: &Met) -> Result<(), SftpProblem> {
    let prefix = settings.side.prefix();
    let place = place(&settings.host, settings.port);
    let ShownKey { key_type, fingerprint, .. } = &met.key;
    let file = match &settings.host_key {
        HostKeyTrust::KnownHosts(path) => path.display().to_string(),
        HostKeyTrust::Pinned(_) => String::new(),
    };
    let (kind, said, mend) = match &met.state {
        HostKeyState::Trusted => return Ok(()),
        HostKeyState::Unknown => (
            SftpProblemKind::HostKeyUnknown,
            format!("this host is not known; it shows the {key_type} key {fingerprint}"),
            format!(
                "ask who runs it for the fingerprint; if it is this one, trust it by `btcfake trust {}`",
                settings.side.name()
            ),
        ),
        HostKeyState::Changed(lines) => (
            SftpProblemKind::HostKeyChanged,
            format!(
                "THE HOST'S KEY HAS CHANGED: it shows the {key_type} key {fingerprint}, and {file} knows {} for it. \
                     Somebody may be listening in; nothing was sent",
                known_lines(lines)
            ),
            format!(
                "ask who runs it; only if the key was changed on purpose, remove {} of {file} and call \
                     `btcfake trust {}`",
                lines_named(lines),
                settings.side.name()
            ),
        ),
        HostKeyState::Revoked(line) => (
            SftpProblemKind::HostKeyRevoked,
            format!(
                "THE HOST SHOWS A REVOKED KEY: {key_type} {fingerprint}, revoked by line {line} of {file}; nothing was sent"
            ),
            "ask who runs it".to_owned(),
        ),
        HostKeyState::NotPinned => (
            SftpProblemKind::HostKeyChanged,
            format!(
                "THE HOST SHOWS ANOTHER KEY than the one in {prefix}_HOST_KEY: the {key_type} key {fingerprint}. \
                     Somebody may be listening in; nothing was sent"
            ),
            format!(
                "ask who runs it; only if the key was changed on purpose, set {prefix}_HOST_KEY to its fingerprint"
            ),
        ),
    };
    Err(SftpProblem::new(kind, place, said, mend))
}

fn known_lines(lines: &[(usize, String)]) -> String {
    let told: Vec<String> =
        lines.iter().map(|(line, key_type)| format!("another {key_type} key (line {line})")).collect();
    told.join(", ")
}

/// `line 3`, `lines 3, 4`.
pub(crate) fn lines_named(lines: &[(usize, String)]) -> String {
    let numbers: Vec<String> = lines.iter().map(|(line, _)| line.to_string()).collect();
    format!("line{} {}", if lines.len() == 1 { "" } else { "s" }, numbers.join(", "))
}

async fn load_key(settings: &SftpSettings) -> Result<PrivateKey, SftpProblem> {
    let SftpCredentials::PrivateKey { file, passphrase } = settings.credentials.clone() else {
        return Err(SftpProblem::new(SftpProblemKind::PrivateKey, "", "no private key is set", ""));
    };
    let prefix = settings.side.prefix();
    let place = format!("{prefix}_PRIVATE_KEY {}", file.display());
    let problem = |said: String, mend: String| SftpProblem::new(SftpProblemKind::PrivateKey, &place, said, mend);
    let text = match read_found(&file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            return Err(problem(format!("cannot read it: {error}"), "check the path and who may read it".into()));
        }
    };
    if text.starts_with("ssh-") || text.starts_with("ecdsa-") || text.contains("BEGIN SSH2 PUBLIC KEY") {
        return Err(problem("this is the public half of a key".into(), "name the private one, without .pub".into()));
    }
    // Besides OpenSSH's own form there are older ones, of which not all can be read.
    let is_older = text.contains("PRIVATE KEY-----") && !text.contains("BEGIN OPENSSH PRIVATE KEY");
    let is_encrypted = text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED");
    let rewrite = format!("`ssh-keygen -p -f {}` rewrites it in OpenSSH's own form, which can be read", file.display());
    let secret = passphrase.clone();
    // Making a key of a passphrase takes its time.
    let decoded = tokio::task::spawn_blocking(move || {
        russh::keys::decode_secret_key(&text, secret.as_ref().map(crate::secret::Secret::expose))
    });
    match decoded.await {
        Ok(Ok(key)) => Ok(key),
        Ok(Err(error))
            if passphrase.is_none() && (is_encrypted || matches!(error, russh::keys::Error::KeyIsEncrypted)) =>
        {
            Err(problem("the key has a passphrase".into(), format!("set {prefix}_PRIVATE_KEY_PASSPHRASE")))
        }
        Ok(Err(_)) if passphrase.is_some() && is_encrypted => Err(problem(
            "the key cannot be read: the passphrase is wrong, or the key's form is none that can be read".into(),
            format!("check {prefix}_PRIVATE_KEY_PASSPHRASE; if it is right, {rewrite}"),
        )),
        Ok(Err(_)) if is_older => Err(problem("the key's form is none that can be read".into(), rewrite)),
        Ok(Err(_)) if passphrase.is_some() => Err(problem(
            "the key cannot be read with this passphrase".into(),
            format!("check {prefix}_PRIVATE_KEY_PASSPHRASE"),
        )),
        _ => Err(problem(
            "this is no private key that can be used".into(),
            "ed25519, ecdsa and rsa keys as ssh-keygen writes them can".into(),
        )),
    }
}

async fn sign_in(
    handle: &mut Handle<HostKeyCheck>,
    settings: &SftpSettings,
    key: Option<PrivateKey>,
    place: &str,
) -> Result<(), SftpProblem> {
    let broken = |_| SftpProblem::cut(format!("{place}: signing in"));
    let result = match (&settings.credentials, key) {
        (SftpCredentials::Password(password), _) => {
            let result = handle.authenticate_password(&settings.user, password.expose()).await.map_err(broken)?;
            match &result {
                // Servers with PAM may take a password only as the answer to a question.
                AuthResult::Failure { remaining_methods, .. }
                    if !remaining_methods.contains(&MethodKind::Password)
                        && remaining_methods.contains(&MethodKind::KeyboardInteractive) =>
                {
                    answer_questions(handle, &settings.user, password.expose()).await.map_err(broken)?
                }
                _ => result,
            }
        }
        (SftpCredentials::PrivateKey { .. }, Some(key)) => {
            let hash = match key.algorithm() {
                Algorithm::Rsa { .. } => {
                    handle.best_supported_rsa_hash().await.map_err(broken)?.flatten().or(Some(HashAlg::Sha512))
                }
                _ => None,
            };
            let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
            handle.authenticate_publickey(&settings.user, key).await.map_err(broken)?
        }
        (SftpCredentials::PrivateKey { .. }, None) => return Err(broken(russh::Error::NoAuthMethod)),
    };
    match result {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() && handle.is_closed() => {
            Err(SftpProblem::new(
                SftpProblemKind::SignIn,
                place,
                format!("the server ended the connection while {} signed in", settings.user),
                "the account may be locked, or there were too many attempts; ask who runs it",
            ))
        }
        AuthResult::Failure { remaining_methods, partial_success } => {
            let methods: Vec<&str> = remaining_methods.iter().map(<&str>::from).collect();
            Err(refused_sign_in(settings, place, &methods, partial_success))
        }
    }
}

fn refused_sign_in(settings: &SftpSettings, place: &str, methods: &[&str], partial_success: bool) -> SftpProblem {
    let prefix = settings.side.prefix();
    let user = &settings.user;
    let by_password = matches!(settings.credentials, SftpCredentials::Password(_));
    let wanted = methods.join(" or ");
    let (said, mend) = if partial_success {
        (
            format!("the server wants a further step to sign in ({wanted})"),
            "this program knows no second step".to_owned(),
        )
    } else if by_password && !methods.contains(&"password") && !methods.contains(&"keyboard-interactive") {
        (
            format!("the server takes no password from {user}, only {wanted}"),
            format!("set {prefix}_PRIVATE_KEY, or check {prefix}_USER"),
        )
    } else if by_password {
        (
            format!("the server does not accept user {user} with this password"),
            format!("check {prefix}_USER and {prefix}_PASSWORD"),
        )
    } else {
        let or_password =
            if methods.contains(&"password") { format!(", or set {prefix}_PASSWORD instead") } else { String::new() };
        (
            format!("the server does not accept user {user} with this private key"),
            format!("check {prefix}_USER and {prefix}_PRIVATE_KEY{or_password}"),
        )
    };
    SftpProblem::new(SftpProblemKind::SignIn, place, said, mend)
}

/// Answers the one hidden question that a server asks with the password; anything else is not answered.
async fn answer_questions(
    handle: &mut Handle<HostKeyCheck>,
    user: &str,
    password: &str,
) -> Result<AuthResult, russh::Error> {
    let mut answered = false;
    let mut response = handle.authenticate_keyboard_interactive_start(user, None).await?;
    loop {
        match response {
            KeyboardInteractiveAuthResponse::Success => return Ok(AuthResult::Success),
            KeyboardInteractiveAuthResponse::Failure { remaining_methods, partial_success } => {
                return Ok(AuthResult::Failure { remaining_methods, partial_success });
            }
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => {
                let answers = match &prompts[..] {
                    [] => Vec::new(),
                    [one] if !one.echo && !answered => {
                        answered = true;
                        vec![password.to_owned()]
                    }
                    _ => {
                        let methods: &[MethodKind] = &[MethodKind::KeyboardInteractive];
                        return Ok(AuthResult::Failure {
                            remaining_methods: methods.into(),
                            partial_success: answered,
                        });
                    }
                };
                response = handle.authenticate_keyboard_interactive_respond(answers).await?;
            }
        }
    }
}
