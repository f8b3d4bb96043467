//! SFTP session: one operation at a time, with many requests in flight during transfers.
//!
//! Reading a file is in `file_read.rs`, listing a folder in `listing.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use russh::keys::ssh_encoding::Decode;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::clock::OperationClock;
use super::connection::TimeLimits;
use super::exchange::Exchange;
use super::packets::{Attributes, OpenFor, Reply, Request, StatusReply};
use super::problem::{Optional, SftpProblem, SftpProblemKind};
use crate::configuration::SftpSettings;

/// Maximum number of reads or writes in flight, as in OpenSSH's client.
pub(super) const IN_FLIGHT: usize = 64;

/// Chunk size that every server supports, in bytes.
const SMALLEST_CHUNK: u32 = 32 * 1024;

/// Largest chunk used where the server allows it, in bytes: larger ones are no faster.
const LARGEST_CHUNK: u32 = 64 * 1024;

/// Time limit for the reply to closing a handle.
const CLOSING: Duration = Duration::from_secs(3);

/// SFTP session.
pub(super) struct SftpSession {
    /// Packets to the server and back.
    pub(super) exchange: Exchange,
    /// Size of a read, in bytes.
    pub(super) read_chunk: u32,
    write_chunk: u32,
    can_sync: bool,
    can_link: bool,
}

impl SftpSession {
    /// Connects, signs in and opens an SFTP session.
    ///
    /// # Errors
    /// As [`Exchange::open`] and [`Exchange::greet`].
    pub(super) async fn begin(
        settings: &SftpSettings,
        limits: &TimeLimits,
        clock: OperationClock,
    ) -> Result<SftpSession, SftpProblem> {
        let mut exchange = Exchange::open(settings, limits, clock).await?;
        let extensions = exchange.greet().await?;
        let offers = |name: &str| extensions.iter().any(|extension| extension == name);
        let (can_sync, can_link) = (offers("fsync@openssh.com"), offers("hardlink@openssh.com"));
        let (mut read_chunk, mut write_chunk) = (SMALLEST_CHUNK, SMALLEST_CHUNK);
        if offers("limits@openssh.com")
            && let Reply::Extended(limits) = exchange.ask(Request::extended("limits@openssh.com", &[])).await?
        {
            (read_chunk, write_chunk) = chunk_sizes(&limits);
        }
        Ok(SftpSession { exchange, read_chunk, write_chunk, can_sync, can_link })
    }

    /// Preferred size of a write, in bytes.
    pub(super) fn write_chunk(&self) -> usize {
        self.write_chunk as usize
    }

    /// Path on this server, for messages.
    pub(super) fn shown(&self, path: &str) -> String {
        self.exchange.shown(path)
    }

    /// Canonical path of a path, for display; several or none if the server answers so.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn real_path(&mut self, path: &str) -> Result<Vec<String>, SftpProblem> {
        match self.exchange.ask(Request::real_path(path)).await? {
            // One name is correct; some servers send none or several.
            Reply::Names(names) => Ok(names.iter().map(|named| self.exchange.clean(&named.name)).collect()),
            other => Err(self.exchange.refused(other, path)),
        }
    }

    /// Attributes of a file; `None` if it does not exist.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn attributes(&mut self, path: &str) -> Result<Option<Attributes>, SftpProblem> {
        match self.exchange.ask(Request::attributes(path)).await? {
            Reply::Attributes(attributes) => Ok(Some(attributes)),
            Reply::StatusReply(StatusReply { code: StatusReply::NO_SUCH_FILE, .. }) => Ok(None),
            other => Err(self.exchange.refused(other, path)),
        }
    }

    /// Renames a file. By the protocol an existing target is not replaced, but some servers replace it.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn rename(&mut self, from: &str, to: &str) -> Result<(), SftpProblem> {
        self.exchange.act(Request::rename(from, to), to).await.map_err(|problem| match problem.kind {
            SftpProblemKind::PermissionDenied => SftpProblem {
                message: problem.message.replacen("does not allow it", "does not allow renaming files", 1),
                ..problem
            },
            _ => problem,
        })
    }

    /// Makes a hard link, if the server supports that. An existing target is never replaced.
    ///
    /// # Errors
    /// `Unsupported` if the server offers no hard links; a server that refuses, or a broken connection.
    pub(super) async fn link(&mut self, from: &str, to: &str) -> Result<(), SftpProblem> {
        if !self.can_link {
            return Err(SftpProblem::new(SftpProblemKind::Unsupported, self.shown(to), "the server has no links", ""));
        }
        let link = Request::extended("hardlink@openssh.com", &[from.as_bytes(), to.as_bytes()]);
        self.exchange.act(link, to).await
    }

    /// Removes a file.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn remove(&mut self, path: &str) -> Result<(), SftpProblem> {
        self.exchange.act(Request::remove(path), path).await
    }

    /// Creates a file and writes all bytes from `bytes`; an existing file is never overwritten. Returns the number of
    /// bytes once the server has confirmed them and closed the file. `created` becomes true as soon as the file exists.
    ///
    /// # Errors
    /// A server that refuses to create, write or close the file, or has no space for it. A refused sync is ignored.
    pub(super) async fn write_file(
        &mut self,
        path: &str,
        bytes: &mut mpsc::Receiver<Vec<u8>>,
        created: &mut bool,
        on_event: &mut (dyn FnMut(u64) + Send),
    ) -> Result<u64, SftpProblem> {
        let handle = self.exchange.opened(Request::open(path, OpenFor::Writing), path).await?;
        *created = true;
        self.exchange.clock.begin_transfer(self.exchange.limits.slowest);
        let written = self.write_bytes(&handle, path, bytes, on_event).await;
        self.exchange.clock.end_transfer();
        let sent = match written {
            Err(problem) if problem.is_refusal() => {
                self.close(&handle).await;
                return Err(problem);
            }
            written => written?,
        };
        if self.can_sync {
            // Syncing is optional: ignore a refusal.
            self.exchange.act(Request::extended("fsync@openssh.com", &[&handle]), path).await.unless_refused()?;
        }
        // A server may report only on closing that it could not store the data.
        self.exchange.act(Request::close(&handle), path).await?;
        Ok(sent)
    }

    async fn write_bytes(
        &mut self,
        handle: &[u8],
        path: &str,
        bytes: &mut mpsc::Receiver<Vec<u8>>,
        on_event: &mut (dyn FnMut(u64) + Send),
    ) -> Result<u64, SftpProblem> {
        let mut waiting: BTreeMap<u32, u64> = BTreeMap::new();
        let (mut sent, mut written) = (0, 0);
        let mut more = true;
        while more || !waiting.is_empty() {
            while more && waiting.len() < IN_FLIGHT {
                let Some(data) = bytes.recv().await else {
                    more = false;
                    break;
                };
                let id = self.exchange.send(Request::write(handle, sent, &data))?;
                waiting.insert(id, data.len() as u64);
                sent += data.len() as u64;
            }
            if waiting.is_empty() {
                break;
            }
            let (id, received) = self.exchange.receive_one_of(|id| waiting.contains_key(&id)).await?;
            let length = waiting.remove(&id).unwrap_or_default();
            self.exchange.confirmed(received.reply, path)?;
            written += length;
            self.exchange.clock.moved(written);
            on_event(written);
        }
        Ok(sent)
    }

    /// Attributes of an open file; `None` if the server refuses them.
    ///
    /// # Errors
    /// A late or malformed reply, or a broken connection.
    pub(super) async fn attributes_of_handle(
        &mut self,
        handle: &[u8],
        path: &str,
    ) -> Result<Option<Attributes>, SftpProblem> {
        match self.exchange.ask(Request::attributes_of_handle(handle)).await? {
            Reply::Attributes(attributes) => Ok(Some(attributes)),
            other => Err(self.exchange.refused(other, path)).unless_refused(),
        }
    }

    /// Closes a handle that is no longer needed.
    pub(super) async fn close(&mut self, handle: &[u8]) {
        // Ignored: all data was received, and the handle ends with the session.
        let _ = timeout(CLOSING, self.exchange.ask(Request::close(handle))).await;
    }
}

/// Sizes of a read and a write, in bytes, from the reply to `limits@openssh.com`.
fn chunk_sizes(reply: &[u8]) -> (u32, u32) {
    let mut limits = reply;
    let _longest_packet = u64::decode(&mut limits);
    let mut chunk = || {
        let limit = u64::decode(&mut limits).ok().and_then(|limit| u32::try_from(limit).ok());
        limit.filter(|limit| *limit > 0).map_or(SMALLEST_CHUNK, |limit| limit.min(LARGEST_CHUNK))
    };
    (chunk(), chunk())
}
