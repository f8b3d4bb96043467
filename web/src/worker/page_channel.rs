//! The channel by which the worker sends messages to the page.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

use crate::messages::{ToPage, pack};

/// Sends messages to the page, or to the worker that started this one.
#[derive(Clone)]
pub(super) struct PageChannel(DedicatedWorkerGlobalScope);

impl PageChannel {
    /// The channel of a worker's scope.
    pub(super) fn new(scope: DedicatedWorkerGlobalScope) -> PageChannel {
        PageChannel(scope)
    }

    /// Sends a message. The memory of attached bytes is transferred, not copied; blobs and files are handles.
    ///
    /// Text, blobs and memory can always be sent, so this does not fail.
    pub(super) fn send(&self, message: &ToPage, attached: &[JsValue]) {
        let memory = |value: &JsValue| value.dyn_ref::<Uint8Array>().map(|bytes| JsValue::from(bytes.buffer()));
        let transferred: Array = attached.iter().filter_map(memory).collect();
        let packed = pack(message, attached.iter().cloned());
        let _ = self.0.post_message_with_transfer(&packed, &transferred);
    }
}
