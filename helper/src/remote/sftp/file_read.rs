//! Read of a whole remote file: many chunks in flight, passed on in order, and a length that must be right.

use std::collections::BTreeMap;

use btcfake_core::text::words::number_text;
use tokio::sync::mpsc;

use super::exchange::Exchange;
use super::packets::{Attributes, OpenFor, Reply, Request, StatusReply};
use super::problem::{SftpProblem, SftpProblemKind};
use super::session::{IN_FLIGHT, SftpSession};

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

impl SftpSession {
    /// Reads a whole file and sends its bytes to `out` in order. The number of bytes must match the size from the
    /// listing, or the size of the open file if that is newer than the listing or the listing has none. The attributes
    /// of the open file are optional. `on_event` gets the number of bytes passed on and the likely size.
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
        let handle = self.exchange.opened(Request::open(path, OpenFor::Reading), path).await?;
        let before = self.attributes_of_handle(&handle, path).await?;
        let size = size_to_read(expected, before);
        if let Some(size) = size.filter(|size| *size > expected.largest) {
            return Err(too_large(self.shown(path), size, expected.largest));
        }
        let size_when_open = before.and_then(|open| open.size).filter(|size| *size <= expected.largest);
        let likely = size.max(size_when_open).unwrap_or_default();
        let mut read = FileRead::new(path, &handle, likely, self.read_chunk);
        self.exchange.clock.begin_transfer(self.exchange.limits.slowest);
        let passed_on = read.pass_on(&mut self.exchange, expected.largest, out, on_event).await;
        self.exchange.clock.end_transfer();
        let length = passed_on?;
        let fits = size.is_none_or(|size| size == length) || (length > 0 && size_when_open == Some(length));
        if let Some(size) = size.filter(|size| *size > length && !fits) {
            let (length, size) = (number_text(length), number_text(size));
            let message = format!("the file ended after {length} of the {size} bytes that the server said");
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
}

/// Read of an open file.
struct FileRead<'a> {
    path: &'a str,
    handle: &'a [u8],
    /// Likely size in bytes: up to it, many chunks are in flight; beyond it one at a time, until the server reports the
    /// end.
    likely: u64,
    /// Size of a chunk, in bytes.
    chunk: u32,
    /// Requested ranges (offset and length), by request id.
    requested: BTreeMap<u32, (u64, u32)>,
    /// Chunks that arrived before those in front of them, by offset.
    early: BTreeMap<u64, Vec<u8>>,
    /// Offset of the first byte that was not requested yet.
    next: u64,
    /// Number of bytes passed on.
    done: u64,
    /// Offset at which the server reported the end.
    end: Option<u64>,
    /// Number of consecutive empty chunks.
    empty: usize,
}

impl FileRead<'_> {
    fn new<'a>(path: &'a str, handle: &'a [u8], likely: u64, chunk: u32) -> FileRead<'a> {
        let (requested, early) = (BTreeMap::new(), BTreeMap::new());
        FileRead { path, handle, likely, chunk, requested, early, next: 0, done: 0, end: None, empty: 0 }
    }

    /// Requests chunks and sends their bytes to `out`, until the end. Returns the length of the file.
    async fn pass_on(
        &mut self,
        exchange: &mut Exchange,
        largest: u64,
        out: &mpsc::Sender<Vec<u8>>,
        on_event: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<u64, SftpProblem> {
        on_event(0, self.likely);
        loop {
            self.request_more(exchange)?;
            if self.requested.is_empty() {
                return Ok(self.done);
            }
            let (id, received) = exchange.receive_one_of(|id| self.requested.contains_key(&id)).await?;
            self.take(id, received.reply, exchange)?;
            while let Some(data) = self.early.remove(&self.done) {
                self.done += data.len() as u64;
                if self.done > largest {
                    return Err(too_large(exchange.shown(self.path), self.done, largest));
                }
                if out.send(data).await.is_err() {
                    // The receiver has failed and reports the cause.
                    let place = exchange.shown(self.path);
                    return Err(SftpProblem::new(SftpProblemKind::Local, place, "the bytes are not taken", ""));
                }
                exchange.clock.moved(self.done);
                on_event(self.done, self.likely.max(self.done));
            }
        }
    }

    /// Fills the requests in flight. After it, none is in flight only if the whole file was passed on.
    fn request_more(&mut self, exchange: &mut Exchange) -> Result<(), SftpProblem> {
        while self.end.is_none() && self.next < self.likely && self.requested.len() + self.early.len() < IN_FLIGHT {
            let length = u32::try_from(self.likely - self.next).unwrap_or(u32::MAX).min(self.chunk);
            self.request(exchange, self.next, length)?;
        }
        if self.requested.is_empty() && self.end.is_none_or(|end| self.done < end) {
            self.request(exchange, self.done, self.chunk)?;
        }
        Ok(())
    }

    fn request(&mut self, exchange: &mut Exchange, offset: u64, length: u32) -> Result<(), SftpProblem> {
        self.requested.insert(exchange.send(Request::read(self.handle, offset, length))?, (offset, length));
        self.next = self.next.max(offset + u64::from(length));
        Ok(())
    }

    /// Takes the reply to a request: a chunk, which may be short or empty, or the end of the file.
    fn take(&mut self, id: u32, reply: Reply, exchange: &mut Exchange) -> Result<(), SftpProblem> {
        let Some((offset, length)) = self.requested.remove(&id) else { return Ok(()) };
        let data = match reply {
            Reply::Data(data) if data.len() <= length as usize => data,
            Reply::StatusReply(StatusReply { code: StatusReply::END_OF_FILE, .. }) => {
                self.end = Some(self.end.map_or(offset, |end| end.min(offset)));
                // Requests beyond the end get no data.
                self.requested.retain(|_, (other, _)| *other < offset);
                return Ok(());
            }
            other => return Err(exchange.refused(other, self.path)),
        };
        let got = u32::try_from(data.len()).unwrap_or(length);
        self.empty = if got == 0 { self.empty + 1 } else { 0 };
        if self.empty > IN_FLIGHT {
            return Err(wrong_size(exchange.shown(self.path), "the server goes on sending nothing"));
        }
        // A short chunk is not the end: the rest is requested again.
        let is_before_end = self.end.is_none_or(|end| offset + u64::from(got) < end);
        if got < length && is_before_end && offset < self.likely.max(1) {
            self.request(exchange, offset + u64::from(got), length - got)?;
        }
        if got > 0 {
            self.early.insert(offset, data);
        }
        Ok(())
    }
}

fn too_large(place: String, size: u64, largest: u64) -> SftpProblem {
    let message = format!("the file has {} bytes or more; {} are allowed", number_text(size), number_text(largest));
    let mend = "check the file; if it is right, set a larger SFTP_MAX_FILE_MB";
    SftpProblem::new(SftpProblemKind::TooLarge, place, message, mend)
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
