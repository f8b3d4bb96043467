//! SFTP: download of the vendor's catalogs, and publication of feeds.
//!
//! Start at [`SftpClient`], which downloads and publishes: each makes one connection, and a new one when it breaks. The
//! work is async and can be stopped; [`block_on`] runs it for a command.
//! [`fetch_host_key`] connects only up to the host's key, for commands that show or trust it.
//!
//! The SSH protocol comes from russh. This module adds detection of other services ([`counterpart`]), host keys
//! ([`known_hosts`]), the questions of a sign-in ([`sign_in`]), time limits ([`clock`]), SFTP packets ([`packets`]
//! explains why, [`exchange`] sends and receives them), and transfers of files, whole or not at all ([`transfer`]).

mod client;
mod clock;
mod connection;
mod counterpart;
mod download;
mod exchange;
mod file_read;
mod host_key;
mod known_hosts;
mod listing;
mod packets;
mod private_key;
mod problem;
mod production_guard;
mod publish;
mod publish_attempt;
mod publish_state;
mod questions;
mod refusal;
mod run_files;
mod session;
mod sign_in;
#[cfg(test)]
mod tests;
mod text;
mod transfer;

pub(crate) use client::SftpClient;
pub(crate) use connection::{TimeLimits, fetch_host_key};
pub(crate) use download::{DayFile, DayState, Downloaded, DownloadedDays};
pub(crate) use host_key::refuse_unless_trusted;
pub(crate) use known_hosts::{HostKeyState, add as add_known_host, host_name};
pub(crate) use problem::SftpProblem;
pub(crate) use production_guard::{Production, refuse_production};
pub(crate) use run_files::{RunFiles, find_run, run_files};
pub(crate) use transfer::TransferProgress;

use crate::terminal::failure::Failure;
use crate::terminal::network_runtime::network_runtime;

/// Runs async work to its end, on a runtime of its own.
///
/// # Errors
/// Failures of the work, or a runtime that cannot start its threads.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    network_runtime()?.block_on(work)
}
