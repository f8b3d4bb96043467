//! Publishing the feed through the helper: what is asked before, how far it is, and that it is done.

use btcfake_core::api::Connection;
use leptos::html::{Button, Input};
use leptos::prelude::*;

use crate::page::components::{Action, Rank, follow, shown, text};
use crate::page::feed::inputs::job_view::job_view;
use crate::page::state::PageState;

/// The question before publishing. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Publishing {
    /// The button that begins it.
    pub(crate) start: NodeRef<Button>,
    is_asking: RwSignal<bool>,
}

impl Publishing {
    /// Nothing is asked.
    pub(crate) fn new() -> Publishing {
        Publishing { start: NodeRef::new(), is_asking: RwSignal::new(false) }
    }

    /// Whether publishing cannot begin now.
    pub(crate) fn is_held_up(self, state: PageState) -> bool {
        state.results_are_stale() || state.live.job(Connection::SftpOutbound).is_going()
    }

    /// Publishes at once, or asks first where the place may be production.
    pub(crate) fn begin(self, state: PageState) {
        if untrack(|| self.is_held_up(state)) {
            return;
        }
        match untrack(|| state.live.configured(Connection::SftpOutbound)) {
            Some((_, None)) => state.publish(None),
            Some((_, Some(_))) => self.is_asking.set(true),
            None => {}
        }
    }
}

/// What stands below the bar: the question, how far publishing is, what came of it.
pub(crate) fn publish_part(state: PageState, publishing: Publishing) -> AnyView {
    let place = Memo::new(move |_| state.live.configured(Connection::SftpOutbound));
    let why_not = text(move || match state.results_are_stale() && place.with(Option::is_some) {
        true => "The feed is from before your last change, so it cannot be published.".to_owned(),
        false => String::new(),
    });
    let question = shown(move || {
        let (address, host) = place.get()?;
        let is_asked = publishing.is_asking.get() && !publishing.is_held_up(state);
        is_asked.then(|| question_view(state, publishing, address, host.unwrap_or_default()))
    });
    let job = move || job_view(state, Connection::SftpOutbound, "publishing", publishing.start);
    let job = shown(move || place.with(Option::is_some).then(job));
    view! {
        <div class="publishing">
            <span id="publish-about" class="hint" role="status">{why_not}</span>
            {question}
            {job}
        </div>
    }
    .into_any()
}

fn question_view(state: PageState, publishing: Publishing, address: String, host: String) -> AnyView {
    let (typed, field) = (RwSignal::new(String::new()), NodeRef::<Input>::new());
    follow(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let wanted = host.clone();
    let is_named = Memo::new(move |_| typed.with(|typed| *typed == wanted));
    let publish = move || {
        if is_named.get_untracked() {
            publishing.is_asking.set(false);
            state.publish(Some(typed.get_untracked()));
        }
    };
    let leave = move || {
        publishing.is_asking.set(false);
        if let Some(start) = publishing.start.get_untracked() {
            let _ = start.focus();
        }
    };
    view! {
        <section class="problems refused" aria-labelledby="production-heading">
            <h3 id="production-heading">"This looks like production"</h3>
            <p>"Fake data there reaches real systems and real people. The files would go here: "{address}</p>
            <div class="field">
                <label for="production-host">"Type the host to publish there: "{host}</label>
                <input
                    type="text"
                    id="production-host"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    node_ref=field
                    bind:value=typed
                />
            </div>
            <div class="buttons">
                {Action::new("Publish to production").button(move || !is_named.get(), publish)}
                {Action::new("Cancel").ranked(Rank::Bare).button(|| false, leave)}
            </div>
        </section>
    }
    .into_any()
}
