//! Copying a text to the clipboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Clipboard;

/// The words for a copy that the browser refused; a colon and another way follow.
pub(crate) const NOT_COPIED: &str = "The browser does not let this page copy";

/// Copies a text and returns whether that worked. Browsers allow it on secure pages only, and people may forbid it.
pub(crate) async fn copy(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
    match clipboard.map(JsCast::dyn_into::<Clipboard>) {
        Ok(Ok(clipboard)) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        _ => false,
    }
}

/// Copies a text. Returns `done`; or that the browser does not allow it, with another way.
pub(crate) async fn copied(text: &str, done: impl Into<String>, other_way: &str) -> String {
    if copy(text).await { done.into() } else { format!("{NOT_COPIED}: {other_way}.") }
}
