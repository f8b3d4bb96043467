//! Problems with SFTP servers: kind, place, what was seen, and how to mend it.

use std::io;
use std::time::Duration;

use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// Problem with an SFTP server.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{place}: {message}{}{mend}", if .mend.is_empty() { "" } else { "; " })]
pub(crate) struct SftpProblem {
    /// Kind of the problem.
    pub(crate) kind: SftpProblemKind,
    /// Place: a server, a folder or file on it, or a local file.
    pub(crate) place: String,
    /// What was seen, without a final full stop.
    pub(crate) message: String,
    /// How to mend it, without a final full stop; empty if that is obvious.
    pub(crate) mend: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SftpProblemKind {
    /// The host's name cannot be resolved.
    HostNotFound,
    /// The host accepts no connection.
    ConnectionRefused,
    /// No answer within the limit, while connecting, signing in or later.
    TimedOut,
    /// What answers is no SSH server, or one that shares no algorithm with this program.
    NoSsh,
    /// The host's key is not known.
    HostKeyUnknown,
    /// The host shows another key than the known one.
    HostKeyChanged,
    /// The host shows a key that was revoked.
    HostKeyRevoked,
    /// The `known_hosts` file cannot be used.
    KnownHosts,
    /// The private key's file cannot be used.
    PrivateKey,
    /// The server does not accept the credentials.
    SignIn,
    /// The server does not offer SFTP.
    NoSftp,
    /// There is no such file or folder.
    NotFound,
    /// The server denies permission.
    PermissionDenied,
    /// Something of that name exists.
    Exists,
    /// The connection broke.
    Cut,
    /// The operation's total time limit is exceeded, or a transfer is too slow.
    OutOfTime,
    /// A file or a listing is larger than the settings allow.
    TooLarge,
    /// The server has no room for what is sent.
    NoRoom,
    /// The server does not support this request.
    Unsupported,
    /// A file's size differs from the announced one, or the file changed meanwhile.
    WrongSize,
    /// A local file or folder cannot be used.
    Local,
    /// The server refused for another reason.
    Server,
    /// The server sent an invalid answer.
    Nonsense,
    /// The settings do not allow it.
    NotAllowed,
    /// The destination looks like production, which was not allowed.
    Production,
    /// Stopping was requested.
    Stopped,
}

impl SftpProblem {
    /// Creates a problem.
    pub(crate) fn new(
        kind: SftpProblemKind,
        place: impl Into<String>,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> SftpProblem {
        SftpProblem { kind, place: place.into(), message: message.into(), mend: mend.into() }
    }

    /// The same problem of a folder, where a file has its name.
    pub(super) fn of_a_file(self) -> SftpProblem {
        SftpProblem { message: "that is a file and no folder".to_owned(), ..self }
    }

    /// Place and what was seen, without the mend: the program itself tries again.
    pub(super) fn seen(&self) -> String {
        format!("{}: {}", self.place, self.message)
    }

    /// A connection that broke.
    pub(crate) fn cut(place: impl Into<String>) -> SftpProblem {
        SftpProblem::new(
            SftpProblemKind::Cut,
            place,
            "the connection broke",
            "try again; if that does not help, ask who runs the server",
        )
    }

    /// Problem of an operation that exceeded its total time limit.
    pub(crate) fn out_of_time(place: impl Into<String>, limit: Duration) -> SftpProblem {
        let message = format!("the operation as a whole is not done within {} s (SFTP_TIMEOUT)", limit.as_secs_f64());
        let mend = "check network and VPN; where the server is only slow, set a larger SFTP_TIMEOUT";
        SftpProblem::new(SftpProblemKind::OutOfTime, place, message, mend)
    }

    /// Problem of a server that sent no answer within a limit.
    pub(crate) fn silent(place: impl Into<String>, limit: Duration) -> SftpProblem {
        let message = format!("no answer within {} s", limit.as_secs_f64());
        SftpProblem::new(
            SftpProblemKind::TimedOut,
            place,
            message,
            "try again; if that does not help, check network and VPN",
        )
    }

    /// Problem with a local file or folder.
    pub(crate) fn local(path: &std::path::Path, tried: &'static str, message: io::Error) -> SftpProblem {
        let text = Failure::file(path, tried, message).to_string();
        let place = shown_path(path);
        let message = text.strip_prefix(&format!("{place}: ")).unwrap_or(&text).to_owned();
        SftpProblem::new(SftpProblemKind::Local, place, message, "")
    }

    /// Problem of a stopped operation.
    pub(crate) fn stopped() -> SftpProblem {
        SftpProblem::new(SftpProblemKind::Stopped, "", "", "")
    }

    /// Failure of a command. There is no `From`: with a second conversion into `Failure`, types of closures elsewhere
    /// could not be inferred.
    pub(crate) fn into_failure(self) -> Failure {
        match self.kind {
            SftpProblemKind::Stopped => Failure::Interrupted,
            SftpProblemKind::NotAllowed => Failure::Configuration(self.to_string()),
            SftpProblemKind::Production => Failure::Production { refused: self.to_string() },
            _ => Failure::Other(self.to_string()),
        }
    }

    /// True if the server answered and refused: the session goes on, and another way may work.
    pub(crate) fn is_refusal(&self) -> bool {
        use SftpProblemKind as Kind;
        matches!(self.kind, Kind::NotFound | Kind::PermissionDenied | Kind::Exists | Kind::Unsupported | Kind::Server)
    }

    /// True if the connection is unusable.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.kind, SftpProblemKind::Cut | SftpProblemKind::TimedOut | SftpProblemKind::OutOfTime)
    }

    /// True if a new connection may help.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self.kind, SftpProblemKind::Cut | SftpProblemKind::TimedOut | SftpProblemKind::WrongSize)
    }
}

/// The result of a request that a server may refuse without harm.
pub(super) trait Optional<T> {
    /// `None` if the server refused.
    ///
    /// # Errors
    /// Any problem that is no refusal.
    fn unless_refused(self) -> Result<Option<T>, SftpProblem>;
}

impl<T> Optional<T> for Result<T, SftpProblem> {
    fn unless_refused(self) -> Result<Option<T>, SftpProblem> {
        match self {
            Err(problem) if problem.is_refusal() => Ok(None),
            done => done.map(Some),
        }
    }
}
