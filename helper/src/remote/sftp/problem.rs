//! What goes wrong with an SFTP server: a kind, a place, what was seen and how to mend it.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// Something that went wrong with an SFTP server.
#[derive(Clone, Debug)]
pub(crate) struct SftpProblem {
    /// What kind of thing.
    pub(crate) kind: SftpProblemKind,
    /// Where: a server, a folder or file there, or a local file.
    pub(crate) place: String,
    /// What was seen, as a sentence without its end.
    pub(crate) said: String,
    /// How to mend it, as a sentence; empty where the cause says it all.
    pub(crate) mend: String,
}

/// Where a server is, for messages.
pub(super) fn place(host: &str, port: u16) -> String {
    if port == 22 { host.to_owned() } else { format!("{host}:{port}") }
}

/// The kinds of things that go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SftpProblemKind {
    /// The host's name leads nowhere.
    HostNotFound,
    /// Nobody listens there.
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
    /// The server has no SFTP.
    NoSftp,
    /// There is no such file or folder.
    NotFound,
    /// The server does not allow it.
    PermissionDenied,
    /// Something of that name is there already.
    Exists,
    /// The connection broke.
    Cut,
    /// The time for the operation as a whole is over, or a transfer is too slow.
    OutOfTime,
    /// A file or a listing is larger than the settings allow.
    TooLarge,
    /// The server has no room for what is sent.
    NoRoom,
    /// The server does not know this request.
    Unsupported,
    /// A file has another size than was said, or changed meanwhile.
    WrongSize,
    /// A local file or folder cannot be used.
    Local,
    /// The server refused something.
    Server,
    /// The server answered what makes no sense.
    Nonsense,
    /// The settings or the request do not allow it.
    NotAllowed,
    /// Somebody asked to stop.
    Stopped,
}

impl SftpProblem {
    /// A problem.
    pub(crate) fn new(
        kind: SftpProblemKind,
        place: impl Into<String>,
        said: impl Into<String>,
        mend: impl Into<String>,
    ) -> SftpProblem {
        SftpProblem { kind, place: place.into(), said: said.into(), mend: mend.into() }
    }

    /// A connection that broke.
    pub(crate) fn cut(place: impl Into<String>) -> SftpProblem {
        SftpProblem::new(
            SftpProblemKind::Cut,
            place,
            "the connection broke",
            "try again; if it goes on, ask who runs it",
        )
    }

    /// An operation that took longer than it may as a whole.
    pub(crate) fn out_of_time(place: impl Into<String>, limit: Duration) -> SftpProblem {
        let said = format!("the operation as a whole is not done within {} s (SFTP_TIMEOUT)", limit.as_secs_f64());
        let mend = "check network and VPN; where the server is only slow, set a larger SFTP_TIMEOUT";
        SftpProblem::new(SftpProblemKind::OutOfTime, place, said, mend)
    }

    /// A server that sent no answer for too long.
    pub(crate) fn silent(place: impl Into<String>, limit: Duration) -> SftpProblem {
        let said = format!("no answer within {} s", limit.as_secs_f64());
        SftpProblem::new(SftpProblemKind::TimedOut, place, said, "try again; if it goes on, check network and VPN")
    }

    /// A local file or folder.
    pub(crate) fn local(path: &std::path::Path, tried: &'static str, said: io::Error) -> SftpProblem {
        let text = Failure::file(path, tried, said).to_string();
        let place = shown_path(path);
        let said = text.strip_prefix(&format!("{place}: ")).unwrap_or(&text).to_owned();
        SftpProblem::new(SftpProblemKind::Local, place, said, "")
    }

    /// Somebody asked to stop.
    pub(crate) fn stopped() -> SftpProblem {
        SftpProblem::new(SftpProblemKind::Stopped, "", "", "")
    }

    /// What a command says of it. (No `From`: a second conversion into `Failure` would leave closures elsewhere without
    /// a type.)
    pub(crate) fn into_failure(self) -> Failure {
        match self.kind {
            SftpProblemKind::Stopped => Failure::Interrupted,
            SftpProblemKind::NotAllowed => Failure::Configuration(self.to_string()),
            _ => Failure::Other(self.to_string()),
        }
    }

    /// Whether the server answered and did not do what it was asked for, so that another way may be open; the session goes
    /// on.
    pub(crate) fn is_refusal(&self) -> bool {
        use SftpProblemKind as Kind;
        matches!(self.kind, Kind::NotFound | Kind::PermissionDenied | Kind::Exists | Kind::Unsupported | Kind::Server)
    }

    /// Whether the connection is of no use any more.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.kind, SftpProblemKind::Cut | SftpProblemKind::TimedOut | SftpProblemKind::OutOfTime)
    }

    /// The place and what was seen there, without how to mend it.
    pub(super) fn said_at(&self) -> String {
        format!("{}: {}", self.place, self.said)
    }

    /// Whether a new connection may do better.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self.kind, SftpProblemKind::Cut | SftpProblemKind::TimedOut | SftpProblemKind::WrongSize)
    }
}

impl fmt::Display for SftpProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, said, mend, .. } = self;
        write!(f, "{place}: {said}")?;
        if mend.is_empty() { Ok(()) } else { write!(f, "; {mend}") }
    }
}
