//! A worker that starts when the first message is sent to it.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{Client, Event};
use crate::messages::ToWorker;

/// A worker that starts when the first message is sent to it, and that can be ended. Copies are handles on the same worker.
#[derive(Clone, Copy)]
pub(crate) struct LazyClient(StoredValue<Option<Client>, LocalStorage>);

impl LazyClient {
    /// No worker yet.
    pub(crate) fn new() -> LazyClient {
        LazyClient(StoredValue::new_local(None))
    }

    /// Sends a message. A worker that it starts calls `on_event` for each of its events.
    ///
    /// # Errors
    /// The browser's reason for starting no worker.
    pub(crate) fn send(
        self,
        message: &ToWorker,
        attached: impl IntoIterator<Item = JsValue>,
        on_event: impl Fn(Event) + 'static,
    ) -> Result<(), String> {
        if self.0.with_value(Option::is_none) {
            self.0.set_value(Some(Client::start(on_event)?));
        }
        self.0.with_value(|client| {
            if let Some(client) = client {
                client.send(message, attached);
            }
        });
        Ok(())
    }

    /// Ends the worker, if there is one; the next message starts another.
    pub(crate) fn end(self) {
        self.0.set_value(None);
    }
}
