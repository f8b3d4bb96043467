//! Answers that come line by line, while the work goes on: one JSON object a line.
//!
//! The work is a task of its own. When the client goes away or the server ends, its token is fired; it then comes to an
//! end in its own way (a statement is cancelled, a half file taken away), and the program waits for that.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::api::Api;
use crate::terminal::failure::Failure;

/// The content type of a stream.
pub(crate) const CONTENT_TYPE: &str = "application/x-ndjson";

/// After so much silence the last line is sent again: a client that is gone is noticed, and nobody on the way gives up.
const LONGEST_SILENCE: Duration = Duration::from_secs(10);

/// How long the last line waits for a client that reads nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where progress goes.
pub(super) struct Events<E> {
    sender: mpsc::Sender<Bytes>,
    told: Option<Instant>,
    event: PhantomData<fn(E)>,
}

impl<E: Serialize> Events<E> {
    /// Tells how far it is, unless that was done a moment ago or the client is slow. A `milestone` does not come too soon.
    pub(super) fn progress(&mut self, event: &E, milestone: bool) {
        const PAUSE: Duration = Duration::from_millis(50);
        if milestone || self.told.is_none_or(|told| told.elapsed() >= PAUSE) {
            // A line that finds no room is followed by others.
            let _ = self.sender.try_send(line(event));
            self.told = Some(Instant::now());
        }
    }
}

/// Begins the work and answers with what it tells; its result is the last line.
pub(super) fn stream<E, W>(
    api: &Arc<Api>,
    permit: Option<OwnedSemaphorePermit>,
    work: impl FnOnce(Events<E>, CancellationToken) -> W,
) -> Response
where
    E: Serialize + Send + 'static,
    W: Future<Output = E> + Send + 'static,
{
    const WAITING_LINES: usize = 64;
    let (sender, receiver) = mpsc::channel(WAITING_LINES);
    let cancel = api.stop.child_token();
    let work = work(Events { sender: sender.clone(), told: None, event: PhantomData }, cancel.clone());
    let running = api.running();
    tokio::spawn(async move {
        let last = work.await;
        drop(permit);
        // A client that is gone or reads nothing needs no last line.
        let _ = timeout(PATIENCE, sender.send(line(&last))).await;
        drop(running);
    });
    let lines = Lines { receiver, last: None, _cancel: cancel.drop_guard() };
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], Body::from_stream(stream::unfold(lines, next_line))).into_response()
}

/// Whether work should stop, as the SFTP client asks.
pub(super) fn stop_of(cancel: &CancellationToken) -> impl Fn() -> Result<(), Failure> + Send + Sync + use<> {
    let cancel = cancel.clone();
    move || if cancel.is_cancelled() { Err(Failure::Interrupted) } else { Ok(()) }
}

/// The lines that wait for the client. When it goes away this is dropped, and with it the work cancelled.
struct Lines {
    receiver: mpsc::Receiver<Bytes>,
    last: Option<Bytes>,
    _cancel: tokio_util::sync::DropGuard,
}

async fn next_line(mut lines: Lines) -> Option<(Result<Bytes, Infallible>, Lines)> {
    loop {
        let line = match timeout(LONGEST_SILENCE, lines.receiver.recv()).await {
            Ok(line) => line?,
            Err(_) => match &lines.last {
                Some(last) => last.clone(),
                None => continue,
            },
        };
        lines.last = Some(line.clone());
        return Some((Ok(line), lines));
    }
}

fn line(event: &impl Serialize) -> Bytes {
    let mut line = serde_json::to_vec(event).unwrap_or_default();
    line.push(b'\n');
    line.into()
}
