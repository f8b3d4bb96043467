//! The worker of the page: started, replaced after a breakdown, and sent messages.

use std::rc::Rc;

use btcfake_core::api::Connection;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::client::Client;
use crate::messages::ToWorker;
use crate::page::later;
use crate::page::run_state::WorkerState;
use crate::page::state::PageState;

impl PageState {
    /// Starts a worker in place of the one before. The new one inspects all files and repeats the open requests.
    pub(crate) fn start_worker(self) {
        self.client.set_value(None);
        later::fetch_again();
        self.check.interrupted();
        self.worker.set(WorkerState::Starting);
        match Client::start_unread(Rc::new(move |arrival| self.receive(arrival))) {
            Ok(client) => {
                self.client.set_value(Some(client));
                self.slots.iter().for_each(|slot| self.inspect(slot));
                self.sort_anew();
                Connection::ALL.iter().copied().for_each(|connection| self.ask_for_ids(connection));
            }
            Err(why) => self.worker.set(WorkerState::NotStarted(why)),
        }
    }

    /// Replaces a worker that broke down. Returns whether it did; the new one inspects all files.
    pub(crate) fn revive_worker(self) -> bool {
        let is_dead = self.worker_is_dead();
        if is_dead {
            self.start_worker();
        }
        is_dead
    }

    /// Whether the worker broke down, or never listened.
    pub(crate) fn worker_is_dead(self) -> bool {
        self.worker.with_untracked(|worker| matches!(worker, WorkerState::NotStarted(_) | WorkerState::Dead(_)))
    }

    /// Sends a message to the worker.
    pub(crate) fn send(self, message: &ToWorker, attached: impl IntoIterator<Item = JsValue>) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.send(message, attached);
            }
        });
    }
}
