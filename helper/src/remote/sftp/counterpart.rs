//! Detection of what answers on a port before SSH begins: an SSH server, or another service, recognised by its first
//! bytes.
//!
//! An SSH server sends its version (`SSH-2.0-...`) at once; lines of text may come before it (RFC 4253, section 4.2).
//! Other services send a greeting of their own, answer the client's version with an error, or send nothing.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::text::clean;

/// Maximum number of bytes kept from before the SSH version.
const MOST_BYTES: usize = 8 * 1024;

/// Longest silence after text without an SSH version.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Bytes that a server sent before SSH began.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening(Arc<Mutex<Sent>>);

#[derive(Debug, Default)]
struct Sent {
    bytes: Vec<u8>,
    last: Option<Instant>,
    is_ssh: bool,
}

/// Verdict on a server's first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counterpart {
    /// Version of an SSH server.
    Ssh,
    /// Nothing yet, or text that an SSH version may follow.
    Open,
    /// Another service, with its name.
    Other(&'static str),
}

impl Opening {
    /// True once the server has sent an SSH version.
    pub(super) fn is_ssh(&self) -> bool {
        self.sent(|sent| sent.is_ssh)
    }

    /// Name of the other service that answers; `None` if the bytes do not reveal it.
    pub(super) fn other(&self) -> Option<&'static str> {
        self.sent(|sent| match verdict(&sent.bytes) {
            Counterpart::Other(name) => Some(name),
            Counterpart::Ssh | Counterpart::Open => None,
        })
    }

    /// Text sent so far, for display: one line, non-text bytes as `\x15`; empty if nothing came.
    pub(super) fn text(&self) -> String {
        self.sent(|sent| shown(&sent.bytes))
    }

    /// Waits until the server has sent text and then nothing for `LONGEST_PAUSE`.
    pub(super) async fn falls_silent(&self) {
        loop {
            let is_silent =
                self.sent(|sent| !sent.is_ssh && sent.last.is_some_and(|last| last.elapsed() > LONGEST_PAUSE));
            if is_silent {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn sent<T>(&self, look: impl FnOnce(&mut Sent) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records bytes. Returns false once they reveal another service.
    fn take(&self, bytes: &[u8]) -> bool {
        self.sent(|sent| {
            if sent.is_ssh || bytes.is_empty() {
                return true;
            }
            let room = MOST_BYTES.saturating_sub(sent.bytes.len());
            sent.bytes.extend(bytes.iter().take(room));
            sent.last = Some(Instant::now());
            let verdict = verdict(&sent.bytes);
            sent.is_ssh = verdict == Counterpart::Ssh;
            !matches!(verdict, Counterpart::Other(_))
        })
    }
}

/// Bytes as one line of text, for display.
pub(super) fn shown(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.extend(chunk.valid().chars().map(|c| match c {
            '\r' | '\n' | '\t' => " ".to_owned(),
            c if c.is_control() => format!("\\x{:02x}", u32::from(c)),
            c => c.to_string(),
        }));
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    clean(&text)
}

/// Verdict on a server's first bytes.
fn verdict(bytes: &[u8]) -> Counterpart {
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(verdict) = of_line(rest) {
            return verdict;
        }
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => rest = &rest[end + 1..],
            None => break,
        }
    }
    Counterpart::Open
}

/// Verdict on bytes that begin with a line; `None` if they are text that decides nothing.
fn of_line(bytes: &[u8]) -> Option<Counterpart> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_whole = line.len() < bytes.len();
    let begins = |text: &str| line.len() >= text.len() && line[..text.len()].eq_ignore_ascii_case(text.as_bytes());
    let other = |name| Some(Counterpart::Other(name));
    if line.starts_with(b"SSH-") {
        return match line {
            line if line.starts_with(b"SSH-2.0-") || line.starts_with(b"SSH-1.99-") => Some(Counterpart::Ssh),
            line if line.starts_with(b"SSH-1.") && (is_whole || line.len() > 9) => other("a server of SSH version 1"),
            _ if is_whole => other("a server of an unknown version of SSH"),
            _ => None,
        };
    }
    if matches!(bytes, [0x15 | 0x16, 3, ..]) {
        return other("a TLS server, such as HTTPS or FTPS");
    }
    if begins("HTTP/") || begins("<!DOCTYPE") || begins("<html") || begins("<head") {
        return other("an HTTP server");
    }
    if begins("+OK") {
        return other("a POP3 server");
    }
    if begins("* OK") || begins("* BYE") || begins("* PREAUTH") {
        return other("an IMAP server");
    }
    if let [a, b, c, b' ' | b'-', ..] = line
        && [a, b, c].into_iter().all(u8::is_ascii_digit)
        && (is_whole || line.len() > 500)
    {
        let is_smtp = line.windows(4).any(|word| word.eq_ignore_ascii_case(b"SMTP"));
        return other(if is_smtp { "an SMTP server" } else { "an FTP server" });
    }
    if bytes.first() == Some(&0xff) {
        return other("a Telnet server");
    }
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r' | 0x1b) || !byte.is_ascii_control();
    if !line.iter().all(is_text) {
        return other("a service that is no SSH server");
    }
    None
}

/// Stream whose first bytes are inspected. Reading fails once they reveal another service.
#[derive(Debug)]
pub(super) struct Watched<S> {
    stream: S,
    opening: Opening,
}

impl<S> Watched<S> {
    /// Wraps a stream; `opening` receives its first bytes.
    pub(super) fn new(stream: S, opening: Opening) -> Watched<S> {
        Watched { stream, opening }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if matches!(read, Poll::Ready(Ok(()))) && !self.opening.take(&buffer.filled()[before..]) {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "no SSH server")));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_by_its_first_bytes() {
        for (bytes, expected) in [
            (&b"SSH-2.0-OpenSSH_9.9\r\n"[..], Counterpart::Ssh),
            (b"SSH-1.99-Cisco-1.25\n", Counterpart::Ssh),
            (b"Authorised users only\r\n\r\nSSH-2.0-x\r\n", Counterpart::Ssh),
            (b"", Counterpart::Open),
            (b"SSH-", Counterpart::Open),
            (b"SSH-1.", Counterpart::Open),
            (b"login: ", Counterpart::Open),
            (b"Exceeded MaxStartups\r\n", Counterpart::Open),
            (b"22", Counterpart::Open),
            (b"SSH-1.5-OpenSSH_1.2.3\n", Counterpart::Other("a server of SSH version 1")),
            (b"SSH-3.0-x\n", Counterpart::Other("a server of an unknown version of SSH")),
            (b"220 FTP ready\r\n", Counterpart::Other("an FTP server")),
            (b"220-Welcome\r\n220 here\r\n", Counterpart::Other("an FTP server")),
            (b"421 Too many connections\r\n", Counterpart::Other("an FTP server")),
            (b"220 mail.example.com ESMTP Postfix\r\n", Counterpart::Other("an SMTP server")),
            (b"HTTP/1.1 400 Bad Request\r\n", Counterpart::Other("an HTTP server")),
            (b"<!doctype html>", Counterpart::Other("an HTTP server")),
            (b"<html>\r\n<head>", Counterpart::Other("an HTTP server")),
            (&[0x15, 3, 3, 0, 2, 2, 10], Counterpart::Other("a TLS server, such as HTTPS or FTPS")),
            (b"+OK POP3 ready\r\n", Counterpart::Other("a POP3 server")),
            (b"* OK IMAP4rev1\r\n", Counterpart::Other("an IMAP server")),
            (&[0xff, 0xfd, 0x18], Counterpart::Other("a Telnet server")),
            (b"J\0\0\0\x0a8.0.36\0", Counterpart::Other("a service that is no SSH server")),
        ] {
            assert_eq!(verdict(bytes), expected, "{}", shown(bytes));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_numbers() {
        assert_eq!(shown(b"a\r\nb\x1b[2J\xff\0"), "a  b\\x1b[2J\\xff\\x00");
    }
}
