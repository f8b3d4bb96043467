//! Options of a sandbox SFTP server, and the state that its connections share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use russh::MethodKind;

use crate::configuration::secret::Secret;

/// Options of a server.
#[derive(Clone, Debug)]
pub(crate) struct SandboxSftpOptions {
    /// Name of the only user.
    pub(crate) user: String,
    /// True if files can be written.
    pub(crate) writable: bool,
    /// Faults to inject.
    pub(crate) faults: SftpFaults,
}

/// Faults of a server; none by default.
#[derive(Clone, Debug, Default)]
pub(crate) struct SftpFaults {
    /// Connections break after this many bytes of both directions together, the greeting included.
    pub(crate) cut_after: Option<u64>,
    /// Number of connections that break; all if `None`.
    pub(crate) cuts: Option<u32>,
    /// Connections fall silent after this many bytes of both directions together.
    pub(crate) silent_after: Option<u64>,
    /// Sizes in listings and attributes are one byte too large.
    pub(crate) wrong_sizes: bool,
    /// Reads return less than requested, and sometimes nothing.
    pub(crate) short_reads: bool,
    /// The password is accepted as the answer to a question (keyboard-interactive), as on many servers, and in no other
    /// way.
    pub(crate) asks_for_password: bool,
    /// Name that every listing contains though no file has it.
    pub(crate) ghost: Option<String>,
    /// Closing a file fails with this message.
    pub(crate) refuses_saying: Option<String>,
    /// Listings never end: their names repeat.
    pub(crate) endless: bool,
}

/// State that all connections of a server share.
pub(super) struct Served {
    pub(super) root: PathBuf,
    pub(super) password: Secret,
    pub(super) options: SandboxSftpOptions,
    pub(super) cuts_left: AtomicU32,
    pub(super) configuration: Arc<russh::server::Config>,
}

impl Served {
    /// True if user and password are the server's.
    pub(super) fn is_right(&self, user: &str, password: &str) -> bool {
        user == self.options.user && password == self.password.expose()
    }
}

impl SftpFaults {
    /// Method of signing in.
    pub(super) fn method(&self) -> MethodKind {
        if self.asks_for_password { MethodKind::KeyboardInteractive } else { MethodKind::Password }
    }
}
