//! Messages from the worker to the page.

use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

use crate::messages::{ToPage, pack};

/// What the worker says goes to the page.
#[derive(Clone)]
pub(super) struct Voice(DedicatedWorkerGlobalScope);

impl Voice {
    /// The way to the page of this worker.
    pub(super) fn new(scope: DedicatedWorkerGlobalScope) -> Voice {
        Voice(scope)
    }

    /// Sends a message to the page.
    ///
    /// Text and blobs can always be cloned for the page, so this does not fail.
    pub(super) fn say(&self, message: &ToPage, attached: impl IntoIterator<Item = JsValue>) {
        let _ = self.0.post_message(&pack(message, attached));
    }
}
