//! Asks the local helper, as `btcfake_core::api` has it. Addresses are relative to the page, and nothing is asked at all
//! of a server that does not mark the page as the helper's.

use btcfake_core::api::{ApiError, INSTANCE_HEADER};
use js_sys::{Array, JSON, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Blob, File, FilePropertyBag, ReadableStreamDefaultReader, RequestCache, RequestInit,
    Response,
};

use crate::client::said_by;
use crate::helper_answers::{Answer, FromAnswer};

/// What the helper puts into the page's head.
const MARK: &str = "head meta[name=btcfake-helper]";

/// Whether the page came from the helper.
pub(crate) fn is_marked() -> bool {
    leptos::prelude::document().query_selector(MARK).ok().flatten().is_some()
}

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The helper wants a token, or another one.
    TokenWanted,
    /// Another helper than the one that the request is meant for answered.
    OtherHelper,
    /// It refused, answered nonsense or did not answer: in plain words.
    Said(String),
}

/// Ends a request when it is dropped.
pub(crate) struct Stop(AbortController);

impl Stop {
    /// A hold on requests to come.
    pub(crate) fn new() -> Option<Stop> {
        AbortController::new().ok().map(Stop)
    }

    /// What requests listen to.
    pub(crate) fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A request that is not sent yet.
pub(crate) struct Question {
    /// The address, relative to the page.
    pub(crate) address: String,
    /// What is sent along; its type says what it is.
    pub(crate) body: Option<Blob>,
    /// Whether something is done rather than told.
    pub(crate) is_post: bool,
    /// The token, where the helper wants one.
    pub(crate) token: Option<String>,
    /// Which running helper it is meant for.
    pub(crate) instance: Option<String>,
    /// Ends the request.
    pub(crate) signal: Option<AbortSignal>,
}

impl Question {
    /// The answer as JSON.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn json<T: FromAnswer>(self) -> Result<T, Fault> {
        read_answer(&self.bytes().await?)
    }

    /// The answer as a file like those that people pick.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn file(self, name: &str) -> Result<File, Fault> {
        let response = self.send().await?;
        let blob = JsFuture::from(response.blob().map_err(broken)?).await.map_err(broken)?;
        file_of(blob, name)
    }

    /// The lines of a stream, as they come.
    ///
    /// # Errors
    /// Why there are none, or no more.
    pub(crate) async fn stream<E: FromAnswer>(self, mut on_event: impl FnMut(E)) -> Result<(), Fault> {
        self.lines(&mut |line| read_answer(line).map(&mut on_event)).await
    }

    async fn lines(self, on_line: &mut dyn FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
        let response = self.send().await?;
        let Some(body) = response.body() else { return Ok(()) };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut lines = Lines::default();
        loop {
            let read = JsFuture::from(reader.read()).await.map_err(broken)?;
            let value = Reflect::get(&read, &"value".into()).map_err(broken)?;
            match value.dyn_ref::<Uint8Array>() {
                Some(bytes) => lines.take(&bytes.to_vec(), on_line)?,
                None => return lines.finish(on_line),
            }
        }
    }

    async fn bytes(self) -> Result<Vec<u8>, Fault> {
        read(&self.send().await?).await
    }

    async fn send(self) -> Result<Response, Fault> {
        let response = JsFuture::from(self.fetch().map_err(broken)?).await.map_err(broken)?;
        let response: Response = response.dyn_into().map_err(broken)?;
        if response.ok() {
            return Ok(response);
        }
        match response.status() {
            401 => return Err(Fault::TokenWanted),
            412 => return Err(Fault::OtherHelper),
            _ => {}
        }
        let said = read_answer::<ApiError>(&read(&response).await?).map(|error| error.error);
        Err(Fault::Said(said.unwrap_or_else(|_| format!("the helper answered with status {}", response.status()))))
    }

    fn fetch(&self) -> Result<js_sys::Promise, JsValue> {
        let how = RequestInit::new();
        how.set_cache(RequestCache::NoStore);
        how.set_method(if self.is_post { "POST" } else { "GET" });
        how.set_signal(self.signal.as_ref());
        let headers = Array::new();
        let set = |name: &str, value: &str| headers.push(&Array::of2(&name.into(), &value.into()));
        match &self.body {
            Some(body) => how.set_body(body),
            // The helper wants it of everything that is posted: a page of another origin cannot say it unasked.
            None if self.is_post => {
                set("content-type", "application/json");
            }
            None => {}
        }
        if let Some(token) = &self.token {
            set("authorization", &format!("Bearer {token}"));
        }
        if let Some(instance) = &self.instance {
            set(INSTANCE_HEADER, instance);
        }
        how.set_headers(&headers);
        Ok(leptos::prelude::window().fetch_with_str_and_init(&self.address, &how))
    }
}

/// A file of text or of other content.
///
/// # Errors
/// What the browser says, if it holds no more.
pub(crate) fn file_of(content: JsValue, name: &str) -> Result<File, Fault> {
    let options = FilePropertyBag::new();
    options.set_type(if name.ends_with(".csv") { "text/csv" } else { "application/jsonl" });
    File::new_with_blob_sequence_and_options(&Array::of1(&content), name, &options)
        .map_err(|error| Fault::Said(format!("the browser cannot hold the file: {}", said_by(&error))))
}

async fn read(response: &Response) -> Result<Vec<u8>, Fault> {
    let buffer = JsFuture::from(response.array_buffer().map_err(broken)?).await.map_err(broken)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn broken(error: JsValue) -> Fault {
    Fault::Said(format!("the helper cannot be reached; is it still running? The browser says: {}", said_by(&error)))
}

fn read_answer<T: FromAnswer>(json: &[u8]) -> Result<T, Fault> {
    parse(json).and_then(|answer| T::from_answer(&answer)).ok_or_else(not_understood)
}

fn parse(json: &[u8]) -> Option<Answer> {
    JSON::parse(std::str::from_utf8(json).ok()?).ok().map(Answer)
}

fn not_understood() -> Fault {
    Fault::Said("the helper answered what this page does not understand; reload the page".to_owned())
}

/// Lines that come in pieces. What was searched for an end of line is not searched again: a line may be long.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
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
    fn lines_are_whole_however_they_come() {
        for pieces in [&["ab\ncd\n\ne"] as &[&str], &["a", "b\nc", "d\n", "\ne"], &["ab", "\n", "cd\n\n", "", "e"]] {
            let (mut lines, mut seen) = (Lines::default(), Vec::new());
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
