//! Connection to an SFTP server: TCP, host key, sign-in.

use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::Algorithm;
use russh::{Preferred, cipher};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::counterpart::{Opening, Watched};
use super::host_key::{
    HandshakeLog, HostKeyCheck, KEY_TYPES, ShownKey, TrustedKeys, preferred_keys, refuse_unless_trusted,
};
use super::known_hosts::{HostKeyState, KnownHost};
use super::private_key;
use super::problem::{SftpProblem, SftpProblemKind};
use super::sign_in::sign_in;
use super::text::clean;
use crate::configuration::{HostKeyTrust, SftpHost, SftpSettings, SftpSide};
use crate::terminal::console::shown_path;

/// Time limits per step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimits {
    /// Limit for resolving and reaching the host, and again for receiving its key.
    pub(crate) connect: Duration,
    /// Limit for signing in.
    pub(crate) sign_in: Duration,
    /// Limit for any later answer.
    pub(crate) silence: Duration,
}

impl TimeLimits {
    /// Limits for an operation with the total limit `operation`: a quarter to connect, half to sign in, half for any
    /// answer.
    pub(crate) fn of(operation: Duration) -> TimeLimits {
        TimeLimits { connect: operation / 4, sign_in: operation / 2, silence: operation / 2 }
    }
}

/// Connects, checks the host's key and signs in.
///
/// # Errors
/// A private key that cannot be read, or any problem of [`fetch_host_key`], the key check or signing in.
pub(super) async fn connect(settings: &SftpSettings, limits: &TimeLimits) -> Result<Handle<HostKeyCheck>, SftpProblem> {
    let host = &settings.host;
    let key = match &settings.credentials.private_key {
        None => None,
        Some(key) => Some(private_key::load(host.side.prefix(), key).await?),
    };
    let contact = fetch_host_key(host, limits).await?;
    refuse_unless_trusted(host, &contact.key, &contact.state)?;
    let mut handle = contact.handle.ok_or_else(|| SftpProblem::cut(host.to_string()))?;
    sign_in(&mut handle, &contact.log, settings, key, limits.sign_in).await?;
    Ok(handle)
}

/// Result of connecting up to the host key: key, verdict, and the connection if the key is trusted.
pub(crate) struct HostContact {
    /// Key that the host showed.
    pub(crate) key: ShownKey,
    /// Verdict on the key.
    pub(crate) state: HostKeyState,
    handle: Option<Handle<HostKeyCheck>>,
    log: HandshakeLog,
}

/// Connects to a host and receives its key, without signing in. If a pinned fingerprint does not match, other key types
/// are tried.
///
/// # Errors
/// A host that cannot be reached or is no SSH server, or a `known_hosts` file that cannot be used.
pub(crate) async fn fetch_host_key(host: &SftpHost, limits: &TimeLimits) -> Result<HostContact, SftpProblem> {
    let trusted = match &host.trust {
        HostKeyTrust::Pinned(fingerprint) => TrustedKeys::Pinned(fingerprint.clone()),
        HostKeyTrust::KnownHosts(path) => {
            TrustedKeys::KnownHosts(KnownHost::read(path, &host.name, host.port).map_err(|error| {
                let mend = "mend the file, or name another one in SFTP_KNOWN_HOSTS";
                SftpProblem::new(SftpProblemKind::KnownHosts, shown_path(path), error.to_string(), mend)
            })?)
        }
    };
    let trusted = Arc::new(trusted);
    let contact = fetch_host_key_of(host, &trusted, preferred_keys(&trusted), limits).await?;
    if contact.state != HostKeyState::NotPinned {
        return Ok(contact);
    }
    // A fingerprint does not show the type of its key, and most hosts have keys of several types: try the other types.
    for keys in KEY_TYPES {
        if keys.iter().any(|key| key.as_str() == contact.key.key_type) {
            continue;
        }
        if let Ok(other) = fetch_host_key_of(host, &trusted, keys.to_vec(), limits).await
            && other.state == HostKeyState::Trusted
        {
            return Ok(other);
        }
    }
    Ok(contact)
}

async fn fetch_host_key_of(
    host: &SftpHost,
    trusted: &Arc<TrustedKeys>,
    keys: Vec<Algorithm>,
    limits: &TimeLimits,
) -> Result<HostContact, SftpProblem> {
    let place = host.to_string();
    let socket =
        timeout(limits.connect, reach(host)).await.map_err(|_| SftpProblem::silent(&place, limits.connect))??;
    let (log, opening) = (HandshakeLog::default(), Opening::default());
    let check = HostKeyCheck { trusted: Arc::clone(trusted), log: log.clone() };
    let greeting = client::connect_stream(Arc::new(configuration(keys)), Watched::new(socket, opening.clone()), check);
    let greeted = tokio::select! {
        greeted = timeout(limits.connect, greeting) => greeted.ok(),
        () = opening.falls_silent() => None,
    };
    match (greeted, log.facts().shown) {
        (Some(Ok(handle)), Some((key, state))) => Ok(HostContact { key, state, handle: Some(handle), log }),
        (Some(Err(russh::Error::UnknownKey)), Some((key, state))) if state != HostKeyState::Trusted => {
            Ok(HostContact { key, state, handle: None, log })
        }
        (Some(Ok(_)), None) => Err(SftpProblem::new(SftpProblemKind::NoSsh, place, "the server showed no key", "")),
        (Some(Err(error)), _) if opening.is_ssh() => Err(no_key(&place, &error)),
        (None, _) if opening.is_ssh() => {
            Err(SftpProblem::silent(format!("{place}: waiting for its key"), limits.connect))
        }
        (greeted, _) => {
            use russh::Error::{Disconnect, HUP, IO};
            let is_closed = matches!(greeted, Some(Err(IO(_) | HUP | Disconnect)));
            Err(no_ssh(host.side, place, &opening, is_closed, limits.connect))
        }
    }
}

async fn reach(host: &SftpHost) -> Result<TcpStream, SftpProblem> {
    let prefix = host.side.prefix();
    let place = host.to_string();
    let not_found = |message: String| {
        let mend = format!("check {prefix}_HOST; a company's own hosts may need its VPN");
        SftpProblem::new(SftpProblemKind::HostNotFound, &place, format!("there is no host of this name{message}"), mend)
    };
    let addresses = tokio::net::lookup_host((host.name.as_str(), host.port))
        .await
        .map_err(|error| not_found(format!(" ({error})")))?;
    let mut last = not_found(String::new());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => {
                // Small requests must not be held back (Nagle's algorithm). A failure here only costs speed.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) => {
                let mend = format!("check {prefix}_HOST and its port, and whether a firewall or VPN is in the way");
                let message = format!("cannot connect: {error}");
                last = SftpProblem::new(SftpProblemKind::ConnectionRefused, &place, message, mend);
            }
        }
    }
    Err(last)
}

/// Problem of a server that has not sent an SSH version.
fn no_ssh(side: SftpSide, place: String, opening: &Opening, is_closed: bool, limit: Duration) -> SftpProblem {
    let text = opening.text();
    let sent = if text.is_empty() { String::new() } else { format!("; it sent: {text}") };
    let check = format!("check {}_HOST and its port; SFTP is a part of SSH, mostly on port 22", side.prefix());
    if let Some(name) = opening.other() {
        let message = format!("what answers is {name}, not an SSH server{sent}");
        return SftpProblem::new(SftpProblemKind::NoSsh, place, message, check);
    }
    if is_closed {
        let message = format!("the server closed the connection before it sent its version of SSH{sent}");
        let mend = "it may have too many connections (MaxStartups), or refuse this computer's address; try again later, \
                    or ask who runs it";
        return SftpProblem::new(SftpProblemKind::Cut, place, message, mend);
    }
    let message = if text.is_empty() {
        format!("something accepts connections there and sends nothing within {} s", limit.as_secs_f64())
    } else {
        format!("the server sends text and no version of SSH{sent}")
    };
    SftpProblem::new(SftpProblemKind::NoSsh, place, message, check)
}

/// Problem of an SSH server that has not shown its key.
fn no_key(place: &str, error: &russh::Error) -> SftpProblem {
    let no_ssh = |message: String, mend: &str| SftpProblem::new(SftpProblemKind::NoSsh, place, message, mend);
    match error {
        russh::Error::NoCommonAlgo { kind, theirs, .. } => no_ssh(
            format!(
                "the server offers no {kind:?} algorithm that this program takes (it offers {})",
                clean(&theirs.join(", "))
            ),
            "ask who runs it to allow a current one",
        ),
        russh::Error::IO(_) | russh::Error::HUP | russh::Error::Disconnect => SftpProblem::new(
            SftpProblemKind::Cut,
            place,
            "the server ended the connection before it showed its key",
            "try again; a server may also refuse addresses that it does not know",
        ),
        other => no_ssh(format!("the SSH connection failed: {other}"), "check the host and its port"),
    }
}

fn configuration(keys: Vec<Algorithm>) -> client::Config {
    // AES first: nearly all processors have instructions for it.
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
