//! The worker's program: fetched and compiled once for all workers of the page.
//!
//! The page's index.html names the two files of the worker's program, each by a hash, so a page never starts a worker of
//! another build.

use std::cell::{Cell, RefCell};

use gloo_net::http::Request;
use js_sys::{Object, Promise, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::RequestCache;

use crate::browser_error::said_by;
use crate::helper_client::AnswerBody;

thread_local! {
    static COMPILED: RefCell<Compiled> = const { RefCell::new(Compiled::No(RequestCache::Default)) };
    static LAST_PROGRESS: Cell<f64> = const { Cell::new(0.0) };
}

/// How far the program is.
enum Compiled {
    /// It is not asked for yet; how the browser's cache is used then.
    No(RequestCache),
    /// It was asked for.
    Asked(Promise),
}

/// What worker.js needs: the address of the worker's script, and its compiled module.
///
/// # Errors
/// In plain words: index.html names no worker, or its program did not arrive whole. The next call asks for it again.
pub(super) async fn of_own_build() -> Result<JsValue, String> {
    let script = address_of("worker-script")?;
    let module = compiled(&address_of("worker-program")?).await?;
    let program = Object::new();
    for (key, value) in [("script", JsValue::from(script)), ("module", module)] {
        Reflect::set(&program, &key.into(), &value).map_err(|error| said_by(&error))?;
    }
    Ok(program.into())
}

/// The time of the last bytes of the program, in milliseconds of the browser's clock; 0 before any have come.
pub(super) fn last_progress() -> f64 {
    LAST_PROGRESS.get()
}

/// Gives up what was asked for: the next call of [`of_own_build`] asks again, and not the browser's cache, which may hold
/// what is damaged.
pub(super) fn give_up() {
    COMPILED.replace(Compiled::No(RequestCache::Reload));
}

async fn compiled(address: &str) -> Result<JsValue, String> {
    let promise = COMPILED.with_borrow_mut(|compiled| match compiled {
        Compiled::Asked(promise) => promise.clone(),
        Compiled::No(cache) => {
            let promise = future_to_promise(fetch_and_compile(address.to_owned(), *cache));
            *compiled = Compiled::Asked(promise.clone());
            promise
        }
    });
    JsFuture::from(promise).await.map_err(|error| {
        give_up();
        said_by(&error)
    })
}

async fn fetch_and_compile(address: String, cache: RequestCache) -> Result<JsValue, JsValue> {
    let failed = |why: String| JsValue::from(js_sys::Error::new(&format!("its program cannot be loaded: {why}")));
    let response = Request::get(&address).cache(cache).send().await.map_err(|error| failed(error.to_string()))?;
    if !response.ok() {
        return Err(failed(format!("refused with the answer {}", response.status())));
    }
    let mut bytes = Vec::new();
    if let Some(mut body) = AnswerBody::of(&response) {
        while let Some(piece) = body.next_piece().await.map_err(|error| failed(said_by(&error)))? {
            bytes.extend_from_slice(&piece);
            LAST_PROGRESS.set(js_sys::Date::now());
        }
    }
    JsFuture::from(WebAssembly::compile(&Uint8Array::from(bytes.as_slice())))
        .await
        .map_err(|error| failed(said_by(&error)))
}

/// The absolute address that index.html gives under a name.
fn address_of(name: &str) -> Result<String, String> {
    let document = leptos::prelude::document();
    let content = document.query_selector(&format!("meta[name={name}]")).ok().flatten();
    let content = content.and_then(|meta| meta.get_attribute("content")).ok_or("the page does not name its worker")?;
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    Ok(web_sys::Url::new_with_base(&content, &base).map_err(|error| said_by(&error))?.href())
}
