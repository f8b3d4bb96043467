//! Publishing the files of a run, through the helper, where it has a place for them.

use btcfake_core::api::Connection;
use leptos::html::Button;
use leptos::prelude::*;

use crate::page::components::{Action, shown, text};
use crate::page::feed::inputs::job_view::job_view;
use crate::page::state::PageState;

/// Nothing where there is no place to publish to.
pub(crate) fn publish_part(state: PageState) -> AnyView {
    let place = Memo::new(move |_| state.live.configured(Connection::SftpOutbound));
    shown(move || place.get().map(|(address, production_host)| publish_view(state, address, production_host)))
}

fn publish_view(state: PageState, address: String, production_host: Option<String>) -> AnyView {
    let start = NodeRef::<Button>::new();
    let typed = RwSignal::new(String::new());
    let job = state.live.job(Connection::SftpOutbound);
    let host = production_host.clone();
    let must_name = production_host.is_some();
    let is_disabled = Memo::new(move |_| {
        let is_named = host.as_ref().is_none_or(|host| typed.with(|typed| typed == host));
        state.results_are_stale() || !is_named || job.is_going()
    });
    let publish = move || {
        if !is_disabled.get_untracked() {
            state.publish(must_name.then(|| typed.get_untracked()));
        }
    };
    let confirmation = production_host.map(|host| {
        view! {
            <p class="problems refused">
                "This looks like production. Fake data there reaches real systems and real people. Publish only if you "
                "are sure that this is what you want."
            </p>
            <div class="find">
                <label for="production-host">"Type the host to publish there: "{host}</label>
                <input
                    type="text"
                    id="production-host"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    bind:value=typed
                />
            </div>
        }
    });
    let why_not = text(move || {
        if state.results_are_stale() {
            "These results are from before your last change, so they cannot be published. Run again.".to_owned()
        } else {
            String::new()
        }
    });
    let action = Action { about: "publish-about".to_owned(), node: start, ..Action::new("Publish") };
    view! {
        <h3>"Publish"</h3>
        <p class="hint">"The files of this run go to the helper on this computer, which puts them here: "{address}</p>
        {confirmation}
        <p class="buttons">
            {action.button(move || is_disabled.get(), publish)}
            <span id="publish-about" role="status">{why_not}</span>
        </p>
        {job_view(state, Connection::SftpOutbound, "publishing", start)}
    }
    .into_any()
}
