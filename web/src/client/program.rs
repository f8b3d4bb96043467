//! The programs that the page fetches after the first part of its own. Each is fetched and compiled once.
//!
//! The page's index.html names the files of these programs, each by a hash, so a page never gets one of another build.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::Request;
use js_sys::{Promise, Uint8Array, WebAssembly};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::RequestCache;

use crate::browser_error::error_text;
use crate::helper_client::AnswerBody;

thread_local! {
    static WORKER: Download = const { Download::new() };
    static LATER: Download = const { Download::new() };
}

/// A program that the page fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// The program of all workers.
    Worker,
    /// The later part of the page's own program, which the first view does not need.
    Later,
}

/// The state of a program's download.
struct Download {
    /// Resolves to the compiled program; `None` before the first request.
    asked: RefCell<Option<Promise>>,
    /// The cache mode of the next request.
    cache: Cell<RequestCache>,
    /// The time of the last bytes, in milliseconds of the browser's clock; 0 before any have come.
    last_progress: Cell<f64>,
}

/// The longest time without a byte of a program that is waited for, before that is reported.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);

impl Program {
    /// The program, compiled.
    ///
    /// # Errors
    /// In plain words: index.html does not name the program, its download failed, or it cannot be compiled. The next call
    /// fetches it again.
    pub(crate) async fn compiled(self) -> Result<JsValue, String> {
        let address = address_of(match self {
            Self::Worker => "worker-program",
            Self::Later => "later-program",
        })?;
        let promise = self.download(|download| {
            let ask = || future_to_promise(self.fetch_and_compile(address, download.cache.get()));
            download.asked.borrow_mut().get_or_insert_with(ask).clone()
        });
        JsFuture::from(promise).await.map_err(|error| {
            self.give_up();
            error_text(&error)
        })
    }

    /// Drops the request. The next call of [`Program::compiled`] fetches again, past the browser's cache, which may hold a
    /// damaged copy.
    pub(crate) fn give_up(self) {
        self.download(|download| {
            download.asked.take();
            download.cache.set(RequestCache::Reload);
        });
    }

    /// Gives the program up and reports why once no byte of it has come for [`LONGEST_SILENCE`] while `is_awaited` is true: a
    /// server or proxy may hold a file back without an answer.
    pub(crate) fn watch(self, is_awaited: Rc<dyn Fn() -> bool>, report: Rc<dyn Fn(String)>) {
        self.watch_since(js_sys::Date::now(), is_awaited, report);
    }

    fn watch_since(self, since: f64, is_awaited: Rc<dyn Fn() -> bool>, report: Rc<dyn Fn(String)>) {
        let look = move || {
            let progress = self.download(|download| download.last_progress.get());
            if !is_awaited() {
                return;
            }
            if progress > since {
                return self.watch_since(progress, is_awaited, report);
            }
            self.give_up();
            report(format!("nothing has come for {} seconds", LONGEST_SILENCE.as_secs()));
        };
        let silent = Duration::try_from_secs_f64((js_sys::Date::now() - since) / 1_000.0).unwrap_or_default();
        leptos::prelude::set_timeout(look, LONGEST_SILENCE.saturating_sub(silent));
    }

    async fn fetch_and_compile(self, address: String, cache: RequestCache) -> Result<JsValue, JsValue> {
        let failed = |why: String| JsValue::from(js_sys::Error::new(&format!("its program cannot be loaded: {why}")));
        let response = Request::get(&address).cache(cache).send().await.map_err(|error| failed(error.to_string()))?;
        if !response.ok() {
            return Err(failed(format!("refused with the answer {}", response.status())));
        }
        let mut bytes = Vec::new();
        if let Some(mut body) = AnswerBody::of(&response) {
            while let Some(piece) = body.next_piece().await.map_err(|error| failed(error_text(&error)))? {
                bytes.extend_from_slice(&piece);
                self.download(|download| download.last_progress.set(js_sys::Date::now()));
            }
        }
        JsFuture::from(WebAssembly::compile(&Uint8Array::from(bytes.as_slice())))
            .await
            .map_err(|error| failed(error_text(&error)))
    }

    fn download<T>(self, look: impl FnOnce(&Download) -> T) -> T {
        match self {
            Self::Worker => WORKER.with(look),
            Self::Later => LATER.with(look),
        }
    }
}

impl Download {
    const fn new() -> Download {
        Download { asked: RefCell::new(None), cache: Cell::new(RequestCache::Default), last_progress: Cell::new(0.0) }
    }
}

/// The absolute address that index.html gives under a name.
///
/// # Errors
/// In plain words: index.html does not have the name.
pub(super) fn address_of(name: &str) -> Result<String, String> {
    let document = leptos::prelude::document();
    let content = document.query_selector(&format!("meta[name={name}]")).ok().flatten();
    let content = content.and_then(|meta| meta.get_attribute("content"));
    let content = content.ok_or_else(|| format!("the page has no {name}"))?;
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    Ok(web_sys::Url::new_with_base(&content, &base).map_err(|error| error_text(&error))?.href())
}
