//! SFTP: the vendor's catalogs come in, feeds go out.
//!
//! Start at [`download_most_recent`], [`download_days`] and [`publish()`]; each makes one connection and
//! a new one when it breaks. They are async and can be stopped; [`block_on`] runs one for a command. [`meet`] goes as far
//! as the host's key, for whoever wants to trust it.
//!
//! SSH is russh's. What it does not do is done here: host keys ([`known_hosts`]), time limits, the SFTP requests
//! themselves ([`packets`] says why), whole files or none ([`transfer`]).

mod connection;
mod download;
mod known_hosts;
mod packets;
mod problem;
mod publish;
mod session;
#[cfg(test)]
mod tests;
mod transfer;

pub(crate) use connection::{HostKeyState, TimeLimits, lines_named, meet};
pub(crate) use download::{DayFile, DayState, Downloaded, DownloadedDays, download_days, download_most_recent};
pub(crate) use known_hosts::{add as add_known_host, host_name};
pub(crate) use problem::{SftpProblem, SftpProblemKind};
#[cfg(test)]
pub(crate) use publish::is_production;
pub(crate) use publish::{Production, RunFiles, find_run, publish, refuse_production, run_files};
pub(crate) use transfer::{Stop, Told, TransferProgress};

use std::time::Duration;

use btcfake_core::text::words::counted;

use crate::configuration::{SftpSettings, SftpSide};
use crate::failure::Failure;
use session::SftpSession;

/// How often a transfer is tried, and the pauses before the second and the third time.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// A server to which a connection is made when it is needed, and again when it broke.
pub(crate) struct SftpClient<'a> {
    settings: &'a SftpSettings,
    /// How long each step may take.
    pub(crate) limits: TimeLimits,
    /// The pauses between tries; one try more than pauses.
    pub(crate) pauses: [Duration; 2],
    session: Option<SftpSession>,
}

impl<'a> SftpClient<'a> {
    /// A server, with the usual limits. Nothing is connected yet.
    pub(crate) fn new(settings: &'a SftpSettings) -> SftpClient<'a> {
        SftpClient { settings, limits: TimeLimits::default(), pauses: PAUSES, session: None }
    }

    /// Connects and signs in, and asks for the folder of the settings; the inbound one is listed, too. What was found comes
    /// back. Nothing is written: the outbound server may be a real one.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub(crate) async fn test(&mut self, stop: Stop<'_>) -> Result<String, SftpProblem> {
        let folder = self.remote_path()?;
        let session = self.session(stop).await?;
        match transfer::until_stopped(stop, session.attributes(folder)).await? {
            Some(attributes) if attributes.may_be_folder() => {}
            _ => return Err(self.no_folder(folder)),
        }
        if self.settings.side == SftpSide::Outbound {
            return Ok(format!("{folder} is there; whether it can be written to was not tried"));
        }
        let session = self.session(stop).await?;
        let listed = transfer::until_stopped(stop, session.list(folder)).await?;
        let names = listed.iter().filter(|named| !matches!(named.name.as_str(), "." | "..")).count();
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

    fn no_folder(&self, folder: &str) -> SftpProblem {
        let prefix = self.settings.side.prefix();
        let place = format!("{}: {folder}", connection::place(&self.settings.host, self.settings.port));
        let mend = format!("check {prefix}_REMOTE_PATH");
        SftpProblem::new(SftpProblemKind::NotFound, place, "there is no such folder", mend)
    }

    async fn session(&mut self, stop: Stop<'_>) -> Result<&mut SftpSession, SftpProblem> {
        let session = match self.session.take() {
            Some(session) => session,
            None => transfer::until_stopped(stop, SftpSession::begin(self.settings, &self.limits)).await?,
        };
        Ok(self.session.insert(session))
    }

    /// After a problem at a try (counted from 0): waits for the next one where there is one that may do better.
    async fn before_next_try(
        &mut self,
        problem: SftpProblem,
        tries: &mut usize,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<(), SftpProblem> {
        use SftpProblemKind as Kind;
        // After a plain no the session goes on; after anything else it is not trusted any more.
        if !matches!(problem.kind, Kind::NotFound | Kind::PermissionDenied | Kind::Exists) {
            self.session = None;
        }
        let unreachable = matches!(problem.kind, Kind::ConnectionRefused | Kind::NoSsh | Kind::NoSftp);
        let may_pass = problem.may_pass() || (*tries > 0 && unreachable);
        let Some(pause) = self.pauses.get(*tries).copied().filter(|_| may_pass) else {
            return Err(match *tries {
                0 => problem,
                tries => SftpProblem { said: format!("{} (tried {} times)", problem.said, tries + 1), ..problem },
            });
        };
        *tries += 1;
        told(TransferProgress::Retrying { problem: problem.to_string(), pause });
        transfer::until_stopped(stop, async {
            tokio::time::sleep(pause).await;
            Ok(())
        })
        .await
    }
}

/// Runs async work for a command that has nothing else to do.
///
/// # Errors
/// What the work says, or a system without threads.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|said| Failure::Other(format!("cannot start the threads for the network: {said}")))?
        .block_on(work)
}
