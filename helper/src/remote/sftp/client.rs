//! An SFTP server to which a connection is made when it is needed, and again when it broke.

use std::time::Duration;

use btcfake_core::text::words::counted;

use super::clock::Clock;
use super::connection::TimeLimits;
use super::problem::{SftpProblem, SftpProblemKind, place};
use super::session::SftpSession;
use super::transfer::{Stop, Told, TransferProgress, until_stopped};
use crate::configuration::{SftpSettings, SftpSide};

/// The pauses before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Work in a session that can be done again in another one.
pub(super) trait Work: Send {
    /// What comes of it.
    type Output: Send;

    /// Does it once.
    ///
    /// # Errors
    /// What keeps it from being done; `Stopped` where somebody asks to stop.
    fn once(
        &mut self,
        session: &mut SftpSession,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> impl Future<Output = Result<Self::Output, SftpProblem>> + Send;
}

/// A server, for one operation: its time begins when this is made.
pub(crate) struct SftpClient<'a> {
    pub(super) settings: &'a SftpSettings,
    /// How long each step may take.
    pub(crate) limits: TimeLimits,
    /// The pauses between tries; one try more than pauses.
    pub(crate) pauses: [Duration; 2],
    clock: Clock,
    session: Option<SftpSession>,
}

impl<'a> SftpClient<'a> {
    /// A server, with the limits of the settings. Nothing is connected yet.
    pub(crate) fn new(settings: &'a SftpSettings) -> SftpClient<'a> {
        let operation = settings.limits.operation;
        SftpClient {
            settings,
            limits: TimeLimits::of(operation),
            pauses: PAUSES,
            clock: Clock::start(operation),
            session: None,
        }
    }

    /// Connects and signs in, and asks for the folder of the settings; the inbound one is listed, too. Returns what was
    /// found. Nothing is written: the outbound server may be a real one.
    ///
    /// # Errors
    /// A server that cannot be reached or signed in to, a folder that is not there, or an inbound one that cannot be listed.
    pub(crate) async fn test(&mut self, stop: Stop<'_>) -> Result<String, SftpProblem> {
        let folder = self.remote_path()?;
        let no_folder = self.no_folder(folder);
        let side = self.settings.side;
        let session = self.session(stop).await?;
        let looked_at = until_stopped(stop, session.attributes(folder)).await;
        let is_seen = match looked_at {
            Ok(Some(attributes)) if attributes.may_be_folder() => true,
            Ok(_) => return Err(no_folder),
            // Looking is optional: a folder may be for writing only.
            Err(problem) if problem.is_refusal() => false,
            Err(problem) => return Err(problem),
        };
        if side == SftpSide::Outbound {
            let seen = if is_seen { "is there" } else { "cannot be looked at" };
            return Ok(format!("{folder} {seen}; whether it can be written to was not tried"));
        }
        let listed = until_stopped(stop, session.list(folder, &|_| false)).await?;
        let names = usize::try_from(listed.count).unwrap_or(usize::MAX);
        Ok(format!("{folder} is there and can be listed ({})", counted(names, "name")))
    }

    /// The folder of the settings.
    ///
    /// # Errors
    /// None is set.
    pub(crate) fn remote_path(&self) -> Result<&'a str, SftpProblem> {
        let prefix = self.settings.side.prefix();
        self.settings.remote_path.as_deref().ok_or_else(|| {
            let place = format!("{prefix}_REMOTE_PATH");
            SftpProblem::new(SftpProblemKind::NotAllowed, place, "it is not set", "set it to the folder on the server")
        })
    }

    /// The problem that the folder of the settings is not there.
    pub(super) fn no_folder(&self, folder: &str) -> SftpProblem {
        let prefix = self.settings.side.prefix();
        let place = format!("{}: {folder}", place(&self.settings.host, self.settings.port));
        let mend = format!("check {prefix}_REMOTE_PATH");
        SftpProblem::new(SftpProblemKind::NotFound, place, "there is no such folder", mend)
    }

    /// Gives the operation its whole time again, for the next one of many files.
    pub(super) fn restart_clock(&mut self) {
        self.clock = Clock::start(self.settings.limits.operation);
    }

    async fn session(&mut self, stop: Stop<'_>) -> Result<&mut SftpSession, SftpProblem> {
        let session = match self.session.take() {
            Some(mut session) => {
                session.set_clock(self.clock);
                session
            }
            None => until_stopped(stop, SftpSession::begin(self.settings, &self.limits, self.clock)).await?,
        };
        Ok(self.session.insert(session))
    }

    /// Does the work in a session, and again in a new one where a problem may pass, as often as there are pauses and time.
    ///
    /// # Errors
    /// The last problem of connecting or of the work, with the number of tries.
    pub(super) async fn retrying<W: Work>(
        &mut self,
        mut work: W,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<W::Output, SftpProblem> {
        let mut tries = 0;
        loop {
            let tried = match self.session(stop).await {
                Ok(session) => {
                    let tried = work.once(session, told, stop).await;
                    self.clock = session.clock();
                    tried
                }
                Err(problem) => Err(problem),
            };
            let Err(problem) = tried else { return tried };
            // After a plain no the session goes on; after anything else it is not trusted any more.
            if !problem.is_refusal() {
                self.session = None;
            }
            let pause = self.pause_after(&problem, tries);
            tries += 1;
            let Some(pause) = pause else {
                return Err(match tries {
                    1 => problem,
                    tries => SftpProblem { said: format!("{} (tried {tries} times)", problem.said), ..problem },
                });
            };
            told(TransferProgress::Retrying { problem: problem.to_string(), pause });
            until_stopped(stop, async {
                tokio::time::sleep(pause).await;
                Ok(())
            })
            .await?;
        }
    }

    /// The pause before the next try after a problem; nothing where there is none that may do better in time.
    fn pause_after(&self, problem: &SftpProblem, tries: usize) -> Option<Duration> {
        use SftpProblemKind as Kind;
        let unreachable = matches!(problem.kind, Kind::ConnectionRefused | Kind::NoSsh | Kind::NoSftp);
        let may_pass = problem.may_pass() || (tries > 0 && unreachable);
        let is_in_time = |pause: &Duration| tokio::time::Instant::now() + *pause < self.clock.end();
        self.pauses.get(tries).copied().filter(|_| may_pass).filter(is_in_time)
    }
}
