//! How an SFTP server of the sandbox behaves, and what all its connections share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use russh::MethodKind;

use crate::configuration::secret::Secret;

/// How a server behaves.
#[derive(Clone, Debug)]
pub(crate) struct SandboxSftpOptions {
    /// Who may sign in.
    pub(crate) user: String,
    /// Whether files can be written.
    pub(crate) writable: bool,
    /// What goes wrong.
    pub(crate) faults: SftpFaults,
}

/// What goes wrong on a server. The default is nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct SftpFaults {
    /// A connection is cut after that many bytes in both directions, the greeting included.
    pub(crate) cut_after: Option<u64>,
    /// How many connections are cut; all of them where nothing is said.
    pub(crate) cuts: Option<u32>,
    /// A connection falls silent after that many bytes in both directions.
    pub(crate) silent_after: Option<u64>,
    /// Sizes are told as one byte more than they are.
    pub(crate) wrong_sizes: bool,
    /// Reads are answered with less than was asked for, now and then with nothing.
    pub(crate) short_reads: bool,
    /// The password is asked for (keyboard-interactive), as many servers do, and taken in no other way.
    pub(crate) asks_for_password: bool,
    /// A name that every listing holds and no file has.
    pub(crate) ghost: Option<String>,
    /// A file is refused with these words when it is closed.
    pub(crate) refuses_saying: Option<String>,
    /// Listings have no end: their names come again and again.
    pub(crate) endless: bool,
}

/// What all connections of a server have in common.
pub(super) struct Served {
    pub(super) root: PathBuf,
    pub(super) password: Secret,
    pub(super) options: SandboxSftpOptions,
    pub(super) cuts_left: AtomicU32,
    pub(super) configuration: Arc<russh::server::Config>,
}

impl Served {
    /// Whether a user and a password are those of the server.
    pub(super) fn is_right(&self, user: &str, password: &str) -> bool {
        user == self.options.user && password == self.password.expose()
    }
}

impl SftpFaults {
    /// How users sign in.
    pub(super) fn method(&self) -> MethodKind {
        if self.asks_for_password { MethodKind::KeyboardInteractive } else { MethodKind::Password }
    }
}
