//! SFTP session: one operation at a time, with many requests in flight during transfers.

use std::collections::BTreeMap;
use std::time::Duration;

use russh::ChannelMsg;
use russh::client::Handle;
use russh::keys::ssh_encoding::Decode;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

use super::clock::{Late, OperationClock};
use super::connection::{TimeLimits, connect};
use super::counterpart::shown as shown_bytes;
use super::host_key::HostKeyCheck;
use super::packets::{Attributes, LONGEST_PACKET, Named, OpenFor, Reply, Request, StatusReply, hello, parse_reply};
use super::problem::{Optional, SftpProblem, SftpProblemKind, place};
use super::text::{clean, grouped};
use crate::configuration::secret::Secrets;
use crate::configuration::{SftpLimits, SftpSettings};
use crate::remote::phrases::has_phrase;

/// Maximum number of reads or writes in flight, as in OpenSSH's client.
const IN_FLIGHT: usize = 64;

/// Chunk size that every server supports, in bytes.
const SMALLEST_CHUNK: u32 = 32 * 1024;

/// Largest chunk used where the server allows it, in bytes: larger ones are no faster.
const LARGEST_CHUNK: u32 = 64 * 1024;

/// Maximum number of consecutive useless packets: replies to no pending request, or listings without names.
const MOST_EMPTY: usize = 1_000;

/// Maximum length of a file name on common systems, in bytes; longer names are counted but not kept.
const LONGEST_NAME: usize = 255;

/// Time limit for the reply to closing a handle.
const CLOSING: Duration = Duration::from_secs(3);

/// Maximum number of bytes kept of the server's stderr.
const MOST_ERRORS: usize = 1_000;

/// Maximum number of directory reads in flight.
const LISTINGS_IN_FLIGHT: usize = 4;

/// SFTP session. Late replies to abandoned requests are ignored.
pub(super) struct SftpSession {
    /// Server, for messages.
    place: String,
    /// Values that are removed from every text shown.
    secrets: Secrets,
    limits: SftpLimits,
    silence: Duration,
    /// Deadline of the operation.
    pub(super) clock: OperationClock,
    requests: mpsc::UnboundedSender<Vec<u8>>,
    replies: russh::ChannelReadHalf,
    received: Vec<u8>,
    taken: usize,
    /// First bytes of the server's stderr.
    errors: Vec<u8>,
    /// True if the server closed the SFTP channel but not the connection.
    is_ended: bool,
    last_id: u32,
    read_chunk: u32,
    write_chunk: u32,
    can_sync: bool,
    can_link: bool,
    sending: tokio::task::JoinHandle<()>,
    // Keeps the connection open.
    _handle: Handle<HostKeyCheck>,
}

/// Listing of a folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Wanted entries.
    pub(super) names: Vec<Named>,
    /// Number of all entries, without `.` and `..`.
    pub(super) count: u64,
}

/// What is known of a file before it is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expected {
    /// Size in bytes from a listing.
    pub(super) size: Option<u64>,
    /// Time of the last change from a listing, in seconds since 1970 (UTC).
    pub(super) modified: Option<u32>,
    /// Maximum number of bytes to read.
    pub(super) largest: u64,
}

impl Drop for SftpSession {
    fn drop(&mut self) {
        // The task may wait for window space that a silent server never grants, which would keep the connection open.
        self.sending.abort();
    }
}

impl SftpSession {
    /// Connects, signs in and opens an SFTP session.
    ///
    /// # Errors
    /// Any problem of [`connect`]; `NoSftp` for a server without SFTP or one that sends text instead; `TimedOut`;
    /// `OutOfTime`.
    pub(super) async fn begin(
        settings: &SftpSettings,
        limits: &TimeLimits,
        clock: OperationClock,
    ) -> Result<SftpSession, SftpProblem> {
        let place = place(&settings.host, settings.port);
        let connected = async {
            let handle = connect(settings, limits).await?;
            let opened = timeout(limits.silence, open_channel(&handle, &place)).await;
            let channel = opened.map_err(|_| SftpProblem::silent(&place, limits.silence))??;
            Ok((handle, channel))
        };
        let connected = timeout_at(clock.end(), connected).await;
        let (handle, channel) =
            connected.map_err(|_| SftpProblem::out_of_time(&place, settings.limits.operation))??;
        let (replies, write_half) = channel.split();
        let (requests, mut to_send) = mpsc::unbounded_channel::<Vec<u8>>();
        // Sends in a task of its own: waiting for window space here would block receiving. The queue is unbounded but
        // never holds more than `IN_FLIGHT` requests.
        let sending = tokio::spawn(async move {
            while let Some(packet) = to_send.recv().await {
                if write_half.data_bytes(packet).await.is_err() {
                    return;
                }
            }
        });
        let mut session = SftpSession {
            place,
            secrets: settings.secrets.clone(),
            limits: settings.limits,
            silence: limits.silence,
            clock,
            requests,
            replies,
            received: Vec::new(),
            taken: 0,
            errors: Vec::new(),
            is_ended: false,
            last_id: 0,
            read_chunk: SMALLEST_CHUNK,
            write_chunk: SMALLEST_CHUNK,
            can_sync: false,
            can_link: false,
            sending,
            _handle: handle,
        };
        session.greet().await?;
        Ok(session)
    }

    async fn greet(&mut self) -> Result<(), SftpProblem> {
        self.send_packet(hello())?;
        let greeting = self.receive(&mut 0, Instant::now()).await;
        let extensions = match greeting {
            Ok((_, Reply::Version { extensions })) => extensions,
            Ok(_) => return Err(self.no_sftp()),
            Err(problem) if problem.kind == SftpProblemKind::OutOfTime => return Err(problem),
            // Text is parsed as no packet, or as the beginning of one that never ends.
            Err(_) if self.is_ended || !self.received.is_empty() || !self.errors.is_empty() => {
                self.read_last_errors().await;
                return Err(self.no_sftp());
            }
            Err(problem) => return Err(problem),
        };
        let offers = |name: &str| extensions.iter().any(|extension| extension == name);
        self.can_sync = offers("fsync@openssh.com");
        self.can_link = offers("hardlink@openssh.com");
        if offers("limits@openssh.com")
            && let Reply::Extended(limits) = self.ask(Request::extended("limits@openssh.com", &[])).await?
        {
            let mut limits = limits.as_slice();
            let _longest_packet = u64::decode(&mut limits);
            let mut chunk = || {
                let limit = u64::decode(&mut limits).ok().and_then(|limit| u32::try_from(limit).ok());
                limit.filter(|limit| *limit > 0).map_or(SMALLEST_CHUNK, |limit| limit.min(LARGEST_CHUNK))
            };
            self.read_chunk = chunk();
            self.write_chunk = chunk();
        }
        Ok(())
    }

    /// Problem of a server that sends something other than an SFTP version.
    fn no_sftp(&self) -> SftpProblem {
        let sent = if self.received.is_empty() { &self.errors } else { &self.received };
        let sent = shown_bytes(self.secrets.taken_out_of(&String::from_utf8_lossy(sent)).as_bytes());
        let message = if sent.is_empty() {
            "signed in, but the server ends SFTP as soon as it begins".to_owned()
        } else {
            format!("signed in, but the server sends something else than SFTP: {sent}")
        };
        let mend = "a script that runs at each login may print text; ask who runs it to let SFTP begin without any text, \
                    or whether this user may use SFTP";
        SftpProblem::new(SftpProblemKind::NoSftp, &self.place, message, mend)
    }

    /// Preferred size of a write, in bytes.
    pub(super) fn write_chunk(&self) -> usize {
        self.write_chunk as usize
    }

    /// Path on this server, for messages.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}: {}", self.place, self.clean(path))
    }

    /// Canonical path of a path, for display; several or none if the server answers so.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn real_path(&mut self, path: &str) -> Result<Vec<String>, SftpProblem> {
        match self.ask(Request::real_path(path)).await? {
            // One name is correct; some servers send none or several.
            Reply::Names(names) => Ok(names.iter().map(|named| self.clean(&named.name)).collect()),
            other => Err(self.refused(other, path)),
        }
    }

    /// Attributes of a file; `None` if it does not exist.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn attributes(&mut self, path: &str) -> Result<Option<Attributes>, SftpProblem> {
        match self.ask(Request::attributes(path)).await? {
            Reply::Attributes(attributes) => Ok(Some(attributes)),
            Reply::StatusReply(StatusReply { code: StatusReply::NO_SUCH_FILE, .. }) => Ok(None),
            other => Err(self.refused(other, path)),
        }
    }

    /// Lists a folder: entries whose names are wanted, and the number of all.
    ///
    /// # Errors
    /// A folder that does not exist or cannot be read; `TooLarge`: more names or bytes than the settings allow.
    pub(super) async fn list(
        &mut self,
        path: &str,
        is_wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Listing, SftpProblem> {
        let handle = self.opened(Request::open_folder(path), path).await?;
        let listed = self.list_names(&handle, path, is_wanted).await;
        if listed.as_ref().err().is_none_or(SftpProblem::is_refusal) {
            self.close(&handle).await;
        }
        listed
    }

    async fn list_names(
        &mut self,
        handle: &[u8],
        path: &str,
        is_wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Listing, SftpProblem> {
        let mut listing = Listing::default();
        let mut waiting = Vec::new();
        let mut ended = false;
        let mut refusal = None;
        let (mut bytes, mut empty) = (0, 0);
        while !ended || !waiting.is_empty() {
            while !ended && waiting.len() < LISTINGS_IN_FLIGHT {
                waiting.push(self.send(Request::read_folder(handle))?);
            }
            let (id, reply, length) = self.receive_one_of(|id| waiting.contains(&id)).await?;
            waiting.retain(|waiting| *waiting != id);
            match reply {
                Reply::Names(some) => {
                    bytes += length as u64;
                    empty = if some.is_empty() { empty + 1 } else { 0 };
                    listing.count +=
                        some.iter().filter(|named| !matches!(named.name.as_str(), "." | "..")).count() as u64;
                    self.bound_listing(path, listing.count, bytes, empty)?;
                    let is_kept = |named: &Named| named.name.len() <= LONGEST_NAME && is_wanted(&named.name);
                    listing.names.extend(some.into_iter().filter(is_kept));
                }
                Reply::StatusReply(StatusReply { code: StatusReply::END_OF_FILE, .. }) => ended = true,
                other => {
                    ended = true;
                    refusal.get_or_insert_with(|| self.refused(other, path));
                }
            }
        }
        refusal.map_or(Ok(listing), Err)
    }

    fn bound_listing(&self, path: &str, names: u64, bytes: u64, empty: usize) -> Result<(), SftpProblem> {
        let SftpLimits { most_names, largest_listing, .. } = self.limits;
        let (message, setting) = if names > most_names {
            (format!("the folder holds more than {} names", grouped(most_names)), "SFTP_MAX_LISTING_NAMES")
        } else if bytes > largest_listing {
            (format!("the listing is longer than {} bytes", grouped(largest_listing)), "SFTP_MAX_LISTING_MB")
        } else if empty > MOST_EMPTY {
            let message = "the server goes on sending empty parts of a listing";
            return Err(SftpProblem::new(SftpProblemKind::Server, self.shown(path), message, "ask who runs it"));
        } else {
            return Ok(());
        };
        let mend = format!("name another folder, have this one tidied up, or set a larger {setting}");
        Err(SftpProblem::new(SftpProblemKind::TooLarge, self.shown(path), message, mend))
    }

    /// Renames a file. By the protocol an existing target is not replaced, but some servers replace it.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn rename(&mut self, from: &str, to: &str) -> Result<(), SftpProblem> {
        self.act(Request::rename(from, to), to).await.map_err(|problem| match problem.kind {
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
        self.act(link, to).await
    }

    /// Removes a file.
    ///
    /// # Errors
    /// A server that refuses, or a broken connection.
    pub(super) async fn remove(&mut self, path: &str) -> Result<(), SftpProblem> {
        self.act(Request::remove(path), path).await
    }

    /// Reads a whole file and sends its bytes to `out` in order. The number of bytes must match the size from the
    /// listing, or the size of the open file if that is newer than the listing or the listing has none. The attributes
    /// of the open file are optional.
    ///
    /// # Errors
    /// A file that does not exist or cannot be read; `WrongSize`: the size differs, or the file changed meanwhile;
    /// `TooLarge`; `OutOfTime`: the transfer is too slow.
    pub(super) async fn read_file(
        &mut self,
        path: &str,
        expected: Expected,
        out: &mpsc::Sender<Vec<u8>>,
        on_event: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<(), SftpProblem> {
        let handle = self.opened(Request::open(path, OpenFor::Reading), path).await?;
        let before = self.attributes_of_handle(&handle, path).await?;
        let size = size_to_read(expected, before);
        if let Some(size) = size.filter(|size| *size > expected.largest) {
            return Err(self.too_large(path, size, expected.largest));
        }
        let size_when_open = before.and_then(|open| open.size).filter(|size| *size <= expected.largest);
        let likely = size.max(size_when_open);
        self.clock.begin_transfer(self.limits.slowest);
        let read = self.read_bytes(&handle, path, likely.unwrap_or_default(), expected.largest, out, on_event).await;
        self.clock.end_transfer();
        let read = read?;
        let fits = size.is_none_or(|size| size == read) || (read > 0 && size_when_open == Some(read));
        if let Some(size) = size.filter(|size| *size > read && !fits) {
            let message = format!("the file ended after {read} of the {size} bytes that the server said");
            return Err(wrong_size(self.shown(path), &message));
        }
        let after = self.attributes_of_handle(&handle, path).await?;
        // Some servers send the attributes of an open file only once, or never.
        let has_changed = before.is_some() && after.is_some() && after != before;
        if has_changed || !fits {
            return Err(wrong_size(self.shown(path), "the file changed while it was read"));
        }
        self.close(&handle).await;
        Ok(())
    }

    /// Reads to the end of a file and returns its length. Many chunks are in flight up to the likely size, one at a
    /// time beyond it, until the server reports the end.
    async fn read_bytes(
        &mut self,
        handle: &[u8],
        path: &str,
        likely: u64,
        largest: u64,
        out: &mpsc::Sender<Vec<u8>>,
        on_event: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<u64, SftpProblem> {
        // Requested ranges by request id, and early data by offset.
        let mut asked: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
        let mut early: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let (mut next, mut done) = (0, 0);
        let mut end = None;
        let mut empty_answers = 0;
        on_event(0, likely);
        loop {
            while end.is_none() && next < likely && asked.len() + early.len() < IN_FLIGHT {
                let length = u32::try_from(likely - next).unwrap_or(u32::MAX).min(self.read_chunk);
                asked.insert(self.send(Request::read(handle, next, length))?, (next, length));
                next += u64::from(length);
            }
            if asked.is_empty() {
                if end.is_some_and(|end| done >= end) {
                    return Ok(done);
                }
                let (offset, length) = (done, self.read_chunk);
                asked.insert(self.send(Request::read(handle, offset, length))?, (offset, length));
                next = next.max(offset + u64::from(length));
            }
            let (id, reply, _) = self.receive_one_of(|id| asked.contains_key(&id)).await?;
            let Some((offset, length)) = asked.remove(&id) else { continue };
            let data = match reply {
                Reply::Data(data) if data.len() <= length as usize => data,
                Reply::StatusReply(StatusReply { code: StatusReply::END_OF_FILE, .. }) => {
                    end = Some(end.map_or(offset, |end: u64| end.min(offset)));
                    // Requests beyond the end get no data.
                    asked.retain(|_, (other, _)| *other < offset);
                    continue;
                }
                other => return Err(self.refused(other, path)),
            };
            // An empty or short answer is not the end: request the rest again.
            let got = u32::try_from(data.len()).unwrap_or(length);
            if got == 0 {
                empty_answers += 1;
                if empty_answers > IN_FLIGHT {
                    return Err(wrong_size(self.shown(path), "the server goes on sending nothing"));
                }
            }
            let is_before_end = end.is_none_or(|end| offset + u64::from(got) < end);
            if got < length && is_before_end && offset < likely.max(1) {
                let (offset, length) = (offset + u64::from(got), length - got);
                asked.insert(self.send(Request::read(handle, offset, length))?, (offset, length));
            }
            if got > 0 {
                empty_answers = 0;
                early.insert(offset, data);
            }
            while let Some(data) = early.remove(&done) {
                done += data.len() as u64;
                if done > largest {
                    return Err(self.too_large(path, done, largest));
                }
                if out.send(data).await.is_err() {
                    // The receiver has failed and reports the cause.
                    return Err(SftpProblem::new(
                        SftpProblemKind::Local,
                        self.shown(path),
                        "the bytes are not taken",
                        "",
                    ));
                }
                self.clock.moved(done);
                on_event(done, likely.max(done));
            }
        }
    }

    fn too_large(&self, path: &str, size: u64, largest: u64) -> SftpProblem {
        let message = format!("the file has {} bytes or more; {} are allowed", grouped(size), grouped(largest));
        let mend = "check the file; if it is right, set a larger SFTP_MAX_FILE_MB";
        SftpProblem::new(SftpProblemKind::TooLarge, self.shown(path), message, mend)
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
        let handle = self.opened(Request::open(path, OpenFor::Writing), path).await?;
        *created = true;
        self.clock.begin_transfer(self.limits.slowest);
        let written = self.write_bytes(&handle, path, bytes, on_event).await;
        self.clock.end_transfer();
        let sent = match written {
            Err(problem) if problem.is_refusal() => {
                self.close(&handle).await;
                return Err(problem);
            }
            written => written?,
        };
        if self.can_sync {
            // Syncing is optional: ignore a refusal.
            self.act(Request::extended("fsync@openssh.com", &[&handle]), path).await.unless_refused()?;
        }
        // A server may report only on closing that it could not store the data.
        self.act(Request::close(&handle), path).await?;
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
                let id = self.send(Request::write(handle, sent, &data))?;
                waiting.insert(id, data.len() as u64);
                sent += data.len() as u64;
            }
            if waiting.is_empty() {
                break;
            }
            let (id, reply, _) = self.receive_one_of(|id| waiting.contains_key(&id)).await?;
            let length = waiting.remove(&id).unwrap_or_default();
            self.done(reply, path)?;
            written += length;
            self.clock.moved(written);
            on_event(written);
        }
        Ok(sent)
    }

    /// Attributes of an open file; `None` if the server refuses them.
    async fn attributes_of_handle(&mut self, handle: &[u8], path: &str) -> Result<Option<Attributes>, SftpProblem> {
        match self.ask(Request::attributes_of_handle(handle)).await? {
            Reply::Attributes(attributes) => Ok(Some(attributes)),
            other => Err(self.refused(other, path)).unless_refused(),
        }
    }

    async fn close(&mut self, handle: &[u8]) {
        // Ignored: all data was received, and the handle ends with the session.
        let _ = timeout(CLOSING, self.ask(Request::close(handle))).await;
    }

    /// Makes a request whose answer is a status.
    async fn act(&mut self, request: Request, path: &str) -> Result<(), SftpProblem> {
        let reply = self.ask(request).await?;
        self.done(reply, path)
    }

    /// Makes a request whose answer is a handle.
    async fn opened(&mut self, request: Request, path: &str) -> Result<Vec<u8>, SftpProblem> {
        match self.ask(request).await? {
            Reply::Handle(handle) => Ok(handle),
            other => Err(self.refused(other, path)),
        }
    }

    async fn ask(&mut self, request: Request) -> Result<Reply, SftpProblem> {
        let asked = self.send(request)?;
        let (_, reply, _) = self.receive_one_of(|id| id == asked).await?;
        Ok(reply)
    }

    /// Next reply to a pending request, with its packet's length. Other replies are dropped and do not extend the time
    /// limit.
    async fn receive_one_of(
        &mut self,
        is_waited_for: impl Fn(u32) -> bool,
    ) -> Result<(u32, Reply, usize), SftpProblem> {
        let since = Instant::now();
        let mut foreign = 0;
        loop {
            let mut length = 0;
            let (id, reply) = self.receive(&mut length, since).await?;
            if let Some(id) = id.filter(|id| is_waited_for(*id)) {
                return Ok((id, reply, length));
            }
            foreign += 1;
            if foreign > MOST_EMPTY {
                let message = "the server goes on answering what it was not asked";
                return Err(SftpProblem::new(SftpProblemKind::Nonsense, &self.place, message, "ask who runs it"));
            }
        }
    }

    fn send(&mut self, request: Request) -> Result<u32, SftpProblem> {
        self.last_id = self.last_id.wrapping_add(1);
        self.send_packet(request.into_packet(self.last_id))?;
        Ok(self.last_id)
    }

    fn send_packet(&self, packet: Vec<u8>) -> Result<(), SftpProblem> {
        self.requests.send(packet).map_err(|_| SftpProblem::cut(&self.place))
    }

    /// Next reply and the length of its packet. The time limit counts from `since`. Cancel-safe: no data is lost.
    async fn receive(&mut self, length: &mut usize, since: Instant) -> Result<(Option<u32>, Reply), SftpProblem> {
        loop {
            if let Some(packet) = self.next_packet()? {
                *length = packet.len();
                return parse_reply(&self.received[packet]).map_err(|_| self.nonsense());
            }
            let (until, late) = self.clock.wait_until(since + self.silence);
            match timeout_at(until, self.replies.wait()).await {
                Err(_) => return Err(self.late(late)),
                Ok(None) => return Err(SftpProblem::cut(&self.place)),
                Ok(Some(ChannelMsg::Close | ChannelMsg::Eof)) => {
                    self.is_ended = true;
                    return Err(SftpProblem::cut(&self.place));
                }
                Ok(Some(ChannelMsg::Data { data })) => {
                    // Discard consumed bytes before the buffer grows.
                    if self.taken == self.received.len() {
                        self.received.clear();
                        self.taken = 0;
                    } else if self.taken > LONGEST_PACKET {
                        self.received.drain(..self.taken);
                        self.taken = 0;
                    }
                    self.received.extend_from_slice(&data);
                }
                Ok(Some(ChannelMsg::ExtendedData { data, .. })) => self.keep_errors(&data),
                Ok(Some(_)) => {}
            }
        }
    }

    fn keep_errors(&mut self, data: &[u8]) {
        let room = MOST_ERRORS.saturating_sub(self.errors.len());
        self.errors.extend(data.iter().take(room));
    }

    /// Collects stderr for up to a second: it may arrive after the end of SFTP.
    async fn read_last_errors(&mut self) {
        let last = Instant::now() + Duration::from_secs(1);
        while let Ok(Some(message)) = timeout_at(last, self.replies.wait()).await {
            match message {
                ChannelMsg::ExtendedData { data, .. } => self.keep_errors(&data),
                ChannelMsg::Close => return,
                _ => {}
            }
        }
    }

    /// Problem for an exceeded time limit.
    fn late(&self, late: Late) -> SftpProblem {
        match late {
            Late::Silent => SftpProblem::silent(&self.place, self.silence),
            Late::Operation => SftpProblem::out_of_time(&self.place, self.limits.operation),
            Late::Transfer { bytes, taken } => {
                let message = format!(
                    "the transfer is too slow: {} bytes in {} s, slower than {} bytes a second",
                    grouped(bytes),
                    taken.as_secs(),
                    grouped(self.limits.slowest)
                );
                let mend = "check network and VPN; where the server is only slow, set a lower SFTP_MIN_SPEED";
                SftpProblem::new(SftpProblemKind::OutOfTime, &self.place, message, mend)
            }
        }
    }

    fn next_packet(&mut self) -> Result<Option<std::ops::Range<usize>>, SftpProblem> {
        let waiting = &self.received[self.taken..];
        let Some(length) = waiting.first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if length > LONGEST_PACKET {
            return Err(self.nonsense());
        }
        if waiting.len() < 4 + length {
            return Ok(None);
        }
        let start = self.taken + 4;
        self.taken = start + length;
        Ok(Some(start..start + length))
    }

    fn done(&self, reply: Reply, path: &str) -> Result<(), SftpProblem> {
        match reply {
            Reply::StatusReply(StatusReply { code: StatusReply::OK, .. }) => Ok(()),
            other => Err(self.refused(other, path)),
        }
    }

    fn refused(&self, reply: Reply, path: &str) -> SftpProblem {
        use SftpProblemKind as Kind;
        let Reply::StatusReply(status) = reply else { return self.nonsense() };
        let place = self.shown(path);
        let message = self.clean(&status.message);
        let words = status.message.to_ascii_lowercase();
        let is_full = matches!(status.code, StatusReply::NO_SPACE | StatusReply::QUOTA_EXCEEDED)
            || NO_ROOM.split('|').any(|phrase| has_phrase(&words, phrase));
        let more = if is_standard(&message) { String::new() } else { format!(": {message}") };
        let refuses = if message.is_empty() {
            format!("the server refuses it (code {})", status.code)
        } else {
            format!("the server refuses it: {message} (code {})", status.code)
        };
        let (kind, message, mend) = match status.code {
            StatusReply::NO_SUCH_FILE | StatusReply::NO_SUCH_PATH => {
                (Kind::NotFound, format!("there is no such file or folder{more}"), "check the path")
            }
            StatusReply::PERMISSION_DENIED | StatusReply::WRITE_PROTECT => (
                Kind::PermissionDenied,
                format!("the server does not allow it (permission denied){more}"),
                "ask who runs it for the right to do so, or check the path",
            ),
            StatusReply::ALREADY_EXISTS => (Kind::Exists, refuses, "nothing is overwritten; remove what is there"),
            StatusReply::UNSUPPORTED => (Kind::Unsupported, refuses, "the server does not know this request"),
            _ if is_full => {
                let message = refuses.replace("the server refuses it", "the server has no room left");
                (Kind::NoRoom, message, "have room made there")
            }
            StatusReply::FAILURE => {
                (Kind::Server, refuses, "the server names no reason; ask who runs it, its log may have one")
            }
            _ => (Kind::Server, refuses, "ask who runs it"),
        };
        SftpProblem::new(kind, place, message, mend)
    }

    /// Server text for display. Secrets are removed before cutting: half a secret is one, too.
    fn clean(&self, text: &str) -> String {
        clean(&self.secrets.taken_out_of(text))
    }

    fn nonsense(&self) -> SftpProblem {
        SftpProblem::new(
            SftpProblemKind::Nonsense,
            &self.place,
            "the server's answer makes no sense",
            "ask who runs it",
        )
    }
}

async fn open_channel(
    handle: &Handle<HostKeyCheck>,
    place: &str,
) -> Result<russh::Channel<russh::client::Msg>, SftpProblem> {
    let no_sftp = |_| {
        let mend = "ask who runs it whether this user may use SFTP";
        SftpProblem::new(SftpProblemKind::NoSftp, place, "signed in, but the server gives no SFTP", mend)
    };
    let mut channel = handle.channel_open_session().await.map_err(no_sftp)?;
    channel.request_subsystem(true, "sftp").await.map_err(no_sftp)?;
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Success) => return Ok(channel),
            Some(ChannelMsg::WindowAdjusted { .. }) => {}
            _ => return Err(no_sftp(russh::Error::Disconnect)),
        }
    }
}

/// Phrases of servers that have no space left, with `|` between.
const NO_ROOM: &str = "no space left|no space on|no space available|no more space|no disk space|not enough space|\
    insufficient space|out of space|disk full|disk is full|quota";

/// True if a message adds nothing to the status code.
fn is_standard(message: &str) -> bool {
    const STANDARD: &str = "|no such file|no such file or directory|no such path|file not found|not found|path not found|\
        permission denied|access denied|access is denied|operation not permitted";
    let message = message.trim().trim_end_matches('.').to_ascii_lowercase();
    STANDARD.split('|').any(|standard| standard == message)
}

fn wrong_size(place: String, message: &str) -> SftpProblem {
    SftpProblem::new(SftpProblemKind::WrongSize, place, message, "try again when nobody writes it")
}

/// Expected size of a file; `None` if unknown. The open file's size counts if its time differs from the listing's.
fn size_to_read(expected: Expected, open: Option<Attributes>) -> Option<u64> {
    let Some(open) = open else { return expected.size };
    let is_newer = expected.modified.is_some() && open.modified.is_some() && open.modified != expected.modified;
    if is_newer { open.size.or(expected.size) } else { expected.size.or(open.size) }
}
