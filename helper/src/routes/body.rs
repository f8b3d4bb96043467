//! The body of a request: never longer than allowed, and never waited for without end.

use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::{Api, Refusal};

/// How long a body may be of a request that needs none.
const TINY: u64 = 1 << 10;

/// A body, piece by piece.
pub(super) struct Pieces<S> {
    stream: S,
    left: u64,
    limit: u64,
    silence: Duration,
}

/// The pieces of a body of at most `limit` bytes, none of which is waited for longer than the API allows.
///
/// # Errors
/// A body that is told to be longer.
pub(super) fn pieces(
    api: &Api,
    headers: &HeaderMap,
    body: Body,
    limit: u64,
) -> Result<Pieces<impl futures_util::Stream<Item = Result<Bytes, axum::Error>> + Unpin + use<>>, Refusal> {
    let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > limit) {
        return Err(too_long(limit));
    }
    Ok(Pieces { stream: body.into_data_stream(), left: limit, limit, silence: api.limits.silence })
}

impl<S: futures_util::Stream<Item = Result<Bytes, axum::Error>> + Unpin> Pieces<S> {
    /// The next piece; nothing at the end.
    ///
    /// # Errors
    /// A body that is too long, breaks off or pauses for too long.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        let piece = pin!(self.stream.next());
        let Ok(piece) = tokio::time::timeout(self.silence, piece).await else {
            let said = format!("No byte came for {} s; the request was ended.", self.silence.as_secs());
            return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, said));
        };
        let Some(piece) = piece else { return Ok(None) };
        let piece = piece.map_err(|_| Refusal::bad("The request broke off in the middle."))?;
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or_else(|| too_long(self.limit))?;
        Ok(Some(piece))
    }
}

/// A JSON body of at most `limit` bytes.
///
/// # Errors
/// A body that is too long, breaks off, or is not what was asked for.
pub(super) async fn json<T: DeserializeOwned>(api: &Api, request: Request, limit: u64) -> Result<T, Refusal> {
    let bytes = whole(api, request, limit).await?;
    // A list would be taken for the object's fields in their order.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Refusal::bad("The request's JSON cannot be used: it is a list, and an object is wanted."));
    }
    serde_json::from_slice(&bytes).map_err(|said| Refusal::bad(format!("The request's JSON cannot be used: {said}.")))
}

/// Reads the body of a request that needs none.
///
/// # Errors
/// A body that is there all the same, and long.
pub(super) async fn nothing(api: &Api, request: Request) -> Result<(), Refusal> {
    whole(api, request, TINY).await.map(drop)
}

async fn whole(api: &Api, request: Request, limit: u64) -> Result<Vec<u8>, Refusal> {
    let (head, body) = request.into_parts();
    let mut pieces = pieces(api, &head.headers, body, limit)?;
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn too_long(limit: u64) -> Refusal {
    let limit = match limit {
        limit if limit >= 1 << 20 => format!("{} MiB", limit >> 20),
        limit => format!("{limit} bytes"),
    };
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The request is longer than the {limit} that are allowed."))
}
