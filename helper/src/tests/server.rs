//! HTTP server on loopback whose misbehaviour a test defines.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Reaction to a request.
pub(crate) enum TestReply {
    /// Complete answer: status, further header lines (each with its `\r
    /// `), body.
    Whole(u16, &'static str, String),
    /// Complete answer with status 200, after a future has completed.
    After(BoxFuture<'static, ()>, String),
    /// Raw text, then the connection is closed.
    Raw(String),
    /// Raw bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// No answer, ever.
    Hang,
    /// Head with a status, the beginning of a body, then a byte every 20 ms.
    Drip(u16, &'static str),
}

/// Running server, which ends with the test's runtime.
pub(crate) struct TestServer {
    pub(crate) port: u16,
    /// Requests received: head and body.
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl TestServer {
    /// Starts a server. The handler gets the request's number, from 0, and its text.
    pub(crate) async fn start(handler: impl Fn(usize, &str) -> TestReply + Send + Sync + 'static) -> TestServer {
        TestServer::start_with(None, handler).await
    }

    /// Starts a server, with TLS if `tls` is set.
    pub(crate) async fn start_with(
        tls: Option<TlsAcceptor>,
        handler: impl Fn(usize, &str) -> TestReply + Send + Sync + 'static,
    ) -> TestServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (kept, handler) = (Arc::clone(&requests), Arc::new(handler));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (tls, kept, handler) = (tls.clone(), Arc::clone(&kept), Arc::clone(&handler));
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                talk(stream, &kept, &*handler).await;
                            }
                        }
                        None => talk(stream, &kept, &*handler).await,
                    }
                });
            }
        });
        TestServer { port, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

/// Self-signed certificate for loopback; its PEM is written to `ca_file`.
pub(crate) fn unknown_certificate(ca_file: &Path) -> TlsAcceptor {
    let pair = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(ca_file, pair.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(pair.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![pair.cert.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Employee id in a request.
pub(crate) fn employee_of(request: &str) -> u64 {
    let body: serde_json::Value = serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    body["data"]["ba_id"].as_u64().unwrap()
}

async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    kept: &Mutex<Vec<String>>,
    handler: &(dyn Fn(usize, &str) -> TestReply + Send + Sync),
) {
    while let Some(request) = read_request(&mut stream).await {
        let number = {
            let mut kept = kept.lock().unwrap();
            kept.push(request.clone());
            kept.len() - 1
        };
        match handler(number, &request) {
            TestReply::Whole(status, headers, body) => {
                if stream.write_all(whole(status, headers, &body).as_bytes()).await.is_err() {
                    return;
                }
            }
            TestReply::After(other, body) => {
                other.await;
                if stream.write_all(whole(200, "", &body).as_bytes()).await.is_err() {
                    return;
                }
            }
            TestReply::Raw(text) => return send_and_close(stream, text.as_bytes()).await,
            TestReply::Bytes(bytes) => return send_and_close(stream, &bytes).await,
            TestReply::Hang => std::future::pending().await,
            TestReply::Drip(status, beginning) => {
                let head = format!("HTTP/1.1 {status} x\r\ncontent-length: 1000000\r\n\r\n{beginning}");
                let _ = stream.write_all(head.as_bytes()).await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                return;
            }
        }
    }
}

async fn send_and_close(mut stream: impl AsyncWrite + Unpin, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
}

fn whole(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} x\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .to_lowercase()
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.lines().next().unwrap_or_default().trim().parse().unwrap_or(0));
            if body.len() >= length {
                return Some(text);
            }
        }
        let mut piece = [0; 65_536];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}
