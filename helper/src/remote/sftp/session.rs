//! A session with an SFTP server: one thing at a time, with many requests in flight where bytes are moved.

use std::collections::BTreeMap;
use std::time::Duration;

use btcfake_core::text::words::grouped;
use russh::ChannelMsg;
use russh::client::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::connection::{HostKeyCheck, TimeLimits, connect, place};
use super::packets::{
    Attributes, Fields, LONGEST_PACKET, Named, OpenFor, Reply, Request, Status, hello, parse_reply, push_string,
};
use super::problem::{SftpProblem, SftpProblemKind};
use crate::configuration::SftpSettings;
use crate::secret::Secrets;

/// Reads or writes in flight, as many as OpenSSH's client has.
const IN_FLIGHT: usize = 64;

/// What every server reads or writes at once.
const SMALLEST_CHUNK: u32 = 32 * 1024;

/// The most that is asked for at once, where the server allows it: more is no faster.
const LARGEST_CHUNK: u32 = 64 * 1024;

/// The most names of a folder that are taken: a folder that holds more is none for this program.
const MOST_NAMES: usize = 1_000_000;

/// Requests for names of a folder in flight.
const LISTINGS_IN_FLIGHT: usize = 4;

/// A session. Requests that were given up may still be answered: such answers are passed over.
pub(super) struct SftpSession {
    /// Where the server is, for messages.
    place: String,
    /// What is never shown.
    secrets: Secrets,
    silence: Duration,
    requests: mpsc::UnboundedSender<Vec<u8>>,
    replies: russh::ChannelReadHalf,
    received: Vec<u8>,
    taken: usize,
    last_id: u32,
    read_chunk: u32,
    write_chunk: u32,
    can_sync: bool,
    sending: tokio::task::JoinHandle<()>,
    // Held for the connection, which ends without it.
    _handle: Handle<HostKeyCheck>,
}

impl Drop for SftpSession {
    fn drop(&mut self) {
        // It may wait for room that a silent server never gives, and it would keep the connection.
        self.sending.abort();
    }
}

impl SftpSession {
    /// Connects, signs in and begins a session.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub(super) async fn begin(settings: &SftpSettings, limits: &TimeLimits) -> Result<SftpSession, SftpProblem> {
        let place = place(&settings.host, settings.port);
        let handle = connect(settings, limits).await?;
        let opened = timeout(limits.silence, open_channel(&handle, &place)).await;
        let channel = opened.map_err(|_| SftpProblem::silent(&place, limits.silence.as_secs()))??;
        let (replies, write_half) = channel.split();
        let (requests, mut to_send) = mpsc::unbounded_channel::<Vec<u8>>();
        // Sending goes on by itself: whoever waits for room to send would not take what the server sends meanwhile. The
        // queue has no bound of its own; there are never more than IN_FLIGHT requests in it.
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
            silence: limits.silence,
            requests,
            replies,
            received: Vec::new(),
            taken: 0,
            last_id: 0,
            read_chunk: SMALLEST_CHUNK,
            write_chunk: SMALLEST_CHUNK,
            can_sync: false,
            sending,
            _handle: handle,
        };
        session.greet().await?;
        Ok(session)
    }

    async fn greet(&mut self) -> Result<(), SftpProblem> {
        self.send_packet(hello())?;
        let (_, Reply::Version { extensions }) = self.receive().await? else { return Err(self.nonsense()) };
        let offers = |name: &str| extensions.iter().any(|extension| extension == name);
        self.can_sync = offers("fsync@openssh.com");
        if offers("limits@openssh.com")
            && let Reply::Extended(limits) = self.ask(&Request::Extended("limits@openssh.com", &[])).await?
        {
            let mut fields = Fields(&limits);
            let _longest_packet = fields.long_number();
            let chunk = |limit: Option<u64>| {
                let limit = limit.and_then(|limit| u32::try_from(limit).ok()).filter(|limit| *limit > 0);
                limit.map_or(SMALLEST_CHUNK, |limit| limit.min(LARGEST_CHUNK))
            };
            self.read_chunk = chunk(fields.long_number());
            self.write_chunk = chunk(fields.long_number());
        }
        Ok(())
    }

    /// How much a write should hold.
    pub(super) fn write_chunk(&self) -> usize {
        self.write_chunk as usize
    }

    /// A path on this server, for messages.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}: {}", self.place, self.clean(path))
    }

    /// The path that the server knows a path by, as it can be shown.
    ///
    /// # Errors
    /// A server that says no.
    pub(super) async fn real_path(&mut self, path: &str) -> Result<String, SftpProblem> {
        match self.ask(&Request::RealPath(path)).await? {
            Reply::Names(mut names) if names.len() == 1 => Ok(self.clean(&names.remove(0).name)),
            other => Err(self.refused(other, path)),
        }
    }

    /// What is known of a file; nothing where there is none.
    ///
    /// # Errors
    /// A server that says no.
    pub(super) async fn attributes(&mut self, path: &str) -> Result<Option<Attributes>, SftpProblem> {
        match self.ask(&Request::Attributes(path)).await? {
            Reply::Attributes(attributes) => Ok(Some(attributes)),
            Reply::Status(Status { code: Status::NO_SUCH_FILE, .. }) => Ok(None),
            other => Err(self.refused(other, path)),
        }
    }

    /// All names of a folder.
    ///
    /// # Errors
    /// A folder that is not there or cannot be read.
    pub(super) async fn list(&mut self, path: &str) -> Result<Vec<Named>, SftpProblem> {
        let handle = match self.ask(&Request::OpenFolder(path)).await? {
            Reply::Handle(handle) => handle,
            other => return Err(self.refused(other, path)),
        };
        let mut names = Vec::new();
        let mut waiting = Vec::new();
        let mut ended = false;
        let mut refusal = None;
        while !ended || !waiting.is_empty() {
            while !ended && waiting.len() < LISTINGS_IN_FLIGHT {
                waiting.push(self.send(&Request::ReadFolder(&handle))?);
            }
            let (id, reply) = self.receive().await?;
            let Some(position) = waiting.iter().position(|waiting| Some(*waiting) == id) else { continue };
            waiting.swap_remove(position);
            match reply {
                Reply::Names(some) if names.len() + some.len() > MOST_NAMES => {
                    let said = format!("the folder holds more than {} names", grouped(MOST_NAMES));
                    let mend = "name another folder, or have this one tidied up";
                    return Err(SftpProblem::new(SftpProblemKind::Server, self.shown(path), said, mend));
                }
                Reply::Names(some) => names.extend(some),
                Reply::Status(Status { code: Status::END_OF_FILE, .. }) => ended = true,
                other => {
                    ended = true;
                    refusal.get_or_insert_with(|| self.refused(other, path));
                }
            }
        }
        self.close(&handle).await;
        refusal.map_or(Ok(names), Err)
    }

    /// Gives a file another name. A file that has that name already is never replaced.
    ///
    /// # Errors
    /// A server that says no.
    pub(super) async fn rename(&mut self, from: &str, to: &str) -> Result<(), SftpProblem> {
        let reply = self.ask(&Request::Rename(from, to)).await?;
        self.done(reply, to)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// A server that says no.
    pub(super) async fn remove(&mut self, path: &str) -> Result<(), SftpProblem> {
        let reply = self.ask(&Request::Remove(path)).await?;
        self.done(reply, path)
    }

    /// Reads a whole file and hands its bytes on in order. The size is asked for before and after: a server may end a
    /// file early or answer with less than it was asked for, and a file may be replaced meanwhile.
    ///
    /// # Errors
    /// A file that is not there or cannot be read, or that has another size than the server says.
    pub(super) async fn read_file(
        &mut self,
        path: &str,
        out: &mpsc::Sender<Vec<u8>>,
        told: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<(), SftpProblem> {
        let handle = match self.ask(&Request::Open(path, OpenFor::Reading)).await? {
            Reply::Handle(handle) => handle,
            other => return Err(self.refused(other, path)),
        };
        let before = self.attributes_of_handle(&handle, path).await?;
        let Some(size) = before.size else {
            return Err(SftpProblem::new(SftpProblemKind::Server, self.shown(path), "the server tells no size", ""));
        };
        self.read_bytes(&handle, path, size, out, told).await?;
        let after = self.attributes_of_handle(&handle, path).await?;
        let end = self.ask(&Request::Read { handle: &handle, offset: size, length: 1 }).await?;
        let ends_there = match end {
            Reply::Status(Status { code, .. }) => code == Status::END_OF_FILE,
            Reply::Data(data) => data.is_empty(),
            _ => false,
        };
        if after != before || !ends_there {
            return Err(wrong_size(self.shown(path), "the file changed while it was read"));
        }
        self.close(&handle).await;
        Ok(())
    }

    async fn read_bytes(
        &mut self,
        handle: &[u8],
        path: &str,
        size: u64,
        out: &mpsc::Sender<Vec<u8>>,
        told: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<(), SftpProblem> {
        // What is asked for, by request; and what came before its turn, by offset.
        let mut asked: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
        let mut early: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let (mut next, mut done) = (0, 0);
        let mut empty_answers = 0;
        told(0, size);
        while done < size {
            while next < size && asked.len() + early.len() < IN_FLIGHT {
                let length = u32::try_from(size - next).unwrap_or(u32::MAX).min(self.read_chunk);
                asked.insert(self.send(&Request::Read { handle, offset: next, length })?, (next, length));
                next += u64::from(length);
            }
            let (id, reply) = self.receive().await?;
            let Some((offset, length)) = id.and_then(|id| asked.remove(&id)) else { continue };
            let data = match reply {
                Reply::Data(data) if data.len() <= length as usize => data,
                Reply::Status(Status { code: Status::END_OF_FILE, .. }) => {
                    let said = format!("the file ended after {offset} of the {size} bytes that the server said");
                    return Err(wrong_size(self.shown(path), &said));
                }
                other => return Err(self.refused(other, path)),
            };
            // Nothing, or less than was asked for, is not the end: the rest is asked for again.
            let got = u32::try_from(data.len()).unwrap_or(length);
            if got == 0 {
                empty_answers += 1;
                if empty_answers > IN_FLIGHT {
                    return Err(wrong_size(self.shown(path), "the server goes on sending nothing"));
                }
            }
            if got < length {
                let (offset, length) = (offset + u64::from(got), length - got);
                asked.insert(self.send(&Request::Read { handle, offset, length })?, (offset, length));
            }
            if got > 0 {
                empty_answers = 0;
                early.insert(offset, data);
            }
            while let Some(data) = early.remove(&done) {
                done += data.len() as u64;
                if out.send(data).await.is_err() {
                    // Whoever takes the bytes has ended, and knows why.
                    return Err(SftpProblem::new(
                        SftpProblemKind::Local,
                        self.shown(path),
                        "the bytes are not taken",
                        "",
                    ));
                }
                told(done, size);
            }
        }
        Ok(())
    }

    /// Writes a new file from the bytes that come in; it is there and of that size when this returns its size.
    ///
    /// # Errors
    /// A server that says no.
    pub(super) async fn write_file(
        &mut self,
        path: &str,
        bytes: &mut mpsc::Receiver<Vec<u8>>,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<u64, SftpProblem> {
        let handle = match self.ask(&Request::Open(path, OpenFor::Writing)).await? {
            Reply::Handle(handle) => handle,
            other => return Err(self.refused(other, path)),
        };
        let mut waiting: BTreeMap<u32, u64> = BTreeMap::new();
        let (mut sent, mut written) = (0, 0);
        let mut more = true;
        while more || !waiting.is_empty() {
            while more && waiting.len() < IN_FLIGHT {
                let Some(data) = bytes.recv().await else {
                    more = false;
                    break;
                };
                let id = self.send(&Request::Write { handle: &handle, offset: sent, data: &data })?;
                waiting.insert(id, data.len() as u64);
                sent += data.len() as u64;
            }
            if waiting.is_empty() {
                break;
            }
            let (id, reply) = self.receive().await?;
            let Some(length) = id.and_then(|id| waiting.remove(&id)) else { continue };
            self.done(reply, path)?;
            written += length;
            told(written);
        }
        if self.can_sync {
            let mut argument = Vec::new();
            push_string(&mut argument, &handle);
            let reply = self.ask(&Request::Extended("fsync@openssh.com", &argument)).await?;
            self.done(reply, path)?;
        }
        // A server may notice only now that it could not keep what it took.
        let reply = self.ask(&Request::Close(&handle)).await?;
        self.done(reply, path)?;
        Ok(sent)
    }

    async fn attributes_of_handle(&mut self, handle: &[u8], path: &str) -> Result<Attributes, SftpProblem> {
        match self.ask(&Request::AttributesOfHandle(handle)).await? {
            Reply::Attributes(attributes) => Ok(attributes),
            other => Err(self.refused(other, path)),
        }
    }

    async fn close(&mut self, handle: &[u8]) {
        // What was read is there; a handle that stays open ends with the session.
        let _ = self.ask(&Request::Close(handle)).await;
    }

    async fn ask(&mut self, request: &Request<'_>) -> Result<Reply, SftpProblem> {
        let asked = self.send(request)?;
        loop {
            let (id, reply) = self.receive().await?;
            if id == Some(asked) {
                return Ok(reply);
            }
        }
    }

    fn send(&mut self, request: &Request<'_>) -> Result<u32, SftpProblem> {
        self.last_id = self.last_id.wrapping_add(1);
        self.send_packet(request.to_packet(self.last_id))?;
        Ok(self.last_id)
    }

    fn send_packet(&self, packet: Vec<u8>) -> Result<(), SftpProblem> {
        self.requests.send(packet).map_err(|_| SftpProblem::cut(&self.place))
    }

    /// The next reply. Nothing is lost when this is given up in the middle.
    async fn receive(&mut self) -> Result<(Option<u32>, Reply), SftpProblem> {
        loop {
            if let Some(packet) = self.next_packet()? {
                return parse_reply(&self.received[packet]).ok_or_else(|| self.nonsense());
            }
            match timeout(self.silence, self.replies.wait()).await {
                Err(_) => return Err(SftpProblem::silent(&self.place, self.silence.as_secs())),
                Ok(None | Some(ChannelMsg::Close | ChannelMsg::Eof)) => return Err(SftpProblem::cut(&self.place)),
                Ok(Some(ChannelMsg::Data { data })) => {
                    // What was taken makes room before it is much.
                    if self.taken == self.received.len() {
                        self.received.clear();
                        self.taken = 0;
                    } else if self.taken > LONGEST_PACKET {
                        self.received.drain(..self.taken);
                        self.taken = 0;
                    }
                    self.received.extend_from_slice(&data);
                }
                Ok(Some(_)) => {}
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
            Reply::Status(Status { code: Status::OK, .. }) => Ok(()),
            other => Err(self.refused(other, path)),
        }
    }

    fn refused(&self, reply: Reply, path: &str) -> SftpProblem {
        let Reply::Status(status) = reply else { return self.nonsense() };
        let place = self.shown(path);
        match status.code {
            Status::NO_SUCH_FILE => {
                SftpProblem::new(SftpProblemKind::NotFound, place, "there is no such file or folder", "check the path")
            }
            Status::PERMISSION_DENIED => SftpProblem::new(
                SftpProblemKind::PermissionDenied,
                place,
                "the server does not allow it (permission denied)",
                "ask who runs it for the right to do so, or check the path",
            ),
            code => {
                let said = match self.clean(&status.message) {
                    message if message.is_empty() => format!("the server refuses it (code {code})"),
                    message => format!("the server refuses it: {message} (code {code})"),
                };
                SftpProblem::new(
                    SftpProblemKind::Server,
                    place,
                    said,
                    "there may be no room left, or it is not allowed",
                )
            }
        }
    }

    /// What the server says, as it can be shown. Secrets go before anything is cut: half of one is one, too.
    fn clean(&self, text: &str) -> String {
        clean(&self.secrets.taken_out_of(text))
    }

    fn nonsense(&self) -> SftpProblem {
        SftpProblem::new(SftpProblemKind::Server, &self.place, "the server's answer makes no sense", "")
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

fn wrong_size(place: String, said: &str) -> SftpProblem {
    SftpProblem::new(SftpProblemKind::WrongSize, place, said, "try again when nobody writes it")
}

/// What a server says, for a terminal: one line without control characters, not too long.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect::<String>().trim().to_owned()
}
