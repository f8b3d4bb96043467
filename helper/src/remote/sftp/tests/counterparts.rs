//! Tests of services that answer in place of an SSH server, and of SSH servers without free connections.

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// Server that waits for some bytes, sends some, and then closes the connection or keeps it open.
async fn counterpart(waits: bool, sends: &'static [u8], closes: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut socket, _)) = listener.accept().await {
            if waits {
                let _ = socket.read(&mut [0; 100]).await;
            }
            let _ = socket.write_all(sends).await;
            if closes {
                // The sent bytes must arrive before unread input resets the connection.
                let _ = socket.shutdown().await;
                let _ = socket.read(&mut [0; 1_000]).await;
            } else {
                kept.push(socket);
            }
        }
    });
    port
}

#[tokio::test]
async fn a_wrong_counterpart_is_named_at_once() {
    for (waits, sends, closes, parts) in [
        (false, &b"220 ftp.example.com ready\r\n"[..], false, &["an FTP server", "220 ftp.example.com ready"][..]),
        (false, b"220 mail ESMTP\r\n", false, &["an SMTP server", "220 mail ESMTP"]),
        (false, b"SSH-1.5-OpenSSH_1.2.3\n", false, &["SSH version 1", "SSH-1.5-OpenSSH_1.2.3"]),
        (true, b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", true, &["an HTTP server", "400 Bad Request"]),
        (true, b"<html><head><title>400 The plain HTTP request", true, &["an HTTP server"]),
        (true, b"\x15\x03\x03\x00\x02\x02\x0a", true, &["a TLS server", "\\x15\\x03"]),
        (false, b"+OK ready\r\n", false, &["a POP3 server"]),
        (false, b"\xff\xfd\x18\xff\xfd\x20", false, &["a Telnet server"]),
        (false, b"J\0\0\0\x0a8.0.36\0", false, &["a service that is no SSH server", "8.0.36"]),
    ] {
        let settings =
            SftpSettings { host: loopback(counterpart(waits, sends, closes).await, ""), ..settings_of("/in") };
        let problem = in_time(client_of(&settings).list_catalogs()).await.unwrap_err();
        let text = problem.to_string();
        assert_eq!(problem.kind, SftpProblemKind::NoSsh, "{text}");
        assert!(parts.iter().all(|part| text.contains(part)), "{parts:?}: {text}");
        assert!(text.contains("check SFTP_INBOUND_HOST") && !text.contains("tried"), "{text}");
    }
}

#[tokio::test]
async fn text_or_silence_in_place_of_ssh_is_shown() {
    for (sends, part) in
        [(&b"login: "[..], "sends text and no version of SSH; it sent: login:"), (b"", "sends nothing")]
    {
        let settings =
            SftpSettings { host: loopback(counterpart(false, sends, false).await, ""), ..settings_of("/in") };
        let mut client = client_of(&settings);
        client.limits.connect = Duration::from_millis(500);
        let text = in_time(client.list_catalogs()).await.unwrap_err().to_string();
        assert!(text.contains(part) && !text.contains("tried"), "{text}");
    }
}

#[tokio::test]
async fn text_before_the_version_of_ssh_is_allowed() {
    let sandbox = sandbox(&[(CATALOG, 10), (CONTENT, 10)], SftpFaults::default()).await;
    let port = in_front_of(sandbox.settings.host.port, 0, b"Authorised users only\r\n").await;
    let settings =
        SftpSettings { host: SftpHost { port, ..sandbox.settings.host.clone() }, ..sandbox.settings.clone() };
    let mut client = client_of(&settings);
    in_time(client.download_most_recent(sandbox.here.path(), today())).await.unwrap();
    assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
}

/// Port that closes a number of connections with a text, and then forwards to another port.
async fn in_front_of(port: u16, closes: usize, text: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let front = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut connections = 0;
        while let Ok((mut socket, _)) = listener.accept().await {
            connections += 1;
            let is_closed = connections <= closes;
            tokio::spawn(async move {
                let _ = socket.write_all(text).await;
                if is_closed {
                    let _ = socket.shutdown().await;
                    let _ = socket.read(&mut [0; 1_000]).await;
                    return;
                }
                let mut behind = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = copy_bidirectional(&mut socket, &mut behind).await;
            });
        }
    });
    front
}

#[tokio::test]
async fn a_connection_closed_before_ssh_began_is_tried_again() {
    let sandbox = sandbox(&[(CATALOG, 10), (CONTENT, 10)], SftpFaults::default()).await;
    for (text, closes, is_let_in) in
        [(&b""[..], 2, true), (b"Exceeded MaxStartups\r\n", 2, true), (b"Exceeded MaxStartups\r\n", 3, false)]
    {
        let port = in_front_of(sandbox.settings.host.port, closes, text).await;
        let settings =
            SftpSettings { host: SftpHost { port, ..sandbox.settings.host.clone() }, ..sandbox.settings.clone() };
        let listed = in_time(client_of(&settings).list_catalogs()).await;
        assert_eq!(listed.is_ok(), is_let_in, "{listed:?}");
        if let Err(problem) = listed {
            let text = problem.to_string();
            assert!(text.contains("before it sent its version of SSH; it sent: Exceeded MaxStartups (tried 3 times)"));
        }
    }
}
