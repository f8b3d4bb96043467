//! The local storage of this browser, which may be full or missing.

use leptos::prelude::*;
use web_sys::Storage;

/// Why the browser keeps nothing.
pub(crate) const NOT_KEPT: &str = "the browser has no room left, or keeps nothing for this page";

/// Keeps a text; an error if the browser does not.
pub(crate) fn keep(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// The storage; nothing where the browser has none for this page.
pub(crate) fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
