//! Request bodies: content type, maximum length and time limit are checked.

use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use btcfake_core::text::json_error::json_words;
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::api::Api;
use super::refusal::Refusal;

/// Content type of requests with JSON, and of those without a body.
const JSON: &str = "application/json";

/// Content type of a request with a run's files.
pub(super) const ZIP: &str = "application/zip";

/// Maximum length, in bytes, of a body that is not needed. Large enough that JSON of a wrong type is reported as such.
const TINY: u64 = 64 << 10;

/// The body of a request that needs none: an empty object. No body at all is accepted, too.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Body as a stream of pieces, with limits on its length and on pauses.
pub(super) struct Pieces<S> {
    stream: S,
    left: u64,
    limit: u64,
    silence: Duration,
}

/// Checks the content type of a request. Every POST must do this: no HTML form of another site can send these types.
///
/// # Errors
/// 415 for a missing or different content type.
pub(super) fn check_content_type(headers: &HeaderMap, expected: &str) -> Result<(), Refusal> {
    let found = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let without_parameters = found.split(';').next().unwrap_or_default().trim();
    if without_parameters.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let problem = format!("This request needs the content type {expected}.");
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem))
}

/// Body as pieces, with at most `limit` bytes in all and the API's time limit for a pause.
///
/// # Errors
/// 413 if the declared length exceeds `limit`.
pub(super) fn pieces(
    api: &Api,
    headers: &HeaderMap,
    body: Body,
    limit: u64,
) -> Result<Pieces<impl futures_util::Stream<Item = Result<Bytes, axum::Error>> + Unpin + use<>>, Refusal> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > limit) {
        return Err(too_long(limit));
    }
    Ok(Pieces { stream: body.into_data_stream(), left: limit, limit, silence: api.limits.silence })
}

impl<S: futures_util::Stream<Item = Result<Bytes, axum::Error>> + Unpin> Pieces<S> {
    /// Next piece; `None` at the end.
    ///
    /// # Errors
    /// A body that is too long (413), breaks off (400) or pauses for too long (408).
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        let piece = pin!(self.stream.next());
        let Ok(piece) = tokio::time::timeout(self.silence, piece).await else {
            let message = format!("No byte came for {} s; the request was ended.", self.silence.as_secs());
            return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, message));
        };
        let Some(piece) = piece else { return Ok(None) };
        let piece = piece.map_err(|_| Refusal::bad("The request broke off in the middle."))?;
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or_else(|| too_long(self.limit))?;
        Ok(Some(piece))
    }
}

/// Parses a JSON body of at most `limit` bytes.
///
/// # Errors
/// Another content type, a body that is too long or breaks off, or JSON that does not fit `T`.
pub(super) async fn json<T: DeserializeOwned>(api: &Api, request: Request, limit: u64) -> Result<T, Refusal> {
    check_content_type(request.headers(), JSON)?;
    parse(&whole(api, request, limit).await?)
}

/// Reads the body of a request that needs none: empty, or an empty object.
///
/// # Errors
/// Another content type, or any other body.
pub(super) async fn nothing(api: &Api, request: Request) -> Result<(), Refusal> {
    check_content_type(request.headers(), JSON)?;
    let bytes = whole(api, request, TINY).await?;
    if bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii().is_empty() {
        Ok(())
    } else {
        parse::<Nothing>(&bytes).map(drop)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    // Some programs start every text with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // serde would accept a list as the object's fields in order.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Refusal::bad("The request's JSON cannot be used: it is a list, and an object is wanted."));
    }
    serde_json::from_slice(bytes).map_err(|problem| {
        let (words, line, column) = (json_words(&problem), problem.line(), problem.column().max(1));
        Refusal::bad(format!("The request's JSON cannot be used: {words} (line {line}, column {column})."))
    })
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
        limit => format!("{} KiB", limit >> 10),
    };
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The request is longer than the {limit} that are allowed."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_refused_in_plain_words_and_may_begin_with_a_mark() {
        for (json, expected) in [
            ("{}", ""),
            ("\u{feff}{}", ""),
            ("5", "5 stands where an object belongs (line 1, column 1)"),
            ("", "nothing is in it (line 1, column 1)"),
            ("\u{feff}[]", "it is a list, and an object is wanted"),
        ] {
            let message =
                parse::<Nothing>(json.as_bytes()).map_or_else(|refusal| format!("{refusal:?}"), |_| String::new());
            assert!(message.contains(expected) && (message.is_empty() == expected.is_empty()), "{json}: {message}");
        }
    }
}
