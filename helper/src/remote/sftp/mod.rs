//! SFTP: the vendor's catalogs come in, feeds go out.
//!
//! Start at [`download_most_recent`], [`download_days`] and [`publish()`]; each makes one connection and
//! a new one when it breaks ([`SftpClient`]). They are async and can be stopped; [`block_on`] runs one for a command.
//! [`meet`] goes as far as the host's key, for whoever wants to trust it.
//!
//! SSH is russh's. What it does not do is done here: wrong counterparts ([`counterpart`]), host keys ([`known_hosts`]),
//! the answers to a sign-in ([`sign_in`]), time limits ([`clock`]), the SFTP requests themselves ([`packets`] says why),
//! whole files or none ([`transfer`]).

mod client;
mod clock;
mod connection;
mod counterpart;
mod download;
mod host_key;
mod known_hosts;
mod packets;
mod private_key;
mod problem;
mod publish;
mod questions;
mod session;
mod sign_in;
#[cfg(test)]
mod tests;
mod text;
mod transfer;

pub(crate) use client::SftpClient;
pub(crate) use connection::{TimeLimits, meet};
pub(crate) use download::{DayFile, DayState, Downloaded, DownloadedDays, download_days, download_most_recent};
pub(crate) use host_key::{HostKeyState, lines_named};
pub(crate) use known_hosts::{add as add_known_host, host_name};
pub(crate) use problem::SftpProblem;
#[cfg(test)]
pub(crate) use publish::is_production;
pub(crate) use publish::{Production, RunFiles, find_run, publish, refuse_production, run_files};
pub(crate) use transfer::TransferProgress;

use crate::terminal::failure::Failure;
use crate::terminal::network_runtime::network_runtime;

/// Runs async work for a command that has nothing else to do.
///
/// # Errors
/// What the work reports, or a system without threads.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    network_runtime()?.block_on(work)
}
