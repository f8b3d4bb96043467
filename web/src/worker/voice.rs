//! Messages from the worker to the page.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

use crate::messages::{ToPage, pack};

/// Sends messages to the page.
#[derive(Clone)]
pub(super) struct Voice(DedicatedWorkerGlobalScope);

impl Voice {
    /// The sender of a worker's scope.
    pub(super) fn new(scope: DedicatedWorkerGlobalScope) -> Voice {
        Voice(scope)
    }

    /// Sends a message to the page.
    ///
    /// Text and blobs can always be cloned for the page, so this does not fail.
    pub(super) fn say(&self, message: &ToPage, attached: impl IntoIterator<Item = JsValue>) {
        let _ = self.0.post_message(&pack(message, attached));
    }

    /// Sends a message with one attachment. The memory of bytes is transferred, not copied.
    pub(super) fn hand_over(&self, message: &ToPage, attached: &JsValue) {
        let memory = attached.dyn_ref::<Uint8Array>().map(|bytes| JsValue::from(bytes.buffer()));
        let packed = pack(message, [attached.clone()]);
        let _ = self.0.post_message_with_transfer(&packed, &memory.into_iter().collect::<Array>());
    }
}
