//! `btcfake serve` on loopback, with handwritten requests.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use btcfake_tests::command_line::{Folder, HANGS_AFTER, end_by};

/// A server process, killed at the end of the test.
struct Server {
    child: Option<Child>,
    address: SocketAddr,
    _folder: Folder,
}

impl Server {
    fn start() -> Server {
        let folder = Folder::new();
        let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
        // Outbound server: a port without a server.
        command.envs([
            ("SFTP_OUTBOUND_HOST", "127.0.0.1:9"),
            ("SFTP_OUTBOUND_USER", "tester"),
            ("SFTP_OUTBOUND_PASSWORD", "secret"),
            ("SFTP_OUTBOUND_REMOTE_PATH", "/inbound"),
        ]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("BTC Fake is at http://").and_then(|rest| rest.split_whitespace().next());
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}")).parse().unwrap();
        Server { child: Some(child), address, _folder: folder }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(HANGS_AFTER)).unwrap();
        stream
    }

    /// Sends a request; returns head and body of the answer.
    fn ask(&self, request_line: &str, host: &str) -> (String, String) {
        let mut stream = self.connect();
        write!(stream, "{request_line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }

    /// Ends the server by a signal.
    fn end(mut self, signal: &str) {
        end_by(self.child.take().unwrap(), signal);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn the_page_is_served_and_nothing_else() {
    let server = Server::start();
    let host = server.address.to_string();
    assert!(server.address.ip().is_loopback());
    for (request, status) in [
        ("GET /", "200"),
        ("GET /index.html", "200"),
        ("HEAD /", "200"),
        ("GET /?a=b", "200"),
        ("GET /nothing", "404"),
        ("GET /../Cargo.toml", "404"),
        ("GET /%2e%2e/Cargo.toml", "404"),
        ("GET /etc/passwd", "404"),
        ("GET //", "200"),
        ("POST /", "405"),
    ] {
        let (head, body) = server.ask(request, &host);
        let found = head.split_whitespace().nth(1).unwrap();
        assert_eq!(found, status, "{request}: {head}");
        assert!(head.contains("x-content-type-options: nosniff"), "{request}: {head}");
        assert!(status != "405" || head.contains("allow: get") && body.contains("takes GET, HEAD"), "{head}{body}");
        if request == "GET /" {
            assert!(head.contains("content-type: text/html") && head.contains("content-security-policy:"), "{head}");
            assert!(body.contains("<html") && body.contains("BTC Fake"), "{body}");
        }
    }
}

#[test]
fn requests_under_another_name_are_refused() {
    let server = Server::start();
    let port = server.address.port();
    for (host, status) in [
        (format!("127.0.0.1:{port}"), "200"),
        (format!("localhost:{port}"), "200"),
        (format!("evil.example:{port}"), "421"),
        (format!("127.0.0.1.evil.example:{port}"), "421"),
        (String::new(), "421"),
    ] {
        let (head, _) = server.ask("GET /", &host);
        assert_eq!(head.split_whitespace().nth(1), Some(status), "{host}: {head}");
    }
}

#[test]
fn it_ends_when_asked() {
    for signal in ["TERM", "INT"] {
        let server = Server::start();
        let _ = server.ask("GET /", &server.address.to_string());
        server.end(signal);
    }
}

/// Browsers keep connections open, and requests may be incomplete: the server waits half a minute for the rest of a head, and
/// a quarter of an hour for the rest of a ZIP. None of this delays its end.
#[test]
fn open_connections_do_not_delay_its_end() {
    let server = Server::start();
    let host = server.address;
    let silent = server.connect();
    let mut half = server.connect();
    write!(half, "GET / HTTP/1.1\r\nHost: {host}\r\nX-More").unwrap();
    let mut kept = server.connect();
    write!(kept, "GET /nothing HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    kept.read_exact(&mut [0]).unwrap();
    let mut endless = server.connect();
    write!(
        endless,
        "POST /api/publish HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/zip\r\nContent-Length: \
         1000000\r\nExpect: 100-continue\r\n\r\n"
    )
    .unwrap();
    let mut answer = [0; 12];
    endless.read_exact(&mut answer).unwrap();
    assert_eq!(answer, *b"HTTP/1.1 100", "it wants the body: {}", String::from_utf8_lossy(&answer));
    let dripping = std::thread::spawn(move || {
        while endless.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    server.end("TERM");
    dripping.join().unwrap();
    drop((silent, half, kept));
}

#[test]
fn an_address_in_use_is_reported() {
    let server = Server::start();
    let port = server.address.port();
    for listen in [format!("127.0.0.1:{port}"), port.to_string(), format!("localhost:{port}"), format!(":{port}")] {
        let outcome = Folder::new().run(&["serve", "--listen", &listen]).exits(1);
        let printed = &outcome.stderr;
        assert!(printed.contains(&format!("cannot listen on {}", server.address)), "{listen}: {printed}");
        assert!(printed.contains("another program listens there"), "{listen}: {printed}");
    }
    for listen in ["here", "65536", "example.com:80"] {
        let outcome = Folder::new().run(&["serve", "--listen", listen]).exits(2);
        assert!(outcome.stderr.contains(" port"), "{listen}: {}", outcome.stderr);
    }
}
