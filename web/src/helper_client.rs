//! Requests to the local helper, with the types of `btcfake_core::api`. Addresses are relative to the page. Without the
//! helper's mark in the page, no request is sent.

use btcfake_core::api::{ApiError, INSTANCE_HEADER};
use gloo_net::http::{Method, Request, RequestBuilder, Response};
use js_sys::{Array, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Blob, File, FilePropertyBag, ReadableStreamDefaultReader, RequestCache};

use crate::browser_error::error_text;

/// Selects the element that the helper adds to the page's head.
const MARK: &str = "head meta[name=btcfake-helper]";

/// Whether the page came from the helper.
pub(crate) fn has_helper() -> bool {
    leptos::prelude::document().query_selector(MARK).ok().flatten().is_some()
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HelperFault {
    /// The helper requires a token, or refuses the one that was sent.
    TokenWanted,
    /// A helper other than the intended one answered.
    OtherHelper,
    /// It does not answer.
    Unreachable,
    /// The helper refused, or its answer cannot be read; why, in plain words.
    Message(String),
}

/// Aborts its requests when it is dropped.
pub(crate) struct RequestGuard(AbortController);

impl RequestGuard {
    /// A guard for requests to come; `None` if the browser makes no abort signal.
    pub(crate) fn new() -> Option<RequestGuard> {
        AbortController::new().ok().map(RequestGuard)
    }

    /// The signal to pass to a request.
    pub(crate) fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A request that is not sent yet.
pub(crate) struct HelperRequest {
    /// The address, relative to the page.
    pub(crate) address: String,
    /// The body, whose type becomes the content type.
    pub(crate) body: Option<Blob>,
    /// POST if true, else GET.
    pub(crate) is_post: bool,
    /// The token, if the helper requires one.
    pub(crate) token: Option<String>,
    /// The instance of the helper that the request is meant for.
    pub(crate) instance: Option<String>,
    /// Aborts the request.
    pub(crate) signal: Option<AbortSignal>,
}

impl HelperRequest {
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T, HelperFault> {
        read_answer(&self.bytes().await?)
    }

    /// The answer as a file like those that people pick.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn file(self, name: &str) -> Result<File, HelperFault> {
        let response: web_sys::Response = self.send().await?.into();
        let blob = JsFuture::from(response.blob().map_err(unreachable)?).await.map_err(unreachable)?;
        file_of(blob, name)
    }

    /// The lines of a stream, as they come.
    ///
    /// # Errors
    /// Why there are none, or no more.
    pub(crate) async fn stream<E: DeserializeOwned>(self, mut on_event: impl FnMut(E)) -> Result<(), HelperFault> {
        self.lines(&mut |line| read_answer(line).map(&mut on_event)).await
    }

    async fn lines(self, on_line: &mut dyn FnMut(&[u8]) -> Result<(), HelperFault>) -> Result<(), HelperFault> {
        let response = self.send().await?;
        let Some(mut body) = AnswerBody::of(&response) else { return Ok(()) };
        let mut lines = LineBuffer::default();
        while let Some(piece) = body.next_piece().await.map_err(unreachable)? {
            lines.take(&piece, on_line)?;
        }
        lines.finish(on_line)
    }

    async fn bytes(self) -> Result<Vec<u8>, HelperFault> {
        self.send().await?.binary().await.map_err(unreachable)
    }

    async fn send(self) -> Result<Response, HelperFault> {
        let response = self.request().map_err(unreachable)?.send().await.map_err(unreachable)?;
        match response.status() {
            _ if response.ok() => Ok(response),
            401 => Err(HelperFault::TokenWanted),
            412 => Err(HelperFault::OtherHelper),
            status => {
                let message = read_answer::<ApiError>(&response.binary().await.map_err(unreachable)?);
                let unexplained = |_| format!("the helper answered with status {status}");
                Err(HelperFault::Message(message.map(|refusal| refusal.error).unwrap_or_else(unexplained)))
            }
        }
    }

    fn request(&self) -> Result<Request, gloo_net::Error> {
        let method = if self.is_post { Method::POST } else { Method::GET };
        let mut request = RequestBuilder::new(&self.address)
            .method(method)
            .cache(RequestCache::NoStore)
            .abort_signal(self.signal.as_ref());
        if let Some(token) = &self.token {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        if let Some(instance) = &self.instance {
            request = request.header(INSTANCE_HEADER, instance);
        }
        match &self.body {
            Some(body) => request.body(body.clone()),
            // The helper requires it of every POST: a page of another origin cannot send this type without its consent.
            None if self.is_post => request.header("content-type", "application/json").build(),
            None => request.build(),
        }
    }
}

/// The body of an answer, as it comes.
pub(crate) struct AnswerBody(ReadableStreamDefaultReader);

impl AnswerBody {
    /// The body; `None` for an answer without one.
    pub(crate) fn of(response: &Response) -> Option<AnswerBody> {
        response.body().map(|body| AnswerBody(body.get_reader().unchecked_into()))
    }

    /// The bytes that come next; `None` at the end.
    ///
    /// # Errors
    /// The browser's error when the connection is cut off.
    pub(crate) async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, JsValue> {
        let read = JsFuture::from(self.0.read()).await?;
        Ok(Reflect::get(&read, &"value".into())?.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }
}

/// A file of text or of other content.
///
/// # Errors
/// The browser's message, if it cannot hold more.
pub(crate) fn file_of(content: JsValue, name: &str) -> Result<File, HelperFault> {
    let options = FilePropertyBag::new();
    options.set_type(if name.ends_with(".csv") { "text/csv" } else { "application/jsonl" });
    File::new_with_blob_sequence_and_options(&Array::of1(&content), name, &options)
        .map_err(|error| HelperFault::Message(format!("the browser cannot hold the file: {}", error_text(&error))))
}

fn unreachable<E>(_: E) -> HelperFault {
    HelperFault::Unreachable
}

fn read_answer<T: DeserializeOwned>(json: &[u8]) -> Result<T, HelperFault> {
    let not_understood = |_| "this page does not understand the answer of the helper; reload the page".to_owned();
    serde_json::from_slice(json).map_err(not_understood).map_err(HelperFault::Message)
}

/// Lines that come in pieces. What was searched for an end of line is not searched again: a line may be long.
#[derive(Default)]
struct LineBuffer(Vec<u8>);

impl LineBuffer {
    fn take<F>(&mut self, piece: &[u8], on_line: &mut dyn FnMut(&[u8]) -> Result<(), F>) -> Result<(), F> {
        let mut parts = piece.split(|byte| *byte == b'\n');
        self.0.extend_from_slice(parts.next().unwrap_or_default());
        for part in parts {
            self.finish(on_line)?;
            self.0.extend_from_slice(part);
        }
        Ok(())
    }

    fn finish<F>(&mut self, on_line: &mut dyn FnMut(&[u8]) -> Result<(), F>) -> Result<(), F> {
        let line = std::mem::take(&mut self.0);
        if line.is_empty() { Ok(()) } else { on_line(&line) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_however_they_are_split() {
        for pieces in [&["ab\ncd\n\ne"] as &[&str], &["a", "b\nc", "d\n", "\ne"], &["ab", "\n", "cd\n\n", "", "e"]] {
            let (mut lines, mut seen) = (LineBuffer::default(), Vec::new());
            let mut see = |line: &[u8]| -> Result<(), ()> {
                seen.push(String::from_utf8_lossy(line).into_owned());
                Ok(())
            };
            let taken = pieces.iter().try_for_each(|piece| lines.take(piece.as_bytes(), &mut see));
            assert_eq!(taken.and_then(|()| lines.finish(&mut see)), Ok(()));
            assert_eq!(seen, ["ab", "cd", "e"], "{pieces:?}");
        }
    }
}
