//! Exchange of SFTP packets with a server: requests out, replies in, each within its time limit.
//!
//! Many requests may be in flight. A reply belongs to the request with its id; a reply to an abandoned request is ignored.

use std::ops::Range;
use std::time::Duration;

use btcfake_core::text::words::number_text;
use russh::client::Handle;
use russh::{Channel, ChannelMsg, ChannelReadHalf};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::clock::{Late, OperationClock};
use super::connection::{TimeLimits, connect};
use super::counterpart::shown as shown_bytes;
use super::host_key::HostKeyCheck;
use super::packets::{LONGEST_PACKET, Reply, Request, StatusReply, hello, parse_reply, unreadable_text};
use super::problem::{SftpProblem, SftpProblemKind};
use super::refusal::refusal;
use super::text::clean;
use crate::configuration::secret::Secrets;
use crate::configuration::{SftpLimits, SftpSettings};

/// Maximum number of consecutive replies to no pending request.
const MOST_FOREIGN: usize = 1_000;

/// Maximum number of bytes kept of the server's stderr.
const MOST_ERRORS: usize = 1_000;

/// Exchange of packets over an open channel.
pub(super) struct Exchange {
    /// Server, for messages.
    place: String,
    /// Values that are removed from every text shown.
    secrets: Secrets,
    /// Limits of the settings.
    pub(super) limits: SftpLimits,
    silence: Duration,
    /// Deadline of the operation.
    pub(super) clock: OperationClock,
    requests: mpsc::UnboundedSender<Vec<u8>>,
    replies: ChannelReadHalf,
    /// Bytes from the server; the first `taken` of them are parsed.
    received: Vec<u8>,
    taken: usize,
    /// First bytes of the server's stderr.
    errors: Vec<u8>,
    /// True if the server closed the SFTP channel but not the connection.
    is_ended: bool,
    last_id: u32,
    // Aborted on drop: it may wait for window space that a silent server never grants, which would keep the connection open.
    _sending: AbortOnDropHandle<()>,
    // Keeps the connection open.
    _handle: Handle<HostKeyCheck>,
}

impl Exchange {
    /// Connects, signs in and opens a channel for SFTP. No packet is sent yet.
    ///
    /// # Errors
    /// Any problem of [`connect`]; `NoSftp` for a server without SFTP; `TimedOut`; `OutOfTime`.
    pub(super) async fn open(
        settings: &SftpSettings,
        limits: &TimeLimits,
        clock: OperationClock,
    ) -> Result<Exchange, SftpProblem> {
        let place = settings.host.to_string();
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
        // Sends in a task of its own: waiting for window space here would block receiving. The queue is unbounded, but
        // callers bound the number of requests in flight.
        let sending = AbortOnDropHandle::new(tokio::spawn(async move {
            while let Some(packet) = to_send.recv().await {
                if write_half.data_bytes(packet).await.is_err() {
                    return;
                }
            }
        }));
        Ok(Exchange {
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
            _sending: sending,
            _handle: handle,
        })
    }

    /// Sends the client's version and returns the extensions that the server offers.
    ///
    /// # Errors
    /// `NoSftp` for a server that sends text instead; `TimedOut`; `OutOfTime`; a broken connection.
    pub(super) async fn greet(&mut self) -> Result<Vec<String>, SftpProblem> {
        self.send_packet(hello())?;
        match self.receive(Instant::now()).await {
            Ok(Received { reply: Reply::Version { extensions }, .. }) => Ok(extensions),
            Ok(_) => Err(self.no_sftp()),
            Err(problem) if problem.kind == SftpProblemKind::OutOfTime => Err(problem),
            // Text is parsed as no packet, or as the beginning of one that never ends.
            Err(_) if self.is_ended || !self.received.is_empty() || !self.errors.is_empty() => {
                self.read_last_errors().await;
                Err(self.no_sftp())
            }
            Err(problem) => Err(problem),
        }
    }

    /// Makes a request and waits for its reply.
    ///
    /// # Errors
    /// A late or malformed reply, or a broken connection.
    pub(super) async fn ask(&mut self, request: Request) -> Result<Reply, SftpProblem> {
        let asked = self.send(request)?;
        let (_, received) = self.receive_one_of(|id| id == asked).await?;
        Ok(received.reply)
    }

    /// Makes a request whose reply is a status.
    ///
    /// # Errors
    /// As [`Exchange::ask`], or a refusal about `path`.
    pub(super) async fn act(&mut self, request: Request, path: &str) -> Result<(), SftpProblem> {
        let reply = self.ask(request).await?;
        self.confirmed(reply, path)
    }

    /// Makes a request whose reply is a handle.
    ///
    /// # Errors
    /// As [`Exchange::ask`], or a refusal about `path`.
    pub(super) async fn opened(&mut self, request: Request, path: &str) -> Result<Vec<u8>, SftpProblem> {
        match self.ask(request).await? {
            Reply::Handle(handle) => Ok(handle),
            other => Err(self.refused(other, path)),
        }
    }

    /// Sends a request and returns its id.
    ///
    /// # Errors
    /// A broken connection.
    pub(super) fn send(&mut self, request: Request) -> Result<u32, SftpProblem> {
        self.last_id = self.last_id.wrapping_add(1);
        self.send_packet(request.into_packet(self.last_id))?;
        Ok(self.last_id)
    }

    fn send_packet(&self, packet: Vec<u8>) -> Result<(), SftpProblem> {
        self.requests.send(packet).map_err(|_| SftpProblem::cut(&self.place))
    }

    /// Next reply to a pending request, with the request's id. Other replies are dropped and do not extend the time
    /// limit.
    ///
    /// # Errors
    /// A late or malformed reply, too many replies to no request, or a broken connection.
    pub(super) async fn receive_one_of(
        &mut self,
        is_pending: impl Fn(u32) -> bool,
    ) -> Result<(u32, Received), SftpProblem> {
        let since = Instant::now();
        for _ in 0..=MOST_FOREIGN {
            let received = self.receive(since).await?;
            if let Some(id) = received.id.filter(|id| is_pending(*id)) {
                return Ok((id, received));
            }
        }
        Err(self.nonsense("the server goes on answering what it was not asked"))
    }

    /// Next reply. The time limit counts from `since`. Cancel-safe: no data is lost.
    async fn receive(&mut self, since: Instant) -> Result<Received, SftpProblem> {
        loop {
            if let Some(packet) = self.next_packet()? {
                let length = packet.len();
                let bytes = &self.received[packet];
                let (id, reply) = parse_reply(bytes)
                    .map_err(|_| self.nonsense(&format!("the server sent {}", unreadable_text(bytes))))?;
                return Ok(Received { id, reply, length });
            }
            let (until, late) = self.clock.wait_until(since + self.silence);
            match timeout_at(until, self.replies.wait()).await {
                Err(_) => return Err(self.late(late)),
                Ok(None) => return Err(SftpProblem::cut(&self.place)),
                Ok(Some(ChannelMsg::Close | ChannelMsg::Eof)) => {
                    self.is_ended = true;
                    return Err(SftpProblem::cut(&self.place));
                }
                Ok(Some(ChannelMsg::Data { data })) => self.keep(&data),
                Ok(Some(ChannelMsg::ExtendedData { data, .. })) => self.keep_errors(&data),
                Ok(Some(_)) => {}
            }
        }
    }

    /// Adds bytes from the server. Parsed bytes are discarded before the buffer grows.
    fn keep(&mut self, data: &[u8]) {
        if self.taken == self.received.len() {
            self.received.clear();
            self.taken = 0;
        } else if self.taken > LONGEST_PACKET {
            self.received.drain(..self.taken);
            self.taken = 0;
        }
        self.received.extend_from_slice(data);
    }

    /// Position of the next whole packet in `received`, without its length prefix.
    fn next_packet(&mut self) -> Result<Option<Range<usize>>, SftpProblem> {
        let waiting = &self.received[self.taken..];
        let Some(length) = waiting.first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if length > LONGEST_PACKET {
            let (length, most) = (number_text(length as u64), number_text(LONGEST_PACKET as u64));
            return Err(self.nonsense(&format!("the server announced a packet of {length} bytes; {most} are allowed")));
        }
        if waiting.len() < 4 + length {
            return Ok(None);
        }
        let start = self.taken + 4;
        self.taken = start + length;
        Ok(Some(start..start + length))
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

    /// Path on this server, for messages.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}: {}", self.place, self.clean(path))
    }

    /// Server text for display. Secrets are removed before cutting: half a secret is one, too.
    pub(super) fn clean(&self, text: &str) -> String {
        clean(&self.secrets.taken_out_of(text))
    }

    /// Checks that a reply is the status of a request that succeeded.
    ///
    /// # Errors
    /// A refusal about `path`, or `Nonsense` for a reply of another kind.
    pub(super) fn confirmed(&self, reply: Reply, path: &str) -> Result<(), SftpProblem> {
        match reply {
            Reply::StatusReply(StatusReply { code: StatusReply::OK, .. }) => Ok(()),
            other => Err(self.refused(other, path)),
        }
    }

    /// Problem of a reply that is a refusal about `path`; `Nonsense` for a reply of another kind.
    pub(super) fn refused(&self, reply: Reply, path: &str) -> SftpProblem {
        match reply {
            Reply::StatusReply(status) => refusal(self.shown(path), &status, &self.clean(&status.message)),
            other => {
                let message =
                    format!("the server answered a request about {} with {}", self.clean(path), other.kind_text());
                self.nonsense(&format!("{message}, which does not belong to it"))
            }
        }
    }

    /// Problem of a server that does not keep to the protocol.
    fn nonsense(&self, message: &str) -> SftpProblem {
        let mend = "SFTP version 3 does not allow that; ask who runs the server";
        SftpProblem::new(SftpProblemKind::Nonsense, &self.place, message, mend)
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

    /// Problem for an exceeded time limit.
    fn late(&self, late: Late) -> SftpProblem {
        match late {
            Late::Silent => SftpProblem::silent(&self.place, self.silence),
            Late::Operation => SftpProblem::out_of_time(&self.place, self.limits.operation),
            Late::Transfer { bytes, taken } => {
                let message = format!(
                    "the transfer is too slow: {} bytes in {} s, slower than {} bytes a second",
                    number_text(bytes),
                    taken.as_secs(),
                    number_text(self.limits.slowest)
                );
                let mend = "check network and VPN; where the server is only slow, set a lower SFTP_MIN_SPEED";
                SftpProblem::new(SftpProblemKind::OutOfTime, &self.place, message, mend)
            }
        }
    }
}

/// A received packet.
pub(super) struct Received {
    /// Id of the request; `None` for the server's version.
    id: Option<u32>,
    /// The packet's content.
    pub(super) reply: Reply,
    /// Length of the packet, in bytes.
    pub(super) length: usize,
}

async fn open_channel(handle: &Handle<HostKeyCheck>, place: &str) -> Result<Channel<russh::client::Msg>, SftpProblem> {
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
