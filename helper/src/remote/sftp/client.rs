//! Client of an SFTP server: connects on first use, and again after the connection broke.

use std::time::Duration;

use btcfake_core::text::words::counted;
use tokio_util::sync::CancellationToken;

use super::clock::OperationClock;
use super::connection::TimeLimits;
use super::problem::{Optional, SftpProblem, SftpProblemKind};
use super::session::SftpSession;
use super::transfer::{OnEvent, TransferProgress, until_cancelled};
use crate::configuration::{SftpSettings, SftpSide};

/// Pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Client for one operation, whose time limit starts with [`SftpClient::new`].
pub(crate) struct SftpClient<'a> {
    pub(super) settings: &'a SftpSettings,
    /// Time limits per step.
    pub(crate) limits: TimeLimits,
    /// Pauses between attempts; there is one attempt more than pauses.
    pub(crate) pauses: [Duration; 2],
    on_event: Box<dyn FnMut(TransferProgress) + Send + 'a>,
    cancel: CancellationToken,
    clock: OperationClock,
    session: Option<SftpSession>,
    /// Failed attempts at the current work.
    tries: usize,
}

impl<'a> SftpClient<'a> {
    /// Creates a client with the limits of the settings, without connecting. It has no listener for progress, and
    /// nothing cancels its work; [`SftpClient::watched`] adds both.
    pub(crate) fn new(settings: &'a SftpSettings) -> SftpClient<'a> {
        let operation = settings.limits.operation;
        SftpClient {
            settings,
            limits: TimeLimits::of(operation),
            pauses: PAUSES,
            on_event: Box::new(|_| {}),
            cancel: CancellationToken::new(),
            clock: OperationClock::start(operation),
            session: None,
            tries: 0,
        }
    }

    /// The client with a listener for progress, and with a token that cancels its work.
    pub(crate) fn watched(
        self,
        on_event: impl FnMut(TransferProgress) + Send + 'a,
        cancel: CancellationToken,
    ) -> SftpClient<'a> {
        SftpClient { on_event: Box::new(on_event), cancel, ..self }
    }

    /// Tests the connection: signs in and looks at the remote folder; the inbound one is also listed. Returns a line
    /// for people. Writes nothing: the outbound server may be a production one.
    ///
    /// # Errors
    /// A server that cannot be reached or signed in to, a missing folder, or an inbound folder that cannot be listed.
    pub(crate) async fn test(&mut self) -> Result<String, SftpProblem> {
        let folder = self.remote_path()?;
        let no_folder = self.no_folder(folder);
        let side = self.settings.host.side;
        let (session, _, cancel) = self.connected().await?;
        // A refusal to show the folder is no problem: a write-only folder may refuse it.
        let is_seen = match until_cancelled(cancel, session.attributes(folder)).await.unless_refused()? {
            Some(Some(attributes)) if attributes.may_be_folder() => true,
            Some(Some(_)) => return Err(no_folder.of_a_file()),
            Some(None) => return Err(no_folder),
            None => false,
        };
        if side == SftpSide::Outbound {
            let seen = if is_seen { "is there" } else { "cannot be looked at" };
            return Ok(format!("{folder} {seen}; whether it can be written to was not tried"));
        }
        let listed = until_cancelled(cancel, session.list(folder, &|_| false)).await?;
        let names = usize::try_from(listed.count).unwrap_or(usize::MAX);
        Ok(format!("{folder} is there and can be listed ({})", counted(names, "name")))
    }

    /// Remote folder from the settings.
    ///
    /// # Errors
    /// `NotAllowed` if none is set.
    pub(crate) fn remote_path(&self) -> Result<&'a str, SftpProblem> {
        let prefix = self.settings.host.side.prefix();
        self.settings.remote_path.as_deref().ok_or_else(|| {
            let place = format!("{prefix}_REMOTE_PATH");
            SftpProblem::new(SftpProblemKind::NotAllowed, place, "it is not set", "set it to the folder on the server")
        })
    }

    /// Problem for a remote folder that does not exist.
    pub(super) fn no_folder(&self, folder: &str) -> SftpProblem {
        let prefix = self.settings.host.side.prefix();
        let place = format!("{}: {folder}", self.settings.host);
        let mend = format!("check {prefix}_REMOTE_PATH");
        SftpProblem::new(SftpProblemKind::NotFound, place, "there is no such folder", mend)
    }

    /// Restarts the operation's time limit, for the next of many files.
    pub(super) fn restart_clock(&mut self) {
        self.clock = OperationClock::start(self.settings.limits.operation);
    }

    /// The session, with listener and token. Connects and signs in if there is no session.
    ///
    /// # Errors
    /// Any problem of connecting or signing in, or `Stopped`.
    pub(super) async fn connected(
        &mut self,
    ) -> Result<(&mut SftpSession, OnEvent<'_>, &CancellationToken), SftpProblem> {
        let session = match self.session.take() {
            Some(session) => session,
            None => until_cancelled(&self.cancel, SftpSession::begin(self.settings, &self.limits, self.clock)).await?,
        };
        let session = self.session.insert(session);
        session.exchange.clock = self.clock;
        Ok((session, &mut *self.on_event, &self.cancel))
    }

    /// Decides about the result of one attempt. Returns the result of a success. After a temporary problem, if another
    /// attempt is allowed and there is time, waits and returns `None`: the caller must try again. The session is closed
    /// after any problem but a refusal by the server.
    ///
    /// The caller loops. Work that is handed in as an async closure, which borrows the client, makes a future that rustc
    /// does not take for `Send`, as the server's streams need it.
    ///
    /// # Errors
    /// The last problem of connecting or of the work, with the number of attempts.
    pub(super) async fn settled<T>(&mut self, tried: Result<T, SftpProblem>) -> Result<Option<T>, SftpProblem> {
        self.clock = self.session.as_ref().map_or(self.clock, |session| session.exchange.clock);
        let problem = match tried {
            Ok(done) => {
                self.tries = 0;
                return Ok(Some(done));
            }
            Err(problem) => problem,
        };
        // After a refusal the session can be used further; after any other problem it cannot.
        if !problem.is_refusal() {
            self.session = None;
        }
        let pause = self.pause_after(&problem);
        self.tries += 1;
        let Some(pause) = pause else {
            return Err(match std::mem::take(&mut self.tries) {
                1 => problem,
                tries => SftpProblem { message: format!("{} (tried {tries} times)", problem.message), ..problem },
            });
        };
        (self.on_event)(TransferProgress::Retrying { problem: problem.seen(), pause });
        until_cancelled(&self.cancel, async {
            tokio::time::sleep(pause).await;
            Ok(())
        })
        .await?;
        Ok(None)
    }

    /// Pause before the next attempt; `None` if another attempt cannot help, or not in time.
    fn pause_after(&self, problem: &SftpProblem) -> Option<Duration> {
        use SftpProblemKind as Kind;
        let unreachable = matches!(problem.kind, Kind::ConnectionRefused | Kind::NoSsh | Kind::NoSftp);
        let may_pass = problem.may_pass() || (self.tries > 0 && unreachable);
        let is_in_time = |pause: &Duration| tokio::time::Instant::now() + *pause < self.clock.end();
        self.pauses.get(self.tries).copied().filter(|_| may_pass).filter(is_in_time)
    }
}
