//! The browser's message about a failure.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// The browser's message about a failure; the error as text where it has none.
pub(crate) fn error_text(error: &JsValue) -> String {
    message_of(error).unwrap_or_else(|| String::from(Object::from(error.clone()).to_string()))
}

/// The `message` of an error or of an error event; `None` if it has none.
pub(crate) fn message_of(error: &JsValue) -> Option<String> {
    Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string())
}
