//! Connection that breaks or falls silent after a number of bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Socket with faults.
pub(super) struct FaultyStream {
    socket: TcpStream,
    moved: u64,
    cut_after: Option<u64>,
    silent_after: Option<u64>,
}

impl FaultyStream {
    /// Creates a socket that breaks or falls silent once a number of bytes, of both directions together, has passed.
    pub(super) fn new(socket: TcpStream, cut_after: Option<u64>, silent_after: Option<u64>) -> FaultyStream {
        FaultyStream { socket, moved: 0, cut_after, silent_after }
    }

    fn is_cut(&self) -> bool {
        self.cut_after.is_some_and(|limit| self.moved >= limit)
    }

    fn is_silent(&self) -> bool {
        self.silent_after.is_some_and(|limit| self.moved >= limit)
    }

    fn left(&self) -> usize {
        let left = |limit: Option<u64>| limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.moved).max(1));
        usize::try_from(left(self.cut_after).min(left(self.silent_after))).unwrap_or(usize::MAX)
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "cut on purpose")
}

impl AsyncRead for FaultyStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.is_cut() {
            return Poll::Ready(Err(cut()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buffer);
        self.moved += (buffer.filled().len() - before) as u64;
        read
    }
}

impl AsyncWrite for FaultyStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_cut() {
            return Poll::Ready(Err(cut()));
        }
        if self.is_silent() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let part = &bytes[..bytes.len().min(self.left())];
        let written = Pin::new(&mut self.socket).poll_write(cx, part);
        if let Poll::Ready(Ok(count)) = written {
            self.moved += count as u64;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
