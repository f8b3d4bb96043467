//! The local storage of this browser, which may be full or missing.

use leptos::prelude::*;
use web_sys::Storage;

/// The message when the browser keeps nothing.
pub(crate) const NOT_KEPT: &str = "the browser has no room left, or keeps nothing for this page";

/// Keeps a text under a key, and returns whether the browser did.
pub(crate) fn keep(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// The storage; `None` if the browser has none for this page.
pub(crate) fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
