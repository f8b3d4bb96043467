//! Publishing the files of a run, through the helper, where it has a place for them.

use btcfake_core::api::Connection;
use leptos::html::Button;
use leptos::prelude::*;

use super::job_view::JobView;
use super::state::PageState;

/// Nothing where there is no place to publish to.
#[component]
pub(super) fn PublishPart(state: PageState) -> impl IntoView {
    let place = Memo::new(move |_| state.live.configured(Connection::SftpOutbound));
    move || place.get().map(|(address, production_host)| view! { <Publish state address production_host/> }.into_any())
}

#[component]
fn Publish(state: PageState, address: String, production_host: Option<String>) -> impl IntoView {
    let start = NodeRef::<Button>::new();
    let typed = RwSignal::new(String::new());
    let job = state.live.job(Connection::SftpOutbound);
    let stale = Memo::new(move |_| state.results_are_stale());
    let host = production_host.clone();
    let is_disabled = Memo::new(move |_| {
        let is_named = host.as_ref().is_none_or(|host| typed.with(|typed| typed == host));
        stale.get() || !is_named || job.is_going()
    });
    let must_name = production_host.is_some();
    let publish = move |_| {
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
    let why_not = move || {
        stale.get().then_some("These results are from before your last change, so they cannot be published. Run again.")
    };
    view! {
        <h3>"Publish"</h3>
        <p class="hint">"The files of this run go to the helper on this computer, which puts them here: "{address}</p>
        {confirmation}
        <p class="buttons">
            <button
                type="button"
                node_ref=start
                aria-disabled=move || is_disabled.get().to_string()
                aria-describedby="publish-about"
                on:click=publish
            >
                "Publish"
            </button>
            <span id="publish-about" role="status">{why_not}</span>
        </p>
        <JobView state connection=Connection::SftpOutbound name="publishing" start/>
    }
    .into_any()
}
