//! Host keys: the key that a host shows, and the verdict on it.

use std::sync::{Arc, Mutex, PoisonError};

use russh::client;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PublicKeyOrCertificate};

use super::known_hosts::{HostKeyState, KnownHost};
use super::problem::{SftpProblem, SftpProblemKind};
use crate::configuration::{HostKeyTrust, SftpHost};
use crate::terminal::console::shown_path;

/// Key that a host showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShownKey {
    /// Its type, such as `ssh-ed25519`.
    pub(crate) key_type: String,
    /// Its fingerprint, `SHA256:...`.
    pub(crate) fingerprint: String,
    /// Type and key, as on a line of `known_hosts`.
    pub(crate) line: String,
    wire: Vec<u8>,
}

/// What a host's key is checked against.
#[derive(Debug)]
pub(super) enum TrustedKeys {
    /// A fingerprint.
    Pinned(String),
    /// The lines of a `known_hosts` file.
    KnownHosts(KnownHost),
}

/// Types of host keys, each with its variants.
pub(super) const KEY_TYPES: [&[Algorithm]; 3] = [ED25519, ECDSA, RSA];

const ED25519: &[Algorithm] = &[Algorithm::Ed25519];
const ECDSA: &[Algorithm] = &[
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
];
const RSA: &[Algorithm] =
    &[Algorithm::Rsa { hash: Some(HashAlg::Sha512) }, Algorithm::Rsa { hash: Some(HashAlg::Sha256) }];

/// Key types to request from a host, in order of preference: known ones first.
pub(super) fn preferred_keys(trusted: &TrustedKeys) -> Vec<Algorithm> {
    let known: Vec<&str> = match trusted {
        TrustedKeys::Pinned(_) => Vec::new(),
        TrustedKeys::KnownHosts(known) => known.key_types().collect(),
    };
    let is_known = |key: &Algorithm| match key {
        Algorithm::Rsa { .. } => known.contains(&"ssh-rsa"),
        other => known.contains(&other.as_str()),
    };
    let all = KEY_TYPES.concat();
    let (mut first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(is_known);
    first.extend(rest);
    first
}

/// Check of the key that a host shows.
pub(super) struct HostKeyCheck {
    /// What the key is checked against.
    pub(super) trusted: Arc<TrustedKeys>,
    /// Facts recorded so far about the host.
    pub(super) log: HandshakeLog,
}

/// Facts about a host, recorded from its key exchange to the end of the connection; shared with the connection's
/// handler.
#[derive(Clone, Debug, Default)]
pub(super) struct HandshakeLog(Arc<Mutex<HostKeyFacts>>);

/// Facts recorded during a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct HostKeyFacts {
    /// Key and verdict.
    pub(super) shown: Option<(ShownKey, HostKeyState)>,
    /// The text that a server may send while a user signs in (RFC 4252, banner); its first part.
    pub(super) banner: String,
    /// The code and text with which the server ended the connection (RFC 4253, disconnect).
    pub(super) disconnected: Option<(u32, String)>,
    /// True if the server offers no sign-in method that the library knows, which ends the connection.
    pub(super) knows_no_method: bool,
}

/// Maximum number of banner characters kept.
const LONGEST_BANNER: usize = 2_000;

impl HandshakeLog {
    /// Facts recorded so far.
    pub(super) fn facts(&self) -> HostKeyFacts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut HostKeyFacts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
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
        let state = match &*self.trusted {
            TrustedKeys::Pinned(fingerprint) if same_fingerprint(fingerprint, &key.fingerprint) => {
                HostKeyState::Trusted
            }
            TrustedKeys::Pinned(_) => HostKeyState::NotPinned,
            TrustedKeys::KnownHosts(known) => known.verdict(&key.key_type, &key.wire),
        };
        let trusted = state == HostKeyState::Trusted && shown.certificate().is_none();
        self.log.note(|facts| facts.shown = Some((key, state)));
        Ok(trusted)
    }

    async fn auth_banner(&mut self, banner: &str, _session: &mut client::Session) -> Result<(), russh::Error> {
        self.log.note(|facts| {
            let room = LONGEST_BANNER.saturating_sub(facts.banner.chars().count());
            facts.banner.extend(banner.chars().take(room));
        });
        Ok(())
    }

    async fn disconnected(&mut self, reason: client::DisconnectReason<russh::Error>) -> Result<(), russh::Error> {
        match reason {
            client::DisconnectReason::ReceivedDisconnect(info) => {
                self.log.note(|facts| facts.disconnected = Some((info.reason_code as u32, info.message)));
                Ok(())
            }
            client::DisconnectReason::Error(error) => {
                let knows_no_method = matches!(error, russh::Error::NoAuthMethod);
                self.log.note(|facts| facts.knows_no_method = knows_no_method);
                Err(error)
            }
        }
    }
}

/// Compares fingerprints without base64 padding, which a copied one may have.
fn same_fingerprint(one: &str, other: &str) -> bool {
    one.trim_end_matches('=') == other.trim_end_matches('=')
}

/// Fails unless the host's key is trusted.
///
/// # Errors
/// `HostKeyUnknown`, `HostKeyChanged` or `HostKeyRevoked`, with the place in `known_hosts` and how to mend it.
pub(crate) fn refuse_unless_trusted(host: &SftpHost, key: &ShownKey, state: &HostKeyState) -> Result<(), SftpProblem> {
    let (prefix, name) = (host.side.prefix(), host.side.name());
    let shown = format!("the {} key {}", key.key_type, key.fingerprint);
    let file = match &host.trust {
        HostKeyTrust::KnownHosts(path) => shown_path(path),
        HostKeyTrust::Pinned(_) => String::new(),
    };
    let (kind, message, mend) = match state {
        HostKeyState::Trusted => return Ok(()),
        HostKeyState::Unknown => (
            SftpProblemKind::HostKeyUnknown,
            format!("this host is not known; it shows {shown}"),
            format!("ask who runs it for the fingerprint; if it is this one, trust it by `btcfake trust {name}`"),
        ),
        HostKeyState::Changed(lines) => (
            SftpProblemKind::HostKeyChanged,
            format!(
                "THE HOST'S KEY HAS CHANGED: it shows {shown}, and {file} knows {} for it. {LISTENING_IN}",
                known_lines(lines)
            ),
            format!("{ONLY_ON_PURPOSE}, remove {} of {file} and call `btcfake trust {name}`", lines_named(lines)),
        ),
        HostKeyState::Revoked(line) => (
            SftpProblemKind::HostKeyRevoked,
            format!(
                "THE HOST SHOWS A REVOKED KEY: {} {}, revoked by line {line} of {file}; nothing was sent",
                key.key_type, key.fingerprint
            ),
            "ask who runs it".to_owned(),
        ),
        HostKeyState::NotPinned => (
            SftpProblemKind::HostKeyChanged,
            format!("THE HOST SHOWS ANOTHER KEY than the one in {prefix}_HOST_KEY: {shown}. {LISTENING_IN}"),
            format!("{ONLY_ON_PURPOSE}, set {prefix}_HOST_KEY to its fingerprint"),
        ),
    };
    Err(SftpProblem::new(kind, host.to_string(), message, mend))
}

const LISTENING_IN: &str = "Somebody may be listening in; nothing was sent";

const ONLY_ON_PURPOSE: &str = "ask who runs it; only if the key was changed on purpose";

fn known_lines(lines: &[(usize, String)]) -> String {
    let formatted: Vec<String> =
        lines.iter().map(|(line, key_type)| format!("another {key_type} key (line {line})")).collect();
    formatted.join(", ")
}

/// `line 3`, `lines 3, 4`.
fn lines_named(lines: &[(usize, String)]) -> String {
    let numbers: Vec<String> = lines.iter().map(|(line, _)| line.to_string()).collect();
    format!("line{} {}", if lines.len() == 1 { "" } else { "s" }, numbers.join(", "))
}
