//! Publishing the feed through the helper: the question before, the progress, the result.

use btcfake_core::api::Connection;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::publication::{PublishConcern, StateOrigin};
use leptos::html::{Button, H3};
use leptos::prelude::*;

use crate::page::components::{Action, Rank, focus, follow, markup, shown, text};
use crate::page::feed::inputs::job_view::job_view;
use crate::page::file_slot::FileOrigin;
use crate::page::live::{HelperState, JobState, StateReading};
use crate::page::state::PageState;
use crate::page::words::sentence;

/// The id of the notice that the feed is from before a change, which is a reason against publishing it.
pub(crate) const STALE: &str = "stale-about";

/// The state of the question before publishing. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct Publishing {
    /// The button that begins it.
    pub(crate) start: NodeRef<Button>,
    is_asking: RwSignal<bool>,
}

impl Publishing {
    /// Whether publishing cannot begin now.
    pub(crate) fn is_held_up(self, state: PageState) -> bool {
        state.results_are_stale() || state.live.job(Connection::SftpOutbound).is_going()
    }

    /// Publishes at once, or asks first if the target may be production or there is a [`concern`].
    pub(crate) fn begin(self, state: PageState) {
        if untrack(|| self.is_held_up(state)) {
            return;
        }
        match untrack(|| state.live.configured(Connection::SftpOutbound)) {
            Some((_, None)) if untrack(|| concern(state).is_none()) => state.publish(None),
            Some(_) => self.is_asking.set(true),
            None => {}
        }
    }
}

/// A reason against publishing the feed after the last publication; `None` if there is none.
fn concern(state: PageState) -> Option<PublishConcern> {
    let last = state.live.helper.with(|helper| match helper {
        HelperState::Found(status) => status.last_publication.clone(),
        _ => None,
    })?;
    let file_origin =
        state.slot(InputRole::Assignments).file.with(|file| file.picked().map(|picked| picked.origin.clone()));
    let reading = state.live.state_reading.get();
    // The last reading counts only while the file that was read is still the input.
    let origin = match (&file_origin, &reading) {
        (Some(FileOrigin::StateAfter(run_file)), _) => StateOrigin::LeftBy(run_file),
        (Some(file_origin), Some(StateReading { at, feed })) if file_origin.is_live() => {
            StateOrigin::Read { at, feed: feed.as_ref() }
        }
        _ => StateOrigin::Unknown,
    };
    state.results.with(|results| results.as_ref()?.outcome.identity.concern(origin, &last))
}

/// The warning, shown before people publish, that the run's state is not the one after the last publication.
fn wrong_state(state: PageState) -> Option<String> {
    let concern = concern(state).filter(|concern| !matches!(concern, PublishConcern::SameFeed { .. }))?;
    Some(sentence(&concern.to_string()))
}

/// The part below the result bar: the question, the progress, the result.
pub(crate) fn publish_part(state: PageState, publishing: Publishing) -> AnyView {
    let place = Memo::new(move |_| state.live.configured(Connection::SftpOutbound));
    let job = state.live.job(Connection::SftpOutbound).state;
    let is_begun =
        move || publishing.is_asking.get() || job.with(|job| matches!(job, JobState::Going(..) | JobState::Done(_)));
    let words = text(move || match place.with(Option::is_some) {
        true if !state.results_are_stale() && !is_begun() => wrong_state(state).unwrap_or_default(),
        _ => String::new(),
    });
    let anew = shown(move || {
        let is_possible = !state.results_are_stale() && !is_begun() && state.can_read_state();
        let button = || Action::new("Read the state and run again").button(move || state.run_with_state_anew());
        (is_possible && wrong_state(state).is_some()).then(button)
    });
    // Where it goes has the room that progress and outcome take later.
    let place_line = shown(move || {
        let (address, _) = place.get().filter(|_| job.with(|job| matches!(job, JobState::Idle)))?;
        Some(markup! { <p class="publish-place hint">{format!("Publish puts the feed here: {address}")}</p> })
    });
    let question = shown(move || {
        let (address, host) = place.get()?;
        let is_asked = publishing.is_asking.get() && !publishing.is_held_up(state);
        is_asked.then(|| question_view(state, publishing, address, host))
    });
    let is_done = Memo::new(move |_| job.with(|job| matches!(job, JobState::Done(_))));
    // A failure stays in view after the helper has gone.
    let is_known =
        Memo::new(move |_| place.with(Option::is_some) || job.with(|job| matches!(job, JobState::Failed(_))));
    let job = move || job_view(state, Connection::SftpOutbound, "publishing", publishing.start);
    let job = shown(move || is_known.get().then(job));
    markup! {
        <div class="publishing" class:published=is_done>
            <div class="notice-row">
                <span id="publish-about" class="stale-notice" role="status">{words}</span>
                {anew}
            </div>
            {question}
            {place_line}
            {job}
        </div>
    }
}

/// The question with its reason, and buttons to publish or not. To publish to production, people have to type its host.
fn question_view(state: PageState, publishing: Publishing, address: String, host: Option<String>) -> AnyView {
    let (typed, start) = (RwSignal::new(String::new()), publishing.start);
    let (is_production, wanted) = (host.is_some(), host.clone());
    let is_named = Memo::new(move |_| wanted.as_ref().is_none_or(|host| typed.with(|typed| typed == host)));
    let leave = move || {
        publishing.is_asking.set(false);
        start.get_untracked().iter().for_each(|start| focus(start));
    };
    let publish = move || {
        if is_named.get_untracked() {
            leave();
            state.publish(is_production.then(|| typed.get_untracked()));
        }
    };
    let heading = NodeRef::<H3>::new();
    follow(move || heading.get().iter().for_each(|heading| focus(heading)));
    let title = if is_production { "This looks like production" } else { "Publish all the same?" };
    let concern = concern(state).map(|concern| view! { <p>{sentence(&concern.to_string())}</p> });
    let place = format!("The files would go here: {address}");
    let production = host.map(|host| production_field(host, typed));
    let label = if is_production { "Publish to production" } else { "Publish all the same" };
    markup! {
        <section class="problems" class:refused=is_production aria-labelledby="publish-heading">
            <h3 id="publish-heading" tabindex="-1" node_ref=heading>{title}</h3>
            {concern}
            <p>{place}</p>
            {production}
            <div class="buttons">
                {Action::new(label).button_unless(move || !is_named.get(), publish)}
                {Action::new("Do not publish").ranked(Rank::Bare).button(leave)}
            </div>
        </section>
    }
}

fn production_field(host: String, typed: RwSignal<String>) -> AnyView {
    markup! {
        <p>"Fake data there reaches real systems and real people."</p>
        <div class="field">
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
}
