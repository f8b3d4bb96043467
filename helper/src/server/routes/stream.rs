//! Streamed answers: one JSON object per line while the work goes on.
//!
//! The work is a task of its own. When the client disconnects or the server ends, the task's cancellation token is
//! cancelled. The task then cleans up (cancels a statement, removes a partial file), and the program waits for that.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use btcfake_core::text::note::Note;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::api::Api;
use crate::remote::sftp::TransferProgress;

/// Content type of a stream.
pub(crate) const CONTENT_TYPE: &str = "application/x-ndjson";

/// Interval after which the last line is repeated: it reveals a client that has gone, and keeps proxies from timing
/// out.
const LONGEST_SILENCE: Duration = Duration::from_secs(10);

/// Time limit for sending the last line to a client that does not read.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sender of progress lines.
pub(super) struct Events<E> {
    sender: mpsc::Sender<Bytes>,
    last_line: Option<Instant>,
    event: PhantomData<fn(E)>,
}

impl<E: Serialize> Events<E> {
    /// Sends a progress line. Dropped if the client is slow, or if the previous line is less than 50 ms old and this is
    /// no `milestone`.
    pub(super) fn progress(&mut self, event: &E, milestone: bool) {
        const PAUSE: Duration = Duration::from_millis(50);
        if milestone || self.last_line.is_none_or(|last_line| last_line.elapsed() >= PAUSE) {
            // A dropped line does no harm: others follow.
            let _ = self.sender.try_send(line(event));
            self.last_line = Some(Instant::now());
        }
    }
}

/// Starts the work and answers with its lines; its result is the last line.
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
    let work = work(Events { sender: sender.clone(), last_line: None, event: PhantomData }, cancel.clone());
    let running = api.running.token();
    tokio::spawn(async move {
        let last = work.await;
        drop(permit);
        // Fails if the client has gone or does not read: then no last line is needed.
        let _ = timeout(PATIENCE, sender.send(line(&last))).await;
        drop(running);
    });
    let lines = WaitingLines { receiver, last: None, _cancel: cancel.drop_guard() };
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], Body::from_stream(stream::unfold(lines, next_line))).into_response()
}

/// Listener of a transfer: sends its progress as lines, and notes each retry. `progress` makes the event from the file's
/// name, the bytes so far, and all bytes.
pub(super) fn transfer_listener<E: Serialize>(
    events: &mut Events<E>,
    notes: &mut Vec<Note>,
    progress: fn(String, u64, u64) -> E,
) -> impl FnMut(TransferProgress) {
    move |transfer| match transfer {
        TransferProgress::Bytes { name, done, total } => events.progress(&progress(name, done, total), done == total),
        TransferProgress::Retrying { problem, .. } => notes.push(Note::remark(format!("{problem}; tried again"))),
    }
}

/// Lines for the client. Dropped when the client disconnects, which cancels the work.
struct WaitingLines {
    receiver: mpsc::Receiver<Bytes>,
    last: Option<Bytes>,
    _cancel: tokio_util::sync::DropGuard,
}

async fn next_line(mut lines: WaitingLines) -> Option<(Result<Bytes, Infallible>, WaitingLines)> {
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
