//! The live sources of the helper: a row for each configured one, and one line for the others.

use btcfake_core::api::{Connection, ConnectionState, Status, environment_text};
use leptos::ev::SubmitEvent;
use leptos::html::H2;
use leptos::prelude::*;

use crate::page::components::{Action, follow, go_to, handler, help, is_focus_nowhere, markup, shown, text};
use crate::page::feed::inputs::source_row::{source_names, source_row};
use crate::page::live::{HelperState, JobState};
use crate::page::state::PageState;

/// The panel; nothing without a helper.
pub(crate) fn live_panel(state: PageState) -> AnyView {
    let heading = NodeRef::<H2>::new();
    let mut is_first = true;
    follow(move || {
        // The new content replaced the button that people used, so the focus is moved. The first content came unasked.
        if heading.get().is_some() && !std::mem::take(&mut is_first) && is_focus_nowhere() {
            let is_refused = |helper: &_| matches!(helper, HelperState::TokenWanted { refused: true });
            let is_refused = state.live.helper.with_untracked(is_refused);
            go_to(if is_refused { "helper-token" } else { "live-heading" });
        }
    });
    shown(move || {
        let (beside, content) = state.live.helper.with(|helper| match helper {
            HelperState::Absent | HelperState::Asking => None,
            HelperState::Gone => Some((None, gone_view(state))),
            HelperState::TokenWanted { refused } => Some((None, token_view(state, *refused))),
            HelperState::Found(status) => Some((beside_heading(state, status), sources_view(state, status))),
        })?;
        Some(markup! {
            <section aria-labelledby="live-heading">
                <div class="row">
                    <h2 id="live-heading" tabindex="-1" node_ref=heading>"Live sources"</h2>
                    {beside}
                </div>
                {content}
            </section>
        })
    })
}

/// The message that the helper does not answer. The page still works on files.
fn gone_view(state: PageState) -> AnyView {
    let about = "helper-gone".to_owned();
    let again = Action { about: about.clone(), ..Action::new("Look again") };
    let without = shown(move || {
        let failed = state.live.failed();
        let go_on = move || failed.iter().for_each(|connection| state.go_on_without(*connection));
        (!state.live.failed().is_empty()).then(|| Action::new("Go on without").button(go_on))
    });
    markup! {
        <p id=about role="status">
            "The helper that served this page does not answer, so there are no live sources now. Files work as ever. Start \
             it again in its terminal, then look again."
        </p>
        <div class="buttons">{again.button(move || state.ask_status())}{without}</div>
    }
}

fn token_view(state: PageState, refused: bool) -> AnyView {
    let token = RwSignal::new(String::new());
    let sign_in = move |event: SubmitEvent| {
        event.prevent_default();
        state.sign_in(token.with_untracked(|token| token.trim().to_owned()));
    };
    let fault = refused.then_some("Error: the helper does not take that token.");
    markup! {
        <form class="find" on:submit=handler(sign_in)>
            <label for="helper-token">"Token of the helper"</label>
            <div class="with-button">
                <input
                    type="password"
                    id="helper-token"
                    autocomplete="off"
                    aria-describedby="helper-token-about helper-token-fault"
                    aria-invalid=refused.to_string()
                    bind:value=token
                />
                <button type="submit">"Connect"</button>
            </div>
            <p id="helper-token-fault" class="fault" role="alert">{fault}</p>
            <p id="helper-token-about" class="hint">"Needed for live sources, and kept until the page is closed."</p>
        </form>
    }
}

/// The sentence about a sandbox, and one button that fetches from all sources, or cancels that; `None` without sources.
fn beside_heading(state: PageState, status: &Status) -> Option<AnyView> {
    let has_source = untrack(|| state.sources().next().is_some());
    let sandbox = status.sandbox.then(|| markup! { <p class="hint">{environment_text(status)}</p> });
    let is_going = Memo::new(move |_| state.sources().any(|connection| state.live.job(connection).is_going()));
    let press = move |_| if is_going.get_untracked() { state.cancel_fetching() } else { state.fetch_all() };
    has_source.then(|| {
        markup! {
            {sandbox}
            <button type="button" class="bare push" on:click=handler(press)>
                {text(move || if is_going.get() { "Cancel all" } else { "Fetch all" }.to_owned())}
            </button>
        }
    })
}

fn sources_view(state: PageState, status: &Status) -> AnyView {
    let is_configured = |state: &ConnectionState| *state != ConnectionState::NotConfigured;
    let (configured, missing): (Vec<_>, Vec<_>) =
        status.connections.iter().cloned().partition(|one| is_configured(&one.state));
    let is_told = !configured.is_empty() && !status.sandbox;
    let environment = is_told.then(|| view! { <p class="hint">{environment_text(status)}</p> });
    let warnings = (!status.warnings.is_empty()).then(|| {
        let lines = status.warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
        view! { <ul class="problems live-warnings" aria-label="Warnings of the helper">{lines}</ul> }
    });
    let missing: Vec<&str> = missing.iter().map(|one| source_names(one.connection).0).collect();
    let missing = (!missing.is_empty()).then(|| {
        let words = match configured.is_empty() {
            true => "None is configured.".to_owned(),
            false => format!("Not configured: {}.", missing.join(", ")),
        };
        view! {
            <div class="row not-configured">
                <p class="hint">{words}</p>
                {help("what is not configured", "The helper's file .env names the systems; without it, pick files.")}
            </div>
        }
    });
    let rows = configured.into_iter().map(|one| source_row(state, one)).collect_view();
    markup! { {environment} {warnings} <div class="sources">{rows}</div> {missing} }
}

impl PageState {
    /// The configured connections that inputs can be fetched from.
    fn sources(self) -> impl Iterator<Item = Connection> {
        let sources = [Connection::SftpInbound, Connection::Databricks, Connection::Recommender];
        sources.into_iter().filter(move |connection| self.live.configured(*connection).is_some())
    }

    fn cancel_fetching(self) {
        for connection in untrack(|| self.sources().collect::<Vec<_>>()) {
            if untrack(|| self.live.job(connection).is_going()) {
                self.end_job(connection, JobState::Cancelled);
            }
        }
    }

    fn fetch_all(self) {
        for connection in untrack(|| self.sources().collect::<Vec<_>>()) {
            match connection {
                Connection::SftpInbound => self.download_catalogs(),
                connection => self.fetch_about_employees(connection),
            }
        }
    }
}
