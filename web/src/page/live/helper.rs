//! The helper: found, asked for its status, signed in to, and its connections tested.

use std::sync::Arc;

use btcfake_core::api::{CatalogFile, Connection, Status, TestResult};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::state::{HelperState, TestState};
use crate::helper_client::{HelperFault, HelperRequest, has_helper};
use crate::page::state::PageState;

impl PageState {
    /// Looks for the helper, if the page came from it.
    pub(crate) fn find_helper(self) {
        if has_helper() {
            self.ask_status();
        }
    }

    /// Uses the token that people typed.
    pub(crate) fn sign_in(self, token: String) {
        self.live.token.set(Some(token));
        self.ask_status();
    }

    /// Asks the helper for its status. A page that lost the helper finds it again by this.
    pub(crate) fn ask_status(self) {
        self.live.helper.set(HelperState::Asking);
        spawn_local(async move {
            self.live.helper.set(match self.request("api/status").json::<Status>().await {
                Ok(status) => HelperState::Found(Arc::new(status)),
                Err(HelperFault::TokenWanted) => {
                    HelperState::TokenWanted { refused: self.live.token.with_untracked(Option::is_some) }
                }
                Err(_) => HelperState::Gone,
            });
            if self.live.helper.with_untracked(|helper| matches!(helper, HelperState::Found(_))) {
                self.list_catalogs().await;
            }
        });
    }

    /// Refreshes the helper's status, without the state [`HelperState::Asking`] in between.
    pub(super) async fn refresh_status(self) {
        match self.request("api/status").json::<Status>().await {
            Ok(status) => self.live.helper.set(HelperState::Found(Arc::new(status))),
            Err(HelperFault::Unreachable) => self.live.helper.set(HelperState::Gone),
            Err(_) => {}
        }
    }

    /// Lists the most recent catalogs of the helper's folder.
    pub(super) async fn list_catalogs(self) {
        let listed = self.request(&self.with_run_day("api/catalogs")).json::<Vec<CatalogFile>>().await;
        self.live.catalogs.set(match listed {
            Ok(mut catalogs) => {
                catalogs.retain(|one| one.most_recent);
                Ok(catalogs)
            }
            Err(fault) => Err(self.fault_message(fault)),
        });
    }

    /// Tests a connection, unless a test is under way.
    pub(crate) fn test_connection(self, connection: Connection) {
        let test = self.live.test(connection);
        if test.with_untracked(|test| matches!(test, TestState::Going(_))) {
            return;
        }
        let number = self.next_number();
        test.set(TestState::Going(number));
        let address = format!("api/connections/{}/test", connection.name());
        spawn_local(async move {
            let request = HelperRequest { is_post: true, ..self.request(&address) };
            let result = request
                .json()
                .await
                .unwrap_or_else(|fault| TestResult { works: false, message: self.fault_message(fault) });
            if test.with_untracked(|test| *test == TestState::Going(number)) {
                test.set(TestState::Ended(result));
            }
        });
    }

    /// An address with the day of the run, by which the helper finds the most recent catalogs.
    pub(super) fn with_run_day(self, address: &str) -> String {
        format!("{address}?today={}", untrack(|| self.run_day()))
    }

    /// A GET request, with the token and the helper's instance.
    pub(super) fn request(self, address: &str) -> HelperRequest {
        let token = self.live.token.get_untracked();
        let instance = self.live.helper.with_untracked(|helper| match helper {
            HelperState::Found(status) => Some(status.instance.clone()),
            _ => None,
        });
        HelperRequest { address: address.to_owned(), body: None, is_post: false, token, instance, signal: None }
    }

    /// A fault in words. A missing token is asked for.
    pub(super) fn fault_message(self, fault: HelperFault) -> String {
        match fault {
            HelperFault::Message(message) => message,
            HelperFault::Unreachable => {
                spawn_local(self.refresh_status());
                "the helper, the program btcfake that this page comes from, did not answer".to_owned()
            }
            HelperFault::OtherHelper => {
                self.ask_status();
                "another helper answers here now, or it was started anew: look under \"Live sources\" what it is \
                 connected to, then try again"
                    .to_owned()
            }
            HelperFault::TokenWanted => {
                self.live.helper.set(HelperState::TokenWanted { refused: true });
                "the helper wants its token".to_owned()
            }
        }
    }
}
