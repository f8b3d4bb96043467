//! Accepting and serving connections, until the program is asked to end.
//!
//! Like `axum::serve`, with a time limit: a connection that does not complete a request's head in time, or is idle for
//! that long, is closed. Bodies and answers have limits elsewhere.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// Time limit for a request's head, from the end of the previous request or the start of the connection.
pub(crate) const LONGEST_HEAD: Duration = Duration::from_secs(30);

/// Serves requests until `end` completes; then accepts no more connections and waits for pending answers.
pub(crate) async fn serve_until(
    end: impl Future<Output = ()>,
    listener: TcpListener,
    app: Router,
    longest_head: Duration,
) {
    let mut connections = http1::Builder::new();
    connections.timer(TokioTimer::new()).header_read_timeout(longest_head);
    let under_way = GracefulShutdown::new();
    tokio::pin!(end);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let service = TowerToHyperService::new(app.clone());
                let connection = under_way.watch(connections.serve_connection(TokioIo::new(stream), service));
                // Errors of one connection are ignored: only its client is concerned.
                tokio::spawn(async { drop(connection.await) });
            }
            // The system has no resources for another connection; others will end.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    drop(listener);
    under_way.shutdown().await;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::{Notify, oneshot};

    use super::*;
    use crate::tests::waiting::in_time;

    const LIMIT: Duration = Duration::from_millis(300);

    /// Server, the sender that ends it, and a connection to it.
    async fn connected() -> (impl Future<Output = ()>, oneshot::Sender<()>, TcpStream) {
        connected_with(Arc::default()).await
    }

    /// As `connected`, with a notification when a slow answer begins.
    async fn connected_with(slow_began: Arc<Notify>) -> (impl Future<Output = ()>, oneshot::Sender<()>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let slow = async move || {
            slow_began.notify_one();
            tokio::time::sleep(LIMIT * 2).await;
            "slow answer"
        };
        let app = Router::new().route("/", get(|| async { "answer" })).route("/slow", get(slow));
        let server = tokio::spawn(serve_until(async { drop(ended.await) }, listener, app, LIMIT));
        (async { server.await.unwrap() }, end, TcpStream::connect(address).await.unwrap())
    }

    async fn read_to_end(stream: &mut TcpStream) -> String {
        let mut answer = Vec::new();
        let _ = in_time(stream.read_to_end(&mut answer)).await;
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn a_head_that_does_not_come_to_an_end_is_cut_off() {
        for head in ["", "GET / HTTP/1.1\r\nHost: local", "GET / HTTP/1.1\r\nHost: localhost\r\n"] {
            let (_server, _end, mut stream) = connected().await;
            stream.write_all(head.as_bytes()).await.unwrap();
            assert!(!read_to_end(&mut stream).await.contains("answer"), "{head}");
        }
    }

    #[tokio::test]
    async fn an_idle_connection_is_cut_off_after_its_answer() {
        let (_server, _end, mut stream) = connected().await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        assert!(read_to_end(&mut stream).await.ends_with("answer"));
    }

    #[tokio::test]
    async fn an_answer_under_way_comes_to_its_end() {
        let slow_began = Arc::<Notify>::default();
        let (server, end, mut stream) = connected_with(Arc::clone(&slow_began)).await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        in_time(slow_began.notified()).await;
        end.send(()).unwrap();
        assert!(read_to_end(&mut stream).await.ends_with("slow answer"));
        server.await;
    }
}
